//! Groups of single ages that counts and forecasts are held against each other in.

use crate::population::view::AGES;

/// Ages next to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// The youngest.
    pub from: usize,
    /// The first that is too old.
    pub to: usize,
}

impl Ages {
    /// All ages.
    pub(super) const ALL: Self = Self { from: 0, to: AGES };

    /// The sum over these ages of numbers by single age.
    pub fn sum(self, by_age: &[f64]) -> f64 {
        by_age[self.from..self.to].iter().sum()
    }

    /// As tables write them: `5-9`, `85+`.
    pub fn words(self) -> String {
        let Self { from, to } = self;
        if to == AGES { format!("{from}+") } else { format!("{from}-{}", to - 1) }
    }
}

/// Groups that forecasts are scored in: five years each, 85 and over together.
pub const GROUPS: [Ages; 18] = [
    Ages { from: 0, to: 5 },
    Ages { from: 5, to: 10 },
    Ages { from: 10, to: 15 },
    Ages { from: 15, to: 20 },
    Ages { from: 20, to: 25 },
    Ages { from: 25, to: 30 },
    Ages { from: 30, to: 35 },
    Ages { from: 35, to: 40 },
    Ages { from: 40, to: 45 },
    Ages { from: 45, to: 50 },
    Ages { from: 50, to: 55 },
    Ages { from: 55, to: 60 },
    Ages { from: 60, to: 65 },
    Ages { from: 65, to: 70 },
    Ages { from: 70, to: 75 },
    Ages { from: 75, to: 80 },
    Ages { from: 80, to: 85 },
    Ages { from: 85, to: AGES },
];

//! The levels of need, the ages and the living arrangements, and the shapes of what is said of them.

/// Levels of need: none, mild, moderate, severe.
pub(crate) const LEVELS: usize = 4;

/// Level of mild need.
pub(crate) const MILD: usize = 1;

/// Level of moderate need: the first with a disability in activities of daily living.
pub(crate) const MODERATE: usize = 2;

/// Level of severe need.
pub(crate) const SEVERE: usize = 3;

/// Keys of the levels in tables.
pub(crate) const LEVEL_KEYS: [&str; LEVELS] = ["none", "mild", "moderate", "severe"];

/// Living arrangements: alone, couple, with children or others.
pub(crate) const ARRANGEMENTS: usize = 3;

/// Keys of the living arrangements in tables.
pub(crate) const ARRANGEMENT_KEYS: [&str; ARRANGEMENTS] = ["alone", "couple", "with_children"];

/// First age of the service.
pub(crate) const FIRST_AGE: usize = 60;

/// Single ages 60 to 99 and 100+.
pub(crate) const AGES: usize = 41;

/// Yearly rates from each level to each other, and to death (last); the diagonal means nothing.
pub(crate) type Rates = [[f64; LEVELS + 1]; LEVELS];

/// Yearly rates of ceasing to need what one needs: death (first), then to each milder level, mildest first.
pub(crate) type ExitRates = [f64; LEVELS];

/// A year's outcomes by level before: level after, or death (last).
pub(crate) type Outcomes = [[f64; LEVELS + 1]; LEVELS];

/// Shares by level.
pub(crate) type Shares = [f64; LEVELS];

/// A sex and an age of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SexAge {
    /// 0 for men, 1 for women.
    pub sex: usize,
    /// Years above [`FIRST_AGE`].
    pub age: usize,
}

impl SexAge {
    /// All of them, ages fastest: the order of every grid of sex and age.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..2 * AGES).map(Self::at)
    }

    /// The sex and age at a position of such a grid.
    pub(crate) const fn at(cell: usize) -> Self {
        Self { sex: cell / AGES, age: cell % AGES }
    }

    /// Its position in such a grid.
    pub(crate) const fn cell(self) -> usize {
        self.sex * AGES + self.age
    }

    /// The age in years.
    pub(crate) const fn years(self) -> usize {
        FIRST_AGE + self.age
    }
}

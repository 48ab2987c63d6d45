//! What the schools of a stage are, fixed over a run.

use crate::random::StreamKey;
use crate::supply::Schedule;
use crate::uncertainty::Parameter;

use super::location::Location;

/// Places of a class, or of several: at the norm, stretched, and as the last resort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) norm: u32,
    pub(crate) max: u32,
    pub(crate) surge: u32,
}

impl Sizes {
    /// Each of the three changed alike.
    #[must_use]
    pub(crate) fn map(self, change: impl Fn(u32) -> u32) -> Self {
        Self { norm: change(self.norm), max: change(self.max), surge: change(self.surge) }
    }
}

impl std::ops::AddAssign for Sizes {
    fn add_assign(&mut self, more: Self) {
        self.norm += more.norm;
        self.max += more.max;
        self.surge += more.surge;
    }
}

/// One row of the table of facilities.
#[derive(Clone, Debug)]
pub(crate) struct Facility {
    /// The row of the table that it comes from.
    pub(crate) row: usize,
    pub(crate) area: usize,
    /// Its catchment; of a private one, which has none, the first of the area.
    pub(crate) catchment: usize,
    pub(crate) private: bool,
    pub(crate) classes: u32,
    /// Its classes by grade in the school year before the first September; empty where the table does not say.
    pub(crate) by_grade: Vec<u32>,
    /// Places of a class at the norm; `None` for the stage's norm by grade.
    pub(crate) class_size: Option<u32>,
    /// When its places exist.
    pub(crate) schedule: Schedule,
    /// Factor on its classes, for those that stand there today; `None` for what is still to be built.
    pub(crate) existing_capacity_factor: Option<Parameter>,
    pub(crate) staged: bool,
    /// Where it stands, if the table says so.
    pub(crate) location: Option<Location>,
    /// Names its random streams, whatever other facilities there are.
    pub(crate) closures: StreamKey,
}

impl Facility {
    /// Position of its places among the slots of so many catchments.
    pub(crate) const fn slot(&self, catchments: usize) -> usize {
        if self.private { catchments + self.area } else { self.catchment }
    }

    /// Of so many of its classes those that were a grade's before the first September; the grades' parts add up to them.
    pub(crate) fn classes_of(&self, classes: u32, grade: usize) -> u32 {
        let all: u64 = self.by_grade.iter().map(|classes| u64::from(*classes)).sum();
        let upto = |grade: usize| {
            let before: u64 = self.by_grade[..grade].iter().map(|classes| u64::from(*classes)).sum();
            u64::from(classes) * before / all.max(1)
        };
        (upto(grade + 1) - upto(grade)) as u32
    }
}

/// The schools of a stage and the rules by which they take pupils.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub(crate) facilities: Vec<Facility>,
    pub(crate) rules: SupplyRules,
}

/// Class sizes and openings of a stage.
#[derive(Clone, Debug)]
pub(crate) struct SupplyRules {
    pub(crate) grades: usize,
    pub(crate) areas: usize,
    /// Number of catchments, areas that are not divided among them.
    pub(crate) catchments: usize,
    /// Norm by grade.
    pub(crate) class_sizes: Vec<u32>,
    /// Size to which public classes stretch.
    pub(crate) max_class_size: u32,
    /// Size of a public class as the last resort.
    pub(crate) surge_class_size: u32,
    /// Whether the full public schools of a catchment share their rooms among grades by need.
    pub(crate) flexible_classrooms: bool,
    /// Whether new facilities open one grade a year, unless their row says otherwise.
    pub(crate) phased_opening: bool,
    pub(crate) existing_capacity_factor: Parameter,
    pub(crate) staffed_share: Parameter,
    /// Share of private classes that close in a year in which fewer of the area's private places are used than this.
    pub(crate) private_closure: Parameter,
    pub(crate) private_closure_below: f64,
}

impl SupplyRules {
    /// Places of a class of a facility in a grade.
    pub(crate) fn sizes(&self, facility: &Facility, grade: usize) -> Sizes {
        let norm = facility.class_size.unwrap_or(self.class_sizes[grade]);
        if facility.private { Sizes { norm, max: norm, surge: norm } } else { self.public_sizes(norm) }
    }

    /// The same of a public class with this norm.
    pub(crate) fn public_sizes(&self, norm: u32) -> Sizes {
        let max = norm.max(self.max_class_size);
        Sizes { norm, max, surge: max.max(self.surge_class_size) }
    }
}

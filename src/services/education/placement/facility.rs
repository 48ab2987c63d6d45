//! What the schools of a stage are, fixed over a run.

use crate::random::StreamKey;
use crate::uncertainty::Parameter;

use super::location::Spot;

/// When a facility opens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opens {
    /// It was open before the first year.
    Before,
    /// In this month since year 0.
    At(f64),
    /// In this month if its project is on time.
    With {
        /// The project.
        project: usize,
        /// Planned month since year 0.
        planned: f64,
    },
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
    pub(crate) opens: Opens,
    /// What must be open first, where its rooms are another facility's before: a project and its planned month.
    pub(crate) after: Option<(usize, f64)>,
    /// Factor on its classes, for those that stand there today; `None` for what is still to be built.
    pub(crate) existing_factor: Option<Parameter>,
    /// Month since year 0 from which it is closed; infinite if never.
    pub(crate) closes: f64,
    /// The project whose delay its closing shares.
    pub(crate) closes_with: Option<usize>,
    /// Month since year 0 from which it is open again; infinite if never.
    pub(crate) reopens: f64,
    pub(crate) staged: bool,
    /// Where it stands, if the table says so.
    pub(crate) spot: Option<Spot>,
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

    /// The projects that it opens or closes with.
    pub(crate) fn projects(&self) -> impl Iterator<Item = usize> {
        let opens = match self.opens {
            Opens::With { project, .. } => Some(project),
            Opens::Before | Opens::At(_) => None,
        };
        opens.into_iter().chain(self.closes_with)
    }
}

/// What the schools of a stage are, fixed over a run.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub(crate) facilities: Vec<Facility>,
    pub(crate) grades: usize,
    pub(crate) areas: usize,
    /// Number of catchments, areas that are not divided among them.
    pub(crate) catchments: usize,
    /// Norm by grade.
    pub(crate) class_sizes: Vec<u32>,
    pub(crate) stretched: u32,
    pub(crate) emergency: u32,
    pub(crate) rooms_follow_need: bool,
    /// Whether new facilities open one grade a year, unless their row says otherwise.
    pub(crate) staged_opening: bool,
    pub(crate) existing_factor: Parameter,
    pub(crate) staffed_share: Parameter,
    /// Share of private classes that close in a year in which fewer of the area's private places are used than this.
    pub(crate) private_closure: Parameter,
    pub(crate) private_closure_below: f64,
}

impl Supply {
    /// Places of a class of a facility in a grade: at the norm, stretched, in an emergency.
    pub(crate) fn sizes(&self, facility: &Facility, grade: usize) -> [u32; 3] {
        let norm = facility.class_size.unwrap_or(self.class_sizes[grade]);
        if facility.private { [norm; 3] } else { self.public_sizes(norm) }
    }

    /// The same of a public class with this norm.
    pub(crate) fn public_sizes(&self, norm: u32) -> [u32; 3] {
        let stretched = norm.max(self.stretched);
        [norm, stretched, stretched.max(self.emergency)]
    }
}

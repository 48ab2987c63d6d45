//! What should be built: the least places, in the units that people build, so that every target holds with its confidence,
//! and the latest day on which they may open.
//!
//! Every answer is found by running the plan with it, under the draws of the plan itself (common random numbers), and is
//! verified by running it once more with everything else that is added. A formula only proposes where to look first.
//!
//! # Which least
//!
//! A *target* is a row of results that promises something and to which places can be added: a stage or a service in an area, a
//! tier of hospitals, a ward. It is *kept* when in each shown year the probability that the promise is broken is at most
//! `1 - confidence`. The number found is the least that keeps the *tightest year*; it then keeps every year, and a smaller one
//! is told for each year. Areas of a stage are searched *jointly*: all have their places at the same time, so that neighbours help
//! each other. The district's own row must be kept as well; where the areas' are and it is not, more is added to the area with the
//! most unserved. The result is a plan from which no target can spare a lump while the others spare one too; another split over
//! areas with fewer places in all may exist.
//!
//! Sizes are found for places that stand, in full, from the first shown year. A row that breaks the law that more places never
//! hurt is told, and the search then keeps to what was tried.
//!
//! # When
//!
//! Given the size, the latest opening on the first day of a year (1 September for classes) after which every year that needs the
//! places keeps its target: with the scenario's delays, and with schools that open one grade a year where the stage says so.
//! Less the time to build, this is when to decide. Where no opening within the shown years is early enough, the earliest that the
//! time to build allows is taken, and the first year is told from which on the target is kept.

mod dates;
mod judge;
mod proposal;
mod search;
mod sizes;
mod target;
mod trial;
mod variant;

pub use dates::Opening;
pub use judge::{Kept, tightest};
pub use sizes::{Size, Tried};
pub use target::Target;
pub use trial::{NeedError, Trials};
pub use variant::{Addition, Base, Grown, Variant};

use crate::services::service::{BuildingUnit, GrowthPoint};

/// What should be built for one target, and how sure that is.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The target.
    pub target: Target,
    /// How many, and what was tried.
    pub size: Size,
    /// When; `None` where nothing is to be built, or where places cannot be dated.
    pub opening: Option<Opening>,
}

/// What should be built.
#[derive(Clone, Debug)]
pub struct Need {
    /// Where places can be added.
    pub points: Vec<GrowthPoint>,
    /// Each target, in the order of results.
    pub rows: Vec<Needed>,
    /// The plan with all places as if they stood from the first year.
    pub standing: Vec<Addition>,
    /// The plan with all places on their dates.
    pub dated: Vec<Addition>,
    /// How often the plan was run.
    pub runs: usize,
}

impl Need {
    /// People that a unit has room for at a target.
    pub fn room(&self, row: &Needed) -> f64 {
        row.target.points.first().map_or(1.0, |point| self.points[*point].room)
    }

    /// What is built at a target.
    pub fn unit(&self, row: &Needed) -> BuildingUnit {
        row.target.points.first().map_or(BuildingUnit::Place, |point| self.points[*point].unit)
    }
}

impl Needed {
    /// Units that are to be built; `None` where no number keeps the target.
    pub fn units(&self) -> Option<u32> {
        self.size.lumps.map(|lumps| lumps * self.target.lump)
    }
}

/// Finds what should be built.
///
/// # Errors
/// When a run was stopped, or could not be made.
pub fn find(trials: &mut Trials<'_>) -> Result<Need, NeedError> {
    let base = trials.run(&[])?;
    let targets = target::targets(trials, &base);
    let sizes = sizes::find(trials, &base, &targets)?;
    let openings = dates::find(trials, &targets, &sizes)?;
    let standing = sizes::additions(&targets, &sizes);
    let dated = dates::additions(&targets, &sizes, &openings);
    let rows = targets.into_iter().zip(sizes).zip(openings);
    let rows = rows.map(|((target, size), opening)| Needed { target, size, opening }).collect();
    Ok(Need { points: trials.points.clone(), rows, standing, dated, runs: trials.runs })
}

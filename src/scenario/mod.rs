//! The scenario: from a planner's files to a compiled [`Plan`], or to every fault in them at once.

mod analytic_reference;
mod building;
mod change;
mod document;
mod imprint;
mod loading;
mod observed;
mod plan;
mod request;
mod setting;
mod table_change;
mod upgrade;
mod variant;
mod work;

pub use analytic_reference::{TheoryResult, Whole};
pub use building::BuildingTerms;
pub use change::{Cause, Change, Group, changes};
pub use document::{FORMAT, KEYS};
pub use imprint::Imprint;
pub use loading::{Loaded, load};
pub use observed::{Observation, ObservedSet, ReadObserved, read_observed};
pub use plan::Plan;
pub use request::{Request, Source};
pub use table_change::{RowChange, TableChange};
pub use upgrade::{Replaced, UpgradedFile, upgrade};
pub use variant::{load_given, load_grown, load_switched, load_without, table_text};
pub use work::Work;

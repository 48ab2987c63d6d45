//! The scenario: from a planner's files to a compiled [`Plan`], or to every fault in them at once.

mod analytic_reference;
mod change;
mod document;
mod imprint;
mod loading;
mod observed;
mod plan;
mod request;
mod table_change;
mod upgrade;
mod variant;

pub use analytic_reference::{TheoryResult, Whole};
pub use change::{Cause, Change, Group, changes};
pub use document::{FORMAT, KEYS};
pub use imprint::Imprint;
pub use loading::{Loaded, load};
pub use observed::{Observation, ObservedSet};
pub use plan::Plan;
pub use request::Request;
pub use table_change::{RowChange, TableChange};
pub use upgrade::{Replaced, UpgradedFile, upgrade};
pub use variant::{load_grown, load_switched, load_without};

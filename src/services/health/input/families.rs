//! The family of a law of stay that a section names.

use crate::input::Section;
use crate::services::health::stay::law::Family;

/// The family of `los_distribution`.
pub(crate) fn read(section: &Section<'_>) -> Option<Family> {
    section.choice("los_distribution").and_then(|at| Family::ALL.get(at).copied())
}

//! Where a finding about a section is told: at the key that it is about.

use crate::diagnostic::Finding;
use crate::input::Section;

/// Notes at a key what makes a run impossible.
pub(crate) fn refuse(section: &Section<'_>, key: &str, finding: Finding) {
    section.session.diagnostics.refuse(section.span_of(key), finding);
}

/// Notes at a key what the planner should look at.
pub(crate) fn caution(section: &Section<'_>, key: &str, finding: Finding) {
    section.session.diagnostics.caution(section.span_of(key), finding);
}

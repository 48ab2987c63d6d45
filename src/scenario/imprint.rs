//! `[report]`: who stands behind the results, for the head of every report.

use crate::input::{KeyDef, Section, ValueKind};
use crate::language::Text;

/// The keys of the section.
pub(super) const KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "organisation",
        ValueKind::Label,
        "",
        "the office that made the plan, for the head of reports",
        "编制单位，显示在报告开头",
    ),
    KeyDef::optional(
        "contact",
        ValueKind::Label,
        "",
        "whom to ask about it: name, telephone or address",
        "联系人：姓名、电话或邮箱",
    ),
];

/// Who stands behind the results.
#[derive(Clone, Debug, Default)]
pub struct Imprint {
    /// The office.
    pub organisation: Option<Text>,
    /// Whom to ask.
    pub contact: Option<Text>,
}

/// Reads the section.
pub(super) fn read(root: &Section<'_>) -> Imprint {
    root.section("report").map_or_else(Imprint::default, |section| Imprint {
        organisation: section.label("organisation"),
        contact: section.label("contact"),
    })
}

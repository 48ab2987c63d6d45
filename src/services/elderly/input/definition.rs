//! The definition of need, read and checked.

use super::keys::COUNTED_FROM;
use crate::input::{InputEntry, Section};
use crate::language::Text;
use crate::services::elderly::demand::need::levels::{FIRST_AGE, MODERATE};
use crate::services::elderly::demand::need::prevalence::InNeed;
use crate::services::elderly::demand::need_definitions::{self, Definition};
use crate::services::elderly::messages;
use crate::uncertainty::Provenance;

/// The definition of need of a scenario.
pub(super) struct Defined {
    /// Where it is named.
    pub definition: Option<&'static Definition>,
    pub counted: InNeed,
}

pub(super) fn read_definition(section: &Section<'_>) -> Option<Defined> {
    let definition = read_name(section)?;
    let own = if section.has("counts_as_need") { Some(section.choice("counts_as_need")? + 1) } else { None };
    if let (Some(definition), Some(from)) = (definition, own)
        && definition.counted.from != from
    {
        let finding = messages::definition_counts_from(definition.key, COUNTED_FROM[definition.counted.from - 1]);
        section.session.diagnostics.refuse(section.span_of("counts_as_need"), finding);
        return None;
    }
    let from = own.or(definition.map(|d| d.counted.from)).unwrap_or(MODERATE);
    let youngest = definition.map_or(FIRST_AGE, |definition| definition.counted.youngest);
    Some(Defined { definition, counted: InNeed { from, youngest } })
}

/// The definition that is named; inside, `None` where the table's own is described in words.
fn read_name(section: &Section<'_>) -> Option<Option<&'static Definition>> {
    let written = if section.has("definition") { Some(section.label("definition")?) } else { None };
    let Some(name) = written.filter(|text| text.en == text.zh && need_definitions::is_name(&text.en)) else {
        return Some(None);
    };
    let span = section.span_of("definition");
    let Some(definition) = need_definitions::named(&name.en) else {
        let known = need_definitions::KNOWN.each_ref().map(|definition| definition.key);
        section.session.diagnostics.refuse(span, messages::no_such_definition(&name.en, &known));
        return None;
    };
    let Definition { key, share, source, status, .. } = definition;
    section.session.add_input(InputEntry {
        path: section.path_of("definition"),
        shown: Text::name(format!("{key}: {share}")),
        unit: "share",
        provenance: Provenance { source: source.clone(), status: *status, defaulted: false },
        span,
        parameter: None,
    });
    Some(Some(definition))
}

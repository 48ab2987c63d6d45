//! Inputs in a planner's words: where a key belongs and what it says, so that nobody has to read `health.district.staffed_share`.
//!
//! Words come from the keys' own explanations ([`KEYS`]), from the names of stages, and from the names that planners gave
//! to projects. What stands after the first semicolon or bracket of an explanation is advice, not a name, and is left out.

use crate::input::{KeyDef, ValueKind, lookup};
use crate::language::Text;
use crate::scenario::{KEYS, Plan};
use crate::{population, text};

/// What the key at `path` means: "Primary school: entrants for each resident child of the entry age".
pub(super) fn meaning(plan: &Plan, path: &str) -> Text {
    let mut steps = steps(path);
    let Some((key, _)) = steps.pop() else { return Text::name(path) };
    let own = key.map_or_else(|| Text::name(path), |key| short(&key.help));
    let Some(place) = place(plan, path, &steps) else { return own };
    let (place_en, place_zh, en, zh) = (&place.en, &place.zh, &own.en, &own.zh);
    text!("{place_en}: {en}", "{place_zh}：{zh}")
}

/// The keys on the way to `path`, each with the name that stands in the file; planners' own names have no key.
fn steps(path: &str) -> Vec<(Option<&'static KeyDef>, &str)> {
    let mut keys: &'static [KeyDef] = KEYS.as_slice();
    let mut named = false;
    let mut steps = Vec::new();
    for word in path.split('.') {
        if named {
            named = false;
            steps.push((None, word));
            continue;
        }
        let Some(key) = keys.iter().find(|key| key.name == word) else {
            steps.push((None, word));
            continue;
        };
        named = matches!(key.kind, ValueKind::Named(_));
        keys = lookup::inside(key);
        steps.push((Some(key), word));
    }
    steps
}

/// Where a key stands: the stage or project if it belongs to one, else the nearest section.
fn place(plan: &Plan, path: &str, steps: &[(Option<&'static KeyDef>, &str)]) -> Option<Text> {
    let (first, (last, word)) = (steps.first()?.1, *steps.last()?);
    if first == "projects" {
        return plan.site.projects.iter().find(|p| p.id == word).map(|p| p.label.clone());
    }
    let stage = plan.catalogue.blocks().find(|(_, block)| block.service == first && block.stage == word);
    if let Some((_, block)) = stage {
        return Some(block.stage_label.clone());
    }
    let service = plan.services.iter().find(|(kind, _)| kind.name == first).map(|(kind, _)| kind.label.clone());
    let area = service.or_else(|| path.starts_with("people.").then_some(population::LABEL));
    let nearest = if let Some(key) = last {
        short(&key.help)
    } else {
        // A name of the planner's own: the section's label says it in words.
        let section = path.rsplit_once('.').map_or(path, |(section, _)| section);
        let named = plan.names.iter().find(|(known, _)| known == section);
        named.map_or_else(|| Text::name(word), |(_, name)| name.clone())
    };
    match area {
        Some(area) if steps.len() == 1 => Some(area),
        Some(area) => {
            let (area_en, area_zh, en, zh) = (&area.en, &area.zh, &nearest.en, &nearest.zh);
            Some(text!("{area_en}, {en}", "{area_zh}·{zh}"))
        }
        None => Some(nearest),
    }
}

/// An explanation up to its first aside.
fn short(help: &Text) -> Text {
    let cut = |words: &str| words.split([';', '；', '(', '（']).next().unwrap_or_default().trim().to_owned();
    Text::owned(cut(&help.en), cut(&help.zh))
}

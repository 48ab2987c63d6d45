//! Doubt that is declared and cannot act: false certainty, told before the run.
//!
//! | declared | why it cannot act |
//! |---|---|
//! | a spread around 0 or 1 on the logit scale, around 0 on the log scale | these lie infinitely far from all other values |
//! | a walk, or all doubt, `from` a year that is not simulated | it has not begun |
//! | differences between areas where there is one area | nothing to differ from |
//! | a correlation group with one member | nobody to move with |
//!
//! Such a number does not count as uncertain where nothing of its doubt acts. Beside that, two kinds act otherwise than they read:
//! a distribution that is cut at the bounds of its key, so that its mean is another one, and a spread on the log scale by which
//! nothing is known any more. A share of 1 in some years only (`by_year`) keeps its doubt in the others and is warned of too.

use std::collections::BTreeMap;

use super::{LoadSession, messages};
use crate::diagnostic::Finding;
use crate::uncertainty::{Distribution, Link, ParameterDef, Variation};

/// The years that are simulated, both included, and the number of areas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// First simulated year.
    pub first: i32,
    /// Last simulated year.
    pub last: i32,
    /// Areas.
    pub areas: usize,
}

/// Spread on the log scale beyond which a number is anything: a factor of 20 either way at two standard deviations.
const WIDEST_LOG: f64 = 1.5;

/// Part of its standard deviation by which a cut distribution may move its mean unsaid.
const TOLERATED: f64 = 0.02;

/// Points at which a distribution is looked at.
const POINTS: u32 = 400;

/// Warns of all doubt that cannot act, and marks the numbers that are therefore certain.
pub(crate) fn note_idle(session: &LoadSession, extent: Extent) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut parameters = session.parameters.borrow_mut();
    for (at, def) in parameters.iter_mut().enumerate() {
        if !def.is_uncertain() {
            continue;
        }
        for finding in idle_of(def, extent) {
            session.diagnostics.caution(def.span, finding);
        }
        def.variation.without_effect = acts_never(def, extent);
        if let (Some((group, _)), true) = (&def.variation.shared, moves_with_group(def)) {
            groups.entry(group.clone()).or_default().push(at);
        }
    }
    for (group, members) in groups {
        if let [only] = members[..] {
            let def = &parameters[only];
            session.diagnostics.caution(def.span, messages::group_of_one(&def.path, &group));
        }
    }
}

/// What of the doubt of a number cannot act, or acts otherwise than it reads.
fn idle_of(def: &ParameterDef, extent: Extent) -> Vec<Finding> {
    let v = &def.variation;
    let mut found = Vec::new();
    if let Some(from) = v.from.filter(|from| *from > extent.last) {
        return vec![messages::doubt_after_the_end(&def.path, from, extent.last)];
    }
    let begins = walks_begin(v, extent);
    if (v.walk_sd > 0.0 || v.areas_walk_sd > 0.0) && begins >= extent.last {
        found.push(messages::walk_without_years(&def.path, begins));
    }
    if def.variation.spreads()
        && let Some(bound) = at_infinity(def)
    {
        found.push(messages::doubt_at_infinity(&def.path, bound, v.link));
    }
    if extent.areas == 1 && (v.areas_sd > 0.0 || v.areas_walk_sd > 0.0) {
        found.push(messages::one_area(&def.path));
    }
    let widest = [v.jump_sd, v.areas_sd, v.walk_sd].into_iter().fold(0.0, f64::max);
    if v.link == Link::Log && widest > WIDEST_LOG {
        found.push(messages::anything_goes(&def.path, widest));
    }
    found.extend(cut_mean(def));
    found
}

/// Year in which its walks stand at nought, and after which they step.
fn walks_begin(v: &Variation, extent: Extent) -> i32 {
    [v.from, v.walks_from].into_iter().flatten().fold(extent.first, i32::max)
}

/// The levels that it takes, where these are certain.
fn levels(def: &ParameterDef) -> Vec<f64> {
    match &def.law {
        Distribution::Fixed(value) => vec![*value],
        Distribution::ByYear(points) => points.iter().map(|(_, value)| *value).collect(),
        _ => Vec::new(),
    }
}

fn is_infinite_on(link: Link, value: f64) -> bool {
    match link {
        Link::Linear => false,
        Link::Log => value <= 0.0,
        Link::Logit => value <= 0.0 || value >= 1.0,
    }
}

/// A level that lies infinitely far away on its scale.
fn at_infinity(def: &ParameterDef) -> Option<f64> {
    levels(def).into_iter().find(|level| is_infinite_on(def.variation.link, *level))
}

/// Whether no part of its doubt can act in any simulated year.
fn acts_never(def: &ParameterDef, extent: Extent) -> bool {
    let v = &def.variation;
    if v.from.is_some_and(|from| from > extent.last) {
        return true;
    }
    let levels = levels(def);
    if levels.is_empty() {
        return false;
    }
    let only_walks = v.jump_sd == 0.0 && v.areas_sd == 0.0 && v.cycle.is_none_or(|(_, sd)| sd == 0.0);
    let walks_nowhere = only_walks && walks_begin(v, extent) >= extent.last;
    walks_nowhere || levels.iter().all(|level| is_infinite_on(v.link, *level))
}

/// Whether its level is drawn, which is what a group has in common.
fn moves_with_group(def: &ParameterDef) -> bool {
    !def.variation.without_effect && (!def.law.is_certain() || def.variation.jump_sd > 0.0)
}

/// Whether the bounds of its key cut its distribution so that its mean is another.
fn cut_mean(def: &ParameterDef) -> Option<Finding> {
    let (low, high) = def.bounds;
    let at = |point: u32| crate::random::normal_quantile((f64::from(point) + 0.5) / f64::from(POINTS));
    let drawn: Vec<f64> = match &def.law {
        Distribution::Normal(..) | Distribution::LogNormal(..) | Distribution::Gamma(..) => {
            (0..POINTS).map(|point| def.law.quantile(at(point), 0)).collect()
        }
        Distribution::Fixed(value) if def.variation.link == Link::Linear && def.variation.jump_sd > 0.0 => {
            (0..POINTS).map(|point| value + def.variation.jump_sd * at(point)).collect()
        }
        _ => return None,
    };
    let mean = |numbers: &mut dyn Iterator<Item = f64>| numbers.sum::<f64>() / f64::from(POINTS);
    let stated = mean(&mut drawn.iter().copied());
    let used = mean(&mut drawn.iter().map(|value| value.clamp(low, high)));
    let sd = mean(&mut drawn.iter().map(|value| (value - stated).powi(2))).sqrt();
    let bound = if used > stated { low } else { high };
    ((used - stated).abs() > TOLERATED * sd).then(|| messages::cut_mean(&def.path, bound, stated, used))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::value::parse;
    use crate::input::{KeyDef, Section, ValueKind};

    const KEYS: &[KeyDef] = &[
        KeyDef::optional("share", ValueKind::Uncertain(0.0, 1.0), "", "", ""),
        KeyDef::optional("factor", ValueKind::Uncertain(0.0, 10.0), "", "", ""),
    ];

    /// How many warnings a number raises in the years 2025 to 2030, and whether it counts as uncertain.
    fn told(text: &str, areas: usize) -> (usize, bool) {
        let session = LoadSession::default();
        let file = session.diagnostics.add_file("x.toml".as_ref(), text.to_owned());
        let value = parse(text, file, &session.diagnostics);
        let section = Section::open(&session, String::new(), &value, KEYS).unwrap();
        let key = if section.has("share") { "share" } else { "factor" };
        section.uncertain(key).unwrap();
        note_idle(&session, Extent { first: 2025, last: 2030, areas });
        let uncertain = session.parameters()[0].is_uncertain();
        (session.diagnostics.finish().list.len(), uncertain)
    }

    #[test]
    fn doubt_that_cannot_act_is_told_and_does_not_count() {
        for (text, areas, expected) in [
            ("share = { value = 1.0, sd = 0.5, random_walk_sd = 0.1 }", 2, (1, false)),
            ("share = { value = 0.97, sd = 0.5, random_walk_sd = 0.1 }", 2, (0, true)),
            ("share = { value = 1.0, sd = 0.1, scale = \"linear\" }", 2, (1, true)),
            ("share = { by_year = { 2025 = 0.9, 2030 = 1.0 }, sd = 0.5 }", 2, (1, true)),
            ("factor = { value = 0.0, sd = 0.5 }", 2, (1, false)),
            ("factor = { value = 1.0, random_walk_sd = 0.1, from = 2031 }", 2, (1, false)),
            ("factor = { value = 1.0, random_walk_sd = 0.1, from = 2030 }", 2, (1, false)),
            ("factor = { value = 1.0, random_walk_sd = 0.1, from = 2028 }", 2, (0, true)),
            ("factor = { value = 1.0, random_walk_sd = 0.1, random_walk_from = 2030 }", 2, (1, false)),
            ("factor = { value = 1.0, sd = 0.1, random_walk_sd = 0.1, random_walk_from = 2030 }", 2, (1, true)),
            ("factor = { value = 1.0, random_walk_sd = 0.1, random_walk_from = 2028 }", 2, (0, true)),
            ("factor = { value = 1.0, cycle = { persistence = 0.5, sd = 0.1 }, from = 2040 }", 2, (1, false)),
            ("factor = { value = 1.0, between_areas_sd = 0.3 }", 1, (1, true)),
            ("factor = { value = 1.0, between_areas_sd = 0.3 }", 2, (0, true)),
            ("factor = { value = 1.0, sd = 0.1, correlation_group = \"g\" }", 2, (1, true)),
            ("factor = { distribution = \"normal\", mean = 0.5, sd = 1.0 }", 2, (1, true)),
            ("factor = { distribution = \"normal\", mean = 5, sd = 1.0 }", 2, (0, true)),
            ("factor = { value = 1.0, sd = 10 }", 2, (1, true)),
        ] {
            assert_eq!(told(text, areas), expected, "{text}");
        }
    }
}

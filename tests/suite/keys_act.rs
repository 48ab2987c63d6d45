//! A key that is read acts, or is said not to: over shipped scenarios, every key that may stand there is written with other
//! values than it has.
//!
//! For every key and scenario one of three things must come of it: other results, a fault, or a warning that the key has no
//! effect. And a key that is said to have none has none. Over all scenarios together, every key changes a result somewhere.
//!
//! `KEYS_ACT=textbook/tandem.toml cargo test --test suite keys_act` looks at one scenario; `KEYS_ACT=all` at all of them.

mod outcome;
mod places;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use outcome::{Base, Outcome};
use places::{KeyPlace, places_of};
use rayon::prelude::*;

/// The scenarios that are tried in every run of the tests: small, and between them with every section there is.
const TRIED: &[&str] =
    &["tiny/scenario.toml", "textbook/tandem.toml", "textbook/registration.toml", "textbook/leaving-by-cause.toml"];

/// Lines by which places become few, so that what rules over the lack of places is seen: the beginning of the names of
/// scenarios, and the lines.
const TIGHT: &[(&str, &str)] = &[
    ("tiny/", "elderly.queues.home.places = 15"),
    ("textbook/registration", "education.stages.primary.max_class_size = 45"),
    ("textbook/erlang-b-", "health.wards.ward.beds = 4"),
    ("textbook/intensive-care", "health.wards.ward.beds = 4"),
    ("textbook/readmission", "health.wards.ward.beds = 4"),
    ("textbook/discharge-mornings", "health.wards.ward.beds = 4"),
];

/// What came of one key in one scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// Every value was refused.
    Refused,
    /// Nothing changed, and nothing was said.
    Silent,
    /// Nothing changed, and the key was said to have no effect.
    ToldIdle,
    /// The results are others.
    Acts,
}

/// What came of one value of a key.
struct Trial {
    fate: Fate,
    /// The results are others although the key was said to have no effect.
    contradicts: bool,
}

fn trial(base: &Base, place: &KeyPlace, value: &str) -> Trial {
    match base.with(place, value) {
        Outcome::Refused => Trial { fate: Fate::Refused, contradicts: false },
        Outcome::Same { told_idle: false } => Trial { fate: Fate::Silent, contradicts: false },
        Outcome::Same { told_idle: true } => Trial { fate: Fate::ToldIdle, contradicts: false },
        Outcome::Other { told_idle } => Trial { fate: Fate::Acts, contradicts: told_idle },
    }
}

/// What is wrong with the keys of one scenario, and which keys act there.
#[derive(Default)]
struct Found {
    wrong: String,
    acting: BTreeSet<String>,
    seen: BTreeSet<String>,
}

fn look_at(scenario: &str) -> Found {
    let tight = TIGHT.iter().filter(|(names, _)| scenario.starts_with(names)).map(|(_, lines)| *lines);
    let bases: Vec<Base> = std::iter::once("").chain(tight).map(|lines| Base::open(scenario, lines)).collect();
    let mut found = Found::default();
    let mut fates = BTreeMap::new();
    for place in places_of(&bases[0].document) {
        let Some(values) = values::others(&place, &bases[0].document) else { continue };
        let mut best = Fate::Refused;
        for (base, value) in bases.iter().flat_map(|base| values.iter().map(move |value| (base, value))) {
            let Trial { fate, contradicts } = trial(base, &place, value);
            if contradicts {
                let _ = writeln!(found.wrong, "{scenario}: {} = {value} acts and is said not to", place.path);
            }
            best = best.max(fate);
            if best >= Fate::ToldIdle {
                break;
            }
        }
        found.seen.insert(place.declared.clone());
        if best == Fate::Acts {
            found.acting.insert(place.declared.clone());
        }
        if best == Fate::Silent {
            let _ = writeln!(found.wrong, "{scenario}: {} has no effect, and nothing says so", place.path);
        }
        *fates.entry(best).or_insert(0) += 1;
    }
    eprintln!("{scenario}: {fates:?}");
    found
}

#[test]
fn every_key_acts_or_is_said_not_to() {
    let asked = std::env::var("KEYS_ACT").ok();
    let scenarios: Vec<String> = match asked.as_deref() {
        Some("all") => outcome::shipped(),
        Some(list) => list.split(',').map(str::to_owned).collect(),
        None => TRIED.iter().map(|name| (*name).to_owned()).collect(),
    };
    let mut all = Found::default();
    let found: Vec<Found> = scenarios.par_iter().map(|scenario| look_at(scenario)).collect();
    for found in found {
        all.wrong += &found.wrong;
        all.acting.extend(found.acting);
        all.seen.extend(found.seen);
    }
    if asked.as_deref() == Some("all") {
        for key in all.seen.difference(&all.acting) {
            let _ = writeln!(all.wrong, "{key} changes no result in any scenario");
        }
    }
    assert!(all.wrong.is_empty(), "\n{}", all.wrong);
}

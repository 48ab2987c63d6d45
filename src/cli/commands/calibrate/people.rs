//! `civicap calibrate people`: births per woman, net migration by age and their spreads from two or more counts.

use std::path::Path;

use super::fragment::{self, Piece, Place};
use crate::cli::diagnostics;
use crate::cli::loading::{Shown, sound};
use crate::cli::talk::{Done, Failure};
use crate::input::{LoadSession, open_table};
use crate::language::{Language, Text};
use crate::population::calibration::{COLUMNS, Counts, Fragment, Schedules, estimate, read_counts};
use crate::report::scores;
use crate::scenario::{Plan, Request};

/// Years that a fragment goes on for.
const YEARS: usize = 10;

/// Estimates on a table, says what it found, and writes it as a scenario of people.
pub(super) fn calibrate(table: &Path, scenario: &Path, place: Option<&Place<'_>>, language: Language) -> Done<String> {
    let plan = with_people(scenario, language)?;
    let schedules = schedules(&plan)?;
    let counts = read(table, &schedules, language)?;
    let areas: Vec<usize> = (0..counts.areas.len()).collect();
    let Some(pair) = counts.pairs().last().copied() else { return Ok(String::new()) };
    let found = estimate(&counts, pair, &areas, &schedules);
    let mut said = scores::people(&counts, &found, language);
    if let Some(place) = place {
        let source = fragment::name_of(table);
        let (date, apart) = (pair.to, false);
        let made = Fragment {
            counts: &counts,
            date,
            areas: &areas,
            schedules: &schedules,
            years: YEARS,
            apart,
            source: &source,
        };
        let files = made.files(&found);
        let pieces: Vec<Piece<'_>> = files.iter().map(|(name, text)| Piece { name, text }).collect();
        said.push_str(fragment::write(place, &pieces)?.get(language));
    }
    Ok(said)
}

/// A sound scenario whose schedules are taken.
pub(in super::super) fn with_people(scenario: &Path, language: Language) -> Done<Plan> {
    let shown = Shown { language, quiet: true, json: false };
    Ok(sound(scenario, Request::default(), shown)?.plan)
}

/// The schedules of a scenario, or the failure that it has no people.
pub(in super::super) fn schedules(plan: &Plan) -> Done<Schedules<'_>> {
    let people = plan.people.as_ref().ok_or_else(|| {
        Failure::bad_input(Text::new(
            "the scenario has no [people], whose death rates and age patterns are needed\nhelp: give --scenario a scenario with people, such as the one that `civicap new` writes",
            "方案中没有 [people]，而估计需要其死亡率与年龄模式\n改法：--scenario 请指定含人口的方案，例如 `civicap new` 生成的方案",
        ))
    })?;
    Ok(Schedules::of(people, &plan.parameters))
}

/// The counts of a file, or the failure after its faults were shown.
pub(in super::super) fn read(table: &Path, schedules: &Schedules<'_>, language: Language) -> Done<Counts> {
    let session = LoadSession::default();
    let counts = open_table(&session, table, COLUMNS).and_then(|sheet| read_counts(&sheet, &schedules.lived()));
    let errors = session.diagnostics.errors();
    let found = session.diagnostics.finish();
    if !found.list.is_empty() {
        diagnostics::show(&found, language);
    }
    counts.filter(|_| errors == 0).ok_or_else(Failure::shown)
}

//! Where yearly rates of need come from: solved, published, or a table of the planner's, which is looked at before it is
//! believed.

use super::cells::{AgeGroup, age_group, refuse_table, sex_of, whole};
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::services::elderly::demand::need::embedding::Embedding;
use crate::services::elderly::demand::need::levels::{AGES, LEVEL_KEYS, LEVELS, Rates, SexAge};
use crate::services::elderly::demand::need::matrix::{Matrix, product};
use crate::services::elderly::demand::need::transitions::RateSource;
use crate::services::elderly::messages;
use crate::text;

/// Keys of the sources of rates.
pub(super) const SOURCES: &[&str] = &["need_table", "fu_sherris_xu_2021", "hazards", "yearly"];

/// Largest difference between a yearly matrix and that of the nearest rates with which it is still used.
const TOLERATED: f64 = 0.02;

/// Largest difference between a matrix of several years and the power of the yearly one that is passed without a word.
const SAME: f64 = 0.05;

/// Largest distance of a row's sum from 1: published probabilities are rounded.
const ROUNDED: f64 = 0.005;

/// What the table of transitions holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    /// Yearly rates; the level itself stays empty.
    Hazards,
    /// Probabilities over one or more years.
    Probabilities,
}

/// The rates that a scenario chooses, and what is to be said of them.
pub(super) struct ReadSource {
    pub rates: RateSource,
    pub note: Option<Text>,
}

/// A matrix of the table: sex, ages, years that it spans, and its rows by level before.
struct Given<'a> {
    sex: usize,
    ages: AgeGroup,
    years: i32,
    rows: [Option<[f64; LEVELS + 1]>; LEVELS],
    first: Row<'a>,
}

impl Given<'_> {
    fn name(&self) -> Text {
        let ages = self.ages;
        if self.sex == 0 { text!("men {ages}", "男 {ages}") } else { text!("women {ages}", "女 {ages}") }
    }

    fn rates(&self) -> Option<Rates> {
        let [Some(a), Some(b), Some(c), Some(d)] = self.rows else { return None };
        Some([a, b, c, d])
    }

    fn living(&self) -> Option<Matrix> {
        Some(self.rates()?.map(|row| std::array::from_fn(|to| row[to])))
    }
}

/// Reads the source of rates.
pub(super) fn read(section: &Section<'_>) -> Option<ReadSource> {
    let source = section.choice("transitions")?;
    let number = |key: &str| section.number(key);
    let recovery = [number("recovery_mild"), number("recovery_moderate"), number("recovery_severe")];
    let mortality = [number("mortality_mild"), number("mortality_moderate"), number("mortality_severe")];
    let (Some(recovery), Some([mild, moderate, severe])) = (all(recovery), all(mortality)) else { return None };
    let cells = match SOURCES[source] {
        "hazards" => Some(Cells::Hazards),
        "yearly" => Some(Cells::Probabilities),
        _ => None,
    };
    if cells.is_some() != section.has("transition_table") {
        let key = if cells.is_some() { "transitions" } else { "transition_table" };
        section.session.diagnostics.refuse(section.span_of(key), messages::table_and_source_differ(SOURCES[source]));
        return None;
    }
    let Some(cells) = cells else {
        let rates = match SOURCES[source] {
            "need_table" => RateSource::Solved { recovery, mortality: [1.0, mild, moderate, severe] },
            _ => RateSource::Published { recovery },
        };
        return Some(ReadSource { rates, note: None });
    };
    let sheet = section.sheet("transition_table")?;
    let given = read_table(&sheet, cells)?;
    if cells == Cells::Hazards {
        let rates = RateSource::Given(by_age(&sheet, &given, |matrix: &Given<'_>| matrix.rates())?);
        return Some(ReadSource { rates, note: None });
    }
    let note = judge(section, &sheet, &given)?;
    let rates = |matrix: &Given<'_>| Some(Embedding::of(&matrix.living()?)?.rates);
    Some(ReadSource { rates: RateSource::Given(by_age(&sheet, &given, rates)?), note: Some(note) })
}

fn all([a, b, c]: [Option<f64>; 3]) -> Option<[f64; 3]> {
    Some([a?, b?, c?])
}

fn read_table<'a>(sheet: &'a Sheet<'_>, cells: Cells) -> Option<Vec<Given<'a>>> {
    let mut found: Vec<Given<'_>> = Vec::new();
    let mut sound = true;
    for row in sheet.rows() {
        let years = if row.text("years").is_empty() { Some(1) } else { whole(&row, "years", 1, 10) };
        let (sex, ages, from) = (sex_of(&row), age_group(&row), row.name_of("from", &LEVEL_KEYS));
        let (Some(years), Some(sex), Some(ages), Some(from)) = (years, sex, ages, from) else {
            sound = false;
            continue;
        };
        let Some(cells) = read_row(&row, from, cells) else {
            sound = false;
            continue;
        };
        let same = |given: &Given<'_>| (given.sex, given.ages, given.years) == (sex, ages, years);
        let at = found.iter().position(same).unwrap_or_else(|| {
            found.push(Given { sex, ages, years, rows: [None; LEVELS], first: row });
            found.len() - 1
        });
        // A level given twice is told where the table was opened.
        found[at].rows[from] = Some(cells);
    }
    for given in found.iter().filter(|given| given.rates().is_none()) {
        given.first.error("from", messages::levels_are_missing(&given.name(), given.years));
        sound = false;
    }
    sound.then_some(found)
}

/// A row: rates (the level itself stays empty), or probabilities that add to 1.
fn read_row(row: &Row<'_>, from: usize, cells: Cells) -> Option<[f64; LEVELS + 1]> {
    let mut found = [0.0; LEVELS + 1];
    for (to, cell) in found.iter_mut().enumerate() {
        let column = if to < LEVELS { LEVEL_KEYS[to] } else { "dead" };
        match cells {
            Cells::Hazards if to == from => {}
            Cells::Hazards => *cell = row.number(column, 0.0, 50.0)?,
            Cells::Probabilities => *cell = row.number(column, 0.0, 1.0)?,
        }
    }
    if cells == Cells::Hazards {
        return Some(found);
    }
    let sum: f64 = found.iter().sum();
    if (sum - 1.0).abs() > ROUNDED {
        row.error("none", messages::probabilities_do_not_add_to_one(sum));
        return None;
    }
    Some(found.map(|cell| cell / sum))
}

/// The rates of single ages from those of yearly rows of age groups.
fn by_age(sheet: &Sheet<'_>, given: &[Given<'_>], rates: impl Fn(&Given<'_>) -> Option<Rates>) -> Option<Vec<Rates>> {
    let mut found = vec![None; 2 * AGES];
    for matrix in given.iter().filter(|matrix| matrix.years == 1) {
        let rates = rates(matrix)?;
        for age in matrix.ages.of_service() {
            let at = SexAge { sex: matrix.sex, age };
            if found[at.cell()].replace(rates).is_some() {
                matrix.first.error("age", messages::age_in_two_groups(at.years()));
                return None;
            }
        }
    }
    let complete: Option<Vec<Rates>> = found.into_iter().collect();
    if complete.is_none() {
        refuse_table(sheet, messages::ages_not_covered("the table", "表"));
    }
    complete
}

/// Refuses matrices that no rates come near, warns of those that only come near, and says the verdict.
fn judge(section: &Section<'_>, sheet: &Sheet<'_>, given: &[Given<'_>]) -> Option<Text> {
    let (mut sound, mut count, mut near) = (true, 0, 0);
    let mut worst: Option<(Text, Embedding)> = None;
    for matrix in given.iter().filter(|matrix| matrix.years == 1) {
        count += 1;
        let Some(embedding) = judge_one(matrix) else {
            sound = false;
            continue;
        };
        if embedding.negative.is_some() {
            near += 1;
            if worst.as_ref().is_none_or(|(_, other)| embedding.distance > other.distance) {
                worst = Some((matrix.name(), embedding));
            }
        }
    }
    let mut said = match worst {
        None => messages::all_embeddable(count),
        Some((name, embedding)) => {
            let finding = messages::nearly_embeddable(near, count, &name, &embedding);
            section.session.diagnostics.caution(sheet.span, finding.clone());
            finding.message
        }
    };
    if let Some(compared) = compare(section, sheet, given) {
        said = Text::owned(format!("{}; {}", said.en, compared.en), format!("{}；{}", said.zh, compared.zh));
    }
    sound.then_some(said)
}

/// The rates behind a matrix; `None` with a fault where none come near.
fn judge_one(matrix: &Given<'_>) -> Option<Embedding> {
    let Some(embedding) = Embedding::of(&matrix.living()?) else {
        matrix.first.error("from", messages::no_rates(&matrix.name()));
        return None;
    };
    if embedding.distance > TOLERATED {
        matrix.first.error("from", messages::no_rates_near(&matrix.name(), embedding.distance));
        return None;
    }
    Some(embedding)
}

/// How far a matrix of several years is from the power of the yearly one of the same people.
struct Compared {
    difference: f64,
    years: i32,
    people: Text,
}

/// Largest difference between matrices of several years and the power of the yearly one of the same people.
fn compare(section: &Section<'_>, sheet: &Sheet<'_>, given: &[Given<'_>]) -> Option<Text> {
    let mut worst: Option<Compared> = None;
    for long in given.iter().filter(|matrix| matrix.years > 1) {
        let same = |m: &&Given<'_>| m.years == 1 && m.sex == long.sex && m.ages == long.ages;
        let Some(yearly) = given.iter().find(same).and_then(Given::living) else { continue };
        let power = (1..long.years).fold(yearly, |power, _| product(&power, &yearly));
        let published = long.living()?;
        let difference = power.iter().flatten().zip(published.iter().flatten());
        let difference = difference.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if worst.as_ref().is_none_or(|worst| difference > worst.difference) {
            worst = Some(Compared { difference, years: long.years, people: long.name() });
        }
    }
    let Compared { difference, years, people } = worst?;
    let finding = messages::power_differs(years, &people, difference);
    if difference > SAME {
        section.session.diagnostics.caution(sheet.span, finding.clone());
    }
    Some(finding.message)
}

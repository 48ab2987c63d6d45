//! The CSV tables of the people: counts, rates and weights by area, sex and age.
//!
//! Ages are written as single years (`7`), groups (`5-9`) or open (`85+`). Counts of groups are split into single ages
//! (`state/ages.rs`); a rate holds for every age of its group; a weight is spread evenly over it.

use crate::input::{Row, Sheet};
use crate::population::messages;
use crate::population::state::ages::{AgeGroup, GroupCount, single_ages};
use crate::population::view::{AGES, People, SEX_WORDS, SEXES};
use crate::site::CENSUS_AGES;

/// Numbers by sex and single age.
pub(super) type ByAge = [[f64; AGES]; SEXES];

/// How a group's number becomes its single ages' numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// Each age has it.
    Same,
    /// The ages share it evenly.
    Even,
}

/// A column of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberColumn {
    /// Its heading.
    pub(super) name: &'static str,
    /// Largest number allowed.
    pub(super) largest: f64,
    /// How groups become ages.
    pub(super) spread: Spread,
}

fn sex(row: Row<'_>) -> Option<usize> {
    row.name_of("sex", &SEX_WORDS)
}

fn group(row: Row<'_>) -> Option<AgeGroup> {
    let written = row.text("age");
    AgeGroup::parse(written).or_else(|| {
        row.error("age", messages::not_an_age(written));
        None
    })
}

/// Reads the residents of every area, `area, sex, age, persons`, into single ages. `lived` are life-table person-years by
/// sex, for open groups.
pub(super) fn residents(sheet: &Sheet<'_>, areas: &[&str], lived: &[[f64; AGES]; SEXES]) -> Option<People> {
    groups(sheet, areas)
        .filter(|groups| nobody_left_out(sheet, areas, groups) && no_age_left_out(sheet, areas, groups))
        .map(|groups| in_single_ages(groups, lived))
}

/// The same of people who need not be everywhere.
pub(super) fn people(sheet: &Sheet<'_>, areas: &[&str], lived: &[[f64; AGES]; SEXES]) -> Option<People> {
    groups(sheet, areas).map(|groups| in_single_ages(groups, lived))
}

/// Whether every area has a row: one without would silently count as empty.
fn nobody_left_out(sheet: &Sheet<'_>, areas: &[&str], groups: &[Vec<GroupCount>]) -> bool {
    let mut fine = true;
    for (area, sexes) in areas.iter().zip(groups.chunks_exact(SEXES)) {
        if sexes.iter().all(Vec::is_empty) {
            sheet.error(messages::area_without_row(area));
            fine = false;
        }
    }
    fine
}

/// Whether every age has a row in every area that somebody lives in, from the first to the last age that any row names and for
/// every sex that any row names: one without would silently hold nobody.
///
/// A table of one sex, or of old people alone, may be meant: that is warned of.
fn no_age_left_out(sheet: &Sheet<'_>, areas: &[&str], groups: &[Vec<GroupCount>]) -> bool {
    let first = groups.iter().flatten().map(|count| count.group.from).min().unwrap_or(0);
    let last = groups.iter().flatten().map(|count| count.group.to).max().unwrap_or(0);
    let anybody = |sexes: &[Vec<GroupCount>]| sexes.iter().flatten().any(|count| count.persons > 0);
    let lived_in: Vec<bool> = groups.chunks_exact(SEXES).map(anybody).collect();
    let mut fine = true;
    for (sex, name) in SEX_WORDS.iter().enumerate() {
        let of_sex = groups.iter().skip(sex).step_by(SEXES);
        if of_sex.clone().all(Vec::is_empty) {
            sheet.warn(messages::sex_without_row(name));
            continue;
        }
        for ((area, counts), _) in areas.iter().zip(of_sex).zip(&lived_in).filter(|(_, lived_in)| **lived_in) {
            let mut given = [false; AGES];
            counts.iter().for_each(|count| given[count.group.from..count.group.to].fill(true));
            let missing = holes(&given[first..last]);
            if !missing.is_empty() {
                let missing: Vec<_> = missing.into_iter().map(|ages| ages.start + first..ages.end + first).collect();
                sheet.error(messages::ages_of_residents_without_row(area, name, &missing));
                fine = false;
            }
        }
    }
    if first > 0 && last > 0 {
        sheet.warn(messages::ages_below_without_row(first));
    }
    fine
}

/// The ranges of ages that are not given.
fn holes(given: &[bool]) -> Vec<std::ops::Range<usize>> {
    let mut holes: Vec<std::ops::Range<usize>> = Vec::new();
    for age in (0..given.len()).filter(|age| !given[*age]) {
        match holes.last_mut() {
            Some(hole) if hole.end == age => hole.end += 1,
            _ => holes.push(age..age + 1),
        }
    }
    holes
}

/// The ranges of ages that are not given between two that are.
fn inner_holes(given: &[bool; AGES]) -> Vec<std::ops::Range<usize>> {
    let first = given.iter().position(|given| *given).unwrap_or(0);
    let last = given.iter().rposition(|given| *given).unwrap_or(0);
    holes(&given[first..=last]).into_iter().map(|hole| hole.start + first..hole.end + first).collect()
}

/// People by area and sex and the age groups of their rows. Shape: `area x sex`.
fn groups(sheet: &Sheet<'_>, areas: &[&str]) -> Option<Vec<Vec<GroupCount>>> {
    let mut groups: Vec<Vec<GroupCount>> = vec![Vec::new(); areas.len() * SEXES];
    let mut fine = true;
    for row in sheet.rows() {
        let (area, sex, group, persons) = (row.name_of("area", areas), sex(row), group(row), row.count("persons"));
        let (Some(area), Some(sex), Some(group), Some(persons)) = (area, sex, group, persons) else {
            fine = false;
            continue;
        };
        let known = &mut groups[area * SEXES + sex];
        if known.iter().any(|other| other.group.overlaps(group)) {
            // Told where the table was opened, with the lines of both rows.
            fine = false;
        } else {
            known.push(GroupCount { group, persons });
        }
    }
    fine &= not_too_many(sheet, &groups);
    fine.then_some(groups)
}

/// Most people of one table: more than any country has, and less than whole numbers of 32 bits can add up.
const MOST_PEOPLE: u64 = 2_000_000_000;

fn not_too_many(sheet: &Sheet<'_>, groups: &[Vec<GroupCount>]) -> bool {
    let total: u64 = groups.iter().flatten().map(|count| u64::from(count.persons)).sum();
    if total > MOST_PEOPLE {
        sheet.error(messages::more_people_than_any_country(total));
    }
    total <= MOST_PEOPLE
}

/// Reads a census table with a row for each area into single ages.
pub(super) fn census(sheet: &Sheet<'_>, areas: &[&str], lived: &[[f64; AGES]; SEXES]) -> Option<People> {
    let mut groups: Vec<Vec<GroupCount>> = vec![Vec::new(); areas.len() * SEXES];
    let ages = CENSUS_AGES.iter().map(|age| AgeGroup::parse(age).expect("invariant: a declared age group is one"));
    let columns: Vec<(AgeGroup, [String; SEXES])> =
        ages.zip(CENSUS_AGES).map(|(group, age)| (group, [format!("m{age}"), format!("f{age}")])).collect();
    let mut fine = true;
    for row in sheet.rows() {
        let Some(area) = row.name_of("code", areas) else {
            fine = false;
            continue;
        };
        for (group, names) in &columns {
            for (sex, name) in names.iter().enumerate() {
                match row.count(name) {
                    Some(persons) => groups[area * SEXES + sex].push(GroupCount { group: *group, persons }),
                    None => fine = false,
                }
            }
        }
    }
    if groups.iter().any(|known| known.len() > columns.len()) {
        sheet.error(messages::area_on_two_rows());
        fine = false;
    }
    fine &= not_too_many(sheet, &groups);
    fine &= !fine || nobody_left_out(sheet, areas, &groups);
    fine.then(|| in_single_ages(groups, lived))
}

/// Counts of age groups by area and sex as single ages.
fn in_single_ages(mut groups: Vec<Vec<GroupCount>>, lived: &[[f64; AGES]; SEXES]) -> People {
    let mut all = People::nobody(groups.len() / SEXES);
    for (index, known) in groups.iter_mut().enumerate() {
        known.sort_by_key(|count| count.group.from);
        let (area, sex) = (index / SEXES, index % SEXES);
        let first = People::cell(area, sex, 0);
        all.counts[first..first + AGES].copy_from_slice(&single_ages(known, &lived[sex]));
    }
    all
}

/// Reads columns of numbers by sex and age. With `complete`, every age of both sexes must be given.
pub(super) fn by_sex_and_age(sheet: &Sheet<'_>, columns: &[NumberColumn], complete: bool) -> Option<Vec<ByAge>> {
    let mut tables = vec![[[0.0; AGES]; SEXES]; columns.len()];
    let mut given = [[false; AGES]; SEXES];
    let mut fine = true;
    for row in sheet.rows() {
        let (Some(sex), Some(group)) = (sex(row), group(row)) else {
            fine = false;
            continue;
        };
        fine &= fill(row, group, columns, |column, age, number| tables[column][sex][age] = number);
        fine &= mark(group, &mut given[sex]);
    }
    for (sex, ages) in given.iter().enumerate() {
        if !fine {
            break;
        }
        if complete {
            fine &= all_given(sheet, SEX_WORDS[sex], ages);
        } else if !inner_holes(ages).is_empty() {
            sheet.warn(messages::ages_of_weights_without_row(SEX_WORDS[sex], &inner_holes(ages)));
        }
    }
    fine.then_some(tables)
}

/// Reads one column of numbers by age; ages before the first and after the last row have 0.
pub(super) fn by_age(sheet: &Sheet<'_>, column: NumberColumn) -> Option<[f64; AGES]> {
    let mut table = [0.0; AGES];
    let mut given = [false; AGES];
    let mut fine = true;
    for row in sheet.rows() {
        let Some(group) = group(row) else {
            fine = false;
            continue;
        };
        fine &= fill(row, group, &[column], |_, age, number| table[age] = number);
        fine &= mark(group, &mut given);
    }
    if fine && !inner_holes(&given).is_empty() {
        sheet.error(messages::ages_of_births_without_row(&inner_holes(&given)));
        return None;
    }
    fine.then_some(table)
}

fn fill(row: Row<'_>, group: AgeGroup, columns: &[NumberColumn], mut set: impl FnMut(usize, usize, f64)) -> bool {
    let mut fine = true;
    for (column, of) in columns.iter().enumerate() {
        let Some(number) = row.number(of.name, 0.0, of.largest) else {
            fine = false;
            continue;
        };
        let each = if of.spread == Spread::Even { number / group.width() as f64 } else { number };
        (group.from..group.to).for_each(|age| set(column, age, each));
    }
    fine
}

/// Marks the ages of a group as given; tells whether none of them was. Ages given twice are told where the table was opened,
/// with the lines of both rows.
fn mark(group: AgeGroup, given: &mut [bool; AGES]) -> bool {
    let fresh = given[group.from..group.to].iter().all(|given| !given);
    given[group.from..group.to].fill(true);
    fresh
}

fn all_given(sheet: &Sheet<'_>, sex: &str, given: &[bool; AGES]) -> bool {
    let Some(age) = given.iter().position(|g| !g) else { return true };
    sheet.error(messages::age_without_row(sex, age));
    false
}

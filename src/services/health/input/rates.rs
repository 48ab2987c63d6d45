//! Admission rates by sex, age and specialty.

use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::population::view::{AGES, SEX_WORDS, SEXES};
use crate::services::health::messages;
use crate::text;

/// Sexes as the table names them, in the order of the population.
/// Admissions a year per 1,000 residents of an age that nobody means.
const MANY: f64 = 3_000.0;

/// Admission rates as they are read: `specialty x sex x age`.
struct Rates {
    /// Admissions a year and resident.
    rates: Vec<f64>,
    /// Whether a row names the cell.
    given: Vec<bool>,
}

/// Admissions a year and resident: `specialty x sex x age`.
pub(crate) fn read(section: &Section<'_>, specialties: &[&str]) -> Option<Vec<f64>> {
    let sheet = section.sheet("demand")?;
    let cells = specialties.len() * SEXES * AGES;
    let mut read = Rates { rates: vec![0.0; cells], given: vec![false; cells] };
    let mut partial = false;
    for row in sheet.rows() {
        let sex = row.name_of("sex", &SEX_WORDS);
        let (specialty, rate) = (row.name_of("specialty", specialties), row.number("admissions_per_1000", 0.0, 1e5));
        let ages = ages(&row);
        let (Some(sex), Some(specialty), Some(rate), Some(ages)) = (sex, specialty, rate, ages) else {
            partial = true;
            continue;
        };
        if rate > MANY {
            row.warn("admissions_per_1000", messages::many_admissions(rate));
        }
        let start = (specialty * SEXES + sex) * AGES;
        for at in start + ages.start..start + ages.end {
            read.rates[at] += rate / 1000.0;
            read.given[at] = true;
        }
    }
    // What seems to be missing because a row could not be read is told there.
    if !partial {
        note_missing(&sheet, specialties, &read.given);
    }
    Some(read.rates)
}

/// Warns of ages between others of a sex and specialty, and of a sex, that no row names: such people would never fall ill.
fn note_missing(sheet: &Sheet<'_>, specialties: &[&str], given: &[bool]) {
    for (specialty, by_sex) in specialties.iter().zip(given.chunks(SEXES * AGES)) {
        let sexes: Vec<&[bool]> = by_sex.chunks(AGES).collect();
        for (sex, ages) in SEX_WORDS.iter().zip(&sexes) {
            let (first, last) = (ages.iter().position(|given| *given), ages.iter().rposition(|given| *given));
            let Some((first, last)) = first.zip(last) else {
                if sexes.iter().any(|ages| ages.contains(&true)) {
                    sheet.caution(messages::sex_without_row(sex, specialty));
                }
                continue;
            };
            for hole in holes(&ages[first..=last]) {
                let (from, to) = (first + hole.start, first + hole.end - 1);
                let ages = if from == to { from.to_string() } else { format!("{from}-{to}") };
                sheet.caution(messages::ages_without_row(sex, specialty, &ages));
            }
        }
    }
}

/// The stretches that are not given.
fn holes(given: &[bool]) -> Vec<std::ops::Range<usize>> {
    let mut holes: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in given.iter().enumerate().filter(|(_, given)| !**given) {
        match holes.last_mut() {
            Some(hole) if hole.end == at => hole.end = at + 1,
            _ => holes.push(at..at + 1),
        }
    }
    holes
}

fn ages(row: &Row<'_>) -> Option<std::ops::Range<usize>> {
    let written = row.text("age");
    let parsed = if let Some(from) = written.strip_suffix('+') {
        from.parse().ok().map(|from| (from, AGES - 1))
    } else if let Some((from, to)) = written.split_once('-') {
        from.parse().ok().zip(to.parse().ok())
    } else {
        written.parse().ok().map(|age| (age, age))
    };
    parsed.filter(|(from, to)| from <= to && *to < AGES).map(|(from, to)| from..to + 1).or_else(|| {
        row.fault(
            "age",
            text!("«{written}» is not an age or a range of ages", "“{written}”不是年龄或年龄段"),
            Text::new("write 0, 1-4 or 85+", "请写 0、1-4 或 85+"),
        );
        None
    })
}

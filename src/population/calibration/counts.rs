//! The table of counts: a row for each date, area, sex and age group.
//!
//! Shape: `date x area x sex x single age`; groups of the table are split into single ages as the people of a scenario are.

use std::collections::BTreeMap;

use super::age_groups::Ages;
use super::pair::Pair;
use crate::input::{Column, Row, Sheet, parse_month};
use crate::population::messages;
use crate::population::state::ages::{AgeGroup, GroupCount, single_ages};
use crate::population::view::{AGES, SEX_WORDS, SEXES};

/// Columns of the table.
pub const COLUMNS: &[Column] = &[
    Column::required("date", "day of the count, or a year for its 1 January", "统计时点；只写年份则为该年 1 月 1 日")
        .key(),
    Column::optional("area", "area; left out: one area", "区域；不写则为一个区域").key(),
    Column::required("sex", "male or female", "性别：male 或 female").key(),
    Column::required("age", "single age, group (5-9) or open group (85+)", "单岁、年龄组（5-9）或开口组（85+）")
        .key_of_ages(),
    Column::required("persons", "whole persons", "人数"),
];

/// Key of the area of a table without areas.
const ONLY_AREA: &str = "district";

/// Counts of the same areas on several days.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Keys of the areas, in the order of their names.
    pub areas: Vec<String>,
    /// Days of the counts in months since the year 0, rising, with the words of the table.
    pub dates: Vec<(f64, String)>,
    people: Vec<f64>,
}

impl Counts {
    /// People of a date, area and sex by single age.
    pub fn ages(&self, date: usize, area: usize, sex: usize) -> &[f64] {
        let at = ((date * self.areas.len() + area) * SEXES + sex) * AGES;
        &self.people[at..at + AGES]
    }

    /// People of a date and area by sex and single age.
    pub fn by_age(&self, date: usize, area: usize) -> [[f64; AGES]; SEXES] {
        std::array::from_fn(|sex| {
            let ages = self.ages(date, area, sex);
            std::array::from_fn(|age| ages[age])
        })
    }

    /// People of a date and area, both sexes, of some ages.
    pub fn group(&self, date: usize, area: usize, ages: Ages) -> f64 {
        (0..SEXES).map(|sex| ages.sum(self.ages(date, area, sex))).sum()
    }

    /// All people of a date and area.
    pub fn total(&self, date: usize, area: usize) -> f64 {
        self.group(date, area, Ages::ALL)
    }

    /// The ways from each count to the next.
    pub fn pairs(&self) -> Vec<Pair> {
        let pair = |to: usize| self.years_between(to - 1, to).map(|years| Pair { from: to - 1, to, years });
        (1..self.dates.len()).filter_map(pair).collect()
    }

    /// Whole years between two dates; `None` where they are not whole.
    pub fn years_between(&self, from: usize, to: usize) -> Option<usize> {
        let years = (self.dates[to].0 - self.dates[from].0) / 12.0;
        let whole = libm::round(years);
        (whole >= 1.0 && (years - whole).abs() < 0.1).then_some(whole as usize)
    }
}

/// Where a count stands: date as ordered bits of its months, area, sex.
type Place = (u64, String, usize);

/// A row of the table: where it counts, its date as written, and what it counts.
struct CountRow {
    place: Place,
    written: String,
    count: GroupCount,
}

/// Reads the table; `lived` are life-table person-years by sex, for open groups. `None` when faults were noted.
pub fn read_counts(sheet: &Sheet<'_>, lived: &[[f64; AGES]; SEXES]) -> Option<Counts> {
    let mut cells: BTreeMap<Place, Vec<GroupCount>> = BTreeMap::new();
    let mut words: BTreeMap<u64, String> = BTreeMap::new();
    let mut fine = true;
    for row in sheet.rows() {
        match read_row(row, sheet) {
            Some(CountRow { place, written, count }) => {
                words.entry(place.0).or_insert(written);
                cells.entry(place).or_default().push(count);
            }
            None => fine = false,
        }
    }
    let mut areas: Vec<String> = cells.keys().map(|(_, area, _)| area.clone()).collect();
    areas.sort();
    areas.dedup();
    if fine && words.len() < 2 {
        sheet.error(messages::one_count(words.len()));
        return None;
    }
    let dates: Vec<(u64, String)> = words.into_iter().collect();
    let mut people = vec![0.0; dates.len() * areas.len() * SEXES * AGES];
    for (date, (bits, written)) in dates.iter().enumerate() {
        for (index, area) in areas.iter().enumerate() {
            for (sex, lived) in lived.iter().enumerate() {
                let Some(groups) = cells.get_mut(&(*bits, area.clone(), sex)) else {
                    sheet.error(messages::area_not_counted(area, SEX_WORDS[sex], written));
                    fine = false;
                    continue;
                };
                groups.sort_by_key(|count| count.group.from);
                let at = ((date * areas.len() + index) * SEXES + sex) * AGES;
                let ages = single_ages(groups, lived);
                people[at..at + AGES].iter_mut().zip(ages).for_each(|(cell, persons)| *cell = f64::from(persons));
            }
        }
    }
    let dates = dates.into_iter().map(|(bits, written)| (f64::from_bits(bits), written)).collect();
    let counts = Counts { areas, dates, people };
    for to in 1..counts.dates.len() {
        if counts.years_between(to - 1, to).is_none() {
            sheet.error(messages::counts_not_whole_years_apart(&counts.dates[to - 1].1, &counts.dates[to].1));
            fine = false;
        }
    }
    fine.then_some(counts)
}

fn read_row(row: Row<'_>, sheet: &Sheet<'_>) -> Option<CountRow> {
    let written = row.text("date");
    let months = written.parse::<u32>().map_or_else(|_| parse_month(written), |year| Some(f64::from(year) * 12.0));
    // Months are above 0, so that their bits have their order.
    let months = months.filter(|months| (1900.0 * 12.0..2200.0 * 12.0).contains(months));
    if months.is_none() {
        row.error("date", messages::not_a_date(written));
    }
    let group = AgeGroup::parse(row.text("age"));
    if group.is_none() {
        row.error("age", messages::not_an_age(row.text("age")));
    }
    let (sex, persons) = (row.name_of("sex", &SEX_WORDS), row.count("persons"));
    let area = if sheet.has("area") { row.text("area") } else { ONLY_AREA };
    let place = (months?.to_bits(), area.to_owned(), sex?);
    Some(CountRow { place, written: written.to_owned(), count: GroupCount { group: group?, persons: persons? } })
}

//! Years between the census and the first year asked about, of which totals are known: the model is aligned to them.
//!
//! A table gives residents at the end of a year (with the stock), births and deaths, of the district or of areas. Factors on
//! births, deaths and arrivals (and on leaving, where arrivals alone cannot do it) are solved once, when the scenario is
//! compiled, so that the *mean* of the process at the middle of every parameter (`expected.rs`) meets the totals. All
//! paths use the same factors, and so does every variant that leaves those years as they are: differences between plans
//! stay paired. A variant that changes the rates of a known year is aligned anew: what was counted stays as counted.
//!
//! Shape of the factors: `years x areas`; 1 where nothing is known.

use super::expected::Mean;
use super::model::PeopleModel;
use crate::diagnostic::code;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameters;

/// Totals of one year, of an area or of the district.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// Calendar year.
    pub year: i32,
    /// The area; `None` for the district.
    pub area: Option<usize>,
    /// Residents on 31 December, with the stock.
    pub residents: Option<f64>,
    /// Births of the year.
    pub births: Option<f64>,
    /// Deaths of the year.
    pub deaths: Option<f64>,
}

/// Factors that align the model to what is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    factors: Vec<Factors>,
    areas: usize,
}

/// Factors of a year and area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    /// On expected births.
    pub births: f64,
    /// On death rates.
    pub deaths: f64,
    /// On expected arrivals.
    pub arrivals: f64,
    /// On rates of leaving the district.
    pub leaving: f64,
}

impl Factors {
    /// No factors.
    pub const NONE: Self = Self { births: 1.0, deaths: 1.0, arrivals: 1.0, leaving: 1.0 };
}

impl Alignment {
    /// The factors of a year (0 = first) and area.
    #[inline]
    pub fn at(&self, year: usize, area: usize) -> Factors {
        self.factors.get(year * self.areas + area).copied().unwrap_or(Factors::NONE)
    }
}

/// Times that factors are corrected: births and deaths of a year depend on who has come, and the other way round.
const ROUNDS: usize = 16;

/// How far factors of people who come and go may be from 1.
const FARTHEST: f64 = 5.0;

/// Relative gap to a known total that counts as met.
const MET: f64 = 2e-3;

/// Aligns the model to its known totals. Returns those that cannot be met.
pub fn align(model: &mut PeopleModel, parameters: &Parameters) -> Vec<Counted> {
    let Some(last) = model.known.iter().map(|row| row.year).max() else { return Vec::new() };
    let known = model.known.clone();
    let years = (last - model.first_year + 1) as usize;
    model.alignment = Alignment { factors: vec![Factors::NONE; years * model.areas], areas: model.areas };
    let mut missed = Vec::new();
    let mut alignment = std::mem::take(&mut model.alignment);
    let mut mean = Mean::new(model, parameters);
    for year in 0..years {
        let rows = known.iter().filter(|row| row.year == model.first_year + year as i32);
        for _ in 0..ROUNDS {
            let found = mean.year(year, &alignment);
            for row in rows.clone() {
                correct(row, &found, &mut alignment.factors[year * model.areas..(year + 1) * model.areas]);
            }
        }
        let found = mean.year(year, &alignment);
        missed.extend(rows.filter(|row| !is_met(row, &found)).copied());
        mean.go_on(found);
    }
    drop(mean);
    model.alignment = alignment;
    missed
}

/// The means of a year that totals are compared with, by area.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    pub(super) residents: Vec<f64>,
    pub(super) births: Vec<f64>,
    pub(super) deaths: Vec<f64>,
    pub(super) arrivals: Vec<f64>,
    pub(super) left: Vec<f64>,
    /// People at the end, by cell.
    pub(super) end: Vec<f64>,
}

fn sum(of: &[f64], area: Option<usize>) -> f64 {
    area.map_or_else(|| of.iter().sum(), |area| of[area])
}

fn is_met(row: &Counted, found: &Totals) -> bool {
    let near = |known: Option<f64>, found: &[f64]| {
        known.is_none_or(|known| (sum(found, row.area) - known).abs() <= MET * known + 0.5)
    };
    near(row.residents, &found.residents) && near(row.births, &found.births) && near(row.deaths, &found.deaths)
}

/// Corrects the factors of the areas of a row towards its totals.
fn correct(row: &Counted, found: &Totals, factors: &mut [Factors]) {
    let ratio = |known: f64, found: f64| if found > 0.0 { (known / found).clamp(0.1, 10.0) } else { 1.0 };
    let births = row.births.map_or(1.0, |known| ratio(known, sum(&found.births, row.area)));
    let deaths = row.deaths.map_or(1.0, |known| ratio(known, sum(&found.deaths, row.area)));
    let gap = row.residents.map_or(0.0, |known| known - sum(&found.residents, row.area));
    let (arrivals, left) = (sum(&found.arrivals, row.area), sum(&found.left, row.area));
    let range = row.area.map_or(0..factors.len(), |area| area..area + 1);
    for factor in &mut factors[range] {
        factor.births *= births;
        factor.deaths *= deaths;
        let before = factor.arrivals;
        factor.arrivals = (before * ratio(arrivals + gap, arrivals)).clamp(1.0 / FARTHEST, FARTHEST);
        // What arrivals alone cannot do, those who leave do.
        let rest = gap - arrivals * (factor.arrivals / before - 1.0);
        factor.leaving = (factor.leaving * ratio(left - rest, left)).clamp(1.0 / FARTHEST, FARTHEST);
    }
}

/// Reads the table of known totals.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Vec<Counted>> {
    if !section.has("known") {
        return Some(Vec::new());
    }
    let (sheet, ids) = (section.sheet("known")?, site.area_ids());
    let mut known: Vec<Counted> = Vec::new();
    let mut fine = true;
    for row in sheet.rows() {
        match read_row(&row, &sheet, site, &ids) {
            Some(counted) if is_new(&row, &counted, &known) => known.push(counted),
            _ => fine = false,
        }
    }
    fine.then_some(known)
}

fn read_row(row: &Row<'_>, sheet: &Sheet<'_>, site: &Site, ids: &[&str]) -> Option<Counted> {
    let (first, last) = (site.first_year, site.end);
    let year = row.number("year", 1900.0, 2200.0);
    let area = row.if_given("area", |row, column| row.name_of(column, ids));
    let cell = |column: &str| row.if_given(column, |row, column| row.number(column, 0.0, 1e10));
    let (residents, births, deaths) = (cell("residents"), cell("births"), cell("deaths"));
    let year = year? as i32;
    if !(first..=last).contains(&year) {
        row.fault(
            "year",
            text!(
                "{year} is not simulated: the run goes from {first} to {last}",
                "{year} 年不在模拟年份 {first}–{last} 之内"
            ),
            Text::new(
                "remove the row, or set `base` in [horizon] to an earlier year",
                "请删去该行，或把 [horizon] 的 `base` 设得更早",
            ),
        );
        return None;
    }
    let counted = Counted { year, area: area?, residents: residents?, births: births?, deaths: deaths? };
    if counted.residents.or(counted.births).or(counted.deaths).is_none() {
        sheet.fault(
            text!("the row of {year} holds no total", "{year} 年的行没有任何总数"),
            Text::new("give residents, births or deaths", "请给出 residents、births 或 deaths"),
        );
        return None;
    }
    Some(counted)
}

/// Whether nothing is known yet of the year and area; the district and its areas exclude each other in a year.
fn is_new(row: &Row<'_>, counted: &Counted, known: &[Counted]) -> bool {
    let year = counted.year;
    let clash = |other: &&Counted| {
        other.year == year && (other.area == counted.area || other.area.is_none() || counted.area.is_none())
    };
    if known.iter().any(|other| clash(&other)) {
        row.fault(
            "year",
            text!("totals of {year} are given twice", "{year} 年的总数重复"),
            Text::new("give one row a year for the district, or one for each area", "每年只给全区一行，或每个区域一行"),
        );
        return false;
    }
    true
}

/// Notes totals that cannot be met.
pub(super) fn fault(section: &Section<'_>, missed: &Counted) {
    let year = missed.year;
    section.fault(
        code::CONTRADICTION,
        "known",
        text!(
            "the totals of {year} cannot be met: births, deaths, arrivals and leavers would have to change more than fivefold, or nobody comes and goes",
            "无法达到 {year} 年的已知总数：出生、死亡、迁入或迁出需改变五倍以上，或根本没有人迁移"
        ),
        Text::new(
            "check the totals against the table of residents (do both hold students?), or add [people.arrivals]",
            "请核对该总数与人口表的口径（是否都含学生），或加入 [people.arrivals]",
        ),
    );
}

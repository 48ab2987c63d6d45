//! Reading of the table of control totals.

use crate::input::{Row, Section, Sheet};
use crate::population::messages::{self, SimulatedYears};
use crate::population::process::control_totals::ControlTotal;
use crate::site::Site;

/// Reads the table of control totals.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Vec<ControlTotal>> {
    if !section.has("control_totals") {
        return Some(Vec::new());
    }
    let (sheet, ids) = (section.sheet("control_totals")?, site.area_ids());
    let mut known: Vec<ControlTotal> = Vec::new();
    let mut fine = true;
    for row in sheet.rows() {
        match read_row(&row, &sheet, site, &ids) {
            Some(counted) if is_new(&row, &counted, &known) => known.push(counted),
            _ => fine = false,
        }
    }
    warn_of_zeros(&sheet, &known);
    fine.then_some(known)
}

/// Totals that are usually at least so many are not 0 in one year.
const NEVER_ZERO: f64 = 100.0;

/// Warns of totals of 0 among years with hundreds: a cell that holds 0 for what is not known.
fn warn_of_zeros(sheet: &Sheet<'_>, totals: &[ControlTotal]) {
    type Number = fn(&ControlTotal) -> Option<f64>;
    let kinds: [(&str, Number); 3] =
        [("residents", |of| of.residents), ("births", |of| of.births), ("deaths", |of| of.deaths)];
    for (name, number) in kinds {
        for total in totals.iter().filter(|total| number(total) == Some(0.0)) {
            let others = totals.iter().filter(|other| other.area == total.area && other.year != total.year);
            let others: Vec<f64> = others.filter_map(number).collect();
            let mean = others.iter().sum::<f64>() / (others.len().max(1)) as f64;
            if mean >= NEVER_ZERO {
                sheet.warn(messages::total_of_zero_among_others(name, total.year, mean));
            }
        }
    }
}

fn read_row(row: &Row<'_>, sheet: &Sheet<'_>, site: &Site, ids: &[&str]) -> Option<ControlTotal> {
    let simulated = SimulatedYears { first: site.first_year, last: site.end };
    let year = row.number("year", 1900.0, 2200.0);
    let area = row.if_given("area", |row, column| row.name_of(column, ids));
    let cell = |column: &str| row.if_given(column, |row, column| row.number(column, 0.0, 1e10));
    let (residents, births, deaths) = (cell("residents"), cell("births"), cell("deaths"));
    let year = year? as i32;
    if !(simulated.first..=simulated.last).contains(&year) {
        row.error("year", messages::total_of_a_year_not_simulated(year, simulated));
        return None;
    }
    let counted = ControlTotal { year, area: area?, residents: residents?, births: births?, deaths: deaths? };
    if counted.residents.or(counted.births).or(counted.deaths).is_none() {
        sheet.error(messages::row_without_total(year));
        return None;
    }
    Some(counted)
}

/// Whether the district and its areas are not both known in a year. Rows of the same area are told where the table was opened.
fn is_new(row: &Row<'_>, counted: &ControlTotal, known: &[ControlTotal]) -> bool {
    let year = counted.year;
    let clash = |other: &&ControlTotal| other.year == year && other.area.is_none() != counted.area.is_none();
    if known.iter().any(|other| clash(&other)) {
        row.error("year", messages::totals_given_twice(year));
        return false;
    }
    true
}

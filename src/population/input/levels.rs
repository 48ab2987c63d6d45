//! Levels that every planner knows, held against what is usual: numbers on the wrong scale are refused or warned of.

use super::tables::ByAge;
use crate::input::{Section, Sheet};
use crate::population::messages;
use crate::population::process::life_table::LifeTable;
use crate::population::view::SEX_WORDS;
use crate::site::Site;
use crate::uncertainty::Parameter;

/// A death rate that leaves one year of life: reached below old age only where rates are per 1,000.
const ONE_YEAR_LEFT: f64 = 1.0;

/// Ages below which no population dies at such a rate; beyond them laws of mortality that are carried on may say so.
const YOUNGER: usize = 80;

/// Life expectancies at birth that have been seen in peace, years; generously.
const LIFE_EXPECTANCY: std::ops::RangeInclusive<f64> = 20.0..=110.0;

/// Births per woman beyond those of any country.
const MOST_BIRTHS: f64 = 10.0;

/// People who come in a year for each resident: a district that grows by half in a year has never been.
const MOST_ARRIVALS: f64 = 0.5;

/// A rate of moving, a year, that no age of any district has.
const MOST_MOVES: f64 = 1.0;

/// The middle of an uncertain number in a calendar year.
pub(super) fn middle(section: &Section<'_>, parameter: Parameter, year: i32) -> f64 {
    section.session.parameters()[parameter.index()].law.quantile(0.0, year)
}

/// Whether an uncertain number is one fixed number.
pub(super) fn is_fixed(section: &Section<'_>, parameter: Parameter) -> bool {
    !section.session.parameters()[parameter.index()].is_uncertain()
}

/// Refuses death rates of another scale, and warns of life expectancies that nobody has.
pub(super) fn check_deaths(sheet: &Sheet<'_>, rates: &ByAge) -> bool {
    let mut fine = true;
    for (sex, rates) in rates.iter().enumerate() {
        let beyond = rates[..YOUNGER].iter().position(|rate| *rate > ONE_YEAR_LEFT);
        if let Some(age) = beyond {
            sheet.error(messages::deaths_per_thousand(SEX_WORDS[sex], age, rates[age]));
            fine = false;
            continue;
        }
        let years = LifeTable::new(rates, sex).expectancy();
        // A table without deaths is a thought experiment, not a slip of scale.
        let deathless = rates.iter().all(|rate| *rate <= 0.0);
        if !deathless && !LIFE_EXPECTANCY.contains(&years) {
            sheet.warn(messages::life_expectancy(SEX_WORDS[sex], years));
        }
    }
    fine
}

/// Warns of rates of moving at which hardly anybody stays for a year.
pub(super) fn check_moves(section: &Section<'_>, rates: [&ByAge; 2]) {
    let highest = rates.into_iter().flatten().flatten().copied().fold(0.0, f64::max);
    if highest > MOST_MOVES {
        section.warn("table", messages::moves_per_hundred(highest));
    }
}

/// Warns of births per woman beyond those of any country.
pub(super) fn check_births(section: &Section<'_>, births_per_woman: Parameter, year: i32) {
    let births = middle(section, births_per_woman, year);
    if births > MOST_BIRTHS {
        section.warn("births_per_woman", messages::births_per_woman(births));
    }
}

/// Warns of more people coming in a year than a district can take up; nothing is said of a new town.
pub(super) fn check_arrivals(section: &Section<'_>, people_per_year: Parameter, site: &Site, residents: f64) {
    let people = middle(section, people_per_year, site.start);
    if residents > 0.0 && people > MOST_ARRIVALS * residents {
        section.warn("people_per_year", messages::arrivals_beyond_residents(people, residents));
    }
}

/// People whom a project moves out of an area, and who lives there.
#[derive(Clone, Copy)]
pub(super) struct Displacement<'a> {
    pub(super) year: i32,
    pub(super) site: &'a Site,
    /// Residents of its area in the table.
    pub(super) residents: u32,
}

/// Refuses a fixed number of people above the residents of the first year, who are known; in later years it is warned of.
pub(super) fn check_displaced(section: &Section<'_>, people: Parameter, of: Displacement<'_>) -> Option<()> {
    let number = middle(section, people, of.year);
    if number <= f64::from(of.residents) {
        return Some(());
    }
    if of.year == of.site.first_year && is_fixed(section, people) {
        section.error("people", messages::more_displaced_than_residents(number, of.residents));
        return None;
    }
    if of.year > of.site.first_year {
        section.warn("people", messages::more_displaced_than_counted(number, of.residents));
    }
    Some(())
}

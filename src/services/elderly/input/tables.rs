//! The CSV tables of elderly care.

use super::cells::{AgeGroup, age_group, refuse_table, sex_of};
use super::transition_table;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::services::elderly::care::{Care, Level, PriceClass};
use crate::services::elderly::demand::need::levels::{
    AGES, ARRANGEMENT_KEYS, ARRANGEMENTS, LEVEL_KEYS, SexAge, Shares,
};
use crate::services::elderly::demand::need::prevalence::{Group, Prevalence};
use crate::services::elderly::demand::need::transitions::Transitions;
use crate::services::elderly::messages;
use crate::services::elderly::network::{Facility, ServiceUse};
use crate::site::Site;
use crate::supply::{self, Grammar, Listed, Schedule, Words};

/// Notes a fault when a key is not given.
pub(super) fn require(section: &Section<'_>, key: &str) -> Option<()> {
    if section.has(key) {
        return Some(());
    }
    section.session.diagnostics.refuse(section.span, messages::key_is_needed(key));
    None
}

/// Need and how it moves.
pub(super) struct ReadNeed {
    pub prevalence: Prevalence,
    pub transitions: Transitions,
    /// What is to be said of how it moves.
    pub note: Option<Text>,
}

/// Need by sex and age group and living arrangement, with the life table when it is given.
pub(super) fn read_need(section: &Section<'_>) -> Option<ReadNeed> {
    let sheet = |key: &str| require(section, key).and_then(|()| section.sheet(key));
    let (need, living) = (sheet("need"), sheet("living"));
    let source = transition_table::read(section);
    let mortality = section.if_given("mortality", |section, key| read_mortality(&section.sheet(key)?));
    let (need, living) = (need?, living?);
    let mut groups: [Vec<ReadGroup>; 2] = [Vec::new(), Vec::new()];
    for row in living.rows() {
        add_group(&row, &mut groups);
    }
    for row in need.rows() {
        add_need(&row, &mut groups);
    }
    for group in &mut groups {
        group.sort_by_key(|g| g.ages.from);
        for pair in group.windows(2).filter(|pair| pair[0].ages.to.is_some_and(|to| to < pair[1].ages.from)) {
            let (from, to) = (pair[0].ages.to.unwrap_or_default(), pair[1].ages.from - 1);
            refuse_table(&living, messages::ages_without_row(from, to));
        }
    }
    let complete = groups.each_ref().map(|groups| groups.iter().map(ReadGroup::complete).collect::<Option<Vec<_>>>());
    let groups = match complete {
        [Some(men), Some(women)] if !men.is_empty() && !women.is_empty() => [men, women],
        _ => {
            refuse_table(&need, messages::need_is_missing());
            return None;
        }
    };
    let (source, mortality) = (source?, mortality?);
    let prevalence = Prevalence::new(&groups);
    let transitions = Transitions::new(&prevalence, source.rates, mortality.as_deref());
    Some(ReadNeed { prevalence, transitions, note: source.note })
}

/// An age group of one sex, as far as its rows are read.
struct ReadGroup {
    ages: AgeGroup,
    living: [f64; ARRANGEMENTS],
    need: [Option<Shares>; ARRANGEMENTS],
}

impl ReadGroup {
    fn complete(&self) -> Option<Group> {
        let [Some(alone), Some(couple), Some(children)] = self.need else { return None };
        let need = [alone, couple, children];
        Some(Group { from: self.ages.from, midpoint: self.ages.midpoint(), living: self.living, need })
    }
}

/// Adds a row of the table of living arrangements.
fn add_group(row: &Row<'_>, groups: &mut [Vec<ReadGroup>; 2]) {
    let shares = ARRANGEMENT_KEYS.map(|arrangement| row.number(arrangement, 0.0, 1.0));
    let (Some(sex), Some(ages), [Some(a), Some(b), Some(c)]) = (sex_of(row), age_group(row), shares) else {
        return;
    };
    let sum = a + b + c;
    if (sum - 1.0).abs() > 0.01 {
        row.error("alone", messages::arrangements_do_not_add_to_one(sum));
    }
    groups[sex].push(ReadGroup { ages, living: [a, b, c], need: [None; ARRANGEMENTS] });
}

/// Adds a row of the table of need to its group.
fn add_need(row: &Row<'_>, groups: &mut [Vec<ReadGroup>; 2]) {
    let shares = LEVEL_KEYS.map(|level| row.number(level, 0.0, 1.0));
    let (Some(sex), Some(ages), Some(arrangement), [Some(a), Some(b), Some(c), Some(d)]) =
        (sex_of(row), age_group(row), row.name_of("living", &ARRANGEMENT_KEYS), shares)
    else {
        return;
    };
    let sum = a + b + c + d;
    if (sum - 1.0).abs() > 0.005 {
        row.error("none", messages::needs_do_not_add_to_one(sum));
        return;
    }
    let Some(group) = groups[sex].iter_mut().find(|group| group.ages == ages) else {
        row.error("age", messages::not_a_group_of_living());
        return;
    };
    group.need[arrangement] = Some([a, b, c, d]);
}

/// A death rate that leaves one year of life: reached below this age only where rates are per 1,000.
const ONE_YEAR_LEFT: f64 = 1.0;
const OLDEST_WITHOUT: usize = 80;

/// Death rates of ages 60 to 100+. Shape: sex x age.
fn read_mortality(sheet: &Sheet<'_>) -> Option<Vec<f64>> {
    let mut rates = vec![f64::NAN; 2 * AGES];
    for row in sheet.rows() {
        let (Some(sex), Some(ages), Some(rate)) =
            (sex_of(&row), age_group(&row), row.number("deaths_per_person_year", 0.0, 10.0))
        else {
            return None;
        };
        if rate > ONE_YEAR_LEFT && ages.from < OLDEST_WITHOUT {
            row.error("deaths_per_person_year", messages::deaths_per_thousand(rate));
            return None;
        }
        ages.of_service().for_each(|age| rates[SexAge { sex, age }.cell()] = rate);
    }
    if rates.iter().any(|rate| rate.is_nan()) {
        refuse_table(sheet, messages::ages_not_covered("the life table", "生命表"));
        return None;
    }
    Some(rates)
}

/// The facilities in an order of their own, whatever that of the table; staff limit their places where both staff and places
/// per carer are given.
pub(super) fn read_supply(sheet: &Sheet<'_>, site: &Site, services: &[ServiceUse]) -> Vec<Facility> {
    let kinds = Care::keys();
    let grammar = Grammar {
        level: Words { column: "level", known: &Level::KEYS },
        kind: Some(Words { column: "service", known: &kinds }),
        places: "places",
        price: Some(Words { column: "price_class", known: &PriceClass::KEYS }),
    };
    let mut rows = supply::read(sheet, site, &grammar).list;
    rows.sort_by_key(|row| (RowName::of(row), row.places, row.at));
    note_unplanned(&rows, services);
    note_many(&rows);
    note_idle_staff(&rows, services);
    let facility = |listed: &Listed<'_>| {
        let care = Care::ALL[listed.kind];
        let per_carer = services.iter().find(|one| one.care == care).and_then(|one| one.places_per_carer);
        Facility {
            care,
            area: listed.area,
            level: Level::ALL[listed.level],
            places: supply::usable(listed.places, listed.staff, per_carer),
            price: PriceClass::ALL[listed.price],
            schedule: listed.schedule,
        }
    };
    rows.iter().map(facility).collect()
}

/// What orders the rows of the table, whatever their order in the file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RowName<'a> {
    kind: usize,
    level: usize,
    area: usize,
    price: usize,
    schedule: Schedule,
    facility: &'a str,
}

impl<'a> RowName<'a> {
    const fn of(row: &Listed<'a>) -> Self {
        let Listed { facility, kind, level, area, price, schedule, .. } = *row;
        Self { kind, level, area, price, schedule, facility }
    }
}

/// Most places that anybody means in one row.
const MANY_PLACES: u32 = 50_000;

/// Warns of places that no facility has.
fn note_many(rows: &[Listed<'_>]) {
    for listed in rows.iter().filter(|listed| listed.places > MANY_PLACES) {
        listed.row.warn("places", messages::many_places(f64::from(listed.places)));
    }
}

/// Warns once of each service whose rows name carers that limit nothing.
fn note_idle_staff(rows: &[Listed<'_>], services: &[ServiceUse]) {
    for service in services.iter().filter(|service| service.places_per_carer.is_none()) {
        let of_service = |row: &&Listed<'_>| row.staff.is_some() && Care::ALL[row.kind] == service.care;
        if let Some(row) = rows.iter().find(of_service) {
            row.row.warn("staff", messages::carers_do_not_limit(service.care.key()));
        }
    }
}

/// Warns once of each service whose places the table has but that the scenario does not plan.
fn note_unplanned(rows: &[Listed<'_>], services: &[ServiceUse]) {
    for care in Care::ALL.into_iter().filter(|care| services.iter().all(|one| one.care != *care)) {
        if let Some(listed) = rows.iter().find(|listed| Care::ALL[listed.kind] == care) {
            listed.row.warn("service", messages::service_not_planned(care.key()));
        }
    }
}

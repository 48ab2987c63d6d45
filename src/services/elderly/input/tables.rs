//! The CSV tables of elderly care.

use super::cells::{age_group, refuse_table, sex_of};
use super::transition_table;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::services::elderly::care::{Care, Level, PriceClass};
use crate::services::elderly::demand::need::levels::{
    AGES, ARRANGEMENT_KEYS, ARRANGEMENTS, LEVEL_KEYS, LEVELS, SexAge,
};
use crate::services::elderly::demand::need::prevalence::{Group, Prevalence};
use crate::services::elderly::demand::need::transitions::Transitions;
use crate::services::elderly::messages;
use crate::services::elderly::network::{Facility, ServiceUse};
use crate::site::Site;

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
    let mut groups: [Vec<Group>; 2] = [Vec::new(), Vec::new()];
    for row in living.rows() {
        add_group(&row, &mut groups);
    }
    for row in need.rows() {
        add_need(&row, &mut groups);
    }
    for group in &mut groups {
        group.sort_by_key(|g| g.from);
        if group.is_empty() || group.iter().any(|g| g.need.iter().any(|shares| shares.iter().sum::<f64>() <= 0.0)) {
            refuse_table(&need, messages::need_is_missing());
            return None;
        }
    }
    let (source, mortality) = (source?, mortality?);
    let prevalence = Prevalence::new(&groups);
    let transitions = Transitions::new(&prevalence, source.rates, mortality.as_deref());
    Some(ReadNeed { prevalence, transitions, note: source.note })
}

/// Adds a row of the table of living arrangements.
fn add_group(row: &Row<'_>, groups: &mut [Vec<Group>; 2]) {
    let shares = ARRANGEMENT_KEYS.map(|arrangement| row.number(arrangement, 0.0, 1.0));
    let (Some(sex), Some(ages), [Some(a), Some(b), Some(c)]) = (sex_of(row), age_group(row), shares) else {
        return;
    };
    let sum = a + b + c;
    if (sum - 1.0).abs() > 0.01 {
        row.error("alone", messages::arrangements_do_not_add_to_one(sum));
    }
    let need = [[0.0; LEVELS]; ARRANGEMENTS];
    groups[sex].push(Group { from: ages.from, midpoint: ages.midpoint(), living: [a, b, c], need });
}

/// Adds a row of the table of need to its group.
fn add_need(row: &Row<'_>, groups: &mut [Vec<Group>; 2]) {
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
    match groups[sex].iter_mut().find(|group| group.from == ages.from && group.midpoint == ages.midpoint()) {
        Some(group) => group.need[arrangement] = [a, b, c, d],
        None => row.error("age", messages::not_a_group_of_living()),
    }
}

/// Death rates of ages 60 to 100+. Shape: sex x age.
fn read_mortality(sheet: &Sheet<'_>) -> Option<Vec<f64>> {
    let mut rates = vec![f64::NAN; 2 * AGES];
    for row in sheet.rows() {
        let (Some(sex), Some(ages), Some(rate)) =
            (sex_of(&row), age_group(&row), row.number("deaths_per_person_year", 0.0, 10.0))
        else {
            return None;
        };
        ages.of_service().for_each(|age| rates[SexAge { sex, age }.cell()] = rate);
    }
    if rates.iter().any(|rate| rate.is_nan()) {
        refuse_table(sheet, messages::ages_not_covered("the life table", "生命表"));
        return None;
    }
    Some(rates)
}

/// The facilities; staff limit their places where both staff and places per carer are given.
pub(super) fn read_supply(sheet: &Sheet<'_>, site: &Site, services: &[ServiceUse]) -> Vec<Facility> {
    let (areas, projects) = (site.area_ids(), site.project_ids());
    let read = |row: Row<'_>| {
        let (care, area) = (row.name_of("service", &Care::keys()), row.name_of("area", &areas));
        let (level, places) = (row.name_of("level", &Level::KEYS), row.count("places"));
        let (opens, closes) = (row.month("opens", f64::NEG_INFINITY), row.month("closes", f64::INFINITY));
        let project = row.if_given("project", |row, column| row.name_of(column, &projects));
        let staff = row.if_given("staff", |row, column| row.number(column, 0.0, 1e6));
        let price = row.if_given("price_class", |row, column| row.name_of(column, &PriceClass::KEYS));
        let care = Care::ALL[care?];
        let per_carer = services.iter().find(|one| one.care == care).and_then(|one| one.places_per_carer);
        let staffed = staff?.zip(per_carer).map_or(u32::MAX, |(carers, places)| (carers * places) as u32);
        Some(Facility {
            care,
            area: area?,
            level: Level::ALL[level?],
            places: places?.min(staffed),
            opens: opens?,
            closes: closes?,
            project: project?,
            price: PriceClass::ALL[price?.unwrap_or_default()],
        })
    };
    sheet.rows().filter_map(read).collect()
}

//! Reading of `[people.migration]` and `[people.in_migration]`.

use super::hukou_input::read_registered_share;
use super::idle::{self, Movers};
use super::levels;
use super::tables::{self, ByAge, NumberColumn, Spread};
use crate::input::Section;
use crate::population::messages;
use crate::population::process::destinations::{Destinations, Gravity};
use crate::population::process::migration::{InMigration, Migration, Profile, by_cohort, leavers};
use crate::population::view::{AGES, People, SEXES};
use crate::random::StreamKey;
use crate::site::Site;

/// What `[people.migration]` says.
pub(super) struct Moves {
    pub(super) migration: Migration,
    /// Who moves at all.
    pub(super) movers: Movers,
    /// Shares of those who come, by sex and age; any scale.
    pub(super) in_migration_weights: ByAge,
}

/// Reads `[people.migration]`; `renewal` tells whether projects move people within the district, whatever the table says.
pub(super) fn read_migration(section: &Section<'_>, site: &Site, people: &People, renewal: bool) -> Option<Moves> {
    let none = || vec![[[0.0; AGES]; SEXES]; 3];
    let columns = [
        NumberColumn { name: "out_migration_per_person_year", largest: 10.0, spread: Spread::Same },
        NumberColumn { name: "internal_migration_per_person_year", largest: 10.0, spread: Spread::Same },
        NumberColumn { name: "in_migration_weight", largest: f64::INFINITY, spread: Spread::Even },
    ];
    let tables = if section.has("table") {
        section.sheet("table").and_then(|sheet| tables::by_sex_and_age(&sheet, &columns, true))
    } else {
        Some(none())
    };
    let out_migration_factor = section.uncertain("out_migration_factor");
    let internal_factor = section.uncertain("internal_migration_factor");
    let out_migration_ages_sd = section.number("out_migration_ages_sd");
    let most = section.count("max_destinations");
    let concentration = concentration(section, "destinations_concentration");
    let tables = tables?;
    let residents: Vec<f64> = (0..people.areas()).map(|a| f64::from(people.of_ages(a, 0..AGES))).collect();
    levels::check_moves(section, [&tables[0], &tables[1]]);
    let (out, within) = (idle::any(&tables[0]), idle::any(&tables[1]));
    let moving = renewal || within;
    let movers = Movers { out, within, renewal, several_areas: site.areas.len() > 1 };
    idle::note_migration(section, movers);
    let gravity = Gravity {
        ids: &site.area_ids(),
        people: &residents,
        most: if moving { most? as usize } else { 0 },
        concentration: concentration?,
    };
    let destinations = Destinations::gravity(&gravity, |a, b| site.kilometres(a, b));
    let migration = Migration {
        out_rates: tables[0],
        internal_rates: tables[1],
        out_migration_ages_sd: out_migration_ages_sd?,
        leavers: leavers(&tables[0], people),
        out_migration_factor: out_migration_factor?,
        internal_factor: internal_factor?,
        destinations,
        in_migration: Vec::new(),
    };
    Some(Moves { migration, movers, in_migration_weights: tables[2] })
}

fn concentration(section: &Section<'_>, key: &str) -> Option<f64> {
    if section.has(key) { section.number(key) } else { Some(f64::INFINITY) }
}

/// Scales a profile to add to 1; a fault when it is empty.
pub(super) fn scaled(section: &Section<'_>, key: &str, profile: &Profile) -> Option<Profile> {
    let total: f64 = profile.iter().flatten().sum();
    if total > 0.0 {
        return Some(profile.map(|row| row.map(|share| share / total)));
    }
    section.error(key, messages::nobody_arrives());
    None
}

/// Reads who comes to the district, by reason; `ages` are the weights of all who come, where they could be read, and
/// `people` the residents of the table.
pub(super) fn read_in_migration(
    section: &Section<'_>,
    site: &Site,
    ages: Option<&ByAge>,
    people: &People,
) -> Option<Vec<InMigration>> {
    let residents: u32 = (0..people.areas()).map(|area| people.of_ages(area, 0..AGES)).sum();
    let mut reasons = Vec::new();
    let mut fine = true;
    for (id, reason) in section.named("in_migration") {
        match read_reason(&reason, &id, site, ages) {
            Some(of) => {
                levels::check_arrivals(&reason, of.people_per_year, site, f64::from(residents));
                reasons.push((id, of));
            }
            None => fine = false,
        }
    }
    // In the order of their names, so that sums are the same bits in whatever order they are written.
    reasons.sort_by(|a, b| a.0.cmp(&b.0));
    fine.then(|| reasons.into_iter().map(|(_, reason)| reason).collect())
}

fn read_reason(section: &Section<'_>, id: &str, site: &Site, ages: Option<&ByAge>) -> Option<InMigration> {
    let people_per_year = section.uncertain("people_per_year");
    let (overdispersion_cv, ages_sd) = (section.number("overdispersion_cv"), section.number("ages_sd"));
    let concentration = concentration(section, "areas_concentration");
    let registered_share = read_registered_share(section, site);
    let areas = if section.has("areas") { read_area_weights(section, site) } else { Some(Vec::new()) };
    let own = if section.has("ages") {
        let sheet = section.sheet("ages")?;
        Some(tables::by_sex_and_age(&sheet, &[WEIGHT], false)?[0])
    } else {
        None
    };
    let profile = scaled(section, "ages", &by_cohort(own.as_ref().or(ages)?))?;
    Some(InMigration {
        stream: StreamKey::named(id),
        people_per_year: people_per_year?,
        overdispersion_cv: overdispersion_cv?,
        concentration: concentration?,
        areas: areas?,
        profile,
        registered_share: registered_share?,
        ages_sd: ages_sd?,
    })
}

/// The column of tables of weights.
const WEIGHT: NumberColumn = NumberColumn { name: "weight", largest: f64::INFINITY, spread: Spread::Even };

fn read_area_weights(section: &Section<'_>, site: &Site) -> Option<Vec<f64>> {
    let (sheet, ids) = (section.sheet("areas")?, site.area_ids());
    let mut weights = vec![0.0; ids.len()];
    let mut fine = true;
    for row in sheet.rows() {
        match row.name_of("area", &ids).zip(row.number("weight", 0.0, f64::INFINITY)) {
            Some((area, weight)) => weights[area] = weight,
            None => fine = false,
        }
    }
    if fine && weights.iter().all(|weight| *weight <= 0.0) {
        section.error("areas", messages::nobody_says_where());
        return None;
    }
    fine.then_some(weights)
}

//! Reading of `[people.moves]`, `[people.arrivals]` and `[people.housing]`.

use super::destinations::Destinations;
use super::housing::{Completion, DwellingType, Housing};
use super::migration::{Driver, Migration, Profile, by_cohort};
use super::registration::read_share_of_comers;
use super::renewal::{self, Renewal};
use super::tables::{self, ByAge, Spread};
use super::view::{AGES, MALE, People, SEXES};
use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::site::Site;
use crate::text;

/// The moves and the arriving weights by age.
pub(super) fn read_moves(section: &Section<'_>, site: &Site, people: &People) -> Option<(Migration, ByAge)> {
    let none = || vec![[[0.0; AGES]; SEXES]; 3];
    let columns = [
        ("leaving_per_person_year", 10.0, Spread::Same),
        ("moving_within_per_person_year", 10.0, Spread::Same),
        ("arriving_weight", f64::INFINITY, Spread::Even),
    ];
    let tables = if section.has("table") {
        section.sheet("table").and_then(|sheet| tables::by_sex_and_age(&sheet, &columns, true))
    } else {
        Some(none())
    };
    let (leaving, within) = (section.uncertain("leaving"), section.uncertain("within"));
    let leaving_ages_sd = section.number("leaving_ages_sd");
    let most = section.count("destinations_most");
    let concentration = concentration(section, "destinations_concentration");
    let tables = tables?;
    let residents: Vec<f64> = (0..people.areas()).map(|a| f64::from(people.of_ages(a, 0..AGES))).collect();
    let moving = tables[1].iter().flatten().any(|rate| *rate > 0.0);
    let most = if moving { most? as usize } else { 0 };
    let destinations = Destinations::gravity(&residents, |a, b| site.kilometres(a, b), most, concentration?);
    let migration = Migration {
        leaving: tables[0],
        within: tables[1],
        leaving_ages_sd: leaving_ages_sd?,
        leaving_factor: leaving?,
        within_factor: within?,
        destinations,
        drivers: Vec::new(),
    };
    Some((migration, tables[2]))
}

fn concentration(section: &Section<'_>, key: &str) -> Option<f64> {
    if section.has(key) { section.number(key) } else { Some(f64::INFINITY) }
}

/// Scales a profile to add to 1; a fault when it is empty.
fn scaled(section: &Section<'_>, key: &str, profile: &Profile) -> Option<Profile> {
    let total: f64 = profile.iter().flatten().sum();
    if total > 0.0 {
        return Some(profile.map(|row| row.map(|share| share / total)));
    }
    section.fault(
        code::CONTRADICTION,
        key,
        Text::new("nobody says who arrives: all arriving weights are 0", "没有说明迁入者的性别年龄：迁入权重全为 0"),
        Text::new(
            "give `ages` here, or `arriving_weight` in the table of [people.moves]",
            "请在此给出 `ages`，或在 [people.moves] 的表中给出 `arriving_weight`",
        ),
    );
    None
}

pub(super) fn read_drivers(section: &Section<'_>, site: &Site, ages: Option<&ByAge>) -> Option<Vec<Driver>> {
    let mut drivers = Vec::new();
    let mut fine = true;
    for (id, driver) in section.named("arrivals") {
        match read_driver(&driver, id, site, ages) {
            Some(driver) => drivers.push(driver),
            None => fine = false,
        }
    }
    fine.then_some(drivers)
}

fn read_driver(section: &Section<'_>, id: String, site: &Site, ages: Option<&ByAge>) -> Option<Driver> {
    let people_per_year = section.uncertain("people_per_year");
    let (events_cv, ages_sd) = (section.number("events_cv"), section.number("ages_sd"));
    let concentration = concentration(section, "areas_concentration");
    let registered = read_share_of_comers(section, site);
    let areas = if section.has("areas") { read_area_weights(section, site) } else { Some(Vec::new()) };
    let own = if section.has("ages") {
        let sheet = section.sheet("ages")?;
        Some(tables::by_sex_and_age(&sheet, &[("weight", f64::INFINITY, Spread::Even)], false)?[0])
    } else {
        None
    };
    let profile = scaled(section, "ages", &by_cohort(own.as_ref().or(ages)?))?;
    Some(Driver {
        id,
        people_per_year: people_per_year?,
        events_cv: events_cv?,
        concentration: concentration?,
        areas: areas?,
        profile,
        registered: registered?,
        ages_sd: ages_sd?,
    })
}

fn read_area_weights(section: &Section<'_>, site: &Site) -> Option<Vec<f64>> {
    let (sheet, ids) = (section.sheet("areas")?, site.area_ids());
    let mut weights = vec![0.0; ids.len()];
    let mut fine = true;
    for row in sheet.rows() {
        match row.name_of("area", &ids).zip(row.number("weight", 0.0, f64::INFINITY)) {
            Some((area, weight)) => weights[area] += weight,
            None => fine = false,
        }
    }
    fine.then_some(weights)
}

pub(super) fn read_housing(section: &Section<'_>, site: &Site, ages: &ByAge) -> Option<Housing> {
    let areas = &site.area_ids();
    let named = section.named("types");
    let ids: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let completions = section.sheet("table").and_then(|sheet| {
        let rows = sheet.rows().map(|row| {
            let (area, kind) = (row.name_of("area", areas), row.name_of("type", &ids));
            let (year, dwellings) = (row.number("year", 1900.0, 2200.0), row.number("dwellings", 0.0, 1e7));
            Some(Completion { area: area?, year: year? as i32, dwellings: dwellings?, kind: kind? })
        });
        // All rows are read before one missing row ends it, so that every fault is noted.
        rows.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()
    });
    let types = named.iter().map(|(id, s)| read_type(s, id.clone(), ages)).collect::<Vec<_>>();
    let (factor, child_factor) = (section.uncertain("completions"), section.uncertain("children"));
    let late = section.numbers("late");
    let (late_shared, events_cv) = (section.number("late_shared"), section.number("events_cv"));
    let registered = read_share_of_comers(section, site);
    let late = late?;
    adds_to_at_most_one(section, "late", &late, true)?;
    Some(Housing {
        types: types.into_iter().collect::<Option<Vec<_>>>()?,
        completions: completions?,
        factor: factor?,
        child_factor: child_factor?,
        late,
        late_shared: late_shared?,
        events_cv: events_cv?,
        registered: registered?,
    })
}

pub(super) fn read_renewals(section: &Section<'_>, areas: &[&str]) -> Option<Vec<Renewal>> {
    // All projects are read before a faulty one ends it, so that every fault is noted.
    let read = section.named("renewal").into_iter().map(|(id, project)| read_renewal(&project, &id, areas));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn read_renewal(section: &Section<'_>, id: &str, areas: &[&str]) -> Option<Renewal> {
    let (area, year) = (section.name_of("area", areas), section.whole("year"));
    let (people, inside) = (section.uncertain("people"), section.uncertain("inside"));
    let (returning, back_after) = (section.uncertain("returning"), section.whole("back_after"));
    let late = section.numbers("late")?;
    adds_to_at_most_one(section, "late", &late, true)?;
    Some(Renewal {
        stream: renewal::stream(id),
        area: area?,
        year: year? as i32,
        people: people?,
        inside: inside?,
        returning: returning?,
        back_after: back_after? as i32,
        late,
    })
}

/// Ages of the child yields: first and one past the last.
const YIELD_AGES: [(usize, usize); 4] = [(0, 3), (3, 6), (6, 12), (12, 15)];

fn read_type(section: &Section<'_>, id: String, ages: &ByAge) -> Option<DwellingType> {
    let (people, outside) = (section.uncertain("people"), section.uncertain("outside"));
    let (filling, yields) = (section.numbers("filling"), section.numbers("children_per_100"));
    let filling = filling.filter(|filling| adds_to_at_most_one(section, "filling", filling, false).is_some());
    let yields = yields?;
    if yields.len() != YIELD_AGES.len() {
        let found = yields.len();
        section.fault(
            code::WRONG_KIND,
            "children_per_100",
            text!("{found} yields are given, four are needed", "给出了 {found} 个数，需要 4 个"),
            Text::new("write children aged 0-2, 3-5, 6-11, 12-14", "请依次写 0–2、3–5、6–11、12–14 岁儿童数"),
        );
        return None;
    }
    let mut children = [[0.0; AGES]; SEXES];
    let mut adults = *ages;
    for ((from, to), hundred) in YIELD_AGES.into_iter().zip(&yields) {
        for age in from..to {
            let each = hundred / 100.0 / (to - from) as f64;
            let both = ages[0][age] + ages[1][age];
            let boys = if both > 0.0 { ages[MALE][age] / both } else { 0.5 };
            children[MALE][age] = each * boys;
            children[1 - MALE][age] = each * (1.0 - boys);
            adults[0][age] = 0.0;
            adults[1][age] = 0.0;
        }
    }
    let adults = scaled(section, "children_per_100", &by_cohort(&adults))?;
    Some(DwellingType {
        id,
        people: people?,
        outside: outside?,
        filling: filling?,
        children: by_cohort(&children),
        adults,
    })
}

fn adds_to_at_most_one(section: &Section<'_>, key: &str, shares: &[f64], exactly: bool) -> Option<()> {
    const SLACK: f64 = 1e-6;
    let total: f64 = shares.iter().sum();
    if total <= 1.0 + SLACK && (!exactly || total >= 1.0 - SLACK) {
        return Some(());
    }
    section.fault(
        code::CONTRADICTION,
        key,
        text!("`{key}` adds to {total}", "`{key}` 合计为 {total}"),
        if exactly {
            Text::new("make the probabilities add to 1", "请使概率合计为 1")
        } else {
            Text::new("make the shares add to 1 or less", "请使份额合计不超过 1")
        },
    );
    None
}

//! Reading of `[people.housing]` and `[people.renewal]`.

use super::hukou_input::read_registered_share;
use super::levels::{self, Displacement};
use super::migration::scaled;
use super::tables::ByAge;
use crate::input::{Section, Sheet};
use crate::population::messages;
use crate::population::process::housing::{Completion, DwellingType, Housing};
use crate::population::process::migration::by_cohort;
use crate::population::process::renewal::Renewal;
use crate::population::view::{AGES, FEMALE, MALE, People, SEXES};
use crate::random::StreamKey;
use crate::site::Site;

pub(super) fn read_housing(section: &Section<'_>, site: &Site, ages: &ByAge) -> Option<Housing> {
    let areas = &site.area_ids();
    let mut named = section.named("types");
    // In the order of their names, so that sums are the same bits in whatever order they are written.
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let ids: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    let completions = section.sheet("table").and_then(|sheet| read_completions(&sheet, areas, &ids));
    let types = named.iter().map(|(id, s)| read_type(s, id.clone(), ages)).collect::<Vec<_>>();
    let completions_factor = section.uncertain("completions_factor");
    let children_factor = section.uncertain("children_factor");
    let delay_distribution = section.numbers("delay_distribution");
    let delay_correlation = section.number("delay_correlation");
    let overdispersion_cv = section.number("overdispersion_cv");
    let registered_share = read_registered_share(section, site);
    let delay_distribution = delay_distribution.filter(|probabilities| add_to_one(section, probabilities));
    Some(Housing {
        types: types.into_iter().collect::<Option<Vec<_>>>()?,
        completions: completions?,
        completions_factor: completions_factor?,
        children_factor: children_factor?,
        delay_distribution: delay_distribution?,
        delay_correlation: delay_correlation?,
        overdispersion_cv: overdispersion_cv?,
        registered_share: registered_share?,
    })
}

/// Reads the planned completions, in the order of their areas' names, types, years and sizes: rows of the same area, type and
/// year have their rank in it, whatever the order of the table.
fn read_completions(sheet: &Sheet<'_>, areas: &[&str], types: &[&str]) -> Option<Vec<Completion>> {
    let read = sheet.rows().map(|row| {
        let (area, kind) = (row.name_of("area", areas), row.name_of("type", types));
        let (year, dwellings) = (row.number("year", 1900.0, 2200.0), row.number("dwellings", 0.0, 1e7));
        let (area, kind) = (area?, kind?);
        let stream = StreamKey::named(areas[area]).and(types[kind]);
        Some((row, Completion { area, year: year? as i32, dwellings: dwellings?, kind, stream, rank: 0 }))
    });
    // All rows are read before one missing row ends it, so that every fault is noted.
    let mut rows = read.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
    let place = |of: &Completion| (areas[of.area], of.kind, of.year);
    rows.sort_by(|(_, a), (_, b)| place(a).cmp(&place(b)).then(a.dwellings.total_cmp(&b.dwellings)));
    let mut fine = true;
    for at in 1..rows.len() {
        let (_, before) = rows[at - 1];
        let (row, completion) = &mut rows[at];
        if place(&before) == place(completion) {
            completion.rank = before.rank + 1;
            if before.dwellings == completion.dwellings {
                row.error("area", messages::row_given_twice());
                fine = false;
            }
        }
    }
    fine.then(|| rows.into_iter().map(|(_, completion)| completion).collect())
}

/// Reads the projects of renewal; `people` are the residents of the table.
pub(super) fn read_renewals(section: &Section<'_>, site: &Site, people: &People) -> Option<Vec<Renewal>> {
    // All projects are read before a faulty one ends it, so that every fault is noted.
    let mut named = section.named("renewal");
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let read = named.into_iter().map(|(id, project)| read_renewal(&project, &id, site, people));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn read_renewal(section: &Section<'_>, id: &str, site: &Site, residents: &People) -> Option<Renewal> {
    let (area, year) = (section.name_of("area", &site.area_ids()), section.whole("year"));
    let (people, return_share) = (section.uncertain("people"), section.uncertain("return_share"));
    let rehoused_locally_share = section.uncertain("rehoused_locally_share");
    let return_after_years = section.whole("return_after_years");
    let delay_distribution = section.numbers("delay_distribution");
    let delay_distribution = delay_distribution.filter(|probabilities| add_to_one(section, probabilities));
    if let (Some(area), Some(year), Some(people)) = (area, year, people) {
        let residents = residents.of_ages(area, 0..AGES);
        levels::check_displaced(section, people, Displacement { year: year as i32, site, residents })?;
    }
    Some(Renewal {
        stream: StreamKey::named(id),
        area: area?,
        year: year? as i32,
        people: people?,
        rehoused_locally_share: rehoused_locally_share?,
        return_share: return_share?,
        return_after_years: return_after_years? as i32,
        delay_distribution: delay_distribution?,
    })
}

/// Ages of the child yields.
const YIELD_AGES: [std::ops::Range<usize>; 4] = [0..3, 3..6, 6..12, 12..15];

fn read_type(section: &Section<'_>, id: String, ages: &ByAge) -> Option<DwellingType> {
    let household_size = section.uncertain("household_size");
    let share_from_outside = section.uncertain("share_from_outside");
    let schedule = section.numbers("occupancy_schedule");
    let occupancy_schedule = schedule.filter(|shares| add_to_at_most_one(section, shares));
    let yields = section.numbers("children_per_100");
    let yields = yields?;
    if yields.len() != YIELD_AGES.len() {
        section.error("children_per_100", messages::four_yields_needed(yields.len()));
        return None;
    }
    let mut children = [[0.0; AGES]; SEXES];
    let mut adults = *ages;
    for (group, in_hundred) in YIELD_AGES.into_iter().zip(&yields) {
        let each = in_hundred / 100.0 / group.len() as f64;
        for age in group {
            let both = ages[0][age] + ages[1][age];
            let boys = if both > 0.0 { ages[MALE][age] / both } else { 0.5 };
            children[MALE][age] = each * boys;
            children[FEMALE][age] = each * (1.0 - boys);
            adults[0][age] = 0.0;
            adults[1][age] = 0.0;
        }
    }
    let adults = scaled(section, "children_per_100", &by_cohort(&adults))?;
    Some(DwellingType {
        id,
        household_size: household_size?,
        share_from_outside: share_from_outside?,
        occupancy_schedule: occupancy_schedule?,
        children: by_cohort(&children),
        adults,
    })
}

/// Slack of sums of shares that are written with few digits.
const SLACK: f64 = 1e-6;

fn add_to_one(section: &Section<'_>, probabilities: &[f64]) -> bool {
    let total: f64 = probabilities.iter().sum();
    let fine = (total - 1.0).abs() <= SLACK;
    if !fine {
        section.error("delay_distribution", messages::probabilities_add_to("delay_distribution", total));
    }
    fine
}

fn add_to_at_most_one(section: &Section<'_>, shares: &[f64]) -> bool {
    let total: f64 = shares.iter().sum();
    let fine = total <= 1.0 + SLACK;
    if !fine {
        section.error("occupancy_schedule", messages::shares_add_to("occupancy_schedule", total));
    }
    fine
}

//! Reading of the section `[people]` into a [`PeopleModel`], noting every fault.

use super::area_adjustments::AreaAdjustments;
use super::housing::{read_housing, read_renewals};
use super::migration::{read_in_migration, read_migration};
use super::tables::{self, ByAge, NumberColumn, Spread};
use super::{control_totals, hukou_input, idle, levels};
use crate::input::Section;
use crate::metric::Catalogue;
use crate::population::messages;
use crate::population::metrics::Blocks;
use crate::population::model::{GroupQuarters, GroupQuartersCell, PeopleModel};
use crate::population::process::alignment;
use crate::population::process::births::{CHILDBEARING, Fertility};
use crate::population::process::control_totals::{Alignment, AlignmentFactors};
use crate::population::process::deaths::Mortality;
use crate::population::process::life_table::LifeTable;
use crate::population::state::area_names::AreaNames;
use crate::population::state::base_population::BasePopulation;
use crate::population::view::{AGES, People, SEXES};
use crate::site::Site;
use crate::uncertainty::Parameters;

/// Reads `[people]`; `None` when faults were noted. Adds the people's blocks to the catalogue.
pub fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<PeopleModel> {
    let ids = site.area_ids();
    let mortality = section.section("deaths").and_then(|s| read_mortality(&s));
    let lived = mortality
        .as_ref()
        .map_or([[1.0; AGES]; SEXES], |m| std::array::from_fn(|sex| LifeTable::new(&m.rates[sex], sex).lived));
    let people = read_people(section, &ids, &lived);
    let group_quarters = if section.has("group_quarters") {
        section.section("group_quarters").and_then(|s| read_group_quarters(&s, &ids, &lived))
    } else {
        Some(GroupQuarters::default())
    };
    let years_before_start = read_years_before_start(section, site);
    let small_areas = section.section("small_area_uncertainty");
    if let Some(small_areas) = small_areas.as_ref().filter(|_| ids.len() == 1) {
        for key in ["areas_sd", "ages_sd"] {
            small_areas.note_idle(key, &messages::several_areas());
        }
    }
    let small_areas = small_areas.and_then(|s| s.number("areas_sd").zip(s.number("ages_sd")));
    let fertility = section.section("births").and_then(|s| read_fertility(&s, site));
    let counted = people.clone().unwrap_or_else(|| People::nobody(ids.len()));
    let moves = section.section("migration").and_then(|s| read_migration(&s, site, &counted, section.has("renewal")));
    let weights = moves.as_ref().map(|moves| &moves.in_migration_weights);
    let in_migration = read_in_migration(section, site, weights, &counted);
    let housing = match moves.as_ref().filter(|_| section.has("housing")) {
        Some(moves) => {
            let ages = &moves.in_migration_weights;
            section.section("housing").and_then(|s| read_housing(&s, site, ages)).map(Some)
        }
        None => Some(None),
    };
    let adjustments = AreaAdjustments::read(section, &ids);
    let (renewals, control_totals) = (read_renewals(section, site, &counted), control_totals::read(section, site));
    let hukou = section.if_given("registration", |people, key| hukou_input::read(&people.section(key)?, site));
    if let Some(moves) = &moves {
        idle::note_registration(section, moves.movers);
    }
    let ((areas_sd, ages_sd), mut migration, hukou) = (small_areas?, moves?.migration, hukou?);
    migration.in_migration = in_migration?;
    let (mortality, fertility) = (mortality?, fertility?);
    adjustments?.apply(section, [fertility.births_per_woman, mortality.factor, migration.out_migration_factor]);
    Some(PeopleModel {
        areas: ids.len(),
        area_names: AreaNames::new(&ids),
        first_year: site.first_year,
        years: site.years(),
        lead_years: site.lead_years(),
        base: BasePopulation { people: people?, years_before_start: years_before_start?, areas_sd, ages_sd },
        group_quarters: group_quarters?,
        mortality,
        fertility,
        migration,
        housing: housing?,
        renewals: renewals?,
        control_totals: control_totals?,
        alignment: Alignment::default(),
        blocks: Blocks::add(catalogue, hukou.is_some()),
        hukou,
    })
}

/// Aligns the people of a section to its control totals, noting those that cannot be met, and says for each year how: the
/// factors, as a planner may read them.
pub fn align(model: &mut PeopleModel, section: &Section<'_>, parameters: &Parameters) -> Vec<(i32, String)> {
    for missed in alignment::align(model, parameters) {
        section.error("control_totals", messages::totals_cannot_be_met(missed.year));
    }
    let mut years: Vec<i32> = model.control_totals.iter().map(|row| row.year).collect();
    years.sort_unstable();
    years.dedup();
    let said = |year: i32| {
        let of = |factor: fn(&AlignmentFactors) -> f64| {
            let all =
                (0..model.areas).map(|area| factor(&model.alignment.at((year - model.first_year) as usize, area)));
            let (low, high) = all.fold((f64::INFINITY, 0.0_f64), |(low, high), f| (low.min(f), high.max(f)));
            if high - low < 5e-4 { format!("{high:.3}") } else { format!("{low:.3}–{high:.3}") }
        };
        let (births, deaths) = (of(|f| f.births), of(|f| f.deaths));
        let (arrivals, leaving) = (of(|f| f.arrivals), of(|f| f.out_migration));
        format!("births × {births}, deaths × {deaths}, arrivals × {arrivals}, leaving × {leaving}")
    };
    years.into_iter().map(|year| (year, said(year))).collect()
}

/// The residents, from a table with a row for each area, sex and age or with a row for each area.
fn read_people(section: &Section<'_>, areas: &[&str], lived: &ByAge) -> Option<People> {
    match (section.has("table"), section.has("census")) {
        (true, false) => section.sheet("table").and_then(|sheet| tables::residents(&sheet, areas, lived)),
        (false, true) => section.sheet("census").and_then(|sheet| tables::census(&sheet, areas, lived)),
        (both, _) => {
            section.error("table", messages::one_table_of_residents(both));
            None
        }
    }
}

/// Years from the day of the table to the first January.
fn read_years_before_start(section: &Section<'_>, site: &Site) -> Option<f64> {
    if !section.has("reference_date") {
        return Some(0.0);
    }
    let months = f64::from(site.first_year * 12) - section.month("reference_date")?;
    if (0.0..12.0).contains(&months) {
        return Some(months / 12.0);
    }
    section.error("reference_date", messages::reference_date_not_in_the_year_before(site.first_year));
    None
}

fn read_mortality(section: &Section<'_>) -> Option<Mortality> {
    let sheet = section.sheet("table");
    let (reference_year, factor) = (section.whole("reference_year"), section.uncertain("factor"));
    let sheet = sheet?;
    let mut columns = vec![NumberColumn { name: "deaths_per_person_year", largest: 100.0, spread: Spread::Same }];
    if sheet.has("yearly_decline") {
        columns.push(NumberColumn { name: "yearly_decline", largest: 1.0, spread: Spread::Same });
    }
    let tables = tables::by_sex_and_age(&sheet, &columns, true)?;
    if !levels::check_deaths(&sheet, &tables[0]) {
        return None;
    }
    let decline = tables.get(1).copied().unwrap_or([[0.0; AGES]; SEXES]);
    idle::note_deaths(section, &tables[0], &decline);
    Some(Mortality { rates: tables[0], decline, reference_year: reference_year? as f64, factor: factor? })
}

fn read_group_quarters(section: &Section<'_>, areas: &[&str], lived: &ByAge) -> Option<GroupQuarters> {
    let (sheet, factor) = (section.sheet("table"), section.uncertain("factor"));
    let people = tables::people(&sheet?, areas, lived)?;
    let cells = people.counts.iter().copied().enumerate().filter(|(_, persons)| *persons > 0);
    let cells = cells.map(|(cell, persons)| GroupQuartersCell { cell, persons }).collect();
    Some(GroupQuarters { cells, factor: Some(factor?) })
}

fn read_fertility(section: &Section<'_>, site: &Site) -> Option<Fertility> {
    let sheet = section.sheet("table");
    let (births_per_woman, boys_per_girl) = (section.uncertain("births_per_woman"), section.uncertain("boys_per_girl"));
    let sheet = sheet?;
    let mut shares = tables::by_age(&sheet, NumberColumn { name: "share", largest: 1.0, spread: Spread::Even })?;
    let total: f64 = shares[CHILDBEARING].iter().sum();
    let stray = shares.iter().enumerate().any(|(age, share)| *share > 0.0 && !CHILDBEARING.contains(&age));
    if stray || (total - 1.0).abs() > 0.02 {
        sheet.error(messages::shares_of_births(&format!("{total:.3}")));
        return None;
    }
    for share in &mut shares {
        *share /= total;
    }
    if let Some(births) = births_per_woman {
        levels::check_births(section, births, site.first_year);
    }
    Some(Fertility { shares, births_per_woman: births_per_woman?, boys_per_girl: boys_per_girl? })
}

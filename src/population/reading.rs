//! Reading of the section `[people]` into a [`PeopleModel`], noting every fault.

use super::fertility::{CHILDBEARING, Fertility};
use super::known::{self, Alignment, Factors};
use super::lifetable::LifeTable;
use super::metrics::Blocks;
use super::model::{PeopleModel, Stock};
use super::mortality::Mortality;
use super::opening::Opening;
use super::reading_moves::{read_drivers, read_housing, read_moves, read_renewals};
use super::registration;
use super::tables::{self, ByAge, Spread};
use super::view::{AGES, People, SEXES};
use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::metric::Catalogue;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameters;

/// Reads `[people]`; `None` when faults were noted. Adds the people's blocks to the catalogue.
pub fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<PeopleModel> {
    let ids = site.area_ids();
    let mortality = section.section("deaths").and_then(|s| read_mortality(&s));
    let lived = mortality
        .as_ref()
        .map_or([[1.0; AGES]; SEXES], |m| std::array::from_fn(|sex| LifeTable::new(&m.rates[sex], sex).lived));
    let people = read_people(section, &ids, &lived);
    let stock = if section.has("stock") {
        section.section("stock").and_then(|s| read_stock(&s, &ids, &lived))
    } else {
        Some(Stock::default())
    };
    let early = read_early(section, site);
    let split = section.section("split").and_then(|s| s.number("areas_sd").zip(s.number("ages_sd")));
    let fertility = section.section("births").and_then(|s| read_fertility(&s));
    let counted = people.clone().unwrap_or_else(|| People::nobody(ids.len()));
    let moves = section.section("moves").and_then(|s| read_moves(&s, site, &counted));
    let drivers = read_drivers(section, site, moves.as_ref().map(|(_, ages)| ages));
    let housing = match moves.as_ref().filter(|_| section.has("housing")) {
        Some((_, ages)) => section.section("housing").and_then(|s| read_housing(&s, site, ages)).map(Some),
        None => Some(None),
    };
    let (renewals, known) = (read_renewals(section, &ids), known::read(section, site));
    let registration = section.if_given("registration", |people, key| registration::read(&people.section(key)?, site));
    let ((areas_sd, ages_sd), (mut migration, _), registration) = (split?, moves?, registration?);
    migration.drivers = drivers?;
    Some(PeopleModel {
        areas: ids.len(),
        first_year: site.first_year,
        years: site.years(),
        lead_years: site.lead_years(),
        opening: Opening { people: people?, early: early?, area_sd: areas_sd, age_sd: ages_sd },
        stock: stock?,
        mortality: mortality?,
        fertility: fertility?,
        migration,
        housing: housing?,
        renewals: renewals?,
        known: known?,
        alignment: Alignment::default(),
        blocks: Blocks::add(catalogue, registration.is_some()),
        registration,
    })
}

/// Aligns the people of a section to its known totals, noting those that cannot be met, and says for each year how: the
/// factors, as a planner may read them.
pub fn align(model: &mut PeopleModel, section: &Section<'_>, parameters: &Parameters) -> Vec<(i32, String)> {
    for missed in known::align(model, parameters) {
        known::fault(section, &missed);
    }
    let mut years: Vec<i32> = model.known.iter().map(|row| row.year).collect();
    years.sort_unstable();
    years.dedup();
    let said = |year: i32| {
        let of = |factor: fn(&Factors) -> f64| {
            let all =
                (0..model.areas).map(|area| factor(&model.alignment.at((year - model.first_year) as usize, area)));
            let (low, high) = all.fold((f64::INFINITY, 0.0_f64), |(low, high), f| (low.min(f), high.max(f)));
            if high - low < 5e-4 { format!("{high:.3}") } else { format!("{low:.3}–{high:.3}") }
        };
        let (births, deaths) = (of(|f| f.births), of(|f| f.deaths));
        let (arrivals, leaving) = (of(|f| f.arrivals), of(|f| f.leaving));
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
            section.fault(
                if both { code::CONTRADICTION } else { code::MISSING_KEY },
                "table",
                Text::new(
                    "one of `table` and `census` must say who lives here",
                    "须由 `table` 与 `census` 之一给出人口",
                ),
                Text::new("give one table of residents", "请给出一张人口表"),
            );
            None
        }
    }
}

/// Years from the day of the table to the first January.
fn read_early(section: &Section<'_>, site: &Site) -> Option<f64> {
    if !section.has("counted") {
        return Some(0.0);
    }
    let months = f64::from(site.first_year * 12) - section.month("counted")?;
    if (0.0..12.0).contains(&months) {
        return Some(months / 12.0);
    }
    let year = site.first_year;
    section.fault(
        code::CONTRADICTION,
        "counted",
        text!(
            "the people are not counted within the year before 1 January {year}, the first simulated day",
            "人口表的时点不在模拟首日 {year} 年 1 月 1 日之前一年内"
        ),
        Text::new(
            "set `base` in [horizon] to the January after the count",
            "请把 [horizon] 的 `base` 设为该时点之后的1月",
        ),
    );
    None
}

fn read_mortality(section: &Section<'_>) -> Option<Mortality> {
    let sheet = section.sheet("table");
    let (reference, level) = (section.whole("reference"), section.uncertain("level"));
    let sheet = sheet?;
    let mut columns = vec![("deaths_per_person_year", 100.0, Spread::Same)];
    if sheet.has("yearly_decline") {
        columns.push(("yearly_decline", 1.0, Spread::Same));
    }
    let tables = tables::by_sex_and_age(&sheet, &columns, true)?;
    let decline = tables.get(1).copied().unwrap_or([[0.0; AGES]; SEXES]);
    Some(Mortality { rates: tables[0], decline, reference: reference? as f64, level: level? })
}

fn read_stock(section: &Section<'_>, areas: &[&str], lived: &ByAge) -> Option<Stock> {
    let (sheet, factor) = (section.sheet("table"), section.uncertain("factor"));
    let people = tables::people(&sheet?, areas, lived)?;
    let cells = people.counts.iter().copied().enumerate().filter(|(_, persons)| *persons > 0).collect();
    Some(Stock { cells, factor: Some(factor?) })
}

fn read_fertility(section: &Section<'_>) -> Option<Fertility> {
    let sheet = section.sheet("table");
    let (births_per_woman, boys_per_girl) = (section.uncertain("births_per_woman"), section.uncertain("boys_per_girl"));
    let sheet = sheet?;
    let mut shares = tables::by_age(&sheet, ("share", 1.0, Spread::Even))?;
    let total: f64 = shares[CHILDBEARING].iter().sum();
    let stray = shares.iter().enumerate().any(|(age, share)| *share > 0.0 && !CHILDBEARING.contains(&age));
    if stray || (total - 1.0).abs() > 0.02 {
        let total = format!("{total:.3}");
        sheet.fault(
            text!(
                "the shares of births at ages 15 to 49 add to {total}, or there are shares at other ages",
                "15–49 岁生育份额合计为 {total}，或其他年龄有份额"
            ),
            Text::new("give shares for ages 15 to 49 only, adding to 1", "请只给 15–49 岁的份额，合计为 1"),
        );
        return None;
    }
    for share in &mut shares {
        *share /= total;
    }
    Some(Fertility { shares, births_per_woman: births_per_woman?, boys_per_girl: boys_per_girl? })
}

//! What a planner reads of a run says what it counts, says it once, and says nothing where there is nothing to say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use civicap::language::Language;
use civicap::metric::{BlockId, Role};
use civicap::report::document::{Block, Cell, VerdictCard};
use civicap::report::{Report, build, docx};
use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::{RunSummary, gap, headlines, limits_broken, verdicts};

struct Ran {
    plan: Plan,
    results: Results,
    summary: RunSummary,
}

fn ran(plan: Plan, replications: usize) -> Ran {
    let options = RunOptions { replications, seed: 5, threads: 2 };
    let results = simulate(&plan, options, &(), &false.into()).unwrap();
    let summary = RunSummary::new(&plan, &results);
    Ran { plan, results, summary }
}

fn loaded(file: &Path, years: Option<(i32, i32)>) -> Plan {
    let loaded = load(file, Request { years, ..Request::default() });
    loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics.list))
}

/// A few replications of the first years of the flagship: it has every service.
fn flagship() -> &'static Ran {
    static RAN: OnceLock<Ran> = OnceLock::new();
    RAN.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia/scenario.toml");
        ran(loaded(&file, Some((2024, 2026))), 8)
    })
}

fn report(ran: &Ran) -> Report {
    let Ran { plan, results, summary } = ran;
    let found = verdicts(plan, results, summary);
    let worst: Vec<_> = found.iter().map(|verdict| (verdict.block, verdict.worst_year.0)).collect();
    build(plan, results, summary, &found, &headlines(plan, results, summary, &worst))
}

fn cards(report: &Report) -> &[VerdictCard] {
    let blocks = report.sections.iter().flat_map(|section| &section.blocks);
    blocks.into_iter().find_map(|block| if let Block::Verdicts(cards) = block { Some(cards) } else { None }).unwrap()
}

/// The block and metric that count the people whom a service is for.
fn people_of(plan: &Plan, service: &str) -> (BlockId, usize) {
    let of = |service: &str, id: &str| {
        let mut blocks = plan.catalogue.blocks().filter(|(_, block)| block.service == service);
        blocks.find_map(|(block, _)| Some((block, plan.catalogue.metric(block, id)?)))
    };
    let old = if service == "elderly" { of("elderly", "people_60_plus") } else { None };
    old.or_else(|| of("people", "population")).unwrap()
}

#[test]
fn no_number_of_people_is_above_the_people_of_its_area_and_age() {
    let Ran { plan, summary, .. } = flagship();
    let areas = plan.catalogue.areas();
    let mut looked_at = 0;
    for (id, block) in plan.catalogue.blocks() {
        let (whole, people) = people_of(plan, block.service);
        for (metric, def) in block.metrics.iter().enumerate() {
            if !matches!(def.unit.id, "people" | "people/year" | "children" | "persons" | "persons/year") {
                continue;
            }
            let rows = if block.by_area { 0..areas + 1 } else { areas..areas + 1 };
            for (row, year) in rows.flat_map(|row| (0..plan.catalogue.years()).map(move |year| (row, year))) {
                let own = if block.by_area { row } else { 0 };
                let Some(counted) = summary.at(plan, id, metric, own, year) else { continue };
                // Pupils, staff and patients of an area may come from others.
                let row = if matches!(def.role, Role::Demand | Role::Unmet) { row } else { areas };
                let most = summary.at(plan, whole, people, row, year).unwrap().mean;
                let (service, stage, name) = (block.service, &block.stage, def.id);
                assert!(counted.mean <= most, "{service} {stage} {name}: {} of {most}", counted.mean);
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 1_000, "only {looked_at} numbers were looked at");
}

#[test]
fn those_who_come_by_the_day_are_counted_in_visits() {
    let Ran { plan, .. } = flagship();
    let (_, day) = plan.catalogue.blocks().find(|(_, block)| block.stage == "day").unwrap();
    for metric in day.metrics.iter().filter(|metric| matches!(metric.role, Role::Demand | Role::Served | Role::Unmet)) {
        assert_eq!(metric.unit.id, "visits/year", "{}", metric.id);
        assert!(metric.label.en.contains("isits") && metric.label.zh.contains("人次"), "{:?}", metric.label);
    }
}

/// A target is missed if and only if one of its limits is broken, so its probability lies between the largest and the sum.
#[test]
fn a_missed_target_is_split_into_its_reasons() {
    let Ran { plan, results, summary } = flagship();
    let mut split = 0;
    for (id, block) in plan.catalogue.blocks().filter(|(_, block)| block.promise.is_some()) {
        let district = plan.catalogue.district(id);
        for year in 0..plan.catalogue.years() {
            let reasons = limits_broken(plan, results, id, district, year);
            if reasons.is_empty() {
                continue;
            }
            let missed = summary.shortage(plan, id, district, year).unwrap();
            let (largest, sum) = (reasons.iter().copied().fold(0.0, f64::max), reasons.iter().sum::<f64>());
            let (service, stage) = (block.service, &block.stage);
            assert!(largest <= missed && missed <= sum, "{service} {stage} {year}: {reasons:?} and {missed}");
            split += 1;
        }
    }
    assert!(split >= 27, "nine stages of three years have two limits");
}

/// Numbers by name and year, as tables and charts of a stage show them.
fn numbers(report: &Report) -> BTreeMap<(String, String, String, String), Vec<f64>> {
    let mut found: BTreeMap<_, Vec<f64>> = BTreeMap::new();
    for section in &report.sections {
        let mut heading = String::new();
        for block in &section.blocks {
            let mut note = |name: &str, year: String, value: Option<f64>| {
                let key = (section.key.clone(), heading.clone(), name.to_owned(), year);
                found.entry(key).or_default().extend(value);
            };
            match block {
                Block::Heading(text) => heading = text.en.to_string(),
                Block::Stack(stack) => {
                    for (part, at) in
                        stack.parts.iter().flat_map(|part| (0..stack.years.len()).map(move |at| (part, at)))
                    {
                        note(&part.label.en, stack.years[at].to_string(), part.values.get(at).copied());
                    }
                }
                Block::Table(table) | Block::Reference(table) => {
                    let years = table.columns.iter().enumerate().filter(|(_, c)| c.heading.en.parse::<i32>().is_ok());
                    for ((at, column), row) in years.flat_map(|year| table.rows.iter().map(move |row| (year, row))) {
                        // Where names repeat, the rows above give them: such tables are read by their own captions.
                        if let [Cell::Text(name), Cell::Number(..) | Cell::Empty, ..] = &row.cells[..] {
                            note(&name.en, column.heading.en.to_string(), row.cells[at].value());
                        }
                    }
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn one_name_never_has_two_values() {
    let found = numbers(&report(flagship()));
    let mut twice = 0;
    for ((section, stage, name, year), values) in &found {
        twice += usize::from(values.len() > 1);
        let same =
            values.iter().all(|value| value.to_bits() == values[0].to_bits() || (*value == 0.0 && values[0] == 0.0));
        assert!(same, "{section}, {stage}: {name} in {year} is {values:?}");
    }
    assert!(twice > 50, "only {twice} numbers stand in two places");
}

#[test]
fn net_and_gross_have_different_names() {
    let text = format!("{:?}", report(flagship()).sections);
    assert!(text.contains("Empty places, gross") && text.contains("Spare places in 2026, net"));
    assert!(!text.contains("To spare") && !text.contains("Empty places at the norm"));
}

/// A stage without demand and without places, beside one that has both.
const WITHOUT: &str = "
label = \"without\"
[horizon]
start = 2025
end = 2026
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = 60
opening_pupils = [60, 60, 60, 60, 60, 60]
[education.stages.junior]
entrants_per_year = 0
opening_pupils = [0, 0, 0]
";

#[test]
fn a_stage_without_demand_and_places_has_no_card() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, WITHOUT).unwrap();
    let supply = "facility,area,stage,sector,classes,opens\nold,district,primary,public,12,\n";
    std::fs::write(folder.path().join("supply.csv"), supply).unwrap();
    let report = report(&ran(loaded(&file, None), 4));
    let stages: Vec<&str> = cards(&report).iter().map(|card| card.stage.en.as_ref()).collect();
    assert_eq!(stages, ["Primary school"]);
    let education = report.sections.iter().find(|section| section.key == "education").unwrap();
    let headings: Vec<&str> = education
        .blocks
        .iter()
        .filter_map(|block| if let Block::Heading(text) = block { Some(text.en.as_ref()) } else { None })
        .collect();
    assert!(headings.iter().all(|heading| heading.starts_with("Primary")), "nor a heading of its own: {headings:?}");
    let said = format!("{:?}", report.sections[0]);
    assert!(said.to_lowercase().contains("not applicable, with neither demand nor places: junior"), "{said}");
}

#[test]
fn the_head_says_what_the_inputs_rest_on() {
    let report = report(flagship());
    let fact = report.facts.iter().find(|fact| fact.label.en == "Data and parameters").unwrap();
    let said = &fact.value.en;
    let numbers: Vec<usize> =
        said.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).take(5).collect();
    assert_eq!(numbers[0], numbers[1..].iter().sum::<usize>(), "{said}");
    assert!(said.contains("defaults") && said.contains("judgement"), "{said}");
}

#[test]
fn a_gap_is_never_below_nothing_and_mends_what_it_says() {
    let report = report(flagship());
    let mut gaps = 0;
    for card in cards(&report) {
        let Some(gap) = &card.gap else { continue };
        assert!(0.0 <= gap.median && gap.median <= gap.high && gap.mean >= 0.0, "{}: {gap:?}", card.stage.en);
        assert_eq!(Some(gap.year), card.worst_year.map(|(year, _)| year));
        gaps += 1;
    }
    assert_eq!(gaps, cards(&report).len());
}

/// Who is short of a school place has none, or sits in a class above the standard size; who has one outside the district is not.
#[test]
fn a_gap_of_schools_is_no_more_than_those_without_a_place_and_above_the_norm() {
    let ran = flagship();
    let catalogue = &ran.plan.catalogue;
    let mut outside = 0.0;
    for (id, block) in catalogue.blocks().filter(|(_, block)| block.service == "education" && block.promise.is_some()) {
        for year in ran.plan.shown_from..=ran.plan.site.end {
            let gap = gap(&ran.plan, &ran.results, id, year).unwrap();
            let mean = |role: Role| {
                let metric = catalogue.metric(id, role).unwrap();
                let index = (year - ran.plan.site.start) as usize;
                ran.summary.at(&ran.plan, id, metric, catalogue.district(id), index).unwrap().mean
            };
            outside += mean(Role::Outside);
            let most = mean(Role::Unmet) + mean(Role::OverNorm);
            assert!(
                gap.short.mean <= most * (1.0 + 1e-6) + 1e-6,
                "{} {year}: {} of {most}",
                block.stage,
                gap.short.mean
            );
        }
    }
    assert!(outside > 0.0, "nobody goes outside: this says nothing of them");
}

#[test]
fn a_brief_is_the_same_bytes_each_time() {
    let report = report(flagship());
    for language in [Language::En, Language::Zh] {
        let bytes = docx::render(&report, language).unwrap();
        assert!(bytes.starts_with(b"PK") && bytes.len() > 10_000);
        assert!(bytes == docx::render(&report, language).unwrap());
    }
}

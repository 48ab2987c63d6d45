//! What is said of hospitals by name: it adds up to their tiers, and is said only where the model knows it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::support::health::{Ran, run};
use civicap::language::Language;
use civicap::report::document::{Block, Cell, Row};
use civicap::report::terminal;
use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Request, load_grown};
use civicap::study::appraisal::{Outcome, Subject, value};
use civicap::study::{RunSummary, verdicts};

/// Two areas with a community centre each, two district hospitals of which one grows in 2025, and a tertiary one: too few
/// beds for 100,000 people, so that patients wait, go elsewhere and are refused.
fn consortium(folder: &Path, terms: &str) -> PathBuf {
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in ["east", "west"] {
        for age in 0..=70 {
            let women =
                [(30, 33_000), (70, 17_000)].iter().find(|(of, _)| *of == age).map_or(0, |(_, persons)| *persons);
            writeln!(people, "{area},male,{age},0\n{area},female,{age},{women}").unwrap();
        }
    }
    let beds = "facility,label_zh,label_en,area,tier,specialty,beds,opens,closes,project\n\
                c1,东中心,East centre,east,community,internal,16,,,\n\
                c2,西中心,West centre,west,community,internal,14,,,\n\
                d1,区医院,District Hospital,east,district,internal,40,,,\n\
                d1,区医院,District Hospital,east,district,surgery,20,,,\n\
                d2,二院,Second Hospital,west,district,internal,30,,,\n\
                d1,扩建,Extension,east,district,internal,30,2025-07-01,,upgrade\n\
                t1,三院,Third Hospital,west,tertiary,internal,60,,,\n\
                t1,三院,Third Hospital,west,tertiary,surgery,50,,,\n";
    let stays = "specialty,tier,mean_days,cv\ninternal,community,9,0.8\ninternal,district,8,0.8\n\
                 internal,tertiary,8,0.8\nsurgery,district,6,0.7\nsurgery,tertiary,6,0.7\n";
    let choice = "specialty,tier,share\ninternal,community,0.2\ninternal,district,0.4\ninternal,tertiary,0.4\n\
                  surgery,district,0.3\nsurgery,tertiary,0.7\n";
    let tables = [
        ("people.csv", people.as_str()),
        ("areas.csv", "id,label_zh,label_en\neast,东,East\nwest,西,West\n"),
        ("deaths.csv", "sex,age,deaths_per_person_year\nmale,0+,0\nfemale,0+,0\n"),
        ("births.csv", "age,share\n15-49,1\n"),
        ("demand.csv", "sex,age,specialty,admissions_per_1000\nfemale,0+,internal,80\nfemale,0+,surgery,40\n"),
        ("stay.csv", stays),
        ("choice.csv", choice),
        ("inflow.csv", "tier,specialty,admissions_per_year\ndistrict,internal,200\ntertiary,surgery,600\n"),
        ("supply.csv", beds),
    ];
    for (name, text) in tables {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let path = folder.join("scenario.toml");
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2026\n[areas]\ntable = \"areas.csv\"\n\
         [people]\ntable = \"people.csv\"\n[people.deaths]\ntable = \"deaths.csv\"\n\
         [people.births]\ntable = \"births.csv\"\nbirths_per_woman = 1\nboys_per_girl = 1\n\
         [projects.upgrade]\nlabel = \"Upgrade\"\nopens = 2025-07-01\n\
         [health]\ndemand = \"demand.csv\"\nlength_of_stay = \"stay.csv\"\nchoice = \"choice.csv\"\nnon_resident_demand = \"inflow.csv\"\n\
         supply = \"supply.csv\"\n[health.readmission]\nshare = 0.1\nafter_days = 15\n\
         [health.specialties.internal]\nlabel = \"Internal\"\nelective_share = 0.4\n\
         [health.specialties.surgery]\nlabel = \"Surgery\"\nelective_share = 0.6\n{terms}\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// The values of a metric summed over stages: by year and replication.
fn sum(ran: &Ran, stages: &[&str], metric: &str) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![0.0; ran.results.replications()]; ran.plan.catalogue.years()];
    for stage in stages {
        for (sums, values) in sums.iter_mut().zip(ran.years(stage, metric)) {
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
    }
    sums
}

fn assert_near(what: &str, left: &[Vec<f64>], right: &[Vec<f64>], within: f64) {
    for (a, b) in left.iter().flatten().zip(right.iter().flatten()) {
        assert!((a - b).abs() <= within, "{what}: {a} and {b}");
    }
}

const TIERS: [(&str, &[&str]); 3] = [
    ("community", &["hospital_c1", "hospital_c2"]),
    ("district", &["hospital_d1", "hospital_d2"]),
    ("tertiary", &["hospital_t1"]),
];

#[test]
fn hospitals_add_up_to_their_tiers_on_every_path() {
    let folder = tempfile::tempdir().unwrap();
    let terms = "[health.tertiary]\npooling = \"facility\"\n[health.step_down]\nshare = 0.2\n\
                 [health.community]\nelective_overflow = true\ndischarge_weekdays = [1, 1, 1, 1, 1, 0, 0]";
    let ran = run(&consortium(folder.path(), terms), 12);
    let (mut elsewhere, mut diverted) = (0.0, 0.0);
    for (tier, hospitals) in TIERS {
        let (asked, inflow) = (ran.years(tier, "demand"), ran.years(tier, "non_resident_demand"));
        let all: Vec<Vec<f64>> =
            asked.iter().zip(&inflow).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect();
        assert_eq!(sum(&ran, hospitals, "demand"), all, "{tier}");
        assert_eq!(sum(&ran, hospitals, "diverted_out"), ran.years(tier, "diverted"), "{tier}");
        for metric in ["places", "occupied_beds", "offered_load", "blocked_beds", "delayed_discharge_beds"] {
            assert_near(metric, &sum(&ran, hospitals, metric), &ran.years(tier, metric), 1e-3);
        }
        // Days waited, and requests without a bed, from shares of requests.
        for metric in ["mean_wait_days", "refused_share"] {
            let weighed = |stage: &str| -> Vec<f64> {
                let people = if stage == tier { all.clone() } else { ran.years(stage, "demand") };
                let values = ran.years(stage, metric);
                values.iter().flatten().zip(people.iter().flatten()).map(|(value, people)| value * people).collect()
            };
            let mut sums = vec![0.0; all.len() * 12];
            for hospital in hospitals {
                sums.iter_mut().zip(weighed(hospital)).for_each(|(sum, value)| *sum += value);
            }
            // A share is of the requests that ended, which differ from those of the year by the few who wait across New Year.
            let within = if metric == "refused_share" { 0.5 } else { 1e-2 };
            assert_near(metric, &[sums], &[weighed(tier)], within);
        }
        for hospital in hospitals {
            elsewhere += ran.total(hospital, "diverted_in");
        }
        diverted += ran.total(tier, "diverted");
        assert!(sum(&ran, hospitals, "refused").iter().flatten().sum::<f64>() > 0.0, "{tier} is short of beds");
    }
    assert_eq!(elsewhere, diverted, "whoever is sent somewhere arrives");
    assert!(diverted > 100.0);
    assert!(ran.total("hospital_d1", "blocked_beds") > 0.0 && ran.total("hospital_c1", "delayed_discharge_beds") > 0.0);
    // The only hospital of a tier is as full as the tier.
    for metric in ["days_over_85", "days_over_92", "winter_days_over_92", "beds_needed"] {
        assert_eq!(ran.years("hospital_t1", metric), ran.years("tertiary", metric));
    }
    for (tier, hospitals) in &TIERS[..2] {
        let (apart, pooled) = (sum(&ran, hospitals, "beds_needed"), ran.years(tier, "beds_needed"));
        for (apart, pooled) in apart.iter().flatten().zip(pooled.iter().flatten()) {
            assert!(apart > pooled, "{tier}: apart hospitals need more beds, {apart} and {pooled}");
        }
    }
}

#[test]
fn a_hospital_has_its_beds_of_before_and_after_its_upgrade() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&consortium(folder.path(), ""), 4);
    let beds = ran.years("hospital_d1", "places");
    for (year, expected) in [60.0, 60.0 + 30.0 * 184.0 / 365.0, 90.0].into_iter().enumerate() {
        assert!(beds[year].iter().all(|beds| (beds - expected).abs() < 1e-3), "{year}: {:?}", beds[year]);
    }
    let block = ran.block("hospital_d1");
    assert_eq!(ran.plan.catalogue.block(block).stage_label.en, "District Hospital", "its first row names it");
    assert_eq!(ran.plan.catalogue.projects(block), [0]);
    assert_eq!(ran.plan.catalogue.projects(ran.block("district")), [0], "reports mark the opening in the tier's chart");
}

#[test]
fn hospitals_that_share_their_beds_are_not_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let stages = |ran: &Ran| -> Vec<String> {
        let all = ran.plan.catalogue.blocks().map(|(_, block)| block.stage.clone());
        all.filter(|stage| stage.starts_with("hospital_")).collect()
    };
    let terms = "[health.district]\npooling = \"tier\"\n[health.tertiary]\npooling = \"tier\"\nengine = \"day\"";
    let ran = run(&consortium(folder.path(), terms), 12);
    assert_eq!(
        stages(&ran),
        ["hospital_c1", "hospital_c2", "hospital_t1"],
        "a pool with one hospital is that hospital's"
    );
    let people: Vec<Vec<f64>> = sum(&ran, &["tertiary"], "demand");
    let inflow = ran.years("tertiary", "non_resident_demand");
    let all: Vec<Vec<f64>> =
        people.iter().zip(&inflow).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect();
    assert_eq!(ran.years("hospital_t1", "demand"), all, "counted by the day, too");
    for metric in ["refused_share", "mean_wait_days", "occupied_beds", "days_over_92"] {
        assert_near(metric, &ran.years("hospital_t1", metric), &ran.years("tertiary", metric), 1e-5);
    }
    assert!(ran.total("hospital_t1", "refused") > 0.0);
}

#[test]
fn the_report_names_hospitals_year_by_year() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&consortium(folder.path(), ""), 40);
    let summary = RunSummary::new(&ran.plan, &ran.results);
    let verdicts = verdicts(&ran.plan, &ran.results, &summary);
    let report = civicap::report::build(&ran.plan, &ran.results, &summary, &verdicts, &[]);
    let json = serde_json::to_string(&report).unwrap();
    for words in ["Hospitals in 2024 (means)", "Hospitals in 2026 (means)", "District Hospital", "各机构逐年"] {
        assert!(json.contains(words), "{words}");
    }
    assert!(json.contains("Simulation and formula (means)") && json.contains("模拟与公式结果核对"));
    assert!(json.contains("its hospitals are not told apart"), "and says of which tiers it cannot speak");
    assert!(terminal::render(&report, Language::Zh, false, 200).contains("区属医院"));
}

#[test]
fn what_no_unit_has_is_named_once_and_has_no_column() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&consortium(folder.path(), ""), 20);
    let summary = RunSummary::new(&ran.plan, &ran.results);
    let verdicts = verdicts(&ran.plan, &ran.results, &summary);
    let report = civicap::report::build(&ran.plan, &ran.results, &summary, &verdicts, &[]);
    let blocks = report.sections.iter().flat_map(|section| &section.blocks);
    let tables = blocks.filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    let units =
        tables.filter(|table| table.caption.title.en.ends_with("(means)") && table.caption.title.en.contains(" in 20"));
    let mut seen = 0;
    for table in units {
        for (at, column) in table.columns.iter().enumerate().skip(1) {
            let nought = |row: &Row| matches!(row.cells[at], Cell::Number(number, _) if number == 0.0);
            assert!(!table.rows.iter().all(nought), "{} in {}", column.heading.en, table.caption.title.en);
        }
        let note = table.caption.takeaway.as_ref().map_or("", |note| note.en.as_ref());
        seen += usize::from(note.contains("Nought for all of them: "));
    }
    assert!(seen > 0, "some measures are nought in this example");
}

#[test]
fn what_more_beds_are_worth_is_the_difference_to_the_plan_with_them() {
    const BEDS: u32 = 8;
    let folder = tempfile::tempdir().unwrap();
    let path = consortium(folder.path(), "");
    let plan = run(&path, 10);
    let growing: Vec<_> = plan
        .plan
        .services
        .iter()
        .flat_map(|(kind, service)| service.growing().into_iter().map(|growing| (kind.name, growing)))
        .collect();
    let ids: Vec<&str> = growing.iter().map(|(_, growing)| growing.id.as_str()).collect();
    let places =
        ["community_internal", "district_internal", "tertiary_internal", "district_surgery", "tertiary_surgery"];
    assert_eq!(ids, places, "every specialty of a tier that has beds");
    for (service, growing) in &growing {
        let loaded = load_grown(&path, Request::default(), service, growing, BEDS);
        let more = loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics.list));
        let options = RunOptions { replications: 10, seed: 20_241_123, threads: 0 };
        let results = simulate(&more, options, &(), &AtomicBool::new(false)).unwrap();
        let more = Ran { plan: more, results };
        let outcome = |ran: &Ran| -> [f64; 2] {
            let tier = growing.id.split('_').next().unwrap();
            ["unmet", "outside"].map(|metric| ran.total(tier, metric))
        };
        let whole = Outcome { plan: &plan.plan, results: &plan.results };
        let with = Outcome { plan: &more.plan, results: &more.results };
        let value = value(with, whole, Subject::more(growing));
        let tier = growing.id.split('_').next().unwrap();
        let own = value.stages.iter().find(|stage| more.plan.catalogue.block(stage.block).stage == tier).unwrap();
        let [unmet, outside] = [0, 1].map(|at| (outcome(&plan)[at] - outcome(&more)[at]) / 10.0);
        assert!((own.fewer.mean - unmet).abs() < 1e-9, "{}: {} and {unmet}", growing.id, own.fewer.mean);
        assert!((own.fewer_outside.unwrap().mean - outside).abs() < 1e-9);
        assert!((own.place_years - 3.0 * f64::from(BEDS)).abs() < 1e-3, "{}: {}", growing.id, own.place_years);
        assert!(own.fewer.mean + own.fewer_outside.unwrap().mean > 0.0, "{} is short of beds", growing.id);
    }
}

#[test]
fn a_list_that_nobody_leaves_is_unstable_where_load_is_above_the_beds() {
    let folder = tempfile::tempdir().unwrap();
    let unstable = |days: u32| {
        let terms = format!("[health.tertiary]\nelective_wait_days = {days}");
        run(&consortium(folder.path(), &terms), 4).total("tertiary", "unstable")
    };
    assert_eq!(unstable(30), 0.0, "whoever gives up relieves the list");
    assert_eq!(unstable(10_000), 4.0 * 3.0, "in every year of every path");
}

//! Beds: what moves demand and what comes after a stay: weekdays, holidays, waves, discharge hours, readmission, and the
//! people who wait in hospital for a long-stay place.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use civicap::context::ReplicationContext;
use civicap::diagnostic::Severity;
use civicap::language::Language;
use civicap::metric::Record;
use civicap::population::view::{People, YearView};
use civicap::queue::formulae::{lognormal_of, lognormal_survival};
use civicap::random::RngSource;
use civicap::report::terminal;
use civicap::scenario::{Request, load};
use civicap::services::service_signals::ServiceSignals;
use civicap::study::{RunSummary, verdicts};

use crate::support::health::{Ran, assert_mean, ratio, run, textbook};

/// Simpson's rule over one day of arrival, in 400 parts.
fn still_there_after(days: u32, survivor: impl Fn(f64) -> f64) -> f64 {
    let at = |part: f64| survivor(f64::from(days) + part / 400.0);
    (0..400).map(f64::from).map(|part| (at(part) + 4.0 * at(part + 0.5) + at(part + 1.0)) / 2_400.0).sum()
}

#[test]
fn the_census_follows_the_weekdays_as_the_convolution_says() {
    const WEEKDAY: [f64; 7] = [1.30, 1.15, 1.05, 1.00, 1.00, 0.80, 0.70];
    let ran = run(&textbook("weekday-census"), 1_000);
    let (mu, sigma) = lognormal_of(5.0, 1.2);
    let still: Vec<f64> = (0..800)
        .map(|k| still_there_after(k, |t| if t > 0.0 { lognormal_survival(mu, sigma, t) } else { 1.0 }))
        .collect();
    for day in [10, 30, 90, 180, 365_usize] {
        // 1 January 2024 was a Monday.
        let came = |k: usize| WEEKDAY[(day - 1 + 7_000 - k) % 7];
        let theory: f64 = still.iter().enumerate().map(|(k, still)| 20.0 * came(k) * still).sum();
        let census = ran.mean("ward", &format!("census_day_{day}"));
        assert_mean(&format!("day {day}"), &census, theory);
        let squares: Vec<f64> = census.iter().map(|census| (census - theory).powi(2)).collect();
        assert_mean("variance", &squares, theory);
    }
}

#[test]
fn beds_are_kept_until_the_next_discharge_hours() {
    let ran = run(&textbook("discharge-mornings"), 60);
    // Closed times of a week: Friday noon to Monday 9 o'clock, and four nights; ready in one, one waits for half of it.
    let delay = (69.0_f64.powi(2) + 4.0 * 21.0_f64.powi(2)) / 336.0;
    assert_mean("kept", &ran.mean("ward", "delayed_discharge_beds"), 20.0 * delay / 24.0);
    assert_mean("census", &ran.mean("ward", "occupied_beds"), 20.0 * (5.0 + delay / 24.0));
    for (offered, gap) in ran.years("ward", "offered_load").iter().zip(&ran.years("ward", "closed_form_gap")) {
        assert!(offered.iter().all(|beds| (beds - 20.0 * (5.0 + delay / 24.0)).abs() < 1e-3), "{offered:?}");
        assert!(gap.iter().all(|gap| gap.abs() < 0.1), "{gap:?}");
    }
}

#[test]
fn those_who_come_back_are_counted_and_the_census_stays_poisson() {
    let ran = run(&textbook("readmission"), 100);
    assert_mean("requests", &ran.mean("ward", "demand"), 20.0 * 365.3);
    let back = ratio(&ran.mean("ward", "readmissions"), &ran.mean("ward", "demand"));
    assert_mean("share that come back", &back, 0.15);
    assert_mean("census", &ran.mean("ward", "occupied_beds"), 100.0);
    let squares: Vec<f64> = ran.years("ward", "census_day_180").iter().flatten().map(|n| (n - 100.0).powi(2)).collect();
    // Half a year apart, censuses do not know of each other.
    assert_mean("variance", &squares, 100.0);
    assert!(ran.years("ward", "offered_load").iter().flatten().all(|beds| (beds - 100.0).abs() < 1e-3));
}

fn write(folder: &Path, name: &str, health: &str) -> PathBuf {
    let path = folder.join(format!("{name}.toml"));
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2026\n{health}\n[health.wards.ward]\nurgent_per_day = 10\n\
         arrivals_per_day = 0\nbeds = 100000\nlos_mean_days = 4\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_holiday_moves_requests_and_takes_none_away() {
    let folder = tempfile::tempdir().unwrap();
    let table = "from,to,urgent,elective\n2024-12-11,2024-12-31,0.25,0\n2026-02-17,2026-02-23,0.5,0\n";
    std::fs::write(folder.path().join("holidays.csv"), table).unwrap();
    let ran = run(&write(folder.path(), "holidays", "[health]\nholidays = \"holidays.csv\""), 400);
    let demand = ran.years("ward", "demand");
    for (requests, days) in demand.iter().zip([366.0, 365.0, 365.0]) {
        assert_mean("requests of a year", requests, 10.0 * days);
    }
    // Three weeks at a quarter leave hardly anybody of before: the stay has mean 4, cv 1. The census of the first midnights
    // of 2025 knows the holidays of 2024.
    let factor = 0.25 * 366.0 / (366.0 - 0.75 * 21.0);
    let (mu, sigma) = lognormal_of(4.0, 1.0);
    let still = |k| still_there_after(k, |t| if t > 0.0 { lognormal_survival(mu, sigma, t) } else { 1.0 });
    let before = 366.0 / (366.0 - 0.75 * 21.0);
    let theory: f64 = (0..400)
        .map(|k| {
            10.0 * still(k)
                * if k < 10 {
                    1.0
                } else if k < 31 {
                    factor
                } else {
                    before
                }
        })
        .sum();
    assert_mean("census of 10 January 2025", &ran.years("ward", "census_day_10")[1], theory);
}

#[test]
fn a_wave_brings_the_requests_of_its_area() {
    let folder = tempfile::tempdir().unwrap();
    let wave =
        "[health.epidemic]\nyearly_chance = 0.4\npeak = 0.6\npeak_cv = 0.5\nweeks = 8\nfirst_week = 10\nlast_week = 30";
    let ran = run(&write(folder.path(), "wave", wave), 2_000);
    // The area under a half sine is 2 / pi of its height times its length.
    let extra = 0.4 * 0.6 * 2.0 / std::f64::consts::PI * 56.0;
    for (requests, days) in ran.years("ward", "demand").iter().zip([366.0, 365.0, 365.0]) {
        assert_mean("requests of a year", requests, 10.0 * (days + extra));
        let with_wave = requests.iter().filter(|n| **n > 10.0 * days + 150.0).count() as f64 / 2_000.0;
        assert!((0.2..0.45).contains(&with_wave), "not every year has a wave: {with_wave}");
    }
    let (offered, occupied) = (ran.mean("ward", "offered_load"), ran.mean("ward", "occupied_beds"));
    let apart: Vec<f64> = offered.iter().zip(&occupied).map(|(a, b)| a - b).collect();
    let largest = apart.iter().fold(0.0_f64, |most, gap| most.max(gap.abs()));
    assert!(largest < 3.0, "the closed form knows the waves of its path: {largest}");
}

/// One hospital tier for one area of 100,000 people, a third of them 70 years old; nobody steps down but to elderly care.
fn district(folder: &Path, engine: &str) -> PathBuf {
    let mut people = "area,sex,age,persons\n".to_owned();
    for age in 0..=70 {
        let women = [(30, 66_000), (70, 34_000)].iter().find(|(of, _)| *of == age).map_or(0, |(_, persons)| *persons);
        writeln!(people, "district,male,{age},0\ndistrict,female,{age},{women}").unwrap();
    }
    let tables = [
        ("people.csv", people),
        ("deaths.csv", "sex,age,deaths_per_person_year\nmale,0+,0\nfemale,0+,0\n".to_owned()),
        ("births.csv", "age,share\n15-49,1\n".to_owned()),
        ("demand.csv", "sex,age,specialty,admissions_per_1000\nfemale,0+,internal,100\n".to_owned()),
        ("stay.csv", "specialty,tier,mean_days,cv\ninternal,tertiary,8,0.8\n".to_owned()),
        ("choice.csv", "specialty,tier,share\ninternal,tertiary,0.8\ninternal,outside,0.2\n".to_owned()),
        (
            "supply.csv",
            "facility,label_zh,label_en,area,tier,specialty,beds\nh,院,H,district,tertiary,internal,2000\n".to_owned(),
        ),
    ];
    for (name, text) in tables {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let path = folder.join(format!("{engine}.toml"));
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2027\n[people]\ntable = \"people.csv\"\n\
         [people.deaths]\ntable = \"deaths.csv\"\n[people.births]\ntable = \"births.csv\"\n\
         births_per_woman = 1\nboys_per_girl = 1\n\
         [health]\ndemand = \"demand.csv\"\nlength_of_stay = \"stay.csv\"\nchoice = \"choice.csv\"\nsupply = \"supply.csv\"\n\
         [health.tertiary]\npooling = \"tier\"\nengine = \"{engine}\"\n\
         [health.step_down]\nto_elderly_care_share = 0.05\n\
         [health.specialties.internal]\nlabel = \"Internal\"\nelective_share = 0.5\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// Hospitals tell elderly care whom they could not send home, and keep their beds for as long as elderly care says.
#[test]
fn beds_are_kept_for_those_who_wait_for_a_long_stay_place() {
    const DAYS: f64 = 60.0;
    for engine in ["hour", "day"] {
        let folder = tempfile::tempdir().unwrap();
        let loaded = load(&district(folder.path(), engine), Request::default());
        let plan = loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics.list));
        let (_, service) = plan.services.iter().find(|(kind, _)| kind.name == "health").unwrap();
        let tier = plan.catalogue.blocks().find(|(_, block)| block.stage == "tertiary").unwrap().0;
        let metric = |name: &str| plan.catalogue.metric(tier, name).unwrap();
        let (served, late) = (metric("served"), metric("delayed_discharge_beds"));
        let mut people = People::nobody(1);
        people.counts[People::cell(0, 1, 30)] = 66_000;
        people.counts[People::cell(0, 1, 70)] = 34_000;
        let (group_quarters, births) = (People::nobody(1), [0]);
        let mut draw = plan.parameters.blank();
        let mut cells = vec![0; plan.catalogue.cells()];
        let mut state = service.state();
        let (mut told, mut kept) = (Vec::new(), Vec::new());
        for number in 0..40 {
            plan.parameters.draw(1, number, &mut draw);
            let context = ReplicationContext { site: &plan.site, draw: &draw, chance: RngSource::new(1, number) };
            let mut record = Record::new(&plan.catalogue, &mut cells);
            let mut signals = ServiceSignals::default();
            for index in 0..4 {
                let (start, end) = (&people, &people);
                let view = YearView {
                    year: 2024 + index as i32,
                    index,
                    reported: Some(index),
                    start,
                    end,
                    group_quarters: &group_quarters,
                    births: &births,
                    registered: None,
                    flows: None,
                };
                if index == 0 {
                    state.open(&context, &view);
                }
                state.serve(&context, &view, &mut signals, &mut record);
                assert_eq!(signals.step_down_next.len(), 1, "every area is told");
                // Of those admitted 34 in 100 are old, and 5 in 100 of these need a place.
                told.push(f64::from(signals.step_down_next[0]) - 0.34 * 0.05 * record.get(tier, served, 0, index));
                if index == 3 {
                    kept.push(record.get(tier, late, 1, index));
                }
                if index == 0 {
                    assert_eq!(record.get(tier, late, 1, index), 0.0, "nobody has said yet that people wait");
                }
                signals.turn();
                signals.step_down_wait_days = vec![DAYS];
            }
        }
        assert_mean(&format!("{engine}: told"), &told, 0.0);
        // Little: so many a day, each for 60 days. The third year starts with the beds kept in the second.
        let per_day = 100_000.0 * 0.1 * 0.8 * 0.34 * 0.05 / 365.0;
        assert_mean(&format!("{engine}: beds kept"), &kept, per_day * DAYS);
    }
}

#[test]
fn faults_of_stays_discharge_holidays_and_waves_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let table = "from,to,urgent,elective\n2025-02-30,2025-03-02,0.5,0\n2026-02-17,2026-02-11,0.5,0\n";
    std::fs::write(folder.path().join("holidays.csv"), table).unwrap();
    std::fs::write(folder.path().join("stays.csv"), "from_days,to_days\n3,2\n").unwrap();
    let ward = |name: &str, stay: &str| format!("[health.wards.{name}]\narrivals_per_day = 1\nbeds = 3\n{stay}\n");
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2025\n[health]\nholidays = \"holidays.csv\"\n\
         [health.epidemic]\nyearly_chance = 0.5\npeak = 0.3\nfirst_week = 50\nlast_week = 2\n{}{}{}{}{}",
        ward("none", ""),
        ward("both", "los_mean_days = 5\nobserved_stays = \"stays.csv\""),
        ward("counted", "observed_stays = \"stays.csv\""),
        ward("long", "los_mean_days = 5\nlong_share = 0.1"),
        ward("never", "los_mean_days = 5\ndischarge_weekdays = [0, 0, 0, 0, 0, 0, 0]"),
    );
    let path = folder.path().join("faulty.toml");
    std::fs::write(&path, text).unwrap();
    let loaded = load(&path, Request::default());
    assert!(loaded.plan.is_none());
    let told: Vec<String> = loaded.diagnostics.list.iter().map(|fault| fault.message.en.to_string()).collect();
    for part in [
        "«2025-02-30» does not exist",
        "the holiday ends before it starts",
        "`last_week` lies before `first_week`",
        "does not say how long patients stay",
        "the stay is given twice",
        "the longest stay 2 is shorter than the shortest 3",
        "it is not said how long",
        "nobody could ever be discharged",
    ] {
        assert!(told.iter().any(|message| message.contains(part)), "«{part}» is not among {told:#?}");
    }
}

/// What the terminal shows of a run of a ward with 20 people in bed on average.
fn told(folder: &Path, name: &str, health: &str, beds: u32) -> String {
    let path = folder.join(format!("{name}.toml"));
    let text = format!(
        "label = \"x\"\n[horizon]\nstart = 2024\nend = 2024\n[health]\n{health}\n[health.wards.ward]\narrivals_per_day = 0.2\n\
         beds = {beds}\nlos_distribution = \"exponential\"\nlos_mean_days = 100\n"
    );
    std::fs::write(&path, text).unwrap();
    let ran = run(&path, 200);
    let summary = RunSummary::new(&ran.plan, &ran.results);
    let verdicts = verdicts(&ran.plan, &ran.results, &summary);
    let report = civicap::report::build(&ran.plan, &ran.results, &summary, &verdicts, &[]);
    terminal::render(&report, Language::En, false, 200)
}

#[test]
fn a_report_warns_when_simulation_and_closed_form_part_for_another_reason_than_beds() {
    const WARNING: &str = "simulation and closed form differ";
    let folder = tempfile::tempdir().unwrap();
    // Stays of 100 days fill an empty ward within a year only by and by; that is no matter of beds.
    assert!(told(folder.path(), "empty", "opening = \"empty\"", 1_000).contains(WARNING));
    assert!(!told(folder.path(), "filled", "warm_up_days = 0", 1_000).contains(WARNING));
    assert!(!told(folder.path(), "full", "warm_up_days = 0", 15).contains(WARNING), "beds explain that gap");
}

#[test]
fn a_report_says_how_many_beds_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let text = told(folder.path(), "needs", "", 25);
    // Poisson(20): P(N <= 29) = .9782, P(N <= 30) = .9865; the promise allows 2 %. No path differs from another.
    assert!(text.contains("30 (for 90% confidence)"), "{text}");
    assert!(text.contains("Beds needed to meet the target"));
}

/// Common random numbers: the same patients ask, and five beds more leave fewer of them without one.
#[test]
fn the_value_of_a_bed_is_the_difference_for_the_same_patients() {
    for engine in ["hour", "day"] {
        let folder = tempfile::tempdir().unwrap();
        let path = district(folder.path(), engine);
        let table = "facility,label_zh,label_en,area,tier,specialty,beds\nh,院,H,district,tertiary,internal,175\n";
        std::fs::write(folder.path().join("supply.csv"), table).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let ran = |more: u32| {
            std::fs::write(&path, format!("{text}additional_beds = [0, 0, {more}]\n")).unwrap();
            run(&path, 12)
        };
        let (few, more) = (ran(0), ran(5));
        assert_eq!(
            few.years("tertiary", "demand"),
            more.years("tertiary", "demand"),
            "{engine}: the same patients ask"
        );
        assert_eq!(more.total("tertiary", "places") - few.total("tertiary", "places"), 5.0 * 4.0 * 12.0);
        let unserved = |ran: &Ran| ran.total("tertiary", "unmet") + ran.total("tertiary", "outside");
        let (with_few, with_more) = (unserved(&few), unserved(&more));
        assert!(with_few > 1_000.0 && with_more < 0.97 * with_few, "{engine}: {with_few} and {with_more}");
        // No bed serves more than one patient at a time: five beds cannot take in more than they have days for.
        assert!(with_few - with_more < 5.0 * 1_461.0 * 12.0 / 4.0, "{engine}: {with_few} and {with_more}");
        assert_eq!(few.total("tertiary_internal", "demand"), few.total("tertiary", "demand"), "one unit is the tier");
    }
}

/// A share of its own is what the common share would be if it named that specialty alone, and specialties do not know of
/// each other: those who come back to two are those who come back to the one and to the other, replication by replication.
#[test]
fn every_specialty_may_have_its_own_readmissions() {
    const ROWS: [(&str, &str); 4] = [
        ("demand.csv", "female,0+,surgery,60\n"),
        ("stay.csv", "surgery,tertiary,5,0.7\n"),
        ("choice.csv", "surgery,tertiary,1\n"),
        ("supply.csv", "h,院,H,district,tertiary,surgery,2000\n"),
    ];
    const INTERNAL: &str = "readmission_share = 0.15\nreadmission_after_days = 12\n";
    const SURGERY: &str = "readmission_share = 0.3\n";
    for engine in ["hour", "day"] {
        let folder = tempfile::tempdir().unwrap();
        let path = district(folder.path(), engine);
        let base = std::fs::read_to_string(&path).unwrap();
        for (table, rows) in ROWS {
            let text = std::fs::read_to_string(folder.path().join(table)).unwrap();
            std::fs::write(folder.path().join(table), text + rows).unwrap();
        }
        let ran = |internal: &str, surgery: &str, common: &str| {
            let other = "[health.specialties.surgery]\nlabel = \"Surgery\"\nelective_share = 0.5\n";
            std::fs::write(&path, format!("{base}{internal}{other}{surgery}{common}")).unwrap();
            run(&path, 10)
        };
        let back = |ran: &Ran| ran.years("tertiary", "readmissions");
        let one = ran(INTERNAL, "", "");
        let named = ran("", "", "[health.readmission]\nshare = 0.15\nafter_days = 12\nspecialties = [\"internal\"]\n");
        for metric in ["readmissions", "demand", "occupied_beds"] {
            assert_eq!(one.years("tertiary", metric), named.years("tertiary", metric), "{metric}, by the {engine}");
        }
        let (other, both) = (ran("", SURGERY, ""), ran(INTERNAL, SURGERY, ""));
        for ((all, first), second) in back(&both).iter().zip(back(&one)).zip(back(&other)) {
            let sums: Vec<f64> = first.iter().zip(second).map(|(a, b)| a + b).collect();
            assert_eq!(all, &sums, "by the {engine}");
            assert!(sums.iter().all(|sum| *sum > 0.0));
        }
        let over = ran(INTERNAL, "", "[health.readmission]\nshare = 0.3\n");
        assert_eq!(back(&both), back(&over), "its own share goes before the common one, by the {engine}");
    }
}

#[test]
fn days_until_nobody_comes_back_are_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = district(folder.path(), "day");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text + "readmission_after_days = 12\n").unwrap();
    let list = load(&path, Request::default()).diagnostics.list;
    let faults: Vec<_> = list.iter().filter(|found| found.severity == Severity::Error).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].message.en.contains("nobody of this specialty comes back"), "{faults:?}");
}

#[test]
fn faults_of_wards_are_told_together_and_step_down_ends_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let faults = |name: &str, text: &str| -> Vec<String> {
        let path = folder.path().join(format!("{name}.toml"));
        std::fs::write(&path, format!("label = \"x\"\n[horizon]\nstart = 2024\nend = 2024\n{text}")).unwrap();
        let list = load(&path, Request::default()).diagnostics.list;
        list.iter().map(|fault| fault.message.en.to_string()).collect()
    };
    std::fs::write(folder.path().join("stays.csv"), "from_days,to_days,patients\n4,2,5\n8,x,3\ny,9,z\n").unwrap();
    let text = "[health.wards.a]\narrivals_per_day = -1\nbeds = -2\nlos_mean_days = 5\noverflow_to = [\"c\", \"d\"]\n\
                step_down_to = \"e\"\nstep_down_share = 2\n\
                [health.wards.b]\narrivals_per_day = 1\nbeds = 5\nobserved_stays = \"stays.csv\"\n";
    let told = faults("faulty", text);
    let parts =
        ["`arrivals_per_day`", "`beds`", "«c»", "«d»", "«e»", "`step_down_share`", "shorter than", "«x»", "«y»", "«z»"];
    for part in parts {
        assert!(told.iter().any(|message| message.contains(part)), "«{part}» is not among {told:#?}");
    }
    let ward = |name: &str, to: &str| {
        format!(
            "[health.wards.{name}]\narrivals_per_day = 1\nbeds = 5\nlos_mean_days = 5\nstep_down_to = \"{to}\"\n\
             step_down_share = 0.5\n"
        )
    };
    let home = "[health.wards.c]\narrivals_per_day = 1\nbeds = 5\nlos_mean_days = 5\n";
    assert!(faults("chain", &(ward("a", "b") + &ward("b", "c") + home)).is_empty());
    for (name, text) in [("self", ward("a", "a")), ("circle", ward("a", "b") + &ward("b", "a"))] {
        let told = faults(name, &text);
        assert!(told.len() == 1 && told[0].contains("in a circle"), "{name}: {told:#?}");
    }
}

#[test]
fn refusals_before_a_step_down_explain_why_its_beds_are_emptier_than_the_closed_form_says() {
    let ran = run(&textbook("tandem"), 20);
    let gaps = ran.years("rehabilitation", "closed_form_gap");
    assert!(gaps.iter().flatten().all(|gap| gap.is_nan()), "beds explain that gap");
}

#[test]
fn faults_of_tiers_and_specialties_are_told_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = district(folder.path(), "hour");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("elective_share = 0.5", "elective_share = 5\nadmissions_factor = -1");
    let text = text
        .replace("[health.tertiary]", "[health.district]\nurgent_wait_hours = -1\noverflow_up = 3\n[health.tertiary]");
    std::fs::write(&path, text.replace("supply.csv", "nowhere.csv")).unwrap();
    let list = load(&path, Request::default()).diagnostics.list;
    let faults = list.iter().filter(|found| found.severity == Severity::Error);
    let told: Vec<&str> = faults.map(|fault| fault.message.en.as_ref()).collect();
    for part in ["`elective_share`", "`admissions_factor`", "`urgent_wait_hours`", "overflow_up`", "nowhere.csv"] {
        assert!(told.iter().any(|message| message.contains(part)), "«{part}» is not among {told:#?}");
    }
    assert_eq!(told.len(), 5, "and nothing that only follows from them: {told:#?}");
}

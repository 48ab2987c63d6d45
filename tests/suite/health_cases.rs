//! Beds: laws that readers and engines once broke, each with the smallest scenario that shows it.

use std::fs;
use std::path::{Path, PathBuf};

use civicap::diagnostic::{Diagnostic, Severity};
use civicap::scenario::{Request, load};

use crate::support::health::{Ran, run};

fn case(name: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/cases").join(name).join(file)
}

/// What is said of a scenario: faults and warnings.
fn told(path: &Path) -> Vec<Diagnostic> {
    load(path, Request::default()).diagnostics.list
}

fn has(told: &[Diagnostic], severity: Severity, words: &str) -> bool {
    told.iter().any(|d| d.severity == severity && d.message.en.contains(words))
}

#[track_caller]
fn assert_refused(path: &Path, words: &str) {
    let list = told(path);
    assert!(has(&list, Severity::Error, words), "{}: {list:#?}", path.display());
}

#[track_caller]
fn assert_warned(path: &Path, words: &str) {
    let list = told(path);
    assert!(has(&list, Severity::Warning, words), "{}: {list:#?}", path.display());
}

/// A scenario of wards in a folder of its own.
fn wards(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(format!("{name}.toml"));
    fs::write(&path, format!("label = \"x\"\n[horizon]\nstart = 2025\nend = 2027\n{text}")).unwrap();
    path
}

/// The values of a metric in all years and replications.
fn values(ran: &Ran, stage: &str, metric: &str) -> Vec<f64> {
    ran.years(stage, metric).concat()
}

#[test]
fn beds_that_are_given_twice_a_day_are_refused_in_daily_steps() {
    let folder = "tertiary-by-the-day-with-short-stays";
    assert_refused(&case(folder, "scenario.toml"), "cannot be simulated in daily steps");
    // Followed the remedy: no more are refused than Erlang B says where nobody may wait, B(78.9, 96) = .0074.
    let ran = run(&case(folder, "by-the-hour.toml"), 4);
    assert!(values(&ran, "tertiary", "refused_share").iter().all(|share| *share < 0.0074));
}

#[test]
fn a_ward_without_beds_where_people_wait_is_short_and_nobody_knows_how_long_they_wait() {
    let ran = run(&case("ward-without-beds-where-people-wait", "scenario.toml"), 8);
    assert!(values(&ran, "closed", "target_missed").iter().all(|short| *short == 1.0));
    assert!(values(&ran, "closed", "days_over_92").iter().all(|share| *share == 1.0));
    for metric in ["mean_wait_days", "refused_share"] {
        assert!(values(&ran, "closed", metric).iter().all(|value| value.is_nan()), "{metric}");
    }
    assert!(values(&ran, "one_bed", "target_missed").iter().all(|short| *short == 1.0));
    assert!(values(&ran, "one_bed", "mean_wait_days").iter().all(|days| *days > 0.0));
}

#[test]
fn a_ward_that_refuses_and_has_no_beds_refuses_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[health.wards.w]\narrivals_per_day = 2\nbeds = 0\nlos_mean_days = 4\n";
    let ran = run(&wards(folder.path(), "none", text), 4);
    assert!(values(&ran, "w", "target_missed").iter().all(|short| *short == 1.0));
    assert!(values(&ran, "w", "refused_share").iter().all(|share| *share == 1.0));
    // Nobody asks: nothing is missing.
    let text = "[health.wards.w]\narrivals_per_day = 0\nbeds = 0\nlos_mean_days = 4\n";
    let ran = run(&wards(folder.path(), "nobody", text), 4);
    assert!(values(&ran, "w", "target_missed").iter().all(|short| *short == 0.0));
}

#[test]
fn a_stay_contains_its_part_in_intensive_care() {
    let folder = "more-people-in-intensive-care-than-in-hospital";
    assert_refused(&case(folder, "scenario.toml"), "the part is longer than the whole");
    let ran = run(&case(folder, "none.toml"), 8);
    let shares = values(&ran, "intensive_care_unit", "refused_share");
    assert!(shares.iter().all(|share| *share == 1.0), "{shares:?}");
    assert!(values(&ran, "intensive_care_unit", "days_over_92").iter().all(|share| *share == 1.0));
}

#[test]
fn a_key_that_cannot_act_is_warned_of_with_what_lets_it_act() {
    let folder = "keys-without-effect";
    for (file, key) in [
        ("wait-limit-in-a-ward-that-refuses.toml", "wait_limit_days"),
        ("wait-limit-in-a-ward-that-refuses.toml", "waiting_places"),
        ("weekdays-of-arrivals.toml", "weekday"),
        ("long-stays-without-a-share.toml", "long_mean_days"),
        ("exponential-with-cv.toml", "los_cv"),
        ("step-down-nowhere.toml", "step_down_share"),
    ] {
        assert_warned(&case(folder, file), key);
    }
    let list = told(&case(folder, "the-same-with-queue.toml"));
    assert!(list.is_empty(), "{list:#?}");
}

#[test]
fn terms_of_requests_that_nobody_makes_and_of_other_openings_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let ward = "[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\n";
    for key in ["season = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]", "daily_overdispersion_cv = 0.2", "outside_factor = 2"]
    {
        let path = wards(folder.path(), "idle", &format!("[health]\n{key}\n{ward}"));
        assert_warned(&path, key.split(' ').next().unwrap());
    }
    let path = wards(folder.path(), "idle", &format!("[health]\nopening = \"empty\"\nwarm_up_days = 60\n{ward}"));
    assert_warned(&path, "warm_up_days");
    let path = wards(folder.path(), "idle", &format!("{ward}los_distribution = \"fixed\"\nlos_cv = 0.5\n"));
    assert_warned(&path, "los_cv");
}

#[test]
fn requests_for_many_times_what_beds_could_serve_are_warned_of() {
    assert_warned(&case("demand-without-end", "scenario.toml"), "36,500,000 requests a year for 110 beds");
}

#[test]
fn a_remedy_does_not_name_what_was_refused_and_no_fault_follows_from_another() {
    let folder = "remedies-that-cannot-work";
    let list = told(&case(folder, "overflow-to-itself.toml"));
    assert!(has(&list, Severity::Error, "cannot overflow to itself"), "{list:#?}");
    assert!(list.iter().all(|d| !d.remedy.en.contains("write one of: ward")), "{list:#?}");
    // The date of a spreadsheet is a date.
    assert!(!told(&case(folder, "bad-date.toml")).iter().any(|d| d.severity == Severity::Error));
    // A day that there is not is one fault; that there then seem to be no beds is none.
    let scratch = tempfile::tempdir().unwrap();
    for file in fs::read_dir(case(folder, "")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), scratch.path().join(file.file_name())).unwrap();
    }
    let beds = fs::read_to_string(scratch.path().join("beds.csv")).unwrap();
    fs::write(scratch.path().join("beds.csv"), beds.replace("2025/9/1", "2025-02-30")).unwrap();
    let list = told(&scratch.path().join("bad-date.toml"));
    let faults: Vec<_> = list.iter().filter(|d| d.severity == Severity::Error).collect();
    assert_eq!(faults.len(), 1, "{faults:#?}");
}

#[test]
fn a_day_that_the_month_does_not_have_is_refused() {
    let list = told(&case("dates-that-do-not-exist", "scenario.toml"));
    let fault = list.iter().find(|d| d.severity == Severity::Error).unwrap();
    assert!(fault.message.en.contains("2026-02-30"), "{fault:#?}");
}

#[test]
fn rows_given_twice_are_refused_with_the_line_of_the_first() {
    let folder = "rows-given-twice";
    assert!(told(&case(folder, "scenario.toml")).iter().all(|d| d.severity != Severity::Error));
    for file in ["admissions-twice", "stays-twice", "inflow-twice", "beds-twice"] {
        assert_refused(&case(folder, &format!("{file}.toml")), "line 2");
    }
    assert_refused(&case(folder, "admissions-overlap.toml"), "line 2");
}

#[test]
fn ages_between_others_that_no_row_names_are_warned_of() {
    let list = told(&case("ages-without-admissions", "admissions.toml"));
    assert!(has(&list, Severity::Warning, "male, age 20-39, internal"), "{list:#?}");
    assert!(list.iter().all(|d| d.severity != Severity::Error), "{list:#?}");
}

#[test]
fn beds_of_a_ward_open_on_their_day() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("beds.csv"), "facility,area,beds,opens,closes,reopens,project\nold,district,10,,2026-07-01,2027-01-01,\nnew,district,5,2026-02-28,,,\n").unwrap();
    let text = "[health.wards.w]\narrivals_per_day = 2\nsupply = \"beds.csv\"\nlos_mean_days = 4\n";
    let ran = run(&wards(folder.path(), "dated", text), 1);
    let places = values(&ran, "w", "places");
    // 1 January to 30 June are 181 days; 28 February is the 59th day of the year.
    let expected = [10.0, 10.0 * 181.0 / 365.0 + 5.0 * (365.0 - 58.0) / 365.0, 15.0];
    for (year, (places, expected)) in places.iter().zip(expected).enumerate() {
        // Results are kept in single precision.
        assert!((places - expected).abs() < 1e-5, "{year}: {places} is not {expected}");
    }
}

/// Stays of mean 10 days: of N patients who were counted, those left at midnight k days on are N times the chance that a stay
/// that has lasted so long lasts k days more; an exponential one does not remember.
#[test]
fn patients_who_were_counted_leave_by_the_law_of_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("days.csv"), "days_so_far,patients\n0,100\n30,100\n").unwrap();
    let ward = |law: &str, patients: &str| {
        format!(
            "[health]\nopening = \"counted\"\n[health.wards.w]\narrivals_per_day = 0\nbeds = 300\n\
             los_distribution = \"{law}\"\nlos_mean_days = 10\n{patients}\n"
        )
    };
    let census = |day: &str, law: &str, patients: &str| {
        let ran = run(&wards(folder.path(), law, &ward(law, patients)), 200);
        let first = ran.years("w", &format!("census_day_{day}"))[0].clone();
        first.iter().sum::<f64>() / first.len() as f64
    };
    let near = |seen: f64, of: f64, p: f64| {
        let sd = (of * p * (1.0 - p) / 200.0).sqrt();
        assert!((seen - of * p).abs() < 4.0 * sd, "{seen} is not {}", of * p);
    };
    let memoryless = f64::exp(-1.0);
    near(census("10", "exponential", "opening_patients_by_days = \"days.csv\""), 200.0, memoryless);
    near(census("10", "exponential", "opening_patients = 200"), 200.0, memoryless);
    // Who stays for exactly ten days has gone long before the thirtieth.
    assert_eq!(census("30", "fixed", "opening_patients_by_days = \"days.csv\""), 0.0);
}

#[test]
fn a_count_is_asked_of_wards_and_of_some_ward() {
    let folder = tempfile::tempdir().unwrap();
    let ward =
        "[health]\nopening = \"counted\"\n[health.wards.w]\narrivals_per_day = 2\nbeds = 10\nlos_mean_days = 4\n";
    assert_refused(&wards(folder.path(), "nobody", ward), "no ward says how many patients were counted");
}

/// A ward more, written first, moves no other; wards in another order are the same wards.
#[test]
fn draws_of_a_ward_are_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let ward = |name: &str, rate: f64| {
        format!(
            "[health.wards.{name}]\narrivals_per_day = {rate}\nurgent_per_day = 1\nbeds = 12\nlos_mean_days = 4\n\
             waiting = \"queue\"\nwait_limit_days = 2\n"
        )
    };
    let (a, b, c) = (ward("a", 1.5), ward("b", 2.0), ward("c", 1.0));
    let common = "[health]\nopening = \"stationary\"\n[health.readmission]\nshare = 0.2\n";
    let ran = |name: &str, text: String| run(&wards(folder.path(), name, &format!("{common}{text}")), 6);
    let before = ran("two", format!("{a}{b}"));
    let (more, turned) = (ran("three", format!("{c}{a}{b}")), ran("turned", format!("{b}{a}")));
    for other in [&more, &turned] {
        for stage in ["a", "b"] {
            for metric in ["demand", "served", "waiting", "occupied_beds", "mean_wait_days", "readmissions"] {
                let pairs = before.years(stage, metric).concat().into_iter().zip(other.years(stage, metric).concat());
                assert!(pairs.clone().all(|(a, b)| a.to_bits() == b.to_bits()), "{stage} {metric}");
            }
        }
    }
}

/// Rows of every table of beds in another order give the same numbers, and a specialty more moves no other.
#[test]
fn draws_belong_to_names_and_not_to_rows() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    for file in ["people.csv", "deaths.csv", "births.csv"] {
        fs::copy(case("rows-given-twice", file), folder.path().join(file)).unwrap();
    }
    let rows = |table: &str, order: &[usize]| {
        let mut lines = table.lines();
        let heading = lines.next().unwrap();
        let rows: Vec<&str> = lines.collect();
        order.iter().fold(format!("{heading}\n"), |text, row| text + rows[*row] + "\n")
    };
    let tables = [
        (
            "admissions.csv",
            "sex,age,specialty,admissions_per_1000\nmale,0+,a,60\nfemale,0+,a,40\nmale,0+,b,50\nfemale,0+,b,70\n",
        ),
        (
            "stays.csv",
            "specialty,tier,mean_days,cv\na,district,6,0.8\na,tertiary,8,1\nb,district,5,0.7\nb,tertiary,7,1\n",
        ),
        ("choice.csv", "specialty,tier,share\na,district,0.6\na,tertiary,0.4\nb,district,0.5\nb,tertiary,0.5\n"),
        (
            "beds.csv",
            "facility,label_zh,label_en,area,tier,specialty,beds,opens,closes,project\nx,,,district,district,a,30,,,\ny,,,district,district,a,25,,,\nx,,,district,district,b,45,,,\nz,,,district,tertiary,a,60,,,\nz,,,district,tertiary,b,60,,,\n",
        ),
    ];
    let base = "[people]\ntable = \"people.csv\"\n[people.deaths]\ntable = \"deaths.csv\"\n[people.births]\n\
                table = \"births.csv\"\nbirths_per_woman = 0\n";
    let scenario = |specialties: &str| {
        format!(
            "label = \"x\"\n[horizon]\nstart = 2025\nend = 2026\n{base}[health]\ndemand = \"admissions.csv\"\n\
             length_of_stay = \"stays.csv\"\nchoice = \"choice.csv\"\nsupply = \"beds.csv\"\n{specialties}"
        )
    };
    let both = "[health.specialties.a]\nlabel = \"A\"\n[health.specialties.b]\nlabel = \"B\"\n";
    tables.iter().for_each(|(name, text)| write(name, text));
    write("scenario.toml", &scenario(both));
    let before = run(&folder.path().join("scenario.toml"), 4);
    for (name, text) in tables {
        let count = text.lines().count() - 1;
        write(name, &rows(text, &(0..count).rev().collect::<Vec<_>>()));
    }
    let shuffled = run(&folder.path().join("scenario.toml"), 4);
    let same = |other: &Ran, stages: &[&str]| {
        for stage in stages {
            for metric in ["demand", "places", "occupied_beds", "refused_share", "days_over_92", "offered_load"] {
                let pairs = before.years(stage, metric).concat().into_iter().zip(other.years(stage, metric).concat());
                assert!(pairs.clone().all(|(a, b)| a.to_bits() == b.to_bits()), "{stage} {metric}");
            }
        }
    };
    same(&shuffled, &["district_a", "district_b", "tertiary_a", "tertiary_b", "hospital_x", "hospital_y"]);
    // Without the other specialty, a is what it was.
    for (name, text) in tables {
        let kept: Vec<&str> = text.lines().filter(|line| !line.split(',').any(|cell| cell == "b")).collect();
        write(name, &(kept.join("\n") + "\n"));
    }
    write("scenario.toml", &scenario("[health.specialties.a]\nlabel = \"A\"\n"));
    same(&run(&folder.path().join("scenario.toml"), 4), &["district_a", "tertiary_a", "hospital_y"]);
}

/// At the bound of what daily steps are for (a mean stay of 4 days), loads from below to above the beds, small tiers and large
/// ones: both engines refuse the same share within two points, and use the same beds within two in a hundred.
#[test]
fn daily_steps_agree_with_continuous_time_where_they_are_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    for file in ["people.csv", "deaths.csv", "births.csv"] {
        fs::copy(case("rows-given-twice", file), folder.path().join(file)).unwrap();
    }
    write("stays.csv", "specialty,tier,mean_days,cv\na,tertiary,4,0.6\n");
    write("choice.csv", "specialty,tier,share\na,tertiary,1\n");
    for (beds, load) in [(20, 0.8), (20, 1.1), (300, 0.9), (300, 1.1)] {
        // 12,000 people; in two years nobody dies or is born.
        let rate = f64::from(beds) * load * 365.25 / 4.0 / 12.0;
        let rows = format!("male,0+,a,{rate}\nfemale,0+,a,{rate}\n");
        write("admissions.csv", &format!("sex,age,specialty,admissions_per_1000\n{rows}"));
        write("beds.csv", &format!("facility,area,tier,specialty,beds\nz,district,tertiary,a,{beds}\n"));
        let ran = |engine: &str| {
            write(
                "scenario.toml",
                &format!(
                    "label = \"x\"\n[horizon]\nstart = 2025\nend = 2026\n[people]\ntable = \"people.csv\"\n\
                     [people.deaths]\ntable = \"deaths.csv\"\n[people.births]\ntable = \"births.csv\"\nbirths_per_woman = 0\n\
                     [health]\ndemand = \"admissions.csv\"\nlength_of_stay = \"stays.csv\"\nchoice = \"choice.csv\"\n\
                     supply = \"beds.csv\"\n[health.specialties.a]\nlabel = \"A\"\nelective_share = 0\n\
                     [health.tertiary]\npooling = \"tier\"\nengine = \"{engine}\"\n"
                ),
            );
            let ran = run(&folder.path().join("scenario.toml"), 20);
            let mean = |metric: &str| {
                let values = values(&ran, "tertiary", metric);
                values.iter().sum::<f64>() / values.len() as f64
            };
            (mean("refused_share"), mean("occupied_beds"))
        };
        let (by_hour, by_day) = (ran("hour"), ran("day"));
        assert!((by_hour.0 - by_day.0).abs() < 0.02, "{beds} beds, load {load}: {by_hour:?} against {by_day:?}");
        assert!((by_hour.1 / by_day.1 - 1.0).abs() < 0.02, "{beds} beds, load {load}: {by_hour:?} against {by_day:?}");
    }
}

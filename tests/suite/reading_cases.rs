//! What planners write by the habits of registers, spreadsheets and statistics offices: read with its right value, or refused at
//! its place with a remedy that works.

use std::fs;
use std::path::{Path, PathBuf};

use civicap::diagnostic::{Diagnostic, Severity};
use civicap::input::{LoadSession, open_table};
use civicap::scenario::{Request, load};
use civicap::services::education::enrolment::{COLUMNS, Enrolment};

use crate::support::health::run;
use crate::support::replay::case;

fn told(path: &Path) -> Vec<Diagnostic> {
    load(path, Request::default()).diagnostics.list
}

fn errors(path: &Path) -> Vec<Diagnostic> {
    told(path).into_iter().filter(|d| d.severity == Severity::Error).collect()
}

#[track_caller]
fn assert_warned(path: &Path, words: &str) {
    let list = told(path);
    let found = list.iter().any(|d| d.severity == Severity::Warning && d.message.en.contains(words));
    assert!(found && list.iter().all(|d| d.severity == Severity::Warning), "{list:#?}");
}

/// The one error of a scenario, as message and remedy.
#[track_caller]
fn refused(path: &Path) -> String {
    let list = errors(path);
    let [one] = &list[..] else { panic!("{list:#?}") };
    format!("{}; {}", one.message.en, one.remedy.en)
}

/// A scenario of these lines, with tables beside it.
struct Written(tempfile::TempDir);

impl Written {
    fn new(lines: &str, tables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        tables.iter().for_each(|(name, text)| fs::write(folder.path().join(name), text).unwrap());
        let text = format!("label = \"x\"\n[horizon]\nstart = 2025\nend = 2029\n{lines}");
        fs::write(folder.path().join("scenario.toml"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("scenario.toml")
    }
}

const WARD: &str = "[health.wards.w]\narrivals_per_day = 2\nsupply = \"beds.csv\"\nlos_mean_days = 4\n";
const SCHOOL: &str = "[education]\nsupply = \"schools.csv\"\n[education.stages.primary]\nentrants_per_year = 90\n";

// Closing before opening.

#[test]
fn what_closes_before_it_opens_is_refused_in_every_table() {
    let list = errors(&case("closes-before-it-opens", "scenario.toml"));
    assert_eq!(list.len(), 2, "{list:#?}");
    assert!(list.iter().all(|d| d.message.en.contains("on or before the day it opens")), "{list:#?}");
}

#[test]
fn what_closes_on_the_day_it_opens_is_refused_in_a_ward() {
    let beds = "facility,area,beds,opens,closes\na,district,9,,\nb,district,9,2027-01-01,2027-01-01\n";
    assert!(refused(&Written::new(WARD, &[("beds.csv", beds)]).path()).contains("2027-01-01"));
}

#[test]
fn what_closes_before_its_project_opens_is_refused() {
    let beds = "facility,area,beds,opens,closes,project\na,district,9,,,\nb,district,9,,2026-01-01,late\n";
    let project = format!("[projects.late]\nlabel = \"Late\"\nopens = 2027-01-01\n{WARD}");
    assert!(refused(&Written::new(&project, &[("beds.csv", beds)]).path()).contains("with its project"));
}

#[test]
fn a_project_that_is_late_moves_both_dates_of_its_row() {
    let beds = "facility,area,beds,opens,closes,project\na,district,9,,,\nb,district,9,2026-01-01,2027-01-01,late\n";
    let late = "[projects.late]\nlabel = \"Late\"\nopens = 2026-01-01\ndelay_months = 12\n";
    let ran = run(&Written::new(&format!("{late}{WARD}"), &[("beds.csv", beds)]).path(), 2);
    let places: Vec<f64> = ran.years("w", "places").into_iter().map(|year| year[0]).collect();
    assert_eq!(places, [9.0, 9.0, 18.0, 9.0, 9.0]);
}

// A project without a date in its row.

#[test]
fn a_row_without_a_date_opens_with_its_project_in_every_service() {
    let places = |file: &str, stage: &str| {
        let ran = run(&case("project-without-a-date-in-its-row", file), 2);
        ran.years(stage, "places").into_iter().map(|year| year[0]).collect::<Vec<_>>()
    };
    for (stage, before, after) in [("primary", 1080.0, 1620.0), ("district", 14.0, 30.0), ("home_visits", 90.0, 150.0)]
    {
        let with = places("scenario.toml", stage);
        assert_eq!((with[0], with[1], with[3]), (before, before, after), "{stage}: {with:?}");
        let without = places("without.toml", stage);
        assert!(without.iter().all(|places| *places == before), "{stage}: {without:?}");
    }
}

#[test]
fn a_project_that_no_row_names_is_warned_of() {
    let beds = "facility,area,beds,opens,project\na,district,9,,\n";
    let project = format!("[projects.nothing]\nlabel = \"Nothing\"\nopens = 2027-01-01\n{WARD}");
    assert_warned(&Written::new(&project, &[("beds.csv", beds)]).path(), "«nothing» brings no places");
}

#[test]
fn a_project_that_opens_after_the_last_year_is_warned_of() {
    let beds = "facility,area,beds,opens,project\na,district,9,,\nb,district,9,,far\n";
    let project = format!("[projects.far]\nlabel = \"Far\"\nopens = 2030-01-01\n{WARD}");
    assert_warned(&Written::new(&project, &[("beds.csv", beds)]).path(), "after 2029");
}

#[test]
fn no_project_and_no_facility_is_called_what_means_all() {
    let schools = "facility,area,stage,sector,classes,class_size\nall,district,primary,public,12,45\n";
    assert!(refused(&Written::new(SCHOOL, &[("schools.csv", schools)]).path()).contains("`all`"));
    let beds = "facility,area,beds,project\na,district,9,all\n";
    let project = format!("[projects.all]\nlabel = \"All\"\nopens = 2027-01-01\n{WARD}");
    assert!(refused(&Written::new(&project, &[("beds.csv", beds)]).path()).contains("`all`"));
}

// Doubt that cannot act.

#[test]
fn doubt_around_one_hundred_per_cent_is_told_and_does_not_count() {
    let folder = "doubt-lost-at-one-hundred-per-cent";
    assert_warned(&case(folder, "scenario.toml"), "participation");
    assert!(told(&case(folder, "nearly.toml")).is_empty());
}

#[test]
fn doubt_about_a_share_of_none_is_told() {
    let schools = "facility,area,stage,sector,classes,class_size\na,district,primary,public,12,45\nb,district,primary,private,6,45\n";
    let lines = format!("{SCHOOL}private_share = {{ value = 0.0, sd = 0.4 }}\n");
    assert_warned(&Written::new(&lines, &[("schools.csv", schools)]).path(), "private_share");
}

// School years, and counts that are not shown.

/// Reads a table of enrolment: what was read, and what was said.
fn enrolment(path: &Path) -> (Option<Enrolment>, Vec<Diagnostic>) {
    let session = LoadSession::default();
    let table = open_table(&session, path, COLUMNS).and_then(|sheet| Enrolment::read(&sheet, None));
    (table, session.diagnostics.finish().list)
}

/// A table of two years with one text in the place of another.
fn two_years(from: &str, to: &str) -> (Option<Enrolment>, Vec<Diagnostic>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("enrolment.csv");
    let text = "year,births,primary_1,primary_2\n2006,1000,939,928\n2007,1000,960,952\n";
    assert!(text.contains(from));
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    enrolment(&path)
}

#[test]
fn a_school_year_is_read_as_the_year_in_which_it_begins_and_said_once() {
    let (table, said) = enrolment(&case("school-years-and-suppressed-counts", "school-years.csv"));
    let table = table.unwrap();
    assert_eq!((table.first_year, table.years), (2006, 19));
    assert!(said.len() == 1 && said[0].message.en.contains("«2006-07» as 2006"), "{said:#?}");
    for written in ["2006/07", "2006-2007", "2006学年"] {
        let (table, said) = two_years("2006", written);
        assert_eq!(table.unwrap().first_year, 2006, "{written}");
        assert_eq!(said.len(), 1, "{written}: {said:#?}");
    }
}

#[test]
fn a_count_that_is_not_shown_is_not_known_and_said_once() {
    let (table, said) = enrolment(&case("school-years-and-suppressed-counts", "suppressed.csv"));
    let table = table.unwrap();
    assert!((0..6).all(|grade| table.pupils(0, 2020, grade).is_nan()));
    assert_eq!(table.pupils(0, 2021, 0), 942.0);
    assert!(said.len() == 1 && said[0].message.en.contains("6 cell(s)"), "{said:#?}");
    for mark in ["<5", "NA", "N/A", "#N/A", "-", "…", "x", "c"] {
        let (table, said) = two_years("928", mark);
        assert!(table.unwrap().pupils(0, 2006, 1).is_nan(), "{mark}");
        assert_eq!(said.len(), 1, "{mark}: {said:#?}");
    }
}

#[test]
fn a_year_that_is_given_twice_is_refused_however_it_is_written() {
    for written in ["2006", "2006-07", "2006/07"] {
        let (table, said) = two_years("2007", written);
        assert!(table.is_none(), "{written}");
        assert!(said.iter().any(|d| d.severity == Severity::Error && d.message.en.contains("line 2")), "{said:#?}");
    }
}

#[test]
fn a_month_in_the_place_of_a_year_is_one_fault_with_the_year() {
    let (table, said) = two_years("2007", "2007-09");
    assert!(table.is_none() && said.len() == 1, "{said:#?}");
    assert!(said[0].remedy.en.ends_with("2007"), "{said:#?}");
}

#[test]
fn a_mark_in_a_cell_that_may_be_empty_is_answered_with_leaving_it_empty() {
    for mark in ["*", "-", "#N/A", "…"] {
        let beds = format!("facility,area,beds,opens,closes\na,district,9,,{mark}\n");
        assert!(refused(&Written::new(WARD, &[("beds.csv", &beds)]).path()).contains("leave the cell empty"), "{mark}");
    }
    let beds = "facility,area,beds,opens,closes\na,district,*,,\n";
    assert!(refused(&Written::new(WARD, &[("beds.csv", beds)]).path()).contains("or an estimate"));
}

/// 686 typed as 6,860, as 0.686 thousand, or as 0 for what is not known.
#[test]
fn one_impossible_count_is_told_before_it_carries_a_whole_estimate() {
    let text = "year,births,primary_1\n2005,700,650\n2006,690,660\n2007,686,655\n2008,705,640\n2009,700,645\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("enrolment.csv");
    let told = |births: &str| {
        fs::write(&path, text.replacen(",686,", &format!(",{births},"), 1)).unwrap();
        enrolment(&path).1
    };
    assert!(told("686").is_empty() && told("").is_empty());
    for births in ["6860", "0.686", "0"] {
        let said = told(births);
        assert!(said.len() == 1 && said[0].message.en.contains("about 700 in the years around"), "{births}: {said:#?}");
    }
}

// Rows given twice.

#[test]
fn a_pair_of_neighbours_stands_once_in_either_order() {
    for file in ["neighbours-twice.toml", "neighbours-other-order.toml"] {
        assert!(refused(&case("rows-given-twice", file)).contains("line 2"), "{file}");
    }
}

/// Two areas and their neighbours.
fn neighbours(rows: &str) -> Written {
    let areas = "id,label_zh,label_en\na,甲,A\nb,乙,B\n";
    let schools = "facility,area,stage,sector,classes,class_size\ns,a,primary,public,12,45\n";
    let table = format!("a,b,kilometres\n{rows}");
    let lines = format!("[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n{SCHOOL}");
    Written::new(&lines, &[("areas.csv", areas), ("schools.csv", schools), ("neighbours.csv", &table)])
}

#[test]
fn an_area_is_not_its_own_neighbour_nor_at_no_distance_from_another() {
    assert!(errors(&neighbours("a,b,3\n").path()).is_empty());
    assert!(refused(&neighbours("a,a,3\n").path()).contains("its own neighbour"));
    assert!(refused(&neighbours("a,b,0\n").path()).contains("0 kilometres"));
}

#[test]
fn holidays_that_share_a_day_are_refused() {
    let beds = "facility,area,beds\na,district,9\n";
    let lines = format!("[health]\nholidays = \"holidays.csv\"\n{WARD}urgent_per_day = 1\n");
    let with = |rows: &str| {
        let table = format!("from,to,urgent,elective\n{rows}");
        errors(&Written::new(&lines, &[("beds.csv", beds), ("holidays.csv", &table)]).path())
    };
    assert!(with("2025-10-01,2025-10-07,0.5,0.1\n2025-10-08,2025-10-09,0.5,0.1\n").is_empty());
    let overlap = with("2025-10-01,2025-10-07,0.5,0.1\n2025-10-07,2025-10-09,0.5,0.1\n");
    assert!(overlap.len() == 1 && overlap[0].message.en.contains("line 2"), "{overlap:#?}");
    let twice = with("2025-10-01,2025-10-07,0.5,0.1\n2025/10/1,2025-10-07,0.5,0.1\n");
    assert!(twice.len() == 1 && twice[0].message.en.contains("line 2"), "{twice:#?}");
}

#[test]
fn stays_that_are_counted_twice_are_refused_and_patients_one_by_one_are_not() {
    let ward = "[health.wards.w]\narrivals_per_day = 2\nbeds = 20\nobserved_stays = \"stays.csv\"\n";
    let twice = "from_days,to_days,patients\n1,2,30\n3,9,40\n1,2,30\n";
    assert!(refused(&Written::new(ward, &[("stays.csv", twice)]).path()).contains("line 2"));
    let one_by_one = "from_days\n1\n3\n1\n";
    assert!(errors(&Written::new(ward, &[("stays.csv", one_by_one)]).path()).is_empty());
}

// Orders of magnitude.

#[test]
fn numbers_that_no_planner_means_are_warned_of() {
    let queue = |lines: &str| {
        let text = format!("[elderly.queues.home]\nrequests_per_year = 12\nplaces = 60\nstay_months = 24\n{lines}");
        Written::new(&text, &[])
    };
    assert!(told(&queue("").path()).is_empty());
    let replaced = |from: &str, to: &str| {
        let written = queue("");
        let text = fs::read_to_string(written.path()).unwrap();
        fs::write(written.path(), text.replacen(from, to, 1)).unwrap();
        written
    };
    assert_warned(&replaced("= 12", "= 1000000").path(), "1000000 requests a year for 60 places");
    assert_warned(&replaced("places = 60", "places = 900000").path(), "900000 places in one facility");
    let target = "[elderly.service_target]\nunmet_share_at_most = 1\n";
    assert_warned(&queue(target).path(), "unmet_share_at_most");
    assert!(refused(&queue("overflow_to = \"home\"\n").path()).contains("cannot overflow to itself"));
    for size in ["1", "150"] {
        let schools = "facility,area,stage,sector,classes\ns,district,primary,public,12\n";
        let lines = format!("{SCHOOL}class_sizes = [{size}]\nmax_class_size = 150\n");
        assert!(
            told(&Written::new(&lines, &[("schools.csv", schools)]).path())
                .iter()
                .any(|d| d.message.en.contains(&format!("a class of {size} places"))),
            "{size}"
        );
    }
}

#[test]
fn a_promise_that_is_certain_or_worth_nothing_is_refused() {
    let schools = "facility,area,stage,sector,classes\ns,district,primary,public,12\n";
    for confidence in ["0", "1", "0.3"] {
        let lines = format!("{SCHOOL}[education.service_target]\nconfidence = {confidence}\n");
        let said = refused(&Written::new(&lines, &[("schools.csv", schools)]).path());
        assert!(said.contains("confidence"), "{said}");
    }
}

#[test]
fn per_cent_for_shares_are_answered_with_the_share() {
    let need = "sex,age,living,none,mild,moderate,severe\nmale,60+,alone,85,10,3,2\n";
    let living = "sex,age,alone,couple,with_children\nmale,60+,0.2,0.5,0.3\nfemale,60+,0.2,0.5,0.3\n";
    let folder = Written::new(
        "[people]\ntable = \"p.csv\"\n[elderly]\nneed = \"need.csv\"\nliving = \"living.csv\"\n",
        &[("need.csv", need), ("living.csv", living)],
    );
    let list = errors(&folder.path());
    assert!(list.iter().any(|d| d.remedy.en == "write it as a share: 0.85"), "{list:#?}");
}

//! The laws of the room: what a table says, and on which days places exist then.

use super::*;
use crate::dates::Day;
use crate::diagnostic::{DiagnosticSink, Severity, Span};
use crate::input::{Column, LoadSession, table_of_text};
use crate::language::Text;
use crate::site::{Area, Project, Site};
use crate::uncertainty::{Distribution, Parameter, ParameterDef, ParameterDraw, Parameters, Provenance, Status};

const COLUMNS: &[Column] = &[
    columns::FACILITY,
    columns::AREA,
    Column::required("level", "", ""),
    Column::required("places", "", ""),
    columns::OPENS,
    columns::CLOSES,
    columns::REOPENS,
    columns::PROJECT,
];

const GRAMMAR: Grammar<'static> =
    Grammar { level: Words { column: "level", known: &["low", "high"] }, kind: None, places: "places", price: None };

/// Years 2025 to 2030, an area, and a project of 1 September 2027 with the first parameter as its delay.
fn site(left_out: bool) -> Site {
    let project = Project {
        id: "new".to_owned(),
        label: Text::name("new"),
        opens: day("2027-09-01").moment(),
        delay: Some(Parameter::at(0)),
        left_out,
    };
    Site {
        areas: vec![Area { id: "a".to_owned(), label: Text::name("a"), tile: None }],
        map: None,
        distance: vec![0.0],
        first_year: 2025,
        start: 2025,
        end: 2030,
        projects: vec![project],
        common_delay: None,
        has_people: false,
        has_registration: false,
    }
}

/// A path on which the project is so many months late.
fn path(months: f64) -> ParameterDraw {
    let span = Span { file: DiagnosticSink::default().add_file("x".as_ref(), String::new()), start: 0, end: 0 };
    let def = ParameterDef {
        path: "delay".to_owned(),
        origin: "delay".to_owned(),
        unit: "months",
        law: Distribution::Fixed(months),
        variation: crate::uncertainty::Variation::default(),
        bounds: (-24.0, 240.0),
        provenance: Provenance { source: Text::default(), status: Status::Assumed, defaulted: false },
        span,
    };
    let parameters = Parameters::new(vec![def], 2025, 6, &[]);
    let mut draw = parameters.blank();
    parameters.draw(1, 0, &mut draw);
    draw
}

fn day(written: &str) -> Day {
    Day::parse(written).unwrap()
}

/// What `look` makes of the rows of a table, and what was noted of them: severity, code and remedy.
fn read_rows<T>(rows: &str, site: &Site, look: impl Fn(&Rows<'_>) -> T) -> (T, Vec<(Severity, &'static str, String)>) {
    let text = format!("facility,area,level,places,opens,closes,reopens,project\n{rows}");
    let session = LoadSession::default();
    let found = {
        let sheet = table_of_text(&session, "supply.csv", &text, COLUMNS).unwrap();
        look(&read(&sheet, site, &GRAMMAR))
    };
    let noted = session.diagnostics.finish().list.into_iter();
    (found, noted.map(|d| (d.severity, d.code, d.remedy.en.into_owned())).collect())
}

/// The days of the only row of a table on a path.
fn open(row: &str, left_out: bool, late: f64) -> Open {
    let site = site(left_out);
    let (schedule, noted) = read_rows(row, &site, |rows| rows.list[0].schedule);
    assert!(noted.iter().all(|(severity, ..)| *severity == Severity::Warning), "{row}: {noted:?}");
    let mut calendar = Calendar::default();
    calendar.settle([&schedule], &site, &path(late));
    calendar.row(0)
}

fn schedule(row: &str) -> Schedule {
    read_rows(row, &site(false), |rows| rows.list[0].schedule).0
}

fn faults(rows: &str) -> Vec<&'static str> {
    let (_, noted) = read_rows(rows, &site(false), |rows| rows.list.len());
    noted.into_iter().filter(|(severity, ..)| *severity == Severity::Error).map(|(_, code, _)| code).collect()
}

fn warnings(rows: &str) -> usize {
    read_rows(rows, &site(false), |rows| rows.list.len()).1.len()
}

#[test]
fn without_a_date_a_row_opens_with_its_project_and_not_at_all_without_it() {
    let row = "s,a,low,10,,,,new";
    assert_eq!(open(row, false, 0.0).from, day("2027-09-01"));
    assert_eq!(open(row, false, 2.5).from, day("2027-11-16"));
    assert_eq!(open(row, true, 0.0).from, Day::NEVER);
    assert!(!schedule(row).is_present());
    assert_eq!(schedule("s,a,low,10,,,,").opened(), None);
}

#[test]
fn a_project_moves_all_dates_of_its_row_that_lie_ahead() {
    let row = "s,a,low,10,2028-01-31,2029-01-01,2029-06-01,new";
    let late = open(row, false, 13.0);
    assert_eq!([late.from, late.until, late.again], ["2029-02-28", "2030-02-01", "2030-07-01"].map(day));
    assert_eq!(open(row, true, 0.0).days_within(2029), 0);
    // The last path on which a row is open is open for as long as the plan says.
    assert_eq!(late.until.days_since(late.from), 338);
}

#[test]
fn what_stands_closes_with_the_project_that_replaces_it_and_stays_without() {
    let row = "s,a,low,10,1998-09-01,2027-07-01,,new";
    assert!(schedule(row).is_present());
    assert_eq!(open(row, false, 2.0).until, day("2027-09-01"));
    assert_eq!(open(row, false, 2.0).from, day("1998-09-01"));
    assert_eq!(open(row, true, 0.0).until, Day::NEVER);
}

#[test]
fn what_is_open_on_the_first_day_is_present_whatever_its_date() {
    for opens in ["", "1998-09-01", "2024-12-31", "2025-01-01"] {
        assert!(schedule(&format!("s,a,low,10,{opens},,,")).is_present(), "{opens}");
    }
    assert!(!schedule("s,a,low,10,2025-01-02,,,").is_present());
    assert!(!schedule("s,a,low,10,2025-01-01,,,new").is_present(), "its project may still be late");
}

#[test]
fn dates_that_contradict_each_other_are_faults_and_the_remedy_is_accepted() {
    for row in ["s,a,low,10,2027-01-01,2026-01-01,,", "s,a,low,10,2027-01-01,2027-01-01,,"] {
        assert_eq!(faults(row), ["contradiction"], "{row}");
    }
    assert_eq!(faults("s,a,low,10,,2027-01-01,2026-01-01,"), ["contradiction"]);
    assert_eq!(faults("s,a,low,10,,,2026-01-01,"), ["contradiction"], "what never closes cannot open again");
    let ((), noted) = read_rows("s,a,low,10,,2025-12-31,,new", &site(false), |_| ());
    assert_eq!(noted[0].1, "contradiction");
    let past = noted[0].2.rsplit(' ').next().unwrap();
    assert!(faults(&format!("s,a,low,10,{past},2025-12-31,,new")).is_empty(), "{past}");
}

#[test]
fn days_that_do_not_exist_are_refused_with_one_that_does() {
    for (written, meant) in [("2026-02-30", "2026-02-28"), ("2025-02-29", "2025-02-28"), ("2025年9月1日", "2025-09-01")]
    {
        let ((), noted) = read_rows(&format!("s,a,low,10,{written},,,"), &site(false), |_| ());
        assert_eq!(noted.len(), 1, "{noted:?}");
        assert!(noted[0].2.contains(meant), "{}", noted[0].2);
    }
    assert!(faults("s,a,low,10,2025/9/1,,,").is_empty());
}

#[test]
fn places_are_open_on_exactly_the_days_from_opening_to_closing() {
    let days =
        |opens: &str, closes: &str, year| open(&format!("s,a,low,10,{opens},{closes},,"), false, 0.0).days_within(year);
    assert_eq!(days("2026-02-28", "", 2026), 365 - 58);
    assert_eq!(days("2028-02-29", "2028-03-01", 2028), 1);
    assert_eq!(days("2026-01-01", "2027-01-01", 2026), 365);
    assert_eq!(days("2026-01-01", "2027-01-01", 2027), 0);
    let rebuilt = open("s,a,low,10,,2026-07-01,2028-07-01,", false, 0.0);
    assert_eq!([2025, 2026, 2027, 2028, 2029].map(|year| rebuilt.days_within(year)), [365, 181, 0, 184, 365]);
    for date in ["2026-06-30", "2026-07-01", "2028-06-30", "2028-07-01"].map(day) {
        let within = rebuilt.within(date.year()).iter().any(|days| days.contains(date.of_year()));
        assert_eq!(rebuilt.on(date), within, "{date}");
    }
    let years = rebuilt.years_since(2026);
    assert_eq!((years[0].until, years[1].from), (181.0 / 365.0, 2.0 + 182.0 / 366.0));
}

#[test]
fn an_intake_is_a_first_of_september_and_a_day_late_is_a_year_late() {
    let intakes = |row: &str, year: i32| open(row, false, 0.0).intakes_before(year, 9, 1);
    assert_eq!(intakes("s,a,low,10,2025-09-01,,,", 2027), Some(2));
    assert_eq!(intakes("s,a,low,10,2025-09-02,,,", 2027), Some(1));
    assert_eq!(intakes("s,a,low,10,,,,", 2027), None);
    let rebuilt = "s,a,low,10,2020-09-01,2026-07-01,2028-07-01,";
    assert_eq!([2026, 2028, 2030].map(|year| intakes(rebuilt, year)), [Some(6), Some(0), Some(2)]);
    assert!(!open(rebuilt, false, 0.0).on(day("2027-09-01")));
}

#[test]
fn converted_rooms_are_at_one_level_or_the_other_and_never_lost() {
    let on = Planned { day: day("2027-09-01"), project: Some(0) };
    for (row, left_out) in [("s,a,low,10,,,,", false), ("s,a,low,10,2026-09-01,,,", false), ("s,a,low,10,,,,", true)] {
        let site = site(left_out);
        let whole = schedule(row);
        let Converted { leaves, comes } = whole.converted(on);
        for late in [-6.0, 0.0, 7.3] {
            let mut calendar = Calendar::default();
            calendar.settle([&whole, &leaves, &comes], &site, &path(late));
            for month in 0..72 {
                let date = day("2025-01-15").later_by(f64::from(month));
                let [all, old, new] = [0, 1, 2].map(|row| u32::from(calendar.row(row).on(date)));
                assert_eq!(all, old + new, "{row}, {late} months late, {date}");
            }
        }
    }
}

#[test]
fn the_order_of_rows_does_not_change_their_ranks() {
    let rows = ["s,a,low,10,,,,", "s,a,low,20,,,,", "s,a,high,5,,,,", "s,a,low,10,2026-01-01,,,", "t,a,low,10,,,,"];
    let ranks = |order: &[usize]| {
        let table = order.iter().map(|at| rows[*at]).collect::<Vec<_>>().join("\n");
        let (found, _) =
            read_rows(&table, &site(false), |rows| rows.list.iter().map(|row| row.rank).collect::<Vec<_>>());
        let mut by_row = vec![0; rows.len()];
        order.iter().zip(found).for_each(|(at, rank)| by_row[*at] = rank);
        by_row
    };
    assert_eq!(ranks(&[0, 1, 2, 3, 4]), [0, 1, 0, 2, 0]);
    assert_eq!(ranks(&[4, 3, 2, 1, 0]), ranks(&[0, 1, 2, 3, 4]));
}

#[test]
fn what_a_planner_can_hardly_mean_is_warned_of() {
    assert_eq!(warnings("s,a,low,10,2028-09-01,,,new"), 1, "another date than its project's");
    assert_eq!(warnings("s,a,low,10,2028-09-01,,,new\nt,a,low,10,,,,new"), 0, "a later phase");
    assert_eq!(warnings("s,a,low,10,2020-09-01,,,new"), 1, "a project that moves nothing");
    assert_eq!(warnings("s,a,low,10,2035-09-01,,,\nt,a,low,10,,2020-01-01,,"), 1, "open in no year, told once");
    assert_eq!(warnings("s,a,low,10,,2020-01-01,2027-01-01,"), 0);
}

#[test]
fn places_are_the_lesser_of_those_built_and_those_staffed() {
    assert_eq!(usable(30, Some(4.0), Some(5.0)), 20);
    assert_eq!(usable(30, Some(40.0), Some(5.0)), 30);
    assert_eq!(usable(30, None, Some(5.0)), 30);
}

//! Flexible classrooms: a school with seats for everybody turns nobody away, and a class more never leaves more without a place.

use std::sync::atomic::AtomicBool;

use civicap::run::{RunOptions, simulate};
use civicap::study::RunSummary;
use proptest::prelude::*;

use crate::support::education::World;
use crate::support::plan::plan;

/// Children without a place in each year of a case, all areas, mean of four replications.
fn unmet(name: &str) -> Vec<f64> {
    let plan = plan(&format!("tests/suite/cases/rooms-after-small-cohorts/{name}"));
    let options = RunOptions { replications: 4, seed: 1, threads: 1 };
    let results = simulate(&plan, options, &(), &AtomicBool::new(false)).unwrap();
    let summary = RunSummary::new(&plan, &results);
    let (block, _) = plan.catalogue.blocks().find(|(_, block)| block.stage == "primary").unwrap();
    let district = plan.catalogue.district(block);
    let years = 0..plan.catalogue.years();
    years.filter_map(|year| summary.of(&plan, block, "unmet", district, year)).map(|found| found.mean).collect()
}

#[test]
fn classes_behind_a_small_cohort_are_formed_anew_before_anyone_is_without_a_place() {
    assert_eq!(unmet("scenario.toml"), [0.0; 18]);
    assert_eq!(unmet("fixed.toml"), [0.0; 18]);
}

#[test]
fn a_school_that_starts_empty_takes_every_intake_that_fits_its_equal_share() {
    assert_eq!(unmet("empty.toml"), [0.0; 12]);
    // One room less: 23 rooms stretch to 1,265 seats for 1,224 pupils.
    assert_eq!(unmet("empty-one-class-closes.toml"), [0.0; 12]);
}

#[test]
fn pupils_from_another_area_count_among_those_who_need_the_room() {
    assert_eq!(unmet("two-areas.toml"), [0.0; 6]);
    assert_eq!(unmet("two-areas-fixed.toml"), [0.0; 6]);
}

/// A school of one area: classes, and when they open and close.
#[derive(Clone, Debug)]
struct School {
    classes: u32,
    opens: Option<i32>,
    closes: Option<i32>,
    reopens: Option<i32>,
    converted: Option<(u32, i32)>,
    private: bool,
}

fn school() -> impl Strategy<Value = School> {
    let years = || prop::option::of(2026..2034_i32);
    (0..15_u32, years(), years(), years(), prop::option::of((1..4_u32, 2027..2033_i32)), prop::bool::weighted(0.2))
        .prop_map(|(classes, opens, closes, reopens, converted, private)| {
            let closes = closes.filter(|closes| opens.is_none_or(|opens| opens < *closes));
            School {
                classes,
                opens,
                closes,
                reopens: reopens.filter(|reopens| closes.is_some_and(|closes| closes < *reopens)),
                converted: converted.filter(|(rooms, on)| {
                    closes.is_none() && *rooms <= classes && opens.is_none_or(|opens| opens < *on)
                }),
                private,
            }
        })
}

/// The world of these schools, with so many more classes in one of them.
fn world(schools: &[School], extra: Option<usize>, entrants: &[u32], flexible: bool) -> World {
    let mut table = String::from(
        "facility,area,stage,sector,classes,class_size,opens,closes,reopens,opening,converts_to,converts_on,converts_classes\n",
    );
    for (at, school) in schools.iter().enumerate() {
        let day = |year: Option<i32>| year.map_or_else(String::new, |year| format!("{year}-08-01"));
        let sector = if school.private { "private" } else { "public" };
        let converted =
            school.converted.map_or_else(|| ",,".to_owned(), |(rooms, on)| format!("junior,{on}-08-01,{rooms}"));
        table += &format!(
            "s{at},district,primary,{sector},{},10,{},{},{},,{converted}\n",
            school.classes + u32::from(extra == Some(at)),
            day(school.opens),
            day(school.closes),
            day(school.reopens),
        );
    }
    table += "j,district,junior,public,6,10,,,,,,,\n";
    let by_year: Vec<String> = entrants.iter().zip(2025..).map(|(n, year)| format!("{year} = {n}")).collect();
    let scenario = format!(
        "[horizon]\nstart = 2025\nend = 2034\n[education]\nsupply = \"supply.csv\"\n[education.stages.primary]\n\
         entrants_per_year = {{ by_year = {{ {} }} }}\nentrants_by_chance = false\nmax_class_size = 12\nsurge_class_size = 14\n\
         private_share = 0.1\nflexible_classrooms = {flexible}\nopening_pupils = [{}]\n\
         [education.stages.junior]\nentrants_per_year = 30\nflexible_classrooms = {flexible}\n",
        by_year.join(", "),
        entrants[..6].iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
    );
    World::read(&scenario, &[("supply.csv", &table)], false)
        .unwrap_or_else(|faults| panic!("{:#?}\n{table}", faults.list))
}

fn without_a_place(world: &World) -> Vec<f64> {
    let outcome = world.alone(1);
    (0..10).map(|year| outcome.all("primary", "unmet", year)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_class_more_never_leaves_more_without_a_place_in_any_year(
        schools in prop::collection::vec(school(), 1..4),
        entrants in prop::collection::vec(0..60_u32, 10),
        at in 0..3_usize,
    ) {
        let at = at % schools.len();
        let few = without_a_place(&world(&schools, None, &entrants, true));
        let many = without_a_place(&world(&schools, Some(at), &entrants, true));
        for year in 0..10 {
            prop_assert!(many[year] <= few[year], "{year}: {many:?} {few:?}");
        }
    }

    #[test]
    fn shared_rooms_never_leave_more_without_a_place_than_fixed_ones(
        schools in prop::collection::vec(school(), 1..4),
        entrants in prop::collection::vec(0..60_u32, 10),
    ) {
        let flexible = without_a_place(&world(&schools, None, &entrants, true));
        let fixed = without_a_place(&world(&schools, None, &entrants, false));
        for year in 0..10 {
            prop_assert!(flexible[year] <= fixed[year], "{year}: {flexible:?} {fixed:?}");
        }
    }
}

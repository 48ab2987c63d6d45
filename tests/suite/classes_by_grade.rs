//! Classes that a school has in each grade at the start: they move up with their pupils.

use proptest::prelude::*;

use crate::support::education::World;

const KNOWN: &str = "facility,area,stage,sector,classes,classes_by_grade,class_size\n";

fn scenario(more: &str) -> String {
    format!(
        "[horizon]\nstart = 2025\nend = 2033\n[education]\nsupply = \"supply.csv\"\n[education.stages.primary]\n\
         entrants_per_year = 100\nentrants_by_chance = false\nmax_class_size = 10\n{more}\n"
    )
}

fn world(more: &str, rows: &str) -> World {
    World::new(&scenario(more), &[("supply.csv", &format!("{KNOWN}{rows}"))], false)
}

#[test]
fn classes_move_up_with_their_cohorts_and_the_entry_grade_gets_the_rooms_of_the_leavers() {
    // 8, 8, 7, 7, 6 and 6 classes of 10 before September 2025: the entry grades get 6, 6, 7, 7, 8, 8 and then 6 again.
    for sector in ["public", "private"] {
        let world = world("flexible_classrooms = false", &format!("s,district,primary,{sector},42,8/8/7/7/6/6,10\n"));
        let outcome = world.alone(0);
        for (year, rooms) in [6, 6, 7, 7, 8, 8, 6, 6, 7].into_iter().enumerate() {
            assert_eq!(outcome.all("primary", "entry_places", year), f64::from(10 * rooms), "{year}");
            assert_eq!(outcome.all("primary", "places", year), 420.0);
        }
    }
}

#[test]
fn where_rooms_follow_need_those_who_have_a_class_keep_it_and_shortage_shows_at_the_entry_grade() {
    let more = "opening_pupils = [80, 80, 70, 70, 60, 60]";
    let unmet = |column: &str| {
        let world = world(more, &format!("s,district,primary,public,42,{column},10\n"));
        let outcome = world.alone(0);
        ["entry_places", "entry_unmet", "unmet"].map(|metric| outcome.all("primary", metric, 0))
    };
    // 80, 80, 70, 70 and 60 pupils move up into 36 classes that are theirs; 6 rooms are left for 100 entrants.
    assert_eq!(unmet("8/8/7/7/6/6"), [60.0, 40.0, 40.0]);
    // Where nobody knows who has a room, each goes to the grade that lacks most seats.
    let [places, _, all] = unmet("");
    assert!(places > 60.0);
    assert_eq!(all, 40.0);
    // A class that is not filled gives its room up: 50 pupils of the second grade need 5 of 8.
    let world = world(
        &more.replace("[80", "[50"),
        "s,district,primary,public,30,8/8/4/4/3/3,10\nt,district,primary,public,12,0/0/3/3/3/3,10\n",
    );
    assert_eq!(world.alone(0).all("primary", "entry_places", 0), 90.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_room_is_lost_or_won_however_many_stand_and_are_staffed(
        classes in prop::array::uniform6(0_u32..9),
        factor in 0.5..1.5,
        staffed in 0.5..1.0,
        shared in any::<bool>(),
    ) {
        let all: u32 = classes.iter().sum();
        let by_grade = classes.map(|classes| classes.to_string()).join("/");
        let more = format!("existing_capacity_factor = {factor}\nstaffed_share = {staffed}\nflexible_classrooms = {shared}");
        let places = |column: &str| {
            let world = world(&more, &format!("s,district,primary,public,{all},{column},10\n"));
            let outcome = world.alone(0);
            (0..9).map(|year| outcome.all("primary", "places", year)).collect::<Vec<_>>()
        };
        prop_assert_eq!(places(&by_grade), places(""));
    }
}

#[test]
fn every_fault_of_classes_by_grade_has_its_remedy() {
    let heading = "facility,area,stage,sector,classes,classes_by_grade,class_size,opens\n";
    for (row, part) in [
        ("42,8/8/7/7/6,10,", "not classes of 6 grades"),
        ("42,8/8/7/7/6/x,10,", "not classes of 6 grades"),
        ("41,8/8/7/7/6/6,10,", "the grades have 42 classes, the facility 41"),
        ("42,8/8/7/7/6/6,10,2027-09-01", "opens later has no classes yet"),
    ] {
        let supply = format!("{heading}s,district,primary,public,{row}\n");
        let faults = World::read(&scenario(""), &[("supply.csv", &supply)], false).expect_err(row);
        assert_eq!(faults.list.len(), 1);
        assert!(faults.list[0].message.en.contains(part), "{}", faults.list[0].message.en);
        assert!(!faults.list[0].remedy.zh.is_empty());
    }
}

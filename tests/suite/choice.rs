//! Choice by distance: how many choose another area, and what becomes of those who are not taken.

use proptest::prelude::*;

use crate::support::education::World;

const AREAS: &str = "id,label_zh,label_en\na,甲,A\nb,乙,B\nc,丙,C\n";
const NEIGHBOURS: &str = "a,b,kilometres\na,b,1\nb,c,2\n";
const HEADING: &str = "facility,area,stage,sector,catchment,classes,class_size,opens\n";

fn scenario(children: u32, catchments: bool, more: &str) -> String {
    let zone = |key: &str| format!("[education.catchments.{key}]\narea = \"a\"\nstage = \"preschool\"\nweight = 1\n");
    let zones = if catchments { zone("one") + &zone("two") } else { String::new() };
    format!(
        "[horizon]\nstart = 2025\nend = 2029\n[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n\
         [education]\nsupply = \"supply.csv\"\n{zones}[education.stages.preschool]\nentrants_per_year = {children}\n\
         entrants_by_chance = false\nflexible_classrooms = false\n{more}\n"
    )
}

fn world(text: &str, rows: &str) -> World {
    let supply = format!("{HEADING}{rows}");
    World::new(text, &[("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", &supply)], false)
}

const PLENTY: &str = "k,a,preschool,public,,60,30,\nl,b,preschool,public,,60,30,\nm,c,preschool,public,,60,30,\n";

#[test]
fn as_many_choose_another_area_as_distance_decay_says() {
    // From A, B is 1 km away and C 3 km; from B 1 and 2 km; the limit is 2.5 km.
    let world = world(&scenario(200, false, "choice_decay_km = 0.8\nmax_placement_km = 2.5"), PLENTY);
    let decay = |km: f64| libm::exp(-km / 0.8);
    let away = [decay(1.0), decay(1.0) + decay(2.0), decay(2.0)].map(|others| others / (1.0 + others));
    let (runs, mut sums) = (2_000, [0.0; 3]);
    for number in 0..runs {
        let outcome = world.alone(number);
        for (area, sum) in sums.iter_mut().enumerate() {
            *sum += outcome.get("preschool", "placed_out_of_area", area, 0) / f64::from(runs);
            assert_eq!(outcome.get("preschool", "unmet", area, 0), 0.0);
        }
    }
    for (found, p) in sums.into_iter().zip(away) {
        let error = 4.0 * (200.0 * p * (1.0 - p) / f64::from(runs)).sqrt();
        assert!((found - 200.0 * p).abs() < error, "{found}, not {}", 200.0 * p);
    }
}

#[test]
fn where_the_next_area_is_too_far_to_be_chosen_everything_is_as_without_choice() {
    let rows = "k,a,preschool,public,,6,20,\np,a,preschool,private,,6,20,\nl,b,preschool,public,,9,25,\nq,c,preschool,private,,12,25,\n";
    let more = "private_share = 0.3\nregistered_share = 0.6\noutside_share = 0.2\nmax_placement_km = 3";
    let without = world(&scenario(90, false, more), rows);
    let with = world(&scenario(90, false, &format!("{more}\nchoice_decay_km = 0.01")), rows);
    for number in 0..30 {
        let (with, without) = (with.alone(number), without.alone(number));
        for (area, year) in (0..4).flat_map(|area| (0..5).map(move |year| (area, year))) {
            for metric in
                ["demand", "served", "unmet", "placed_out_of_area", "private", "outside", "enrolled", "over_norm"]
            {
                let get =
                    |outcome: &crate::support::education::Outcome<'_>| outcome.get("preschool", metric, area, year);
                assert_eq!(get(&with), get(&without), "{metric} {area} {year}");
            }
        }
    }
}

#[test]
fn those_who_are_not_taken_where_they_choose_find_a_place_at_home() {
    // B has 10 places for all who would like them; A and C have enough for their own.
    let rows = "k,a,preschool,public,,60,30,\nl,b,preschool,public,,1,10,\nm,c,preschool,public,,60,30,\n";
    let world = world(&scenario(100, false, "choice_decay_km = 2\nmax_placement_km = 5\nmax_class_size = 10"), rows);
    let outcome = world.alone(1);
    let all = |metric| outcome.all("preschool", metric, 0);
    assert_eq!((all("demand"), all("served"), all("unmet")), (300.0, 300.0, 0.0));
    assert_eq!(outcome.get("preschool", "enrolled", 1, 0), 10.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_child_is_on_one_rung_and_a_public_class_more_never_raises_the_unplaced(
        children in 0_u32..120,
        classes in prop::array::uniform6(0_u32..12),
        scale in 0.2..5.0,
        limit in 0.0..4.0,
        catchments in any::<bool>(),
        at in 0_usize..4,
        number in 0_u32..1000,
    ) {
        let (one, two) = if catchments { ("one", "two") } else { ("", "") };
        let rows = |classes: [u32; 6]| {
            let [k, l, m, n, p, q] = classes;
            format!(
                "k,a,preschool,public,{one},{k},20,\nl,a,preschool,public,{two},{l},20,2026-09-01\n\
                 m,b,preschool,public,,{m},20,\nn,c,preschool,public,,{n},20,2027-09-01\n\
                 p,a,preschool,private,,{p},20,\nq,b,preschool,private,,{q},20,\n"
            )
        };
        let more = format!(
            "choice_decay_km = {scale}\nmax_placement_km = {limit}\nprivate_share = 0.3\nregistered_share = 0.5\noutside_share = 0.3"
        );
        let text = scenario(children, catchments, &more);
        let mut bigger = classes;
        bigger[at] += 1;
        let (few, many) = (world(&text, &rows(classes)), world(&text, &rows(bigger)));
        let (few, many) = (few.alone(number), many.alone(number));
        for year in 0..5 {
            for row in 0..4 {
                few.every_child_counts_once("preschool", row, year);
            }
            prop_assert_eq!(few.all("preschool", "served", year), few.all("preschool", "enrolled", year));
            // Later Septembers depend on who got in before; a private place more lets others choose among public ones.
            if year == 0 {
                prop_assert!(many.all("preschool", "unmet", year) <= few.all("preschool", "unmet", year), "year {}", year);
            }
        }
    }
}

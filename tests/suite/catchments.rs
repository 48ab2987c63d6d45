//! Catchments: which schools the children of a divided area go to, by hand, by law, and against the area as a whole.

use civicap::run::ReplicationWorkspace;
use proptest::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::support::education::{Outcome, World};
use crate::support::plan::{plan, value};

const AREAS: &str = "id,label_zh,label_en\na,甲,A\nb,乙,B\n";
const NEIGHBOURS: &str = "a,b,kilometres\na,b,2\n";
const HEADING: &str = "facility,area,stage,sector,catchment,classes,class_size,opens,closes,feeds_into\n";

/// Areas with so many entrants each, A divided in two by these weights.
fn scenario(children: u32, weights: [f64; 2], more: &str) -> String {
    let [one, two] = weights;
    format!(
        "[horizon]\nstart = 2025\nend = 2029\n[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n\
         [education]\nsupply = \"supply.csv\"\n\
         [education.catchments.one]\narea = \"a\"\nstage = \"primary\"\nweight = {one}\n\
         [education.catchments.two]\narea = \"a\"\nstage = \"primary\"\nweight = {two}\ninterim_catchment = \"one\"\n\
         [education.stages.primary]\nentrants_per_year = {children}\nentrants_by_chance = false\nmax_class_size = 12\n\
         flexible_classrooms = false\n{more}\n"
    )
}

fn read(text: &str, rows: &str) -> Result<World, civicap::diagnostic::Diagnostics> {
    let supply = format!("{HEADING}{rows}");
    World::read(text, &[("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", &supply)], false)
}

fn world(text: &str, rows: &str) -> World {
    read(text, rows).unwrap_or_else(|faults| panic!("{:#?}", faults.list))
}

/// The same with A undivided.
fn whole(text: &str, rows: &str) -> World {
    let (before, rest) = text.split_once("[education.catchments.one]").unwrap();
    let (_, after) = rest.split_once("[education.stages.primary]").unwrap();
    let rows = rows.replace(",public,one,", ",public,,").replace(",public,two,", ",public,,");
    world(&format!("{before}[education.stages.primary]{after}"), &rows)
}

/// Four classes of 10 in each grade of the first school, two of the second, one in B.
const TWO_SCHOOLS: &str =
    "s,a,primary,public,one,24,10,,,\nt,a,primary,public,two,12,10,,,\nu,b,primary,public,,6,10,,,\n";

#[test]
fn a_school_takes_its_own_catchment_then_the_rest_of_its_area() {
    // All of A's children live in the first catchment: 40 places there, 48 stretched; 20 and 24 in the second. B is too far.
    for (children, own, other, unmet) in
        [(40, 40, 0, 0), (48, 48, 0, 0), (70, 48, 22, 0), (72, 48, 24, 0), (90, 48, 24, 18)]
    {
        let world = world(&scenario(children, [1.0, 0.0], "max_placement_km = 1"), TWO_SCHOOLS);
        let outcome = world.alone(0);
        let of = |metric: &str| outcome.get("primary_catchment_one", metric, 0, 0);
        let found = [of("own_school"), of("other_school"), of("unmet")];
        assert_eq!(found, [own, other, unmet].map(f64::from), "{children}");
        assert_eq!(outcome.get("primary", "unmet", 0, 0), of("unmet"));
        assert_eq!(of("entry_crowded"), f64::from(u32::from(children > 40)));
        assert_eq!(of("over_norm"), (of("own_school") - 40.0).max(0.0));
        // The second has none of its own, and its pupils are the first's.
        let two = |metric: &str| outcome.get("primary_catchment_two", metric, 0, 0);
        assert_eq!((two("demand"), two("enrolled")), (0.0, of("other_school")));
    }
}

#[test]
fn pupils_go_to_another_area_only_when_no_school_of_their_own_has_a_place() {
    // B has a school for all; A's children overflow into it only beyond both schools of A.
    let rows = TWO_SCHOOLS.replace("public,,6,10", "public,,60,10");
    let world = world(&scenario(90, [1.0, 0.0], ""), &rows);
    let outcome = world.alone(0);
    let of = |metric: &str| outcome.get("primary_catchment_one", metric, 0, 0);
    assert_eq!([of("own_school"), of("other_school"), of("placed_out_of_area")], [48.0, 24.0, 18.0]);
    assert_eq!(outcome.get("primary", "out_of_area_km", 0, 0), 36.0);
    assert_eq!(outcome.get("primary_catchments", "share_own_school", 0, 0), f64::from(48.0_f32 / 90.0));
}

#[test]
fn children_are_in_a_catchment_as_its_weight_says_and_leave_it_by_lot() {
    // 200 entrants, three quarters in the first; a quarter of each grade leaves a year later, whichever their catchment.
    let text = scenario(200, [3.0, 1.0], "progression = 0.75");
    let world = world(&text, TWO_SCHOOLS);
    let (runs, mut sums, mut squares) = (2_000, [0.0; 2], [0.0; 2]);
    for number in 0..runs {
        let outcome = world.alone(number);
        let entry = outcome.get("primary_catchment_one", "entry_demand", 0, 1);
        let second = outcome.get("primary_catchment_one", "demand", 0, 1) - entry;
        for (at, found) in [entry, second].into_iter().enumerate() {
            sums[at] += found;
            squares[at] += found * found;
        }
    }
    let n = f64::from(runs);
    // Those who enter: Bin(200, 3/4); those who stay and are of the first: Bin(200, 9/16).
    for (at, p) in [0.75, 0.5625].into_iter().enumerate() {
        let (mean, variance) = (sums[at] / n, squares[at] / n - (sums[at] / n).powi(2));
        let expected = 200.0 * p * (1.0 - p);
        assert!((mean - 200.0 * p).abs() < 4.0 * (expected / n).sqrt(), "{at}: {mean}");
        assert!((variance / expected - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{at}: {variance}, not {expected}");
    }
}

#[test]
fn until_a_school_opens_and_in_grades_that_it_does_not_offer_yet_children_are_zoned_to_the_catchment_that_it_joins() {
    // All live around the new school, which opens in 2026; the old one stretches from 40 to 48, the new one from 40 to 48.
    let rows = TWO_SCHOOLS.replace("two,12,10,", "two,24,10,2026-09-01");
    let seated =
        |outcome: &Outcome<'_>, key: &str, year| outcome.get(&format!("primary_catchment_{key}"), "enrolled", 0, year);
    let text = scenario(40, [0.0, 1.0], "max_placement_km = 1");
    let staged = world(&text, &rows);
    let staged = staged.alone(0);
    for year in 0..5 {
        let two = |metric: &str| staged.get("primary_catchment_two", metric, 0, year);
        // Everyone has a place in the school of their zone, with the full right to it; one cohort is in the old school.
        assert_eq!(
            (two("demand"), two("own_school"), two("other_school")),
            (40.0 * (year as f64 + 1.0), two("demand"), 0.0)
        );
        assert_eq!(seated(&staged, "one", year), 40.0);
        assert_eq!(seated(&staged, "two", year), 40.0 * year as f64);
        assert_eq!(two("entry_demand"), if year == 0 { 0.0 } else { 40.0 });
    }
    // Opened as a whole, it takes older grades only where the plan says that they move (分流).
    for (more, stays) in [("", 40.0), ("transfer_back = true", 0.0)] {
        let text = text.replace("flexible_classrooms", &format!("{more}\nphased_opening = false\nflexible_classrooms"));
        let whole = world(&text, &rows);
        let whole = whole.alone(0);
        assert_eq!((seated(&whole, "one", 0), seated(&whole, "two", 0)), (40.0, 0.0));
        assert_eq!((seated(&whole, "one", 1), seated(&whole, "two", 1)), (stays, 80.0 - stays), "{more}");
    }
}

#[test]
fn children_zoned_to_a_school_have_the_right_of_those_who_live_there() {
    // 90 children, half and half, for 48 places while the second school is not there: 24 of each on average, by lot.
    let rows = TWO_SCHOOLS.replace("two,12,10,", "two,12,10,2029-09-01");
    let world = world(&scenario(90, [1.0, 1.0], "max_placement_km = 1"), &rows);
    let (runs, mut sum, mut square) = (2_000, 0.0, 0.0);
    for number in 0..runs {
        let outcome = world.alone(number);
        let of = |key: &str, metric: &str| outcome.get(&format!("primary_catchment_{key}"), metric, 0, 0);
        assert_eq!(of("one", "own_school") + of("two", "own_school"), 48.0);
        // Of 48 places those for the second are hypergeometric: mean 48 n / 90 of its n children.
        let expected = 48.0 * of("two", "demand") / 90.0;
        let error = of("two", "own_school") - expected;
        sum += error;
        square += error * error;
    }
    let n = f64::from(runs);
    let variance = 48.0 * 42.0 / 89.0 * (1.0 - 1.0 / 90.0) / 4.0;
    assert!((sum / n).abs() < 4.0 * (variance / n).sqrt(), "{}", sum / n);
    assert!((square / n / variance - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{} not {variance}", square / n);
}

#[test]
fn homes_of_a_catchment_say_which_neighbour_its_children_are_sent_to() {
    let areas = "id,label_zh,label_en\na,甲,A\nb,乙,B\nc,丙,C\n";
    let neighbours = "a,b,kilometres\na,b,3\na,c,3\n";
    let supply = "facility,area,stage,sector,catchment,classes,class_size,x,y\ns,a,primary,public,one,0,10,0,0\n\
                  t,a,primary,public,two,0,10,0,0\nu,b,primary,public,,60,10,2,0\nv,c,primary,public,,60,10,-2,0\n";
    let sent = |homes: &str| {
        let text = scenario(40, [1.0, 1.0], "").replace("[education]", "[education]\nhomes = \"homes.csv\"");
        let tables =
            [("areas.csv", areas), ("neighbours.csv", neighbours), ("supply.csv", supply), ("homes.csv", homes)];
        let world = World::read(&text, &tables, false).unwrap_or_else(|faults| panic!("{:#?}", faults.list));
        let outcome = world.alone(0);
        let of = |block: &str, metric: &str, row| outcome.get(block, metric, row, 0);
        let (one, two) = (of("primary_catchment_one", "demand", 0), of("primary_catchment_two", "demand", 0));
        (one, two, [1, 2].map(|area| of("primary", "enrolled", area) - 40.0), of("primary", "out_of_area_km", 0))
    };
    let rest = "b,,1,2,1\nc,,1,-2,1\n";
    let (one, two, to, km) = sent(&format!("area,catchments,weight,x,y\na,one,1,1,0\na,two,1,-1,0\n{rest}"));
    assert!(one > 0.0 && two > 0.0);
    assert_eq!(to, [one, two]);
    assert!((km - 40.0).abs() < 1e-6);
    // Homes that name no catchment count for both.
    let (_, _, to, _) = sent(&format!("area,catchments,weight,x,y\na,,1,1,0\na,,3,-1,0\n{rest}"));
    assert_eq!(to, [0.0, 40.0]);
}

#[test]
fn registered_children_zoned_to_a_school_come_before_all_others_who_are() {
    // Two zones share the school of the first until 2029: 48 places for 90 children, four in ten of them registered on average.
    let rows = TWO_SCHOOLS.replace("two,12,10,", "two,12,10,2029-09-01");
    let world = world(&scenario(90, [1.0, 1.0], "max_placement_km = 1\nregistered_share = 0.4"), &rows);
    for number in 0..200 {
        let outcome = world.alone(number);
        let of = |metric: &str| outcome.get("primary", metric, 0, 0);
        assert_eq!(of("unmet"), 42.0);
        assert_eq!(of("unmet_registered"), (of("demand_registered") - 48.0).max(0.0));
    }
}

fn catchments_add_up(outcome: &Outcome<'_>, stage: &str, keys: [&str; 2], years: usize) {
    for year in 0..years {
        let of = |key: &str, metric: &str| outcome.get(&format!("{stage}_catchment_{key}"), metric, 0, year);
        for key in keys {
            let ends = ["own_school", "other_school", "placed_out_of_area", "private", "outside", "unmet"];
            assert_eq!(of(key, "demand"), ends.iter().map(|end| of(key, end)).sum::<f64>(), "{key} {year}");
            assert!(of(key, "enrolled") <= of(key, "places") + of(key, "over_norm"));
        }
        for metric in ["demand", "unmet", "outside", "placed_out_of_area", "private", "entry_demand"] {
            let both = of(keys[0], metric) + of(keys[1], metric);
            assert_eq!(both, outcome.get(stage, metric, 0, year), "{metric} {year}");
        }
        let zoned = |metric: &str| outcome.get(&format!("{stage}_catchments"), metric, 0, year);
        assert_eq!(zoned("children"), outcome.get(stage, "demand", 0, year));
        assert_eq!(zoned("other_school"), of(keys[0], "other_school") + of(keys[1], "other_school"));
        assert_eq!(zoned("own_school"), of(keys[0], "own_school") + of(keys[1], "own_school"));
        for row in 0..3 {
            outcome.every_child_counts_once(stage, row, year);
        }
        assert_eq!(outcome.all(stage, "served", year), outcome.all(stage, "enrolled", year));
    }
}

const ROWS: [&str; 7] = [
    "s,a,primary,public,one,{},9,,,j",
    "s2,a,primary,public,one,{},10,2027-09-01,,",
    "t,a,primary,public,two,{},10,,2028-01-01,",
    "t2,a,primary,public,two,{},11,2026-09-01,,",
    "p,a,primary,private,,{},8,,,",
    "u,b,primary,public,,{},10,,,",
    "j,b,junior,public,,{},10,,,",
];

fn rows(classes: [u32; 7]) -> String {
    ROWS.iter().zip(classes).map(|(row, classes)| row.replace("{}", &classes.to_string()) + "\n").collect()
}

const MORE: &str = "staffed_share = 0.9\noutside_share = 0.4\nsurge_class_size = 14\ntransfer_back = true\n\
                    registered_share = 0.5\nprogression = { value = 1.0, sd = 0.2 }\nprivate_share = 0.2";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_child_of_a_catchment_is_on_one_rung(
        children in 0_u32..150,
        classes in prop::array::uniform7(0_u32..30),
        weight in 0.0..1.0,
        shared in any::<bool>(),
        graded in any::<bool>(),
        number in 0_u32..1000,
    ) {
        let mut text = scenario(children, [weight, 1.0 - weight], MORE);
        text += "[education.stages.junior]\nshare_of_leavers = 1.0\nopening_pupils = [9, 9, 9]\nregistered_share = 0.5\n";
        if shared {
            text = text.replace("flexible_classrooms = false", "flexible_classrooms = true");
        }
        if graded {
            text = text.replace("entrants_by_chance", "opening_pupils = [30, 30, 30, 30, 30, 30]\nentrants_by_chance");
        }
        catchments_add_up(&world(&text, &rows(classes)).alone(number), "primary", ["one", "two"], 5);
    }

    #[test]
    fn to_divide_an_area_moves_who_sits_where_and_leaves_as_many_without_a_place(
        children in 0_u32..150,
        classes in prop::array::uniform7(0_u32..30),
        weight in 0.0..1.0,
        number in 0_u32..1000,
    ) {
        // A catchment whose children do not fit sends them to the other one, which has room exactly if the area has. One grade and
        // one September: afterwards those who leave are others.
        let text = scenario(children, [weight, 1.0 - weight], "private_share = 0.2\nstaffed_share = 0.9");
        let rows = rows(classes).replace(",j\n", ",\n").replace("j,b,junior,public,,", "v,b,primary,public,,");
        let (divided, whole) = (world(&text, &rows), whole(&text, &rows));
        let (divided, whole) = (divided.alone(number), whole.alone(number));
        for row in 0..3 {
            for metric in ["demand", "served", "unmet", "placed_out_of_area", "private", "places", "enrolled"] {
                prop_assert_eq!(divided.get("primary", metric, row, 0), whole.get("primary", metric, row, 0), "{}", metric);
            }
        }
        prop_assert!(divided.get("primary", "over_norm", 0, 0) >= whole.get("primary", "over_norm", 0, 0));
    }

    #[test]
    fn a_class_more_in_a_catchment_never_raises_the_unplaced(
        children in 0_u32..150,
        classes in prop::array::uniform7(0_u32..20),
        weight in 0.0..1.0,
        at in 0_usize..6,
        number in 0_u32..1000,
    ) {
        let mut more = classes;
        more[at] += 1;
        let text = scenario(children, [weight, 1.0 - weight], "private_share = 0.2\noutside_share = 0.3");
        // Nothing closes and nobody goes on by right.
        let rows = |classes| rows(classes).replace("2028-01-01", "").replace(",j\n", ",\n").replace("j,b,junior,public,,", "v,b,primary,public,,");
        let (few, many) = (world(&text, &rows(classes)), world(&text, &rows(more)));
        let (few, many) = (few.alone(number), many.alone(number));
        for year in 0..5 {
            prop_assert!(many.all("primary", "unmet", year) <= few.all("primary", "unmet", year), "year {}", year);
        }
    }
}

#[test]
fn every_fault_of_a_catchment_has_its_place_and_remedy() {
    let said = |text: &str, rows: &str| -> Vec<String> {
        let faults = read(text, rows).expect_err("faults");
        faults.list.iter().map(|fault| format!("{} {}", fault.message.en, fault.remedy.en)).collect()
    };
    let text = scenario(30, [1.0, 1.0], "");
    let holds = |said: &[String], part: &str| assert!(said.iter().any(|one| one.contains(part)), "{part}: {said:#?}");
    for (from, to, part) in [
        (
            "area = \"a\"\nstage = \"primary\"\nweight = 1\ninterim_catchment",
            "area = \"c\"\nstage = \"primary\"\nweight = 1\ninterim_catchment",
            "«c»",
        ),
        ("interim_catchment = \"one\"", "interim_catchment = \"three\"", "«three»"),
        ("interim_catchment = \"one\"", "interim_catchment = \"two\"", "in a circle"),
        ("weight = 1\ninterim_catchment", "weight = -1\ninterim_catchment", "weight"),
        (
            "stage = \"primary\"\nweight = 1\ninterim_catchment",
            "stage = \"junior\"\nweight = 1\ninterim_catchment",
            "«junior»",
        ),
        (
            "area = \"a\"\nstage = \"primary\"\nweight = 1\ninterim_catchment",
            "area = \"b\"\nstage = \"primary\"\nweight = 1\ninterim_catchment",
            "another area or stage",
        ),
    ] {
        assert!(text.contains(from), "{from}");
        holds(&said(&text.replace(from, to), TWO_SCHOOLS), part);
    }
    // All rows at once: a school without its catchment, one of an area that is whole, a private one, one that is misspelt.
    let rows = "s,a,primary,public,,24,10,,,\nt,a,primary,public,too,12,10,,,\nu,b,primary,public,one,6,10,,,\np,a,primary,private,one,6,10,,,\n";
    let faults = said(&text, rows);
    for part in [
        "does not know «»",
        "did you mean `two`?",
        "no catchment divides this area",
        "private places have no catchment",
    ] {
        holds(&faults, part);
    }
    assert_eq!(faults.len(), 4, "{faults:#?}");
    holds(&said(&text, "s,a,primary,public,one,24,10,,,\n"), "no school belongs to the catchment «two»");
}

#[test]
fn the_textbook_subdistrict_has_the_children_without_a_place_that_a_hand_computes() {
    let plan = plan("scenarios/textbook/school-zones.toml");
    let (mut scratch, mut cells, runs) = (ReplicationWorkspace::new(&plan), vec![0; plan.catalogue.cells()], 1_000);
    let mut crowded = 0.0;
    for run in 0..runs {
        scratch.replicate(7, run, &mut cells);
        let of = |stage, metric, year| value(&plan, &cells, (stage, metric), year);
        for year in 0..7 {
            assert_eq!(of("primary", "unmet", year), if year < 6 { 20.0 } else { 0.0 });
            assert_eq!(of("primary", "entry_unmet", year), if year == 0 { 20.0 } else { 0.0 });
        }
        crowded += of("primary_catchment_old", "entry_crowded", 3) / f64::from(runs);
    }
    // More than 180 of 240 live around the old school: binomial.
    let law = Binomial::new(0.75, 240).unwrap();
    let p = law.sf(180);
    assert!((crowded - p).abs() < 4.0 * (p * (1.0 - p) / f64::from(runs)).sqrt(), "{crowded}, not {p}");
}

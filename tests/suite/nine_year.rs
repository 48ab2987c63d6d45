//! Nine-year schools: who goes on from the primary to the junior part of a school by right, against every way of it counted out.

use civicap::diagnostic::Severity;
use proptest::prelude::*;

use crate::support::education::World;

const AREAS: &str = "id,label_zh,label_en\na,甲,A\nb,乙,B\n";
const NEIGHBOURS: &str = "a,b,kilometres\na,b,2\n";
const HEADING: &str = "facility,area,stage,sector,classes,class_size,opens,closes,feeds_into\n";

/// Two areas with the same number of children, all classes of the size that is said.
fn scenario(children: u32, keys: [&str; 3]) -> String {
    let [education, primary, junior] = keys;
    format!(
        "[horizon]\nstart = 2025\nend = 2028\n[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n\
         [education]\nsupply = \"supply.csv\"\n{education}\n\
         [education.stages.primary]\nentrants_per_year = {children}\nentrants_by_chance = false\n\
         opening_pupils = [{children}, {children}, {children}, {children}, {children}, {children}]\n\
         max_class_size = 1\nflexible_classrooms = false\n{primary}\n\
         [education.stages.junior]\nmax_class_size = 1\nflexible_classrooms = false\n{junior}\n"
    )
}

fn read(text: &str, rows: &str) -> Result<World, civicap::diagnostic::Diagnostics> {
    let supply = format!("{HEADING}{rows}");
    World::read(text, &[("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", &supply)], false)
}

fn world(text: &str, rows: &str) -> World {
    read(text, rows).unwrap_or_else(|faults| panic!("{:#?}", faults.list))
}

/// Whether the numbers of times that outcomes were seen agree with their probabilities: chi-square at alpha 0.001 (Wilson and
/// Hilferty 1931), rare outcomes together.
fn agrees(law: &[(Vec<u32>, f64)], seen: &std::collections::BTreeMap<Vec<u32>, u32>) {
    let all: u32 = seen.values().sum();
    for outcome in seen.keys() {
        assert!(law.iter().any(|(possible, _)| possible == outcome), "{outcome:?} cannot be");
    }
    let (mut chi, mut cells, mut rare) = (0.0, 0_u32, (0.0, 0.0));
    for (outcome, mass) in law {
        let (expected, found) = (f64::from(all) * mass, f64::from(seen.get(outcome).copied().unwrap_or(0)));
        if expected < 5.0 {
            rare = (rare.0 + expected, rare.1 + found);
        } else {
            chi += (found - expected).powi(2) / expected;
            cells += 1;
        }
    }
    if rare.0 >= 1.0 {
        chi += (rare.1 - rare.0).powi(2) / rare.0;
        cells += 1;
    }
    let degrees = f64::from(cells - 1);
    let limit = degrees * (1.0 - 2.0 / (9.0 * degrees) + 3.09 * f64::sqrt(2.0 / (9.0 * degrees))).powi(3);
    assert!(cells > 5 && chi < limit, "{chi} over {limit} in {cells} cells");
}

/// Primary schools of A with 2, 1 and 2 seats a grade hold A's three children of a grade and two of B's; the first two go on.
const POOL: &str = "k1,a,primary,public,12,1,,,j1\nk2,a,primary,public,6,1,,,j2\no,a,primary,public,12,1,,,\n\
                    p,b,primary,public,6,1,,,\nj1,a,junior,public,3,1,,,\nj2,a,junior,public,30,1,,,\n";

/// Every way in which the five children of that pool, and the one of B who sits in B, can go on, each with its probability: the
/// first school's one seat and the second's ten, those who go on by home.
fn every_way(enters: f64, goes_on: f64) -> Vec<(Vec<u32>, f64)> {
    let mut law = std::collections::BTreeMap::<Vec<u32>, f64>::new();
    let homes = [0_usize, 0, 0, 1, 1];
    for (first, second, third) in (0..5_usize).flat_map(|x| (0..5).flat_map(move |y| (0..5).map(move |z| (x, y, z)))) {
        // The first school's two are `first` < `second`, the other's one is `third`.
        if first >= second || third == first || third == second {
            continue;
        }
        for fate in 0..27_u32 {
            let fates = [fate % 3, fate / 3 % 3, fate / 9];
            let mass: f64 = fates
                .iter()
                .map(|fate| [1.0 - enters, enters * (1.0 - goes_on), enters * goes_on][*fate as usize])
                .product();
            let (mut leavers, mut would) = ([0_u32; 2], [[0_u32; 2]; 2]);
            for (child, (fate, school)) in [first, second, third].into_iter().zip(fates.into_iter().zip([0, 0, 1])) {
                leavers[homes[child]] += u32::from(fate > 0);
                would[school][homes[child]] += u32::from(fate == 2);
            }
            let wish = would[0][0] + would[0][1];
            for lot in 0..wish.max(1) {
                let mut went = would[1];
                if wish > 0 {
                    went[usize::from(lot >= would[0][0])] += 1;
                }
                let outcome = vec![leavers[0], leavers[1], went[0], went[1], wish.saturating_sub(1)];
                *law.entry(outcome).or_default() += mass / 30.0 / f64::from(wish.max(1));
            }
        }
    }
    law.into_iter().collect()
}

#[test]
fn those_who_go_on_are_as_many_and_from_where_as_every_way_of_it_counted_out_says() {
    let law = every_way(0.6, 0.7);
    assert!((law.iter().map(|(_, mass)| mass).sum::<f64>() - 1.0).abs() < 1e-12);
    let world = world(&scenario(3, ["through_progression_share = 0.7", "", "share_of_leavers = 0.6"]), POOL);
    let mut seen = std::collections::BTreeMap::new();
    for number in 0..6000 {
        let outcome = world.alone(number);
        assert_eq!(outcome.get("primary", "enrolled", 0, 0), 30.0);
        assert_eq!(outcome.get("primary", "placed_out_of_area", 1, 0), 12.0);
        let get = |metric, area| outcome.get("junior_continuing", metric, area, 1) as u32;
        // Nobody has sat anywhere before the first September.
        assert_eq!(outcome.all("junior_continuing", "leavers", 0), 0.0);
        let went = [get("through_pupils", 0), get("through_pupils", 1)];
        assert_eq!((get("through_places", 0), get("through_places", 1)), (went[0] + went[1], 0));
        let all = vec![
            get("leavers", 0),
            get("leavers", 1),
            went[0],
            went[1],
            get("through_refused", 0) + get("through_refused", 1),
        ];
        *seen.entry(all).or_insert(0) += 1;
    }
    agrees(&law, &seen);
}

#[test]
fn those_who_go_on_come_before_the_children_of_the_area_and_keep_their_home() {
    // A's school holds all 60 children of both areas; its junior part has 40 seats, B's junior school 60.
    let rows = "k,a,primary,public,6,60,,,j\nj,a,junior,public,3,40,,,\nb,b,junior,public,3,60,,,\n";
    let all = world(&scenario(30, ["through_progression_share = 1.0", "", "share_of_leavers = 1.0"]), rows);
    // Of B's 30 among the 60 who would go on, 40 draws take H: mean 20, variance 40 x 1/4 x 20/59.
    let (mut sum, n) = (0.0, 600);
    for number in 0..n {
        let outcome = all.alone(number);
        let junior = |metric, area| outcome.get("junior", metric, area, 1);
        let going = |metric, area| outcome.get("junior_continuing", metric, area, 1);
        assert_eq!((going("leavers", 0), going("leavers", 1)), (30.0, 30.0));
        assert_eq!(going("through_pupils", 0) + going("through_pupils", 1), 40.0);
        assert_eq!((going("through_places", 0), going("through_places", 1)), (40.0, 0.0));
        // The first September's 30 of each area sit in their own; the next have 40 seats in A, of which none are left over.
        assert_eq!((junior("unmet", 2), junior("enrolled", 0), junior("enrolled", 1)), (0.0, 70.0, 50.0));
        // Whoever of A finds no seat in it goes to B, whoever of B does not stays there.
        assert_eq!((junior("demand", 0), junior("placed_out_of_area", 0)), (60.0, going("through_refused", 0)));
        assert_eq!(
            (junior("placed_out_of_area", 1), going("through_refused", 1)),
            (going("through_pupils", 1), 30.0 - going("through_pupils", 1))
        );
        sum += going("through_pupils", 1);
    }
    let (mean, error) = (sum / f64::from(n), f64::sqrt(10.0 * 20.0 / 59.0 / f64::from(n)));
    assert!((mean - 20.0).abs() < 4.0 * error, "{mean}");
    // Without the right everyone stays in their own area.
    let none = world(&scenario(30, ["", "", "share_of_leavers = 1.0"]), &rows.replace(",,,j\n", ",,,\n"));
    let outcome = none.alone(0);
    assert_eq!([0, 1].map(|area| outcome.get("junior", "enrolled", area, 1)), [60.0, 60.0]);
    assert_eq!(outcome.all("junior", "placed_out_of_area", 1), 0.0);
}

#[test]
fn children_who_go_on_stretch_their_own_classes_and_a_private_part_keeps_to_the_norm() {
    let rows = |sector: &str| format!("k,a,primary,{sector},6,60,,,j\nj,a,junior,{sector},3,40,,,\n");
    let text = scenario(30, ["through_progression_share = 1.0", "private_share = 1.0", "share_of_leavers = 1.0"])
        .replace("[education.stages.junior]\nmax_class_size = 1", "[education.stages.junior]\nmax_class_size = 50");
    let outcome = |sector: &str, metric: &str| world(&text, &rows(sector)).alone(0).all("junior_continuing", metric, 1);
    assert_eq!((outcome("public", "through_pupils"), outcome("public", "through_refused")), (50.0, 10.0));
    assert_eq!((outcome("private", "through_pupils"), outcome("private", "through_refused")), (40.0, 20.0));
}

#[test]
fn registered_children_have_no_better_right_to_go_on() {
    // 60 leavers of A, of whom R are registered by even odds; half of them sat in the nine-year school and go on, and there are no other
    // places: the 30 left hold R/2 registered ones, with variance R (60 - R) / 60^2 x 30 x 30/59.
    let rows = "k,a,primary,public,6,30,,,j\no,a,primary,public,6,30,,,\nj,a,junior,public,3,30,,,\n";
    let text = scenario(60, ["through_progression_share = 1.0", "", "share_of_leavers = 1.0\nregistered_share = 0.5"]);
    let text = text.replace("neighbours = \"neighbours.csv\"", "");
    let world = world(&text, rows);
    let (n, mut sum, mut squares) = (2000, 0.0, 0.0);
    for number in 0..n {
        let outcome = world.alone(number);
        let get = |metric| outcome.get("junior", metric, 0, 1);
        // The first September's entrants found seats by the ladder, in its grade.
        let first = |metric| outcome.get("junior", metric, 0, 0);
        let registered = get("demand_registered") - first("demand_registered");
        let left = get("unmet_registered") - first("unmet_registered");
        assert_eq!((get("demand") - first("demand"), get("unmet") - first("unmet")), (60.0, 30.0));
        let standard = (left - registered / 2.0) / f64::sqrt(registered * (60.0 - registered) / 4.0 / 59.0);
        sum += standard;
        squares += standard * standard;
    }
    let n = f64::from(n);
    assert!((sum / n).abs() < 4.0 / n.sqrt(), "{}", sum / n);
    assert!((squares / n - 1.0).abs() < 4.0 * f64::sqrt(2.0 / n), "{}", squares / n);
}

#[test]
fn a_primary_school_that_takes_junior_classes_keeps_its_leavers() {
    // A third of the rooms turn junior in 2026, all grades at once; the primary part still holds 20 of the 30 a grade.
    let supply = "facility,area,stage,sector,classes,class_size,opening,converts_to,converts_on,converts_classes,converts_class_size,feeds_into\n\
                  k,a,primary,public,18,10,,junior,2026-09-01,6,10,k\n";
    let text = scenario(15, ["through_progression_share = 1.0", "", "share_of_leavers = 1.0\nphased_opening = false"]);
    let tables = [("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", supply)];
    let world = World::new(&text, &tables, false);
    let outcome = world.alone(0);
    let of = |metric| [0, 1, 2, 3].map(|year| outcome.all("junior_continuing", metric, year));
    // In 2026 the 30 of the whole school leave it, later the 20 that have room in it; two junior classes of ten a grade.
    assert_eq!(of("leavers"), [0.0, 30.0, 20.0, 20.0]);
    assert_eq!(of("through_pupils"), [0.0, 20.0, 20.0, 20.0]);
    assert_eq!(of("through_refused"), [0.0, 10.0, 0.0, 0.0]);
}

#[test]
fn a_school_is_no_nine_year_school_before_its_junior_part_opens() {
    let rows = "k,a,primary,public,6,60,,,j\nj,a,junior,public,3,40,2027-09-02,,\n";
    let world = world(&scenario(30, ["through_progression_share = 1.0", "", "share_of_leavers = 1.0"]), rows);
    let outcome = world.alone(0);
    for metric in ["leavers", "through_refused"] {
        assert_eq!([0, 1, 2].map(|year| outcome.all("junior_continuing", metric, year)), [0.0; 3], "{metric}");
    }
    // It opens a day late for 2027, its entry grade first.
    assert_eq!(
        ["leavers", "through_pupils", "through_refused"].map(|m| outcome.all("junior_continuing", m, 3)),
        [60.0, 40.0, 20.0]
    );
}

#[test]
fn where_nobody_goes_on_every_child_is_placed_as_without_such_schools() {
    let text = |share: &str| scenario(3, [share, "private_share = 0.2", "share_of_leavers = 0.6\nprivate_share = 0.2"]);
    let (with, without) = (
        world(&text("through_progression_share = 0.0"), POOL),
        world(&text(""), &{ POOL.replace(",,,j1\n", ",,,\n").replace(",,,j2\n", ",,,\n") }),
    );
    for number in 0..100 {
        let (with, without) = (with.alone(number), without.alone(number));
        for (stage, metric) in ["primary", "junior"].iter().flat_map(|stage| {
            ["demand", "served", "unmet", "placed_out_of_area", "enrolled", "private"]
                .iter()
                .map(move |metric| (stage, metric))
        }) {
            for (area, year) in (0..3).flat_map(|area| (0..4).map(move |year| (area, year))) {
                assert_eq!(with.get(stage, metric, area, year), without.get(stage, metric, area, year));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_child_is_on_one_rung_however_schools_go_on(
        children in 0_u32..60,
        classes in prop::array::uniform8(0_u32..24),
        share in 0.0..1.0,
        sector in 0_usize..2,
        shared in any::<bool>(),
        number in 0_u32..1000,
    ) {
        let rows: String = ["k1,a,primary,public,{},5,,,j1", "k2,b,primary,public,{},4,,,j1", "k3,a,primary,private,{},3,,,j2",
            "k4,b,primary,public,{},5,,2027-01-01,j3", "p,b,primary,public,{},5,,,", "j1,a,junior,public,{},4,,,",
            "j2,b,junior,private,{},3,,,", "j3,a,junior,public,{},5,2026-09-01,,"]
            .iter().zip(classes).map(|(row, classes)| row.replace("{}", &classes.to_string()) + "\n").collect();
        let more = "staffed_share = 0.9\noutside_share = 0.3\nsurge_class_size = 6\ntransfer_back = true\nregistered_share = 0.5\n\
                    progression = { value = 1.0, sd = 0.1 }\nprivate_share = 0.1";
        let leavers = format!("share_of_leavers = 1.05\n{more}");
        let mut text = scenario(children, [&format!("through_progression_share = {share}"), more, &leavers]);
        if sector == 1 {
            text = text.replace("flexible_classrooms = false", "flexible_classrooms = true");
        }
        // Two primary schools of different areas may go on in the same junior one.
        let rows = if shared { rows } else { rows.replace("k2,b,primary,public", "k2,a,primary,public") };
        let world = world(&text, &rows);
        let outcome = world.alone(number);
        for (year, row) in (0..4).flat_map(|year| (0..3).map(move |row| (year, row))) {
            for stage in ["primary", "junior"] {
                outcome.every_child_counts_once(stage, row, year);
            }
            let going = |metric| outcome.get("junior_continuing", metric, row, year);
            prop_assert!(going("through_pupils") + going("through_refused") <= going("leavers"));
            prop_assert!(going("leavers") <= outcome.get("junior", "entry_demand", row, year));
            prop_assert!(going("through_places") <= outcome.get("junior", "enrolled", row, year));
            prop_assert!(going("through_pupils") <= outcome.get("junior", "served", row, year));
        }
        for year in 0..4 {
            let going = |metric| outcome.all("junior_continuing", metric, year);
            prop_assert_eq!(going("through_pupils"), going("through_places"));
            prop_assert_eq!(outcome.all("junior", "served", year), outcome.all("junior", "enrolled", year));
        }
    }
}

#[test]
fn every_fault_of_a_school_that_goes_on_has_its_place_and_remedy() {
    let text = scenario(30, ["through_progression_share = 1.2", "", "share_of_leavers = 1.0"])
        .replace("\nneighbours = \"neighbours.csv\"", "");
    let rows = "k,a,primary,public,6,60,,,nowhere\nl,a,primary,public,6,60,,,k\nm,a,primary,public,6,60,,,q\n\
                n,a,primary,public,6,60,,,r\nj,a,junior,public,3,40,,,k\nq,a,junior,private,3,40,,,\nr,b,junior,public,3,40,,,\n";
    let faults = read(&text, rows).expect_err("faults");
    let errors = faults.list.iter().filter(|fault| fault.severity == Severity::Error);
    let said: Vec<String> = errors.map(|fault| format!("{} {}", fault.message.en, fault.remedy.en)).collect();
    for part in [
        "does not know «nowhere»",
        "«k» has no classes of the junior stage",
        "one part is public and the other private",
        "no way is known between the areas",
        "only leavers of a primary school go on by right",
        "through_progression_share",
    ] {
        assert!(said.iter().any(|message| message.contains(part)), "{part}: {said:#?}");
    }
    assert_eq!(said.len(), 6, "{said:#?}");
}

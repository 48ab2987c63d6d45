//! Education: the laws of placement, staged opening, the September gate, and the national check.

use civicap::population::view::{FEMALE, People};
use proptest::prelude::*;

use crate::support::education::{Outcome, World};

const ONE_SCHOOL: &str = "
[horizon]
start = 2025
end = 2031
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = 180
entrants_by_chance = false
";

const HEADING: &str = "facility,area,stage,sector,classes,class_size,opens,closes,project\n";

fn table(rows: &str) -> String {
    format!("{HEADING}{rows}")
}

#[test]
fn a_school_of_24_classes_and_1080_places_gives_180_in_its_first_september() {
    let supply = table("new,district,primary,public,24,45,2025-09-01,,\n");
    let world = World::new(ONE_SCHOOL, &[("supply.csv", &supply)], false);
    let outcome = world.alone(0);
    for year in 0..7 {
        let places = f64::from(180 * (year as u32 + 1).min(6));
        assert_eq!(outcome.all("primary", "places", year), places);
        assert_eq!(outcome.all("primary", "entry_places", year), 180.0);
        assert_eq!(outcome.all("primary", "served", year), places);
        assert_eq!(outcome.all("primary", "unmet", year), 0.0);
        assert_eq!(outcome.all("primary", "utilisation", year), 1.0);
    }
}

#[test]
fn a_day_after_the_first_of_september_loses_the_year() {
    let gone = |opens: &str| {
        let supply = table(&format!("new,district,primary,public,24,45,{opens},,\n"));
        let world = World::new(ONE_SCHOOL, &[("supply.csv", &supply)], false);
        let outcome = world.alone(0);
        (0..2).map(|year| outcome.all("primary", "places", year)).collect::<Vec<_>>()
    };
    assert_eq!(gone("2025-09-01"), [180.0, 360.0]);
    assert_eq!(gone("2025-09-02"), [0.0, 180.0]);
}

#[test]
fn a_late_project_misses_the_intake_and_a_project_left_out_is_not_late() {
    let scenario = |more: &str| {
        format!("{ONE_SCHOOL}[projects.new]\nlabel = \"new\"\nopens = 2025-08-01\ndelay_months = 2\n")
            .replace("[horizon]", &format!("{more}\n[horizon]"))
    };
    let supply = table("new,district,primary,public,24,45,,,new\n");
    let late = World::new(&scenario(""), &[("supply.csv", &supply)], false);
    let outcome = late.alone(0);
    assert_eq!(outcome.all("primary", "opening_missed_intake", 0), 1.0);
    assert_eq!(outcome.all("primary", "opening_missed_intake", 1), 0.0);
    assert_eq!(outcome.all("primary", "places", 1), 180.0);
    let without = World::new(&scenario("exclude_projects = [\"new\"]"), &[("supply.csv", &supply)], false);
    let outcome = without.alone(0);
    for year in 0..7 {
        assert_eq!(outcome.all("primary", "places", year), 0.0);
        assert_eq!(outcome.all("primary", "opening_missed_intake", year), 0.0);
        assert_eq!(outcome.all("primary", "unmet", year), f64::from(180 * (year as u32 + 1).min(6)));
    }
}

#[test]
fn pupils_of_a_school_that_closes_look_for_another_seat() {
    let supply = table("old,district,primary,public,24,45,,2027-06-30,\nother,district,primary,public,6,45,,,\n");
    let world = World::new(ONE_SCHOOL, &[("supply.csv", &supply)], false);
    let outcome = world.alone(0);
    assert_eq!(outcome.all("primary", "served", 1), 360.0);
    // Six rooms that stretch to 55 are left for 540 children of three grades.
    assert_eq!(outcome.all("primary", "places", 2), 270.0);
    assert_eq!(outcome.all("primary", "served", 2), 330.0);
    assert_eq!(outcome.all("primary", "unmet", 2), 210.0);
    assert_eq!(outcome.all("primary", "over_norm", 2), 60.0);
}

#[test]
fn a_school_that_is_rebuilt_is_gone_for_its_septembers_and_opens_again_whole_or_in_stages() {
    let places = |opening: &str| {
        let supply = format!(
            "facility,area,stage,sector,classes,class_size,closes,reopens,opening\n\
             old,district,primary,public,24,45,2026-07-01,2028-08-15,{opening}\n"
        );
        let outcome = World::new(ONE_SCHOOL, &[("supply.csv", &supply)], false);
        let outcome = outcome.alone(0);
        (0..5).map(|year| outcome.all("primary", "places", year)).collect::<Vec<_>>()
    };
    assert_eq!(places("whole"), [1080.0, 0.0, 0.0, 1080.0, 1080.0]);
    assert_eq!(places("staged"), [1080.0, 0.0, 0.0, 180.0, 360.0]);
}

#[test]
fn pupils_placed_elsewhere_come_back_to_a_new_school_if_the_plan_says_so() {
    let scenario = |more: &str| {
        format!(
            "
[horizon]
start = 2025
end = 2028
[areas]
table = \"areas.csv\"
neighbours = \"neighbours.csv\"
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = 45
entrants_by_chance = false
flexible_classrooms = false
{more}
"
        )
    };
    // b has room for both areas; the school of a opens with all its grades in the third September.
    let supply = "facility,area,stage,sector,classes,opens,opening\n\
                  b,b,primary,public,24,,\na,a,primary,public,12,2027-09-01,whole\n";
    let areas = "id,label_zh,label_en\na,甲,A\nb,乙,B\n";
    let tables = [("areas.csv", areas), ("neighbours.csv", "a,b,kilometres\na,b,2\n"), ("supply.csv", supply)];
    let coordinated = |more: &str| {
        let world = World::new(&scenario(more), &tables, false);
        let outcome = world.alone(0);
        (0..4).map(|year| outcome.get("primary", "placed_out_of_area", 0, year)).collect::<Vec<_>>()
    };
    assert_eq!(coordinated(""), [45.0, 90.0, 90.0, 90.0]);
    assert_eq!(coordinated("transfer_back = true"), [45.0, 90.0, 0.0, 0.0]);
}

/// 100 children, half of them registered by chance, and 60 places in the entry grade.
fn sixty_for_a_hundred(more: &str, sector: &str) -> World {
    let scenario = format!(
        "
[horizon]
start = 2025
end = 2027
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = 100
entrants_by_chance = false
flexible_classrooms = false
max_class_size = 10
registered_share = 0.5
{more}
"
    );
    let supply = table(&format!("old,district,primary,{sector},36,10,,,\n"));
    World::new(&scenario, &[("supply.csv", &supply)], false)
}

#[test]
fn registered_children_come_first_where_the_plan_says_so() {
    let world = sixty_for_a_hundred("", "public");
    for number in 0..50 {
        let outcome = world.alone(number);
        for year in 0..3 {
            let entry = |metric| outcome.all("primary", metric, year);
            assert!(entry("unmet_registered") <= entry("unmet") && entry("demand_registered") <= entry("demand"));
        }
        let registered = outcome.all("primary", "demand_registered", 0);
        assert_eq!(outcome.all("primary", "unmet_registered", 0), (registered - 60.0).max(0.0));
        assert_eq!(outcome.all("primary", "unmet", 0), 40.0);
    }
}

#[test]
fn a_lottery_leaves_registered_children_without_a_place_as_the_hypergeometric_law_says() {
    // By lot in public schools, and among those who choose a private place: 40 of 100 are left, R of 100 are registered, so
    // that U of them are left with mean 0.4 R and variance 0.4 x 0.6 x R (100 - R) / 99.
    for (more, sector) in [("hukou_priority = false", "public"), ("private_share = 1.0", "private")] {
        let world = sixty_for_a_hundred(more, sector);
        let n = 4000;
        let (mut sum, mut squares, mut counts) = (0.0, 0.0, [0_u32; 41]);
        for number in 0..n {
            let outcome = world.alone(number);
            let (registered, left) =
                (outcome.all("primary", "demand_registered", 0), outcome.all("primary", "unmet_registered", 0));
            let standard = (left - 0.4 * registered) / f64::sqrt(0.24 * registered * (100.0 - registered) / 99.0);
            sum += standard;
            squares += standard * standard;
            counts[left as usize] += 1;
        }
        let n = f64::from(n);
        assert!((sum / n).abs() < 4.0 / n.sqrt(), "{sector}: {}", sum / n);
        assert!((squares / n - 1.0).abs() < 4.0 * f64::sqrt(2.0 / n), "{sector}: {}", squares / n);
        // Whatever the number registered: each of the 40 left is registered with probability 1/2, Binomial(40, 1/2).
        let mut mass = 0.5_f64.powi(40);
        let (mut chi, mut cells) = (0.0, 0);
        for left in 0..=40_i32 {
            let expected = n * mass;
            if expected >= 5.0 {
                chi += (f64::from(counts[left as usize]) - expected).powi(2) / expected;
                cells += 1;
            }
            mass *= f64::from(40 - left) / f64::from(left + 1);
        }
        // Chi-square with `cells` degrees at alpha 0.001, Wilson and Hilferty 1931.
        let degrees = f64::from(cells);
        let limit = degrees * (1.0 - 2.0 / (9.0 * degrees) + 3.09 * f64::sqrt(2.0 / (9.0 * degrees))).powi(3);
        assert!(chi < limit, "{sector}: {chi} over {limit}");
    }
}

/// Kindergarten 2024: births of 2018 to 2021 (ten thousands: 1,523; 1,465; 1,202; 1,062) at 92 % are 35.72 million
/// children; 35.84 million were counted (national education bulletin 2024).
#[test]
fn kindergarten_2024_national_check() {
    let scenario = "
[horizon]
start = 2024
end = 2024
[education.stages.preschool]
participation = 0.92
";
    let world = World::new(scenario, &[], true);
    let outcome = world.run(0, |year| {
        let mut people = People::nobody(1);
        for (born, ten_thousands) in [(2018, 1523), (2019, 1465), (2020, 1202), (2021, 1062)] {
            people.counts[People::cell(0, FEMALE, (year - 1 - born) as usize)] = ten_thousands * 10_000;
        }
        people
    });
    let children: f64 = (1523.0 / 3.0 + 1465.0 + 1202.0 + 1062.0 * 2.0 / 3.0) * 10_000.0;
    let expected = children * 0.92;
    assert!((expected - 35.72e6).abs() < 0.005e6);
    let error = (children * 0.92 * 0.08).sqrt();
    let counted = outcome.all("preschool", "demand", 0);
    assert!((counted - expected).abs() < 4.0 * error, "{counted} for {expected}, standard error {error}");
}

#[test]
fn children_move_up_with_the_residents_of_their_age() {
    // All 100 children of each age stay, one cohort doubles by moves: its grade doubles a year later, and stays doubled.
    let scenario = "
[horizon]
start = 2024
end = 2027
[education.stages.primary]
yield_per_resident = 1.0
";
    let world = World::new(scenario, &[], true);
    let outcome = world.run(0, |year| {
        let mut people = People::nobody(1);
        for age in 0..20 {
            let doubled = year > 2025 && year - age >= 2017 && year - age < 2019;
            people.counts[People::cell(0, FEMALE, age as usize)] = if doubled { 1200 } else { 600 };
        }
        people
    });
    let demand: Vec<f64> = (0..4).map(|year| outcome.all("primary", "demand", year)).collect();
    assert_eq!(demand[0], 3600.0);
    // 1,200 more by Poisson moves: between four standard errors.
    assert!((demand[1] - 4800.0).abs() < 4.0 * 1200.0_f64.sqrt(), "{demand:?}");
    assert!((demand[2] - 4800.0).abs() < 4.0 * 1200.0_f64.sqrt(), "{demand:?}");
}

/// A scenario of four areas in a line, 1, 2 and 3 km apart, with everything that can happen to a child.
fn line(demand: [u32; 3], classes: &[u32; 8], limit: f64, more: &str) -> (String, String) {
    let scenario = format!(
        "
[horizon]
start = 2025
end = 2030
[areas]
table = \"areas.csv\"
neighbours = \"neighbours.csv\"
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = {{ value = {}, between_areas_sd = 0.6 }}
max_placement_km = {limit}
private_share = 0.1
{more}
[education.stages.junior]
share_of_leavers = 0.95
opening_pupils = [{}, {}, 10]
max_placement_km = {limit}
[education.stages.senior_general]
share_of_leavers = 0.6
[education.stages.senior_vocational]
share_of_leavers = 0.35
",
        demand[0], demand[1], demand[2]
    );
    let mut rows = String::new();
    for (at, number) in classes.iter().enumerate() {
        let (area, stage) = (["a", "b", "c", "d"][at % 4], ["primary", "junior"][at / 4]);
        let sector = if at % 3 == 2 { "private" } else { "public" };
        let dates = ["", "2027-09-01,", ",2028-01-01"][at % 3];
        let dates = if dates.is_empty() { "," } else { dates };
        rows += &format!("f{at},{area},{stage},{sector},{number},10,{dates},\n");
    }
    rows += "g,a,senior_general,public,9,10,,,\nv,d,senior_vocational,public,3,10,,,\n";
    (scenario, table(&rows))
}

const AREAS: &str = "id,label_zh,label_en\na,甲,A\nb,乙,B\nc,丙,C\nd,丁,D\n";
const NEIGHBOURS: &str = "a,b,kilometres\na,b,1\nb,c,2\nc,d,3\n";

fn world(demand: [u32; 3], classes: &[u32; 8], limit: f64, more: &str) -> World {
    let (scenario, supply) = line(demand, classes, limit, more);
    World::new(&scenario, &[("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", &supply)], false)
}

fn every_child_is_on_one_rung(outcome: &Outcome<'_>) {
    for stage in ["primary", "junior", "senior_general", "senior_vocational"] {
        for year in 0..6 {
            for row in 0..5 {
                let get = |metric| outcome.get(stage, metric, row, year);
                assert_eq!(get("demand"), get("served") + get("outside") + get("unmet"), "{stage} {year} {row}");
                assert!(get("entry_unmet") <= get("unmet"));
                assert!(get("enrolled") <= get("places") + get("over_norm"));
                assert!(get("surplus") + get("enrolled") >= get("places"));
            }
            assert_eq!(outcome.all(stage, "served", year), outcome.all(stage, "enrolled", year));
        }
        if stage == "primary" {
            for (year, row) in (0..6).flat_map(|year| (0..5).map(move |row| (year, row))) {
                outcome.every_child_counts_once(stage, row, year);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn requests_are_conserved(
        demand in prop::array::uniform3(0_u32..120),
        classes in prop::array::uniform8(0_u32..30),
        limit in 0.0..7.0,
        number in 0_u32..1000,
    ) {
        let more = "outside_share = 0.5\nprogression = { value = 1.0, sd = 0.1 }\nstaffed_share = 0.9\nsurge_class_size = 60\ntransfer_back = true\nregistered_share = 0.7";
        every_child_is_on_one_rung(&world(demand, &classes, limit, more).alone(number));
    }

    #[test]
    fn more_places_never_raise_the_unplaced(
        demand in prop::array::uniform3(0_u32..120),
        classes in prop::array::uniform8(0_u32..20),
        limit in 0.0..7.0,
        at in 0_usize..8,
        number in 0_u32..1000,
    ) {
        let mut more = classes;
        more[at] += 1;
        // Rooms shared by need: the first September, whatever comes after depends on who got in before.
        let (few, many) = (world(demand, &classes, limit, ""), world(demand, &more, limit, ""));
        let (few, many) = (few.alone(number), many.alone(number));
        for stage in ["primary", "junior"] {
            prop_assert!(many.all(stage, "unmet", 0) <= few.all(stage, "unmet", 0));
            for year in 0..6 {
                prop_assert_eq!(many.all(stage, "demand", year), few.all(stage, "demand", year));
            }
        }
        // Rooms that move up with their cohorts, and no closure: every September.
        let fixed = |classes| {
            let (scenario, supply) = line(demand, classes, limit, "flexible_classrooms = false");
            let supply = supply.replace("2028-01-01", "");
            let tables = [("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS), ("supply.csv", &*supply)];
            World::new(&scenario, &tables, false)
        };
        let (few, many) = (fixed(&classes), fixed(&more));
        let (few, many) = (few.alone(number), many.alone(number));
        for year in 0..6 {
            prop_assert!(many.all("primary", "unmet", year) <= few.all("primary", "unmet", year), "year {year}");
        }
    }
}

#[test]
fn the_ladder_places_own_children_first_and_sends_the_rest_the_least_total_distance() {
    // Four areas in a line (1, 2, 2.5 km apart), 60 entrants each, classes of 10 that stretch to 11, 3, 8, 12 and no classes
    // in the entry grade. With the limit of 3 km a reaches b and c, d only c.
    let supply = table(
        "fa,a,primary,public,18,10,,,\nfb,b,primary,public,48,10,,,\nfc,c,primary,public,72,10,,,\n\
         fp,d,primary,private,6,10,,,\n",
    );
    let scenario = "
[horizon]
start = 2025
end = 2025
[areas]
table = \"areas.csv\"
neighbours = \"neighbours.csv\"
[education]
supply = \"supply.csv\"
[education.stages.primary]
entrants_per_year = 60
entrants_by_chance = false
max_class_size = 11
max_placement_km = 3
flexible_classrooms = false
";
    let neighbours = NEIGHBOURS.replace("c,d,3", "c,d,2.5");
    let tables = [("areas.csv", AREAS), ("neighbours.csv", &*neighbours), ("supply.csv", &*supply)];
    let world = World::new(scenario, &tables, false);
    let outcome = world.alone(0);
    let of = |metric| (0..5).map(|row| outcome.get("primary", metric, row, 0) as u32).collect::<Vec<_>>();
    // a seats 30 at the norm and 3 stretched; 20 go to b and 60 of d to c at the norm, the last 7 of a to b stretched.
    assert_eq!(of("entry_demand"), [60, 60, 60, 60, 240]);
    assert_eq!(of("placed_out_of_area"), [27, 0, 0, 60, 87]);
    assert_eq!(of("private"), [0, 0, 0, 0, 0]);
    assert_eq!(of("unmet"), [0, 0, 0, 0, 0]);
    assert_eq!(of("enrolled"), [33, 87, 120, 0, 240]);
    assert_eq!(of("over_norm"), [3, 7, 0, 0, 10]);
    assert_eq!(of("out_of_area_km"), [27, 0, 0, 150, 177]);
}

#[test]
fn private_classes_close_where_few_places_are_used_and_their_pupils_look_for_another_seat() {
    let scenario = |rate: f64| {
        ONE_SCHOOL.replace("entrants_per_year = 180", &format!("entrants_per_year = 30\nprivate_closure = {rate}"))
    };
    let supply = table("private,district,primary,private,600,10,,,\n");
    let all = World::new(&scenario(1.0), &[("supply.csv", &supply)], false);
    let outcome = all.alone(0);
    assert_eq!((outcome.all("primary", "places", 0), outcome.all("primary", "served", 0)), (6000.0, 30.0));
    assert_eq!((outcome.all("primary", "places", 1), outcome.all("primary", "unmet", 1)), (0.0, 60.0));
    // Of 600 classes each stays with probability 0.9: mean 540, variance 54.
    let some = World::new(&scenario(0.1), &[("supply.csv", &supply)], false);
    let mean = (0..400).map(|number| some.alone(number).all("primary", "places", 1) / 10.0).sum::<f64>() / 400.0;
    assert!((mean - 540.0).abs() < 4.0 * (54.0_f64 / 400.0).sqrt(), "{mean}");
}

#[test]
fn with_240_entrants_a_new_school_leaves_20_more_without_a_place_each_year() {
    let scenario = ONE_SCHOOL.replace("= 180", "= 240");
    let supply = table("new,district,primary,public,24,45,2025-09-01,,\n");
    let world = World::new(&scenario, &[("supply.csv", &supply)], false);
    let outcome = world.alone(0);
    for year in 0..6 {
        let n = f64::from(year as u32 + 1);
        let all = |metric| outcome.all("primary", metric, year);
        // Four classes of 45 a grade, which stretch to 55.
        assert_eq!(
            (all("demand"), all("places"), all("served"), all("unmet")),
            (240.0 * n, 180.0 * n, 220.0 * n, 20.0 * n)
        );
        assert_eq!((all("over_norm"), all("classes"), all("oversized_classes")), (40.0 * n, 4.0 * n, 0.0));
    }
}

#[test]
fn every_fault_of_a_section_is_reported_at_once() {
    let scenario = "
[horizon]
start = 2025
end = 2026
[education]
supply = \"supply.csv\"
[education.stages.primary]
yield_per_resident = 1.0
class_sizes = [45, 46]
hukou_priority = 1
max_placement_km = -3
[education.stages.junior]
share_of_leavers = 0.9
entrants_per_year = 100
[education.stages.senior_general]
entrants_per_year = 100
opening_pupils = [1, 2]
[education.stages.kindergarten]
participation = 0.9
";
    let supply = table("a,nowhere,primary,public,24,45,2025-09-01,,\na,district,primry,public,x,45,soon,,\n");
    let faults = World::read(scenario, &[("supply.csv", &supply)], false).expect_err("faults");
    let said: Vec<String> = faults.list.iter().map(|fault| fault.message.en.to_string()).collect();
    for part in [
        "counts residents, but the scenario has no people",
        "2 class sizes for 6 grades",
        "hukou_priority",
        "max_placement_km",
        "2 of the keys that say who enters",
        "2 numbers for 3 grades",
        "unknown key `kindergarten`",
        "does not know «nowhere»",
        "given twice",
        "does not know «primry»",
    ] {
        assert!(said.iter().any(|message| message.contains(part)), "{part}: {said:#?}");
    }
}

#[test]
fn cohorts_that_are_not_known_are_faults_with_a_remedy() {
    let faults = |stage: &str, tables: &[(&str, &str)]| {
        let scenario = format!(
            "[horizon]\nstart = 2025\nend = 2027\n[education]\nenrolment = \"enrolment.csv\"\n[education.stages.{stage}\n"
        );
        let found = World::read(&scenario, tables, false).expect_err("a fault");
        let said = found.list.iter().map(|fault| format!("{} / {}", fault.message.en, fault.remedy.en));
        said.collect::<Vec<_>>().join("; ")
    };
    let births = |last: i32| {
        let rows: String = (2010..=last).map(|year| format!("{year},100,{0},{0},{0}\n", year - 1950)).collect();
        format!("year,births,junior_1,junior_2,junior_3\n{rows}")
    };
    // Juniors are 12: births of 2012 to 2015 are needed for 2025 to 2027, and pupils of 2024.
    let junior = "junior]\nyield_per_birth = 1.0\nratios_include_migration = true";
    assert!(World::read(
        &format!("[horizon]\nstart = 2025\nend = 2027\n[education]\nenrolment = \"enrolment.csv\"\n[education.stages.{junior}\n"),
        &[("enrolment.csv", &births(2024))],
        false
    )
    .is_ok());
    let early = faults(junior, &[("enrolment.csv", &births(2023))]);
    assert!(early.contains("all pupils of junior in 2024") && early.contains("it ends in 2023"), "{early}");
    let unborn = births(2024).replace("2013,100", "2013,");
    let unborn = faults(junior, &[("enrolment.csv", &unborn)]);
    assert!(unborn.contains("the births of 2013") && unborn.contains("births alone will do"), "{unborn}");
    // A row whose year cannot be read is read to its end.
    let wrong = births(2024).replace("2013,100", "soon,-5");
    let wrong = faults(junior, &[("enrolment.csv", &wrong)]);
    assert!(wrong.contains("`year` = «soon»") && wrong.contains("`births` = «-5»"), "{wrong}");
    let care = faults("childcare]\nyield_per_birth = 1.0", &[("enrolment.csv", &births(2024))]);
    assert!(care.contains("not a cohort") && care.contains("participation"), "{care}");
}

#[test]
fn a_spread_of_an_area_stands_in_the_rows_of_the_first_two_grades() {
    let scenario = ONE_SCHOOL.replace("[education]", "[education]\narea_adjustments = \"differences.csv\"");
    let supply = table("old,district,primary,public,24,45,,,\n");
    let read = |row: &str| {
        let differences = format!("area,stage,grade,factor,spread\n{row}\n");
        World::read(&scenario, &[("supply.csv", &supply), ("differences.csv", &differences)], false)
    };
    assert!(read("district,primary,1,1,2.5").is_ok() && read("district,primary,2,1,0.4").is_ok());
    assert!(read("district,primary,3,1,").is_ok());
    for (row, said) in [
        ("district,primary,3,1,2", "grade 3 has no spread of its own"),
        ("district,primary,2,1,-1", "spread"),
        ("district,primary,2,1,wide", "spread"),
    ] {
        let faults = read(row).expect_err(row);
        assert!(faults.list.iter().any(|fault| fault.message.en.contains(said)), "{row}: {:?}", faults.list);
    }
}

#[test]
fn a_school_cannot_open_again_before_it_closes() {
    let supply =
        "facility,area,stage,sector,classes,closes,reopens\nold,district,primary,public,24,2027-07-01,2026-07-01\n";
    let found = World::read(ONE_SCHOOL, &[("supply.csv", supply)], false).expect_err("a fault");
    assert!(found.list.iter().any(|fault| fault.message.en.contains("opens again before it closes")));
}

const CONVERTED: &str = "
[horizon]
start = 2025
end = 2031
[education]
supply = \"supply.csv\"
[education.stages.preschool]
class_sizes = [30]
entrants_per_year = 100
[education.stages.childcare]
entrants_per_year = 60
[education.stages.primary]
entrants_per_year = 180
[education.stages.junior]
entrants_per_year = 150
";

const CONVERTING: &str = "facility,area,stage,sector,classes,opens,closes,converts_to,converts_on,converts_classes,converts_class_size,converts_project\n";

/// Every count of every stage and year that a conversion could move.
fn all_counts(world: &World, replication: u32) -> Vec<f64> {
    let outcome = world.alone(replication);
    let mut all = Vec::new();
    for stage in ["childcare", "preschool", "primary", "junior"] {
        for metric in ["classes", "places", "entry_places", "served", "unmet", "enrolled", "over_norm", "staff_needed"]
        {
            all.extend((0..7).map(|year| outcome.all(stage, metric, year)));
        }
    }
    all
}

#[test]
fn a_conversion_is_exactly_rooms_that_close_and_rooms_that_open() {
    let converted = format!(
        "{CONVERTING}k,district,preschool,public,12,,,childcare,2027-03-01,5,20,\n\
         p,district,primary,public,36,,,junior,2028-09-02,9,,\n"
    );
    let pair = "facility,area,stage,sector,classes,class_size,opens,closes\n\
         k1,district,preschool,public,5,,,2027-03-01\n\
         k2,district,childcare,public,5,20,2027-03-01,\n\
         k3,district,preschool,public,7,,,\n\
         p1,district,primary,public,9,,,2028-09-02\n\
         p2,district,junior,public,9,,2028-09-02,\n\
         p3,district,primary,public,27,,,\n";
    let (one, other) = (
        World::new(CONVERTED, &[("supply.csv", &converted)], false),
        World::new(CONVERTED, &[("supply.csv", pair)], false),
    );
    for replication in 0..20 {
        assert_eq!(all_counts(&one, replication), all_counts(&other, replication), "{replication}");
    }
    // The first September after the rooms change hands, and not the one before.
    let places = |stage: &str| (0..4).map(|year| one.alone(0).all(stage, "places", year)).collect::<Vec<_>>();
    assert_eq!(places("preschool"), [360.0, 360.0, 210.0, 210.0]);
    assert_eq!(places("childcare"), [0.0, 0.0, 100.0, 100.0]);
}

#[test]
fn a_conversion_loses_and_wins_no_room_however_late_it_is_and_however_many_rooms_there_are() {
    let scenario = |left_out: &str| {
        let project = "[projects.infants]\nlabel = \"infants\"\nopens = 2026-08-01\n\
             delay_months = { distribution = \"uniform\", low = 0, high = 37 }\n";
        format!("{CONVERTED}{project}").replace("[horizon]", &format!("{left_out}\n[horizon]")).replace(
            "[education.stages.preschool]",
            "[education.stages.preschool]\nexisting_capacity_factor = { distribution = \"uniform\", low = 0.7, high = 1.3 }",
        )
    };
    let supply = format!("{CONVERTING}k,district,preschool,public,12,,,childcare,,12,30,infants\n");
    let world = World::new(&scenario(""), &[("supply.csv", &supply)], false);
    let mut years_of_change = std::collections::BTreeSet::new();
    for replication in 0..200 {
        let outcome = world.alone(replication);
        let rooms = |stage: &str, year: usize| outcome.all(stage, "places", year) / 30.0;
        let all = rooms("preschool", 0);
        assert!((8.0..=16.0).contains(&all));
        for year in 0..7 {
            let (old, new) = (rooms("preschool", year), rooms("childcare", year));
            assert_eq!(old + new, all);
            assert!(old == 0.0 || new == 0.0);
        }
        years_of_change.extend((0..7).find(|year| rooms("childcare", *year) > 0.0));
    }
    // On time, and one, two and three Septembers late.
    assert_eq!(years_of_change.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4]);
    // A project that is left out converts nothing; both stages know that it is theirs.
    let without = World::new(&scenario("exclude_projects = [\"infants\"]"), &[("supply.csv", &supply)], false);
    let outcome = without.alone(0);
    for year in 0..7 {
        assert_eq!(outcome.all("childcare", "places", year), 0.0);
        assert_eq!(outcome.all("preschool", "places", year), outcome.all("preschool", "places", 0));
    }
}

#[test]
fn every_fault_of_a_conversion_has_its_place_and_remedy() {
    let found = |row: &str| {
        let supply = format!("{CONVERTING}k,district,preschool,public,12,{row}\n");
        let faults = World::read(CONVERTED, &[("supply.csv", &supply)], false).expect_err(row);
        faults.list.iter().map(|fault| format!("{} {}\n", fault.message.en, fault.message.zh)).collect::<String>()
    };
    for (row, fault) in [
        (",,childcare,,5,,", "not said when"),
        (",,childcare,2027-09-01,13,,", "13 of 12 classes"),
        (",,childcare,2027-09-01,0,,", "0 of 12 classes"),
        (",,preschool,2027-09-01,5,,", "serve that stage already"),
        (",,senior_general,2027-09-01,5,,", "senior_general"),
        (",2030-01-01,childcare,2027-09-01,5,,", "cannot also close"),
        ("2028-01-01,,childcare,2027-09-01,5,,", "converted before they open"),
        (",,,2027-09-01,,,", "without `converts_to`"),
        (",,childcare,soon,5,,", "is not a date"),
        (",,childcare,,5,,nothing", "nothing"),
    ] {
        assert!(found(row).contains(fault), "{row}: {}", found(row));
    }
    let all = found(",2030-01-01,preschool,,13,,nothing");
    for fault in ["nothing", "13 of 12 classes", "serve that stage already", "cannot also close"] {
        assert!(all.contains(fault), "{fault}: {all}");
    }
}

const NEAR: &str = "
[horizon]
start = 2025
end = 2027
[areas]
table = \"areas.csv\"
[education]
supply = \"supply.csv\"
homes = \"homes.csv\"
[education.stages.primary]
entrants_per_year = 180
entrants_by_chance = false
[education.stages.junior]
entrants_per_year = 10
";

const TWO_AREAS: &str = "id,label_zh,label_en\nwest,西,West\neast,东,East\n";

const SPOTS: &str = "facility,area,stage,sector,classes,opens,closes,x,y
old,west,primary,public,24,,,0.25,0
new,east,primary,private,24,2026-09-01,,5,0.8
leased,east,primary,public,6,,2026-06-30,5.45,0
unplaced,east,primary,public,6,,,,
middle,east,junior,public,6,,,5,0
";

/// Three quarters of West's children live 250 m from the old school, a quarter 450 m on its other side; East's 800 m from
/// the new one and 450 m from the leased one.
const HOMES: &str = "area,weight,x,y\nwest,30,0,0\nwest,10,0.25,0.45\neast,1,5,0\n";

#[test]
fn children_are_as_near_to_an_open_school_as_a_ruler_says() {
    let tables = [("areas.csv", TWO_AREAS), ("supply.csv", SPOTS), ("homes.csv", HOMES)];
    let world = World::new(NEAR, &tables, false);
    let outcome = world.alone(0);
    let share = |stage: &str, metres: u32, area: usize, year: usize| {
        outcome.get(stage, &format!("share_within_{metres}"), area, year)
    };
    for year in 0..3 {
        let west = [300, 500, 1_000].map(|metres| share("primary_nearness", metres, 0, year));
        assert_eq!(west, [0.75, 1.0, 1.0]);
        // The lease ends as the new school opens, a little farther away.
        let east = [300, 500, 1_000].map(|metres| share("primary_nearness", metres, 1, year));
        assert_eq!(east, if year == 0 { [0.0, 1.0, 1.0] } else { [0.0, 0.0, 1.0] });
        let district = share("primary_nearness", 300, 2, year);
        let (west, all) = (outcome.get("primary", "demand", 0, year), outcome.all("primary", "demand", year));
        assert!((district - 0.75 * west / all).abs() < 1e-6);
        // A school of another stage is none of theirs.
        assert_eq!((share("junior_nearness", 1_000, 0, year), share("junior_nearness", 300, 1, year)), (0.0, 1.0));
    }
}

/// Three areas by the homes of their children; the centres of Mid and East are as far from West.
fn three(supply: &str, limit: &str) -> World {
    let text = format!(
        "[horizon]\nstart = 2025\nend = 2026\n[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n\
         [education]\nsupply = \"supply.csv\"\nhomes = \"homes.csv\"\n[education.stages.primary]\n\
         entrants_per_year = 40\nentrants_by_chance = false\nflexible_classrooms = false\n{limit}"
    );
    let areas = "id,label_zh,label_en\nwest,西,West\nmid,中,Mid\neast,东,East\n";
    let neighbours = "a,b,kilometres\nwest,mid,3\nwest,east,2\n";
    let homes = "area,weight,x,y\nwest,3,0,0\nwest,1,0,4\nmid,1,3,0\neast,1,2,0\n";
    let supply = format!("facility,area,stage,sector,classes,class_size,opens,x,y\n{supply}");
    let tables = [("areas.csv", areas), ("neighbours.csv", neighbours), ("homes.csv", homes), ("supply.csv", &*supply)];
    World::new(&text, &tables, false)
}

#[test]
fn children_are_placed_by_the_way_from_their_homes_to_the_schools_and_not_between_centres() {
    // West has no school. East's centre is nearer than Mid's, but its school stands far away.
    let schools = "m,mid,primary,public,12,40,,0.4,0\ne,east,primary,public,12,40,,4,0\n";
    let world = three(schools, "max_class_size = 40\n");
    let outcome = world.alone(0);
    // Mid's school has 40 places a grade beyond its own 40 children: all of West's go there, none to East.
    assert_eq!(outcome.get("primary", "placed_out_of_area", 0, 0), 40.0);
    assert_eq!(outcome.get("primary", "enrolled", 1, 0), 80.0);
    assert_eq!(outcome.get("primary", "enrolled", 2, 0), 40.0);
    // Three in four of them live 400 m away, one in four sqrt(0.4^2 + 4^2) km.
    let way = 0.75 * 0.4 + 0.25 * f64::sqrt(0.16 + 16.0);
    let told = |metric: &str, area: usize| outcome.get("primary_nearness", metric, area, 0);
    assert!((told("mean_travel_km", 0) - way).abs() < 1e-6, "{}", told("mean_travel_km", 0));
    assert!((outcome.get("primary", "mean_out_of_area_km", 0, 0) - way).abs() < 1e-3);
    assert_eq!(told("placed", 0), 40.0);
    assert_eq!([300, 500, 1_000].map(|m| told(&format!("share_placed_within_{m}"), 0)), [0.0, 0.75, 0.75]);
    // East's children sit in their own school, two kilometres off.
    assert!((told("mean_travel_km", 2) - 2.0).abs() < 1e-6);
    assert_eq!(told("share_placed_within_1000", 2), 0.0);
}

#[test]
fn the_limit_of_coordination_is_that_of_the_way_to_a_school_that_takes_pupils() {
    // Mid's near school opens in the second year; until then its other one is beyond the limit.
    let schools = "m,mid,primary,public,12,40,,9,0\nn,mid,primary,public,12,40,2026-09-01,0.4,0\n\
                   e,east,primary,public,6,40,,2,0\n";
    let world = three(schools, "max_placement_km = 5\nmax_class_size = 40\nphased_opening = false\n");
    let outcome = world.alone(0);
    assert_eq!(
        (outcome.get("primary", "unmet", 0, 0), outcome.get("primary", "placed_out_of_area", 0, 0)),
        (40.0, 0.0)
    );
    assert_eq!(outcome.get("primary", "unmet", 0, 1), 0.0);
}

#[test]
fn degrees_are_metres_on_the_globe_and_points_are_not_mixed() {
    // A thousandth of a degree of latitude is 111 m, of longitude at 36.65 degrees 89 m.
    let supply = "facility,area,stage,sector,classes,lon,lat\na,west,primary,public,24,117.05,36.65\n";
    let homes = "area,weight,lon,lat\nwest,1,117.05,36.6526\nwest,1,117.0533,36.65\nwest,2,117.0548,36.6522\n";
    let text = NEAR.replace("[education.stages.junior]\nentrants_per_year = 10\n", "");
    let read = |homes: &str| {
        World::read(&text, &[("areas.csv", TWO_AREAS), ("supply.csv", supply), ("homes.csv", homes)], false)
    };
    let world = read(homes).expect("no faults");
    // 289 m north, 294 m east, and 493 m between.
    assert_eq!(world.alone(0).get("primary_nearness", "share_within_300", 0, 0), 0.5);
    assert_eq!(world.alone(0).get("primary_nearness", "share_within_500", 0, 0), 1.0);
    assert!(world.alone(0).get("primary_nearness", "share_within_500", 1, 0).is_nan(), "nobody knows where East lives");
    for (homes, said) in [
        ("area,weight,x,y\nwest,1,0,0\n", "some points are in kilometres and some in degrees"),
        ("area,weight\nwest,1\n", "the home has no point"),
    ] {
        let faults = read(homes).expect_err("faults");
        assert!(faults.list.iter().any(|d| d.message.en.contains(said)), "{said}: {:?}", faults.list);
    }
}

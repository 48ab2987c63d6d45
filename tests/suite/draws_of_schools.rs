//! Draws of education belong to names: sorted tables give the same numbers, and an area more moves nothing in others. A school
//! that stands on the first day is a present one, whatever its date.

use civicap::population::view::People;

use crate::support::education::{Outcome, World};

const SCENARIO: &str = "
[horizon]
start = 2025
end = 2030
[areas]
table = \"areas.csv\"
neighbours = \"neighbours.csv\"
[education]
supply = \"supply.csv\"
homes = \"homes.csv\"
through_progression_share = 0.8
[education.catchments.one]
area = \"b\"
stage = \"primary\"
weight = 2
[education.catchments.two]
area = \"b\"
stage = \"primary\"
weight = 1
[education.stages.primary]
entrants_per_year = 70
registered_share = 0.4
private_share = 0.2
outside_share = 0.3
private_closure = 0.4
private_closure_below = 0.9
choice_decay_km = 1.0
max_placement_km = 3
existing_capacity_factor = { distribution = \"lognormal\", median = 1.0, cv = 0.3 }
[education.stages.junior]
share_of_leavers = 0.9
registered_share = 0.4
";

const HEADING: &str = "facility,area,stage,sector,catchment,classes,class_size,opens,feeds_into,x,y\n";
const SCHOOLS: [&str; 8] = [
    "p,a,primary,public,,6,20,,j,0,0\n",
    "q,a,primary,public,,5,20,,j,0.4,0\n",
    "r,b,primary,public,one,6,20,,,1,0\n",
    "s,b,primary,public,two,4,20,,k,1.3,0.2\n",
    "t,b,primary,private,,6,15,,,1,0.3\n",
    "u,c,primary,private,,6,15,2027-08-01,,2,0\n",
    "j,a,junior,public,,6,20,,,0,0\n",
    "k,c,junior,public,,5,20,,,2,0\n",
];
const HOMES: [&str; 4] = ["a,0,0,3\n", "a,0.3,0.1,1\n", "b,1,0.1,2\n", "b,1.2,0,0.7\n"];
const NEIGHBOURS: [&str; 2] = ["a,b,1\n", "b,c,1\n"];

/// These rows in another order: each part from `by` on comes first.
fn turned(rows: &[&str], by: usize) -> String {
    rows[by..].iter().chain(&rows[..by]).copied().collect()
}

fn world(by: usize, scenario: &str, more_areas: &str, schools: &str) -> World {
    World::new(
        scenario,
        &[
            ("areas.csv", &format!("id,label_zh,label_en\na,a,a\nb,b,b\nc,c,c\n{more_areas}")),
            ("neighbours.csv", &format!("a,b,kilometres\n{}", turned(&NEIGHBOURS, by % 2))),
            ("homes.csv", &format!("area,x,y,weight\n{}", turned(&HOMES, by % 4))),
            ("supply.csv", &format!("{HEADING}{}{schools}", turned(&SCHOOLS, by % 8))),
        ],
        false,
    )
}

const METRICS: [&str; 8] =
    ["demand", "places", "served", "unmet", "private", "placed_out_of_area", "outside", "demand_registered"];

fn numbers(outcome: &Outcome<'_>) -> Vec<u64> {
    let all = |stage: &'static str| {
        METRICS
            .iter()
            .flat_map(move |metric| (0..3).flat_map(move |area| (0..6).map(move |year| (stage, *metric, area, year))))
    };
    let cells = all("primary").chain(all("junior"));
    cells.map(|(stage, metric, area, year)| outcome.get(stage, metric, area, year).to_bits()).collect()
}

#[test]
fn sorted_tables_give_the_same_numbers() {
    let (before, after) = SCENARIO.split_once("[education.catchments.one]").unwrap();
    let (one, rest) = after.split_once("[education.catchments.two]").unwrap();
    let (two, rest) = rest.split_once("[education.stages.primary]").unwrap();
    let catchments_turned = format!(
        "{before}[education.catchments.two]{two}[education.catchments.one]{one}[education.stages.primary]{rest}"
    );
    let base = world(0, SCENARIO, "", "");
    for by in 1..8 {
        let scenario = if by % 2 == 0 { SCENARIO } else { &catchments_turned };
        let sorted = world(by, scenario, "", "");
        for number in 0..6 {
            assert_eq!(numbers(&base.alone(number)), numbers(&sorted.alone(number)), "{by}");
        }
    }
}

#[test]
fn an_area_or_a_school_out_of_reach_moves_nothing_elsewhere() {
    let (base, more) =
        (world(0, SCENARIO, "", ""), world(3, SCENARIO, "far,far,far\n", "z,far,primary,public,,6,20,,,90,0\n"));
    for number in 0..6 {
        assert_eq!(numbers(&base.alone(number)), numbers(&more.alone(number)));
    }
}

#[test]
fn the_day_of_foundation_changes_nothing_of_a_school_that_stands() {
    let scenario = "[horizon]\nstart = 2025\nend = 2030\n[education]\nsupply = \"supply.csv\"\n[education.stages.primary]\n\
                    entrants_per_year = 230\nexisting_capacity_factor = { distribution = \"lognormal\", median = 1.0, cv = 0.2 }\n";
    let outcome = |opens: &str, opening: &str, number: u32| -> Vec<f64> {
        let table = format!(
            "facility,area,stage,sector,classes,opens,opening\nold,district,primary,public,25,{opens},{opening}\n\
             private,district,primary,private,7,{opens},{opening}\n"
        );
        let world = World::new(scenario, &[("supply.csv", &table)], false);
        let outcome = world.run(number, |_| People::nobody(1));
        ["places", "served", "unmet", "over_norm"]
            .iter()
            .flat_map(|metric| (0..6).map(move |year| (*metric, year)))
            .map(|(metric, year)| outcome.all("primary", metric, year))
            .collect()
    };
    for number in 0..20 {
        for opening in ["", "whole"] {
            let present = outcome("", opening, number);
            for day in ["1998-09-01", "2019-08-15", "1926-02-01"] {
                assert_eq!(outcome(day, opening, number), present, "{day}");
            }
        }
    }
}

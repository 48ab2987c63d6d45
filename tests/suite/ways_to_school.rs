//! Ways to school as a table gives them, in place of the way as the crow flies.

use crate::support::education::World;

const AREAS: &str = "id,label_zh,label_en\nwest,西,West\nmid,中,Mid\neast,东,East\n";
const NEIGHBOURS: &str = "a,b,kilometres\nwest,mid,3\nwest,east,2\n";

/// West has no school. Mid's has 40 places a grade more than its own children need, and so has East's.
fn read(homes: &str, ways: &str, points: bool) -> Result<World, civicap::diagnostic::Diagnostics> {
    let (mut tables, mut keys) = (vec![("areas.csv", AREAS), ("neighbours.csv", NEIGHBOURS)], String::new());
    for (name, table) in [("homes", homes), ("travel_distances", ways)] {
        if !table.is_empty() {
            keys += &format!("{name} = \"{name}.csv\"\n");
            tables.push((if name == "homes" { "homes.csv" } else { "travel_distances.csv" }, table));
        }
    }
    let text = format!(
        "[horizon]\nstart = 2025\nend = 2026\n[areas]\ntable = \"areas.csv\"\nneighbours = \"neighbours.csv\"\n\
         [education]\nsupply = \"supply.csv\"\n{keys}[education.stages.primary]\n\
         entrants_per_year = 40\nentrants_by_chance = false\nflexible_classrooms = false\nmax_class_size = 40\n"
    );
    let supply = if points {
        "facility,area,stage,sector,classes,class_size,x,y\nm,mid,primary,public,12,40,0.4,0\ne,east,primary,public,12,40,4,0\n"
    } else {
        "facility,area,stage,sector,classes,class_size\nm,mid,primary,public,12,40\ne,east,primary,public,12,40\n"
    };
    tables.push(("supply.csv", supply));
    World::read(&text, &tables, false)
}

fn world(homes: &str, ways: &str, points: bool) -> World {
    read(homes, ways, points).unwrap_or_else(|faults| panic!("{:#?}", faults.list))
}

const POINTS: &str = "area,weight,x,y\nwest,3,0,0\nwest,1,0,0.9\nmid,1,0.4,0.3\neast,1,2,0\n";

/// The homes of those points, and what a ruler says in between.
const KEYED: &str = "area,home,weight\nwest,south,3\nwest,north,1\nmid,all,1\neast,all,1\n";

fn ruled(per_kilometre: f64, unit: &str) -> String {
    let mut table = format!("area,home,facility,{unit}\n");
    for (home, x, y) in
        [("west,south", 0.0, 0.0), ("west,north", 0.0, 0.9), ("mid,all", 0.4, 0.3), ("east,all", 2.0, 0.0)]
    {
        for (school, east) in [("m", 0.4), ("e", 4.0)] {
            table += &format!("{home},{school},{}\n", per_kilometre * f64::hypot(x - east, y));
        }
    }
    table
}

#[test]
fn a_table_that_says_what_a_ruler_says_changes_nothing() {
    let points = world(POINTS, "", true);
    let points = points.alone(0);
    // 80 m a minute: a kilometre is 12.5 minutes.
    for (per_kilometre, unit) in [(1.0, "kilometres"), (12.5, "minutes")] {
        let told = world(KEYED, &ruled(per_kilometre, unit), false);
        let told = told.alone(0);
        for (area, year) in (0..4).flat_map(|area| (0..2).map(move |year| (area, year))) {
            for metric in ["demand", "served", "unmet", "placed_out_of_area", "enrolled", "out_of_area_km"] {
                assert_eq!(
                    told.get("primary", metric, area, year),
                    points.get("primary", metric, area, year),
                    "{metric}"
                );
            }
            for metric in [
                "share_within_300",
                "share_within_1000",
                "mean_travel_km",
                "share_placed_within_500",
                "share_placed_within_1000",
            ] {
                let nearness = "primary_nearness";
                let (told, points) = (told.get(nearness, metric, area, year), points.get(nearness, metric, area, year));
                assert!((told - points).abs() < 1e-6, "{metric} {area}: {told}, not {points}");
            }
        }
    }
}

#[test]
fn a_river_between_home_and_school_sends_children_the_other_way() {
    // Mid's school is the nearer by far as the crow flies; its way leads over a bridge.
    let bridge = "area,home,facility,kilometres\nwest,,m,4.5\n";
    let homes = "area,home,weight,x,y\nwest,south,3,0,0\nwest,north,1,0,0.9\nmid,,1,0.4,0.3\neast,,1,2,0\n";
    for (ways, to) in [("", 1), (bridge, 2)] {
        let world = world(homes, ways, true);
        let outcome = world.alone(0);
        assert_eq!(outcome.get("primary", "placed_out_of_area", 0, 0), 40.0);
        assert_eq!(outcome.get("primary", "enrolled", to, 0), 80.0);
    }
    // Beyond the limit of 5 km nobody is sent at all.
    let far = bridge.replace("4.5", "5.5") + "west,,e,5.5\n";
    assert_eq!(world(homes, &far, true).alone(0).get("primary", "unmet", 0, 0), 40.0);
}

#[test]
fn whole_areas_have_ways_without_a_table_of_homes() {
    let ways = "area,facility,kilometres\nwest,m,0.45\nwest,e,0.25\n";
    let world = world("", ways, false);
    let outcome = world.alone(0);
    let told = |metric: &str, area: usize| outcome.get("primary_nearness", metric, area, 0);
    assert_eq!(outcome.get("primary", "enrolled", 2, 0), 80.0);
    assert!((told("mean_travel_km", 0) - 0.25).abs() < 1e-6);
    assert_eq!((told("share_within_300", 0), told("share_placed_within_300", 0)), (1.0, 1.0));
    // Nobody knows how far the children of Mid have to go.
    assert!(told("mean_travel_km", 1).is_nan());
    // They live 250 m from East's school, but sit in their own, and nothing is said of the way there.
    let world = self::world("", &format!("{ways}mid,e,0.25\n"), false);
    let outcome = world.alone(0);
    let told = |metric: &str| outcome.get("primary_nearness", metric, 1, 0);
    assert_eq!((told("share_within_300"), told("placed")), (1.0, 0.0));
    assert!(told("mean_travel_km").is_nan());
}

#[test]
fn inside_an_area_homes_whose_way_is_known_stand_for_the_others() {
    let ways = "area,home,facility,kilometres\nwest,,m,0.4\nmid,near,m,0.2\nmid,far,m,0.8\nmid,unknown,e,3\n";
    let homes = "area,home,weight\nwest,all,1\nmid,near,2\nmid,far,1\nmid,unknown,7\n";
    let world = world(homes, ways, false);
    let outcome = world.alone(0);
    let told = |metric: &str| outcome.get("primary_nearness", metric, 1, 0);
    assert!((told("mean_travel_km") - 0.4).abs() < 1e-6, "{}", told("mean_travel_km"));
    assert!((told("share_placed_within_300") - 2.0 / 3.0).abs() < 1e-6);
}

#[test]
fn every_fault_of_a_way_has_its_place_and_remedy() {
    let faults = |homes: &str, ways: &str, points: bool| {
        let found = read(homes, ways, points).expect_err(ways);
        found.list.iter().map(|fault| format!("{}\n", fault.message.en)).collect::<String>()
    };
    let heading = "area,home,facility,kilometres,minutes\n";
    for (row, said) in [
        ("west,south,m,1,12\n", "gives kilometres and minutes"),
        ("west,south,m,,\n", "says no way"),
        ("west,south,x,1,\n", "does not know «x»"),
        ("west,up,m,1,\n", "does not know «up»"),
        ("west,south,m,-1,\n", "is not a number"),
        ("nowhere,south,m,1,\n", "does not know «nowhere»"),
        ("west,,m,1,\nwest,south,m,2,\n", "given twice"),
    ] {
        let found = faults(KEYED, &format!("{heading}{row}"), false);
        assert!(found.contains(said), "{row}: {found}");
    }
    let found = faults(KEYED, &format!("{heading}west,,m,1,\nmid,,m,1,\n"), false);
    assert!(found.contains("the home «all» of east has neither a point nor a way"), "{found}");
    let found = faults("", &format!("{heading}west,south,m,1,\n"), false);
    assert!(found.contains("there is no table of homes"), "{found}");
    let found = faults("area,home,weight\nwest,south,1\nwest,south,1\n", &format!("{heading}mid,,m,1,\n"), false);
    assert!(found.contains("«south» is given twice"), "{found}");
    let found = faults("area,home,weight\nwest,south,1\n", &format!("{heading}mid,,m,1,\n"), false);
    assert!(found.contains("no home of this area is in the table of homes"), "{found}");
    let found = faults(KEYED, "", true);
    assert!(found.contains("the home has no point"), "{found}");
}

//! Draws of the people belong to what they are about: the order of rows, of areas and of named sections changes nothing, and
//! what is added moves nothing but what it adds.

use std::collections::BTreeMap;

use civicap::language::Text;
use civicap::population::view::AGES;
use civicap::site::{Area, Site};

use crate::support::people::{Tables, context, line, read};
use crate::support::replay::{case, replay, sound};

/// Residents of every area at the end of every year of every replication.
fn residents(file: &str) -> Vec<Vec<u32>> {
    let plan = sound(&case("order-of-rows-moves-the-draws", file));
    let mut all = Vec::new();
    replay(&plan, 40, |_, _, state| {
        let end = state.view().end;
        all.push((0..end.areas()).map(|area| end.of_ages(area, 0..AGES)).collect());
    });
    all
}

#[test]
fn sorted_rows_of_homes_give_the_same_people() {
    assert_eq!(residents("scenario.toml"), residents("sorted.toml"));
    assert_eq!(residents("one-flat-first.toml"), residents("one-flat-last.toml"));
}

#[test]
fn one_flat_in_the_south_moves_nobody_in_the_north_whom_it_does_not_house() {
    let (before, after) = (residents("scenario.toml"), residents("one-flat-first.toml"));
    let moved = before.iter().zip(&after).filter(|(before, after)| before[0].abs_diff(after[0]) > 5).count();
    assert_eq!(moved, 0, "one flat houses three");
}

/// Areas of these names, each so many kilometres along a line; areas without a place have no way to any other.
fn site(names: &[(&str, Option<f64>)]) -> Site {
    let area = |name: &str| Area { id: name.to_owned(), label: Text::name(name.to_owned()), tile: None };
    let distance = names.iter().flat_map(|(_, from)| {
        names.iter().map(move |(_, to)| match (from, to) {
            (Some(from), Some(to)) => (from - to).abs(),
            _ => f64::INFINITY,
        })
    });
    Site {
        areas: names.iter().map(|(name, _)| area(name)).collect(),
        distance: distance.collect(),
        ..line(names.len(), 2024, 2024, 2027)
    }
}

/// The end of every year of several replications, by area: everyone by sex and age.
fn lives(names: &[(&str, Option<f64>)], reversed: bool) -> BTreeMap<String, Vec<u32>> {
    let site = site(names);
    let mut tables = Tables::new();
    let mut rows: Vec<String> = names
        .iter()
        .flat_map(|(name, _)| {
            let more = name.len();
            ["male", "female"].map(|sex| {
                format!("{name},{sex},0-14,{}\n{name},{sex},15-59,{}\n{name},{sex},60+,{}\n", 300 + more, 900, 200)
            })
        })
        .collect();
    let mut homes = ["east,2024,90,flat\n", "east,2025,90,house\n", "west,2024,70,flat\n", "west,2024,30,flat\n"];
    let mut reasons = [
        "[people.in_migration.jobs]\npeople_per_year = { value = 200, sd = 0.1, scale = \"log\" }\noverdispersion_cv = 0.3\nareas = \"weights.csv\"\nareas_concentration = 20\nages_sd = 0.3\n",
        "[people.in_migration.family]\npeople_per_year = 90\noverdispersion_cv = 0.1\nareas = \"weights.csv\"\n",
        "[people.renewal.b]\narea = \"west\"\nyear = 2025\npeople = 120\nreturn_after_years = 1\n",
        "[people.renewal.a]\narea = \"east\"\nyear = 2024\npeople = 300\nreturn_after_years = 2\n",
    ];
    let mut weights = ["east,3\n", "west,2\n", "mid,1\n"];
    if reversed {
        rows.reverse();
        homes.reverse();
        reasons.reverse();
        weights.reverse();
    }
    tables.add("people.csv", &format!("area,sex,age,persons\n{}", rows.concat()));
    tables.add("homes.csv", &format!("area,year,dwellings,type\n{}", homes.concat()));
    tables.add("weights.csv", &format!("area,weight\n{}", weights.concat()));
    tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
    tables.births();
    tables.moves(1.0, 1.0);
    let text = format!(
        "[people]\ntable = \"people.csv\"\ndeaths = {{ table = \"deaths.csv\" }}\n\
         births = {{ table = \"births.csv\", births_per_woman = 1.3 }}\n\
         migration = {{ table = \"moves.csv\", destinations_concentration = 9, out_migration_ages_sd = 0.2 }}\n{}\
         [people.housing]\ntable = \"homes.csv\"\ndelay_distribution = [0.5, 0.5]\noverdispersion_cv = 0.2\n\
         [people.housing.types.flat]\nhousehold_size = 3\nshare_from_outside = 0.5\noccupancy_schedule = [0.5, 0.4]\n\
         children_per_100 = [10, 10, 10, 10]\n\
         [people.housing.types.house]\nhousehold_size = 4\nshare_from_outside = 0.4\noccupancy_schedule = [1.0]\n\
         children_per_100 = [10, 10, 10, 10]\n\
         [people.registration]\nout_migration_odds = 2\n[people.registration.ages.\"0+\"]\nshare = 0.6\n\
         hukou_acquisition_rate = 0.05\n",
        reasons.concat()
    );
    let world = read(&text, tables.folder(), &site);
    let mut all: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for replication in 0..12 {
        let draw = world.draw(4, replication / 2);
        let context = context(&draw, 4, replication / 2, replication);
        let mut state = world.model.state();
        state.open(&context);
        for year in 0..site.years() {
            state.advance(&context, year);
            let view = state.view();
            let registered = view.registered.expect("groups").end;
            for (area, (name, _)) in names.iter().enumerate() {
                let lives = all.entry((*name).to_owned()).or_default();
                for sex in [0, 1] {
                    lives.extend(view.end.ages(area, sex));
                    lives.extend(registered.ages(area, sex));
                }
            }
        }
    }
    all
}

const THREE: [(&str, Option<f64>); 3] = [("east", Some(0.0)), ("mid", Some(2.0)), ("west", Some(5.0))];

#[test]
fn the_order_of_areas_rows_and_sections_changes_nobody() {
    let before = lives(&THREE, false);
    let [east, mid, west] = THREE;
    assert_eq!(before, lives(&[west, east, mid], false));
    assert_eq!(before, lives(&THREE, true));
}

#[test]
fn an_area_without_ways_moves_nobody_elsewhere() {
    let before = lives(&THREE, false);
    let [east, mid, west] = THREE;
    let mut after = lives(&[("annex", None), east, mid, west], false);
    after.remove("annex").expect("it is there");
    assert_eq!(before, after);
}

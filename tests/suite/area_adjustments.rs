//! What is known of how areas differ: the middle of a number moves by the factor of the area, and nothing else does.

use civicap::uncertainty::Parameter;

use crate::support::people::{Tables, World, line, read, try_read};

const AREAS: usize = 3;

fn district(adjustments: &str) -> (String, Tables) {
    let mut tables = Tables::new();
    let mut people = "area,sex,age,persons\n".to_owned();
    for area in 0..AREAS {
        for sex in ["male", "female"] {
            people += &format!("a{area},{sex},0-49,500\na{area},{sex},50+,300\n");
        }
    }
    tables.add("people.csv", &people);
    tables.deaths(|_, age| 0.0004 * (0.09 * age as f64).exp());
    tables.births();
    tables.moves(0.05, 0.0);
    tables.add("adjustments.csv", adjustments);
    let key = if adjustments.is_empty() { "" } else { "area_adjustments = \"adjustments.csv\"" };
    let spread = "scale = \"log\", sd = 0.1, random_walk_sd = 0.05, between_areas_sd = 0.2";
    let text = format!(
        r#"
[people]
table = "people.csv"
{key}
deaths = {{ table = "deaths.csv", factor = {{ value = 1.0, {spread} }} }}
births = {{ table = "births.csv", births_per_woman = {{ value = 1.5, {spread} }} }}
migration = {{ table = "moves.csv", out_migration_factor = {{ value = 1.0, {spread} }} }}
"#
    );
    (text, tables)
}

#[test]
fn a_known_difference_moves_the_middle_and_keeps_the_draw() {
    let site = line(AREAS, 2024, 2024, 2029);
    let ((plain, a), (adjusted, b)) =
        (district(""), district("area,births,deaths,out_migration\na0,0.8,,0.5\na2,1.25,2,\n"));
    let (plain, adjusted) = (read(&plain, a.folder(), &site), read(&adjusted, b.folder(), &site));
    let (before, after) = (plain.draw(7, 3), adjusted.draw(7, 3));
    let parameters = |world: &World| -> [Parameter; 3] {
        [
            world.model.fertility.births_per_woman,
            world.model.mortality.factor,
            world.model.migration.out_migration_factor,
        ]
    };
    let factors = [[0.8, 1.0, 1.25], [1.0, 1.0, 2.0], [0.5, 1.0, 1.0]];
    for ((one, other), factors) in parameters(&plain).into_iter().zip(parameters(&adjusted)).zip(factors) {
        for year in 0..site.years() {
            for (area, factor) in factors.into_iter().enumerate() {
                let ratio = after.at(other, year, area) / before.at(one, year, area);
                assert!((ratio - factor).abs() < 1e-12, "year {year}, area {area}: {ratio}");
            }
        }
    }
}

#[test]
fn an_area_of_two_minds_is_a_fault() {
    let (text, tables) = district("area,births\na0,0.8\na0,0.9\n");
    assert!(try_read(&text, tables.folder(), &line(AREAS, 2024, 2024, 2026)).is_err());
}

//! Meals: canteens whose places are meals a day.

use super::*;

/// The network with meals of which every canteen makes `a_day` in each subdistrict, and nothing else changed.
fn canteens(a_day: u32) -> tempfile::TempDir {
    let folder = network_with(|text| {
        let meals = "none = 0.01\nmild = 0.03\nmoderate = 0.04\nsevere = 0.02\ntake_up = 1\nattendance = 0.55\ndays_open = 300\n";
        let meals = format!("{meals}alone = 2\ncouple = 0.8\nwith_children = 0.8\nplaces_per_carer = 40\n");
        format!("{text}\n[elderly.services.meals]\n{meals}")
    });
    let path = folder.path().join("data/elderly_supply.csv");
    let mut supply = std::fs::read_to_string(&path).unwrap();
    let stations: Vec<String> =
        supply.lines().filter(|line| line.contains(",station,day,")).map(String::from).collect();
    for area in stations.iter().filter_map(|line| line.split(',').nth(3)) {
        if !supply.contains(&format!("canteen_{area},")) {
            supply += &format!("canteen_{area},食堂,Canteen,{area},station,meals,{a_day},,,\n");
        }
    }
    std::fs::write(path, supply).unwrap();
    folder
}

#[test]
fn meals_asked_for_and_turned_away_are_those_of_the_binomial_day() {
    const A_DAY: u32 = 60;
    const P: f64 = 0.55;
    const DAYS: f64 = 300.0;
    let ran = run(&canteens(A_DAY).path().join("scenario.toml"), 20);
    let (block, need, areas) = (ran.block("meals"), ran.block("need"), ran.plan.catalogue.areas());
    let (mut squares, mut cells) = (0.0, 0.0);
    let (mut away, mut theory) = (vec![0.0; 20], vec![0.0; 20]);
    let (mut full, mut theory_full) = (vec![0.0; 20], vec![0.0; 20]);
    for area in 0..areas {
        for year in 0..ran.plan.catalogue.years() {
            let column = |metric: &str| ran.column(block, metric, area, year);
            let (old, rates) = (ran.column(need, "people_60_plus", area, year), column("users_per_1000_60_plus"));
            let (demand, unmet, turnaway_days) = (column("demand"), column("unmet"), column("turnaway_days"));
            for i in 0..20 {
                let enrolled = (old[i] * rates[i] / 1000.0).round();
                let (mean, variance) = (DAYS * enrolled * P, DAYS * enrolled * P * (1.0 - P));
                squares += (demand[i] - mean).powi(2) / variance;
                cells += 1.0;
                let (full_day, turned_away) = attendance(enrolled as u32, P, A_DAY);
                (away[i], theory[i]) = (away[i] + unmet[i], theory[i] + DAYS * turned_away);
                (full[i], theory_full[i]) = (full[i] + turnaway_days[i], theory_full[i] + DAYS * full_day);
            }
        }
    }
    // Squares of standard deviates: mean 1, variance 2.
    assert!((squares / cells - 1.0).abs() < 4.0 * (2.0_f64 / cells).sqrt(), "{squares} over {cells}");
    assert_ratio("turned away", &away, &theory, 1.0);
    assert_ratio("days with somebody turned away", &full, &theory_full, 1.0);
}

#[test]
fn meals_move_nothing_else() {
    let (plain, fed) =
        (run(&network_only().path().join("scenario.toml"), 4), run(&canteens(60).path().join("scenario.toml"), 4));
    for (block, def) in plain.plan.catalogue.blocks().filter(|(_, block)| block.service == "elderly") {
        let other = fed.block(&def.stage);
        for metric in def.metrics {
            for year in 0..plain.plan.catalogue.years() {
                let district = plain.plan.catalogue.areas();
                let columns =
                    [plain.column(block, metric.id, district, year), fed.column(other, metric.id, district, year)];
                let bits = columns.map(|column| column.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
                assert_eq!(bits[0], bits[1], "{} {} {year}", def.stage, metric.id);
            }
        }
    }
}

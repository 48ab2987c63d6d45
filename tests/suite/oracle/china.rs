//! China 2020-2035 of the UN World Population Prospects 2019, closed with the published net migration (CC BY 3.0 IGO).
//!
//! Rates and populations are the published ones; the age pattern of net migration of 2020-2025 is that of the 2024
//! revision, and half of the migrants come at the start of a step, half at its end.

use std::collections::HashMap;

use civicap::population::process::leslie::{Projection, abridged_person_years};
use civicap::population::view::{FEMALE, MALE, SEXES};

const PEOPLE: &str = include_str!("data/china_wpp2019_pop_age5.csv");
const RATES: &str = include_str!("data/china_wpp2019_rates5.csv");
const MIGRANTS: &str = include_str!("data/china_wpp2024_netmig_age5.csv");

/// The cells of each row after the heading, and the heading.
fn table(text: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut lines = text.lines().filter(|l| !l.starts_with('#')).map(|l| l.trim().split(',').collect::<Vec<_>>());
    (lines.next().expect("a heading"), lines.collect())
}

fn number(cell: &str) -> f64 {
    cell.parse().expect("a number")
}

/// People by sex and five-year group, thousands, on 1 July.
fn people(year: &str) -> [Vec<f64>; SEXES] {
    let (heading, rows) = table(PEOPLE);
    let column = heading.iter().position(|h| *h == year).expect("the year");
    ["M", "F"].map(|sex| rows.iter().filter(|r| r.last() == Some(&sex)).map(|r| number(r[column])).collect())
}

/// Rates of a period by the name of what they are.
fn rates(period: &str) -> HashMap<String, Vec<f64>> {
    let (heading, rows) = table(RATES);
    let column = heading.iter().position(|h| *h == period).expect("the period");
    let mut all: HashMap<String, Vec<f64>> = HashMap::new();
    for row in rows {
        all.entry((*row.last().expect("a name")).to_owned()).or_default().push(number(row[column]));
    }
    all
}

/// Shares of net migration by sex and group.
fn migrants() -> [Vec<f64>; SEXES] {
    let (_, rows) = table(MIGRANTS);
    let rows: Vec<_> = rows.into_iter().filter(|r| r[0] == "2020-2025").collect();
    let total: f64 = rows.iter().map(|r| number(r[2]) + number(r[3])).sum();
    [2, 3].map(|column| rows.iter().map(|r| number(r[column]) / total).collect())
}

/// Five years on.
fn step(start: &[Vec<f64>; SEXES], period: &str) -> [Vec<f64>; SEXES] {
    let rates = rates(period);
    let (boys, fertility) = (rates["srb"][0] / (1.0 + rates["srb"][0]), {
        let mut by_group = vec![0.0; start[FEMALE].len()];
        for (group, share) in rates["pasfr"].iter().enumerate() {
            by_group[group + 3] = rates["tfr"][0] * share / 100.0 / 5.0;
        }
        by_group
    });
    let laws = [("mxM", MALE, boys), ("mxF", FEMALE, 1.0 - boys)]
        .map(|(mx, sex, share)| Projection::new(5.0, &abridged_person_years(&rates[mx], sex), 1.0, &fertility, share));
    let halves =
        migrants().map(|m| m.iter().map(|s| 0.5 * s * rates["net_migration_thousands_5y"][0]).collect::<Vec<_>>());
    let sum = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x + y).collect::<Vec<_>>();
    let mut end = [MALE, FEMALE].map(|sex| sum(&laws[sex].age(&sum(&start[sex], &halves[sex])), &halves[sex]));
    let births: f64 = laws[FEMALE].births(&start[FEMALE], &end[FEMALE]).iter().sum();
    for (sex, law) in laws.iter().enumerate() {
        end[sex][0] += births * law.share * law.survival[0];
    }
    end
}

#[test]
fn china_of_wpp_2019_is_met_within_a_fiftieth_of_a_per_cent() {
    let mut now = people("2020");
    for (period, year, old) in
        [("2020-2025", "2025", 14.03), ("2025-2030", "2030", 16.87), ("2030-2035", "2035", 20.68)]
    {
        now = step(&now, period);
        let published = people(year);
        let total = |p: &[Vec<f64>; SEXES]| p.iter().flatten().sum::<f64>();
        let share = 100.0 * now.iter().map(|p| p[13..].iter().sum::<f64>()).sum::<f64>() / total(&now);
        let off = total(&now) / total(&published) - 1.0;
        assert!(off.abs() < 2e-4, "{year}: total off by {off}");
        assert!((share - old).abs() < 0.02, "{year}: 65 and over {share} %");
    }
}

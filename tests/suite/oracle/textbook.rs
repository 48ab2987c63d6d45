//! Published projections as scenarios that anybody can run: Sweden 1993 and China of the UN's 2019 revision.
//!
//! The published ones take five-year steps of five-year groups in expectation; the engine takes single years in whole
//! persons. Groups that only survive agree to chance; births meet the mean of women of every year, not of two ends.

use std::path::Path;

use civicap::run::{Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::compare;

/// (metric, year, published, median of the run).
fn ran(name: &str) -> Vec<(String, String, f64, f64)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook").join(name);
    let plan: Plan = load(&file, Request::default()).plan.expect("no faults");
    let options = RunOptions { replications: 24, seed: 3, threads: 0 };
    let results: Results = simulate(&plan, options, &(), &false.into()).expect("a run");
    compare(&plan, &results, &plan.observed[0])
        .into_iter()
        .map(|c| {
            let metric = plan.catalogue.block(c.observation.block).metrics[c.observation.metric].id;
            (metric.to_owned(), c.observation.when.clone(), c.observation.value, c.median)
        })
        .collect()
}

#[test]
fn the_women_of_sweden_1993_come_out_as_printed() {
    let rows = ran("sweden-1993.toml");
    assert_eq!(rows.len(), 2 * 18);
    for (metric, year, published, found) in rows {
        let from: u32 = metric.trim_start_matches("female_").split('-').next().unwrap().parse().unwrap_or(u32::MAX);
        let born_on_the_way = from < if year == "1999" { 5 } else { 10 };
        // Chance: a median of 24 replications has a standard error of a quarter of the sd, at most sqrt(people).
        let chance = published.sqrt();
        let steps = match metric.as_str() {
            "population_female" => 0.002,
            _ if born_on_the_way => 0.005,
            _ => 0.0008,
        };
        assert!((found - published).abs() < chance + steps * published, "{metric} {year}: {found} for {published}");
    }
}

#[test]
fn china_of_wpp_2019_comes_out_within_a_thousandth() {
    let rows = ran("china-wpp-2019.toml");
    let of = |metric: &str, year: &str| {
        rows.iter().find(|r| r.0 == metric && r.1 == year).map(|r| (r.2, r.3)).expect("the row")
    };
    for (year, share) in [("2025", 14.03), ("2030", 16.87), ("2035", 20.68)] {
        let ((published, total), (_, old)) = (of("population", year), of("population_65_plus", year));
        assert!((total / published - 1.0).abs() < 1e-3, "{year}: {total} for {published}");
        assert!((100.0 * old / total - share).abs() < 0.1, "{year}: 65 and over {} %", 100.0 * old / total);
        let (children, found) = of("ages_0-4", year);
        assert!((found / children - 1.0).abs() < 0.01, "{year}: ages 0-4 {found} for {children}");
    }
}

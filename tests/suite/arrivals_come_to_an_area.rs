//! Whoever comes to the district arrives in one of its areas: where residents are, where the scenario says, or alike where
//! nobody lives yet.

use civicap::population::Flows;

use crate::support::replay::{case, replay, said, sound};

#[test]
fn a_new_town_without_residents_receives_all_who_come() {
    let plan = sound(&case("arrivals-whom-nobody-receives", "scenario.toml"));
    let (replications, years, areas) = (200, 4, plan.site.areas.len());
    let mut arrived = vec![0.0; areas];
    replay(&plan, replications, |_, _, state| {
        for (area, sum) in arrived.iter_mut().enumerate() {
            *sum += f64::from(Flows::total(&state.flows().arrived, area));
        }
    });
    // Poisson with mean 900 a year in all, alike in both areas.
    let expected = 900.0 * f64::from(replications) * years as f64;
    let all: f64 = arrived.iter().sum();
    assert!((all - expected).abs() < 4.0 * expected.sqrt(), "{all} came of {expected}");
    for sum in &arrived {
        let share = expected / areas as f64;
        assert!((sum - share).abs() < 4.0 * share.sqrt(), "{sum} of {share}");
    }
}

#[test]
fn weights_of_areas_that_are_all_zero_are_refused() {
    let said = said(&case("arrivals-whom-nobody-receives", "zero-weights.toml"));
    let refused: Vec<_> = said.iter().filter(|fault| !fault.starts_with("caution")).collect();
    assert!(refused.len() == 1 && refused[0].starts_with("contradiction: nobody says where they arrive"), "{said:#?}");
}

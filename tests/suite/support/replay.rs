//! Runs the people of a whole scenario, replication by replication.

use std::path::{Path, PathBuf};

use civicap::population::{PeopleContext, PeopleState};
use civicap::random::RngSource;
use civicap::scenario::{Plan, Request, load};

/// A case of the suite.
pub(crate) fn case(name: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/cases").join(name).join(file)
}

/// The plan of a scenario; panics with its faults.
pub(crate) fn sound(path: &Path) -> Plan {
    let loaded = load(path, Request::default());
    let said: Vec<String> = loaded.diagnostics.list.iter().map(|fault| fault.message.en.to_string()).collect();
    loaded.plan.unwrap_or_else(|| panic!("{said:#?}"))
}

/// The faults and warnings of a scenario, as code, message and remedy.
pub(crate) fn said(path: &Path) -> Vec<String> {
    let loaded = load(path, Request::default());
    loaded.diagnostics.list.iter().map(|d| format!("{}: {} ({})", d.code, d.message.en, d.remedy.en)).collect()
}

/// Calls `see` with the state at the end of every year of so many replications.
pub(crate) fn replay(plan: &Plan, replications: u32, mut see: impl FnMut(u32, usize, &PeopleState<'_>)) {
    let model = plan.people.as_ref().expect("people");
    let (mut state, mut draw) = (model.state(), plan.parameters.blank());
    for replication in 0..replications {
        let path = replication / 2;
        plan.parameters.draw(1, path, &mut draw);
        let context =
            PeopleContext { draw: &draw, path: RngSource::new(1, path), chance: RngSource::new(1, replication) };
        state.open(&context);
        for year in 0..model.years {
            state.advance(&context, year);
            assert!(state.balances(), "year {year} of replication {replication}");
            see(replication, year, &state);
        }
    }
}

//! The library without the command line: a scenario file in, verdicts out.
//!
//! ```sh
//! cargo run --release --example verdicts -- scenarios/tiny/scenario.toml
//! ```

use std::path::Path;
use std::sync::atomic::AtomicBool;

use civicap::language::Language;
use civicap::run::{RunOptions, simulate};
use civicap::scenario::{Request, load};
use civicap::study::{RunSummary, verdicts};

#[expect(clippy::print_stdout, reason = "an example shows what it has found")]
fn main() -> Result<(), String> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "scenarios/tiny/scenario.toml".to_owned());
    let loaded = load(Path::new(&file), Request::default());
    let faults = loaded.diagnostics.list.iter().map(|fault| format!("{}; {}", fault.message.en, fault.remedy.en));
    let faults: Vec<String> = faults.collect();
    let plan = loaded.plan.ok_or_else(|| faults.join("\n"))?;

    // The same plan, seed and number of replications give the same numbers on any number of threads.
    let asked = RunOptions { replications: 100, seed: 1, threads: 0 };
    let results = simulate(&plan, asked, &(), &AtomicBool::new(false)).map_err(|failure| failure.to_string())?;
    let summary = RunSummary::new(&plan, &results);
    for verdict in verdicts(&plan, &results, &summary) {
        let block = plan.catalogue.block(verdict.block);
        let (service, stage) = (block.service_label.get(Language::En), block.stage_label.get(Language::En));
        let (year, probability) = verdict.worst_year;
        println!(
            "{service}, {stage}: {:?}; tightest year {year}, short with probability {probability:.2}",
            verdict.rank
        );
    }
    Ok(())
}

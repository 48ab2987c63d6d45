//! Every run checks itself: what is declared of the metrics holds in every replication of every scenario, and whatever breaks it
//! is found and named.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civicap::metric::{Breach, Catalogue, District, Ledger, Rule, Values};
use civicap::run::{ReplicationWorkspace, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};

fn scenario(file: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    load(&path, Request::default()).plan.expect("no faults")
}

/// Scenarios of the project that can be run as they are, those of a folder that read others included.
fn shipped() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|folder| folder.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    files
}

#[test]
fn every_shipped_scenario_closes_in_every_replication() {
    let options = RunOptions { replications: 2, seed: 3, threads: 1 };
    let mut run = 0;
    for file in shipped() {
        let Some(plan) = load(&file, Request::default()).plan else { continue };
        if let Err(failure) = simulate(&plan, options, &(), &AtomicBool::new(false)) {
            panic!("{}: {failure}", file.display());
        }
        run += 1;
    }
    assert!(run > 10, "{run} scenarios");
}

/// The values of a replication and what they belong to.
struct Replication {
    plan: Plan,
    cells: Vec<u32>,
}

impl Replication {
    fn of(file: &str) -> Self {
        let plan = scenario(file);
        let mut cells = vec![0; plan.catalogue.cells()];
        ReplicationWorkspace::new(&plan).replicate(1, 0, &mut cells);
        Self { plan, cells }
    }

    /// What is found when the value of a cell is another one.
    fn found_after(&self, cell: usize, bits: u32) -> Option<Breach> {
        let mut cells = self.cells.clone();
        cells[cell] = bits;
        Ledger::of(&self.plan.catalogue, &cells).first_breach()
    }
}

#[test]
fn whatever_is_added_to_an_area_alone_is_found() {
    let one = Replication::of("tiny/scenario.toml");
    let catalogue: &Catalogue = &one.plan.catalogue;
    let mut tried = 0;
    for (id, block) in catalogue.blocks().filter(|(_, block)| block.by_area) {
        for (metric, def) in block.metrics.iter().enumerate() {
            if def.district != District::Sum || def.values != Values::Count || !catalogue.counts(id, metric) {
                continue;
            }
            let cell = catalogue.cell(id, metric, 0, 1);
            let found = one.found_after(cell, one.cells[cell] + 7).expect("a breach");
            assert_eq!(found.block, id, "{} of {}", def.id, block.stage);
            tried += 1;
        }
    }
    assert!(tried > 30, "{tried} metrics");
}

#[test]
fn the_rule_that_is_broken_is_named() {
    let one = Replication::of("tiny/scenario.toml");
    let catalogue = &one.plan.catalogue;
    let cell = |stage: &str, metric: &str, year: usize| {
        let (id, _) = catalogue.blocks().find(|(_, block)| block.stage == stage).expect("the stage");
        (id, catalogue.cell(id, catalogue.metric(id, metric).expect("the metric"), catalogue.district(id), year))
    };
    let broken = |(id, cell): (_, usize), bits: u32, rule: Rule| {
        let found = one.found_after(cell, bits).expect("a breach");
        assert_eq!((found.block, found.rule), (id, rule));
    };
    let stage = "primary";
    let (_, demand) = cell(stage, "demand", 2);
    broken(cell(stage, "demand", 2), one.cells[demand] + 1, Rule::SumOfParts);
    broken(cell(stage, "target_missed", 2), 2, Rule::AtMostOne);
    broken(cell(stage, "staff_needed", 2), (-3.0_f32).to_bits(), Rule::NotNegative);
    broken(cell(stage, "staff_needed", 2), f32::INFINITY.to_bits(), Rule::HasAValue);
    broken(cell(stage, "oversized_share", 2), 1.5_f32.to_bits(), Rule::AtMostOne);
    broken(cell("residents", "population_65_plus", 2), 4_000_000, Rule::WithinItsWhole);
    broken(cell("residents", "internal_in_migration", 1), 1_000_000, Rule::ComesAndGoes);
    broken(cell("residents", "births", 1), 1_000_000, Rule::ComesAndGoes);
}

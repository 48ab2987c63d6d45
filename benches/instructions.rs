//! Instructions of fixed work, counted by valgrind and compared with a committed baseline.
//!
//! A busy machine changes seconds, not instructions: the same work gives the same count, so a change beyond 3 % is a
//! change of the program. `cargo bench --bench instructions` compares and fails when something has become dearer;
//! `cargo bench --bench instructions -- --update` writes `benches/instructions.csv` anew. Counts belong to a compiler
//! and a processor family: under others they are shown and not judged.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::exit)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

use civicap::random::{RngSource, StreamKey, binomial, poisson};
use civicap::report::html;
use civicap::run::{ReplicationWorkspace, Results, RunOptions, simulate};
use civicap::scenario::{Plan, Request, load};
use civicap::study::{RunSummary, headlines, verdicts};

/// What is counted, in the order of the table.
const WORK: [&str; 9] = [
    "one million keyed draws",
    "200,000 small binomials and Poissons",
    "reading the flagship",
    "12 years of people",
    "12 years of education",
    "12 years of health",
    "12 years of elderly care",
    "a textbook ward",
    "a report",
];

/// Growth of a count that fails.
const TOLERANCE: f64 = 0.03;

const PURPOSE: StreamKey = StreamKey::named("bench.instructions");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = |flag: &str| arguments.iter().any(|a| a == flag);
    if let Some(at) = arguments.iter().position(|a| a == "--work") {
        work(&arguments[at + 1]);
    } else if asked("--test") {
        WORK.iter().for_each(|name| work(name));
        println!("instructions: all fixed work runs");
    } else if asked("--list") {
        WORK.iter().for_each(|name| println!("{name}: benchmark"));
    } else if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: not counted, valgrind is not installed");
    } else {
        compare(asked("--update"));
    }
}

/// Does the work called `name`; only what happens inside [`measured_work`] is counted.
fn work(name: &str) {
    match name {
        "one million keyed draws" => measured_work(|| {
            let streams = RngSource::new(1, 0);
            for cell in 0..100_000 {
                let mut stream = streams.cell(PURPOSE, 0, cell);
                (0..10).for_each(|_| {
                    black_box(stream.uniform());
                });
            }
        }),
        "200,000 small binomials and Poissons" => measured_work(|| {
            let streams = RngSource::new(1, 0);
            for cell in 0..100_000 {
                let mut stream = streams.cell(PURPOSE, 0, cell);
                black_box(binomial(cell % 700, 0.01, &mut stream));
                black_box(poisson(f64::from(cell % 30) * 0.3, &mut stream));
            }
        }),
        "reading the flagship" => measured_work(|| drop(black_box(plan(LIXIA)))),
        "12 years of people" => years_of(None),
        "12 years of education" => years_of(Some("education")),
        "12 years of health" => years_of(Some("health")),
        "12 years of elderly care" => years_of(Some("elderly")),
        "a textbook ward" => replicate(&plan("scenarios/textbook/erlang-b-100-110.toml")),
        "a report" => report(),
        other => panic!("no work is called {other}"),
    }
}

const LIXIA: &str = "scenarios/lixia/scenario.toml";

/// The gate between what is counted and what is not.
#[inline(never)]
fn measured_work(mut work: impl FnMut()) {
    work();
}

fn plan(file: &str) -> Plan {
    let loaded = load(&root().join(file), Request::default());
    loaded.plan.expect("the scenario is sound")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// One replication of the flagship with one service only (or none); people are always simulated with it.
fn years_of(service: Option<&str>) {
    let mut plan = plan(LIXIA);
    plan.services.retain(|(kind, _)| Some(kind.name) == service);
    replicate(&plan);
}

fn replicate(plan: &Plan) {
    let mut scratch = ReplicationWorkspace::new(plan);
    let mut cells = vec![0; plan.catalogue.cells()];
    // The first replication grows the scratch; the second is what a run repeats.
    scratch.replicate(1, 0, &mut cells);
    measured_work(|| scratch.replicate(1, 1, &mut cells));
}

fn report() {
    let plan = plan("scenarios/tiny/scenario.toml");
    let options = RunOptions { replications: 200, seed: 1, threads: 1 };
    let results: Results = simulate(&plan, options, &(), &std::sync::atomic::AtomicBool::new(false)).unwrap();
    let digest = RunSummary::new(&plan, &results);
    measured_work(|| {
        let verdicts = verdicts(&plan, &results, &digest);
        let worst: Vec<_> = verdicts.iter().map(|v| (v.block, v.worst_year.0)).collect();
        let headlines = headlines(&plan, &results, &digest, &worst);
        let report = civicap::report::build(&plan, &results, &digest, &verdicts, &headlines);
        black_box(html::render(&report, civicap::language::Language::En));
    });
}

fn compare(update: bool) {
    let path = root().join("benches/instructions.csv");
    let (counted_by, baseline) = baseline(&path);
    let compiler = compiler();
    let comparable = counted_by == compiler;
    println!("{:<40} {:>16} {:>16} {:>8}", "work", "baseline", "now", "change");
    let mut dearer = Vec::new();
    let mut table = format!("# {compiler}\nwork,instructions\n");
    for name in WORK {
        let now = count(name);
        table.push_str(&format!("\"{name}\",{now}\n"));
        let before = baseline.get(name).copied();
        let change = before.map(|before| now as f64 / before as f64 - 1.0);
        let shown = change.map_or_else(|| "new".to_owned(), |c| format!("{:+.1} %", 100.0 * c));
        println!("{name:<40} {:>16} {now:>16} {shown:>8}", before.unwrap_or(0));
        if change.is_some_and(|c| c > TOLERANCE) {
            dearer.push(name);
        }
    }
    if update {
        std::fs::write(&path, table).unwrap();
        println!("written: benches/instructions.csv");
    } else if !comparable {
        println!("not judged: the baseline was counted under `{counted_by}`, this is `{compiler}`");
    } else if !dearer.is_empty() {
        println!("dearer by more than {:.0} %: {}", 100.0 * TOLERANCE, dearer.join("; "));
        println!("if that is meant: cargo bench --bench instructions -- --update");
        exit(1);
    }
}

/// Who counted the baseline, and instructions by work.
fn baseline(path: &Path) -> (String, BTreeMap<String, u64>) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let by = text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or("nobody").to_owned();
    let rows = text.lines().skip(2).filter_map(|line| line.trim_start_matches('"').split_once("\","));
    (by, rows.filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?))).collect())
}

fn compiler() -> String {
    let said = Command::new("rustc").arg("--version").output().map(|o| o.stdout).unwrap_or_default();
    format!("{} on {}", String::from_utf8_lossy(&said).trim(), std::env::consts::ARCH)
}

/// Instructions inside [`measured_work`] of the work called `name`.
fn count(name: &str) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no"])
        .arg("--toggle-collect=*measured_work*")
        .arg(std::env::current_exe().unwrap())
        .args(["--work", name])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    collected.and_then(|(_, count)| count.trim().parse().ok()).unwrap_or_else(|| panic!("{name}: {said}"))
}

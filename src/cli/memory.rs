//! How much memory a run will need, asked before it begins: a machine that runs out takes the planner's other work with it.

use crate::language::Text;
use crate::scenario::Plan;
use crate::text;

/// Taken where the system does not say what is free, in bytes.
const USUAL: u64 = 16 << 30;

/// Replications whose values are held unpacked at a time, at most.
const ROUND: u64 = 128;

/// What a run of so many replications of a plan needs at most, in bytes: the results, a round of them unpacked, and a
/// scratch of people for each thread.
pub(super) fn needed(plan: &Plan, replications: usize, threads: usize) -> u64 {
    let cells = plan.catalogue.cells() as u64;
    let replications = replications as u64;
    // Results are packed; columns of people take about half of their 32 bits.
    let results = cells.saturating_mul(replications).saturating_mul(5) / 2;
    let round = cells.saturating_mul(ROUND.min(replications)).saturating_mul(8);
    let ages = 2 * 101 * 4 * 16;
    let people = (plan.site.areas.len() as u64).saturating_mul(ages).saturating_mul(threads.max(1) as u64);
    results.saturating_add(round).saturating_add(people)
}

/// Why a run should not begin, if it needs more than there is.
pub(super) fn refusal(plan: &Plan, replications: usize, threads: usize) -> Option<Text> {
    let threads = if threads == 0 { rayon::current_num_threads() } else { threads };
    let (need, free) = (needed(plan, replications, threads), available().unwrap_or(USUAL));
    if need <= free {
        return None;
    }
    let fixed = needed(plan, 0, threads);
    let each = (needed(plan, replications, threads) - fixed) / (replications as u64).max(1);
    let fitting = (free.saturating_sub(fixed) / each.max(1) * 9 / 10 / 2 * 2).max(2);
    let (need, free) = (gigabytes(need), gigabytes(free));
    Some(text!(
        "{replications} replications of this scenario need about {need} GB of memory, and {free} GB are free\n\
         help: ask for fewer, such as --replications {fitting}, or make the run in parts with --part I/N",
        "本方案模拟 {replications} 次约需 {need} GB 内存，现可用 {free} GB\n\
         改法：减少次数，例如 --replications {fitting}；或用 --part I/N 分部运行"
    ))
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 30))
}

/// Memory that new work may take, in bytes, where the system says so.
fn available() -> Option<u64> {
    let said = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = said.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, load};

    #[test]
    fn what_is_needed_grows_with_the_replications_and_the_flagship_fits() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia/scenario.toml");
        let plan = load(&path, Request::default()).plan.unwrap();
        assert!(needed(&plan, 1_000, 2) < 1 << 30, "{}", needed(&plan, 1_000, 2));
        assert!(needed(&plan, 2_000, 2) > needed(&plan, 1_000, 2));
        let said = refusal(&plan, usize::MAX / 2, 2).unwrap();
        assert!(said.en.contains("--replications ") && said.zh.contains("--replications "));
    }
}

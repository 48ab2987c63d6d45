//! How much memory a command will need, asked before it begins: a machine that runs out takes the planner's other work with
//! it.
//!
//! Free is the smallest of what the machine has left, what the control group of the process may still take (a container, a
//! job of a cluster) and what `ulimit -v` leaves.

use std::fs;
use std::path::Path;

use super::talk::{Done, Failure};
use crate::scenario::Plan;
use crate::text;

/// Taken where the system does not say what is free, in bytes.
const USUAL: u64 = 16 << 30;

/// Replications whose values are held unpacked at a time, at most.
const ROUND: u64 = 128;

/// What a command will hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// Replications of each run.
    pub replications: usize,
    /// Runs whose results are held at the same time.
    pub held_at_once: usize,
}

/// What a command needs at most, in bytes: the results, a round of them unpacked, and a scratch of people for each thread.
fn needed(plan: &Plan, needs: &Needs) -> u64 {
    let cells = plan.catalogue.cells() as u64;
    let (replications, held) = (needs.replications as u64, needs.held_at_once as u64);
    // Results are packed; columns of people take about half of their 32 bits.
    let results = cells.saturating_mul(replications).saturating_mul(5) / 2;
    let round = cells.saturating_mul(ROUND.min(replications)).saturating_mul(8);
    let ages = 2 * 101 * 4 * 16;
    let threads = rayon::current_num_threads() as u64;
    let people = (plan.site.areas.len() as u64).saturating_mul(ages).saturating_mul(threads);
    results.saturating_mul(held).saturating_add(round).saturating_add(people)
}

/// Asks for the memory of a command.
///
/// # Errors
/// When there is not as much.
pub(super) fn ask(plan: &Plan, needs: &Needs) -> Done {
    let (need, free) = (needed(plan, needs), available().unwrap_or(USUAL));
    if need <= free {
        return Ok(());
    }
    let replications = needs.replications;
    let fixed = needed(plan, &Needs { replications: 0, ..*needs });
    let each = (need - fixed) / (replications as u64).max(1);
    let fitting = (free.saturating_sub(fixed) / each.max(1) * 9 / 10 / 2 * 2).max(2);
    let (need, free) = (gigabytes(need), gigabytes(free));
    Err(Failure::bad_input(text!(
        "{replications} replications of this scenario need about {need} GB of memory, and {free} GB are free\n\
         help: ask for fewer, such as --replications {fitting}, or make the run in shards with `run --shard I/N`",
        "本方案模拟 {replications} 次约需 {need} GB 内存，现可用 {free} GB\n\
         改法：减少次数，例如 --replications {fitting}；或用 `run --shard I/N` 分部运行"
    )))
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 30))
}

/// Memory that new work may take, in bytes, where the system says so.
fn available() -> Option<u64> {
    let said = |file: &str| fs::read_to_string(file).ok();
    let machine = said("/proc/meminfo").and_then(|text| kilobytes(&text, "MemAvailable:"));
    let group = said("/proc/self/cgroup").and_then(|text| control_group(Path::new("/sys/fs/cgroup"), &text));
    let taken = said("/proc/self/status").and_then(|text| kilobytes(&text, "VmSize:")).unwrap_or(0);
    let own = said("/proc/self/limits").and_then(|text| address_space(&text)).map(|most| most.saturating_sub(taken));
    [machine, group, own].into_iter().flatten().min()
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

/// What `ulimit -v` allows altogether; `None` where it does not limit.
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// What the control group of the process, and every one around it, leaves (versions 2 and 1).
fn control_group(root: &Path, groups: &str) -> Option<u64> {
    let number = |file: &Path| fs::read_to_string(file).ok()?.trim().parse::<u64>().ok();
    let left = |most: &Path, now: &Path| Some(number(most)?.saturating_sub(number(now)?));
    let below =
        |line: &str, prefix: &str| line.strip_prefix(prefix).map(|path| path.trim_start_matches('/').to_owned());
    let second = groups.lines().find_map(|line| below(line, "0::"));
    let first = groups.lines().find_map(|line| below(line, line.split_once(":memory:").map(|(id, _)| id)?));
    let second = second.iter().flat_map(|path| {
        let own = root.join(path);
        let around: Vec<_> = own.ancestors().take_while(|at| at.starts_with(root)).map(Path::to_owned).collect();
        around.into_iter().filter_map(|at| left(&at.join("memory.max"), &at.join("memory.current")))
    });
    let first = first.iter().filter_map(|path| {
        let own = root.join("memory").join(path.trim_start_matches(":memory:").trim_start_matches('/'));
        left(&own.join("memory.limit_in_bytes"), &own.join("memory.usage_in_bytes"))
    });
    second.chain(first).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Request, load};

    #[test]
    fn what_is_needed_grows_with_the_replications_and_the_flagship_fits() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia/scenario.toml");
        let plan = load(&path, Request::default()).plan.unwrap();
        let needed = |replications| needed(&plan, &Needs { replications, held_at_once: 1 });
        assert!(needed(1_000) < 1 << 30, "{}", needed(1_000));
        assert!(needed(2_000) > needed(1_000));
        let said = ask(&plan, &Needs { replications: usize::MAX / 2, held_at_once: 1 }).unwrap_err().said.unwrap();
        assert!(said.en.contains("--replications ") && said.zh.contains("--replications "));
    }

    #[test]
    fn the_smallest_of_the_limits_counts() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max address space         1073741824           unlimited            bytes     \n";
        assert_eq!(address_space(limits), Some(1 << 30));
        assert_eq!(address_space("Max address space         unlimited            unlimited            bytes\n"), None);
        let place = tempfile::tempdir().unwrap();
        let inner = place.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        for (at, most, now) in [(place.path().join("a"), "3000", "1000"), (inner.clone(), "max", "900")] {
            fs::write(at.join("memory.max"), most).unwrap();
            fs::write(at.join("memory.current"), now).unwrap();
        }
        assert_eq!(control_group(place.path(), "0::/a/b\n"), Some(2_000));
        assert_eq!(control_group(place.path(), "0::/c\n"), None);
    }
}

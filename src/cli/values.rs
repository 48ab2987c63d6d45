//! Values of options: what may be typed, and in both languages what to type instead.

use std::ops::RangeInclusive;

use super::bilingual::both;
use crate::run;

/// Replications that a run may have.
pub(super) const REPLICATIONS: RangeInclusive<u32> =
    *run::REPLICATIONS.start() as u32..=*run::REPLICATIONS.end() as u32;

/// A number of replications.
pub(super) fn replications(typed: &str) -> Result<u32, String> {
    whole(typed, REPLICATIONS, || both("write a whole number from 2 to 100,000", "请写 2 到 100,000 的整数"))
}

/// A number of paths of a forecast.
pub(super) fn paths(typed: &str) -> Result<u32, String> {
    whole(typed, 20..=100_000, || both("write a whole number from 20 to 100,000", "请写 20 到 100,000 的整数"))
}

/// A number of places to add.
pub(super) fn extra_places(typed: &str) -> Result<u32, String> {
    whole(typed, 1..=10_000, || both("write a whole number from 1 to 10,000", "请写 1 到 10,000 的整数"))
}

/// The name of a folder beside a file: not a path.
pub(super) fn folder_name(typed: &str) -> Result<String, String> {
    let is_plain = !typed.is_empty() && !typed.contains(['/', '\\']) && typed != "." && typed != "..";
    let remedy = || {
        both(
            "write a name without slashes: the folder lies beside the scenario",
            "请写不带斜杠的名称：文件夹位于方案文件旁",
        )
    };
    is_plain.then(|| typed.to_owned()).ok_or_else(|| remedy().to_owned())
}

/// A number of threads.
pub(super) fn threads(typed: &str) -> Result<u16, String> {
    let remedy = || {
        both(
            "write a whole number from 0 to 1024; 0 is one for each core",
            "请写 0 到 1024 的整数；0 为每个处理器核心一个",
        )
    };
    whole(typed, 0..=1024, remedy).map(|number| number as u16)
}

/// A seed.
pub(super) fn seed(typed: &str) -> Result<u64, String> {
    typed.parse().map_err(|_| both("a seed is a whole number from 0", "种子请写非负整数").to_owned())
}

/// A range of years.
pub(super) fn years(typed: &str) -> Result<(i32, i32), String> {
    let wrong = || both("write a range of years such as 2024..2035", "请写年份范围，例如 2024..2035").to_owned();
    let (from, to) = typed.split_once("..").ok_or_else(wrong)?;
    let year = |text: &str| text.parse::<i32>().ok().filter(|year| (1900..=2200).contains(year)).ok_or_else(wrong);
    Ok((year(from)?, year(to.trim_start_matches('='))?))
}

/// A Monte Carlo standard error of a probability.
pub(super) fn mcse(typed: &str) -> Result<f64, String> {
    let remedy = both(
        "write a standard error between 0.001 and 0.5, such as 0.01 for one point",
        "请写 0.001 到 0.5 之间的标准误，例如 0.01（一个百分点）",
    );
    typed.parse::<f64>().ok().filter(|error| (0.001..=0.5).contains(error)).ok_or_else(|| remedy.to_owned())
}

/// One shard of several: `2/7`.
pub(super) fn shard(typed: &str) -> Result<Shard, String> {
    let wrong = || both("write 2/7 for the second of seven shards", "请写 2/7 的形式：七份中的第二份").to_owned();
    let (number, of) = typed.split_once('/').ok_or_else(wrong)?;
    let parsed = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
    let shard = Shard { number: parsed(number)?, of: parsed(of)? };
    let sound = shard.of <= MOST_SHARDS && (1..=shard.of).contains(&shard.number);
    sound.then_some(shard).ok_or_else(wrong)
}

/// Most shards of a run: one for each pair of the most replications.
const MOST_SHARDS: usize = 50_000;

/// One shard of several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shard {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

fn whole(typed: &str, range: RangeInclusive<u32>, remedy: impl Fn() -> &'static str) -> Result<u32, String> {
    typed.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| remedy().to_owned())
}

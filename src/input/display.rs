//! How an uncertain number reads in the list of inputs.

use crate::language::Text;
use crate::text;
use crate::uncertainty::{Distribution, Link, Variation};

/// An uncertain number in words: its distribution, then its spreads and their scale.
pub(super) fn number(law: &Distribution, v: &Variation) -> Text {
    let mut said = law_shown(law);
    let mut add =
        |more: Text| said = Text::owned(format!("{}; {}", said.en, more.en), format!("{}；{}", said.zh, more.zh));
    for (en, zh, sd) in [
        ("sd", "标准差", v.jump_sd),
        ("yearly walk sd", "逐年游走标准差", v.walk_sd),
        ("between areas sd", "区域间标准差", v.areas_sd),
        ("areas' yearly walk sd", "各区域逐年游走标准差", v.areas_walk_sd),
    ] {
        if sd > 0.0 {
            add(text!("{en} {sd}", "{zh} {sd}"));
        }
    }
    if let Some((persistence, sd)) = v.cycle {
        add(text!("AR(1) {persistence}, sd {sd}", "AR(1) {persistence}，标准差 {sd}"));
    }
    for (en, zh, year) in
        [("in doubt from", "不确定性始于", v.from), ("walks after", "游走始于此年之后：", v.walks_from)]
    {
        if let Some(year) = year {
            add(text!("{en} {year}", "{zh} {year}"));
        }
    }
    // A spread means nothing without its scale: 0.35 is a third of the value in logs and little of a share near 1 in log odds.
    if *v != (Variation { link: v.link, from: v.from, walks_from: v.walks_from, ..Variation::default() }) {
        let (en, zh) = match v.link {
            Link::Linear => ("", ""),
            Link::Log => (" (in logs)", "（对数尺度）"),
            Link::Logit => (" (in log odds)", "（logit 尺度）"),
        };
        said = Text::owned(format!("{}{en}", said.en), format!("{}{zh}", said.zh));
    }
    said
}

/// Values of a discrete law that are named one by one.
const NAMED_VALUES: usize = 6;

fn law_shown(law: &Distribution) -> Text {
    match law {
        Distribution::Fixed(a) => text!("{a}", "{a}"),
        Distribution::ByYear(points) => {
            let list = points.iter().map(|(y, v)| format!("{y}: {v}")).collect::<Vec<_>>().join(", ");
            Text::name(list)
        }
        Distribution::Normal(mean, sd) => text!("normal, mean {mean}, sd {sd}", "正态，均值 {mean}，标准差 {sd}"),
        Distribution::LogNormal(median, sd) => {
            text!("lognormal, median {median}, sd of log {sd:.3}", "对数正态，中位数 {median}，对数标准差 {sd:.3}")
        }
        Distribution::Uniform(low, high) => text!("uniform {low} … {high}", "均匀 {low} … {high}"),
        Distribution::Triangular(low, mode, high) => {
            text!("triangular {low} / {mode} / {high}", "三角 {low} / {mode} / {high}")
        }
        Distribution::Beta(a, b, low, high) => {
            let mean = low + (high - low) * a / (a + b);
            let sd = (high - low) * (a * b / (a + b + 1.0)).sqrt() / (a + b);
            text!(
                "beta, mean {mean:.3}, sd {sd:.3}, on {low} … {high}",
                "贝塔，均值 {mean:.3}，标准差 {sd:.3}，{low} … {high}"
            )
        }
        Distribution::Gamma(shape, scale) => {
            let (mean, cv) = (shape * scale, 1.0 / shape.sqrt());
            text!("gamma, mean {mean:.4}, cv {cv:.2}", "伽马，均值 {mean:.4}，变异系数 {cv:.2}")
        }
        Distribution::Discrete(steps) if steps.len() <= NAMED_VALUES => {
            // Steps hold cumulative probabilities.
            let mut below = 0.0;
            let list = steps.iter().map(|&(upto, value)| {
                let percent = ((upto - below) * 100.0).round();
                below = upto;
                format!("{value} ({percent}%)")
            });
            Text::name(list.collect::<Vec<_>>().join(", "))
        }
        Distribution::Discrete(steps) => {
            let n = steps.len();
            text!("one of {n} values", "{n} 个取值之一")
        }
    }
}

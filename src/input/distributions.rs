//! How a number may be written when it is uncertain: the words beside it and the laws, declared once as data.
//!
//! The reader, `civicap explain` and the JSON Schema all go by these lists.

use super::{Condition, KeyDef, ValueKind};
use crate::language::Text;

/// A law of a number's level.
#[derive(Debug)]
pub struct DistributionDef {
    /// Its name in a file.
    pub name: &'static str,
    /// The numbers it needs.
    pub parts: &'static [KeyDef],
    /// When to use it.
    pub help: Text,
}

/// Words that say where a figure comes from; every number may have them.
pub const PROVENANCE: &[KeyDef] = &[
    KeyDef::optional(
        "source",
        ValueKind::Label,
        "",
        "who says so, in free text, or in both languages: { zh = \"...\", en = \"...\" }",
        "数据出处（自由填写），或中英文各写一份：{ zh = \"...\", en = \"...\" }",
    ),
    KeyDef::default(
        "status",
        ValueKind::Choice(&["published", "derived", "assumed"]),
        "",
        "\"assumed\"",
        "published: read in the source; derived: computed from it; assumed: nobody has counted it",
        "published：出处中直接可查；derived：据出处推算；assumed：尚无统计，为假设",
    ),
];

/// Words that an uncertain number may have beside its provenance and the parts of its law.
pub const WORDS: &[KeyDef] = &[
    KeyDef::optional("value", ValueKind::Number(f64::MIN, f64::MAX), "", "the number itself", "数值本身"),
    KeyDef::optional(
        "by_year",
        ValueKind::ByYear,
        "",
        "numbers by year, straight lines between them: { 2024 = 1.0, 2030 = 1.1 }",
        "逐年给出，其间按直线内插：{ 2024 = 1.0, 2030 = 1.1 }",
    ),
    KeyDef::optional(
        "distribution",
        ValueKind::Choice(&LAW_NAMES),
        "",
        "distribution of its level",
        "水平所服从的分布",
    )
    .formerly(&["law"]),
    KeyDef::optional(
        "scale",
        ValueKind::Choice(&["linear", "log", "logit"]),
        "",
        "scale of the spreads below; left out: logit for shares, log for other numbers from 0, else linear",
        "下列离散程度所用的尺度；不写则比例用 logit，其他非负数用 log，其余用 linear",
    )
    .acts_when(&[SPREAD]),
    spread("sd", "doubt about its level (beside `value` or `by_year`)", "水平的不确定性（与 value 或 by_year 同用）"),
    spread("random_walk_sd", "yearly step of a random walk: doubt that grows", "随机游走的年步长：不确定性逐年增大")
        .formerly(&["walk_sd"]),
    KeyDef::optional(
        "cycle",
        ValueKind::Section(CYCLE),
        "",
        "ups and downs over years, AR(1): { persistence = 0.8, sd = 0.05 }",
        "年际起伏，AR(1)：{ persistence = 0.8, sd = 0.05 }",
    ),
    spread("between_areas_sd", "lasting differences between areas", "各区域之间的持久差异"),
    spread("areas_random_walk_sd", "yearly step of each area's own random walk", "各区域各自随机游走的年步长")
        .formerly(&["areas_walk_sd"]),
    KeyDef::optional(
        "from",
        ValueKind::Whole(1900, 2200),
        "year",
        "first year in doubt: years before it are known; left out: the first",
        "自此年起存在不确定性，此前各年视为已知；不写则自首年",
    )
    .acts_when(&[SPREAD]),
    KeyDef::optional(
        "random_walk_from",
        ValueKind::Whole(1900, 2200),
        "year",
        "last known year: random walks step after it; left out: `from`, else the first year",
        "最近一个已知年份：随机游走自其后起步；不写则自 from 或首年",
    )
    .acts_when(&[WALK]),
    KeyDef::optional(
        "correlation_group",
        ValueKind::Text,
        "",
        "name of a group whose numbers move together",
        "同组的数一起变动：写组名",
    )
    .formerly(&["shared"])
    .acts_when(&[Condition::AnyOf(&[Condition::Given("distribution"), Condition::Above("sd", 0.0)])]),
    KeyDef::default(
        "correlation",
        ValueKind::Number(-1.0, 1.0),
        "correlation",
        "1",
        "how closely it follows its group",
        "与本组的相关系数",
    )
    .acts_when(&[Condition::Given("correlation_group")]),
];

/// Doubt that grows with the years.
const WALK: Condition =
    Condition::AnyOf(&[Condition::Above("random_walk_sd", 0.0), Condition::Above("areas_random_walk_sd", 0.0)]);

/// Any doubt about a number.
const SPREAD: Condition = Condition::AnyOf(&[
    Condition::Given("distribution"),
    Condition::Above("sd", 0.0),
    Condition::Above("random_walk_sd", 0.0),
    Condition::Given("cycle"),
    Condition::Above("between_areas_sd", 0.0),
    Condition::Above("areas_random_walk_sd", 0.0),
]);

const CYCLE: &[KeyDef] = &[
    KeyDef::required(
        "persistence",
        ValueKind::Number(0.0, 1.0),
        "share",
        "part of a deviation left after a year",
        "偏离在一年后剩余的比例",
    ),
    KeyDef::required("sd", ValueKind::Number(0.0, 10.0), "on the scale", "size of the deviations", "偏离的标准差"),
];

const fn spread(name: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(0.0, 10.0), "on the scale", "0", en, zh)
}

const fn part(name: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::required(name, ValueKind::Number(f64::MIN, f64::MAX), "", en, zh)
}

const fn list(name: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::required(name, ValueKind::Numbers(f64::MIN, f64::MAX), "", en, zh)
}

const MEAN: KeyDef = part("mean", "mean", "均值");
const SD: KeyDef = part("sd", "standard deviation, above 0", "标准差（大于 0）");
const LOW: KeyDef = part("low", "lowest", "最小值");
const MODE: KeyDef = part("mode", "likeliest", "最可能值");
const HIGH: KeyDef = part("high", "highest", "最大值");
const VALUES: KeyDef = list("values", "the values", "各取值");

/// Names of [`LAWS`], in their order.
const LAW_NAMES: [&str; 9] =
    ["normal", "lognormal", "uniform", "triangular", "pert", "beta", "gamma", "discrete", "empirical"];

/// The laws.
pub const LAWS: &[DistributionDef] = &[
    DistributionDef {
        name: LAW_NAMES[0],
        parts: &[MEAN, SD],
        help: Text::new("a mean and a spread, either way alike", "对称的误差：均值与标准差"),
    },
    DistributionDef {
        name: LAW_NAMES[1],
        parts: &[
            part("median", "median, above 0", "中位数（大于 0）"),
            part("cv", "sd over mean, above 0", "变异系数（大于 0）"),
        ],
        help: Text::new("a factor, as likely doubled as halved", "倍数型误差：加倍与减半同样可能"),
    },
    DistributionDef {
        name: LAW_NAMES[2],
        parts: &[LOW, HIGH],
        help: Text::new("anywhere between two numbers", "两数之间均等可能"),
    },
    DistributionDef {
        name: LAW_NAMES[3],
        parts: &[LOW, MODE, HIGH],
        help: Text::new("three guesses: lowest, likeliest, highest", "三点估计：最小、最可能、最大"),
    },
    DistributionDef {
        name: LAW_NAMES[4],
        parts: &[LOW, MODE, HIGH],
        help: Text::new("three guesses, leaning on the likeliest", "三点估计，更偏重最可能值"),
    },
    DistributionDef {
        name: LAW_NAMES[5],
        parts: &[MEAN, SD],
        help: Text::new("a share between 0 and 1", "0 与 1 之间的比例"),
    },
    DistributionDef {
        name: LAW_NAMES[6],
        parts: &[MEAN, SD],
        help: Text::new("a positive number, skewed to the right", "正数，右偏"),
    },
    DistributionDef {
        name: LAW_NAMES[7],
        parts: &[VALUES, list("weights", "their weights, on any scale", "各取值的权重（任意尺度）")],
        help: Text::new("one of a few values, each with its weight", "若干取值之一，各有权重"),
    },
    DistributionDef {
        name: LAW_NAMES[8],
        parts: &[VALUES],
        help: Text::new("one of the values observed, all alike", "历史观测值之一，机会均等"),
    },
];

//! What the section `[health]` may say.

use super::stay::LAWS;
use super::tables::{CHOICE, DEMAND, INFLOW, STAY, SUPPLY};
use crate::input::{KeyDef, Kind};

/// Keys of `[health]`.
pub(super) const KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "demand",
        Kind::Csv(DEMAND),
        "",
        "admissions by sex, age and specialty; with it the other tables",
        "分性别、年龄、专科的住院率（同时须给其他各表）",
    ),
    KeyDef::optional("stay", Kind::Csv(STAY), "", "length of stay by specialty and tier", "分专科、层级的住院日"),
    KeyDef::optional("choice", Kind::Csv(CHOICE), "", "tier that residents ask first", "居民首选层级"),
    KeyDef::optional("inflow", Kind::Csv(INFLOW), "", "requests from outside the district", "区外流入住院"),
    KeyDef::optional("supply", Kind::Csv(SUPPLY), "", "beds by facility and specialty", "分机构、专科的床位"),
    KeyDef::optional("specialties", Kind::Named(SPECIALTY), "", "the specialty groups", "专科组"),
    KeyDef::default("community", Kind::Section(TIER), "", "{}", "community health centres", "社区卫生服务中心"),
    KeyDef::default("district", Kind::Section(TIER), "", "{}", "district hospitals", "区属医院"),
    KeyDef::default("tertiary", Kind::Section(TIER), "", "{}", "tertiary hospitals", "三级医院"),
    KeyDef::default("step_down", Kind::Section(STEP_DOWN), "", "{}", "step-down in the consortium", "医联体下转"),
    KeyDef::optional("wards", Kind::Named(WARD), "", "wards with demand given directly", "直接给定需求的病区"),
    KeyDef::default(
        "admissions_level",
        Kind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on all admission rates of residents",
        "居民住院率的共同系数",
    ),
    KeyDef::default(
        "stay_level",
        Kind::Uncertain(0.01, 100.0),
        "factor",
        "1",
        "factor on all mean stays",
        "平均住院日的共同系数",
    ),
    KeyDef::default(
        "outside_level",
        Kind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on the share that chooses hospitals outside the district",
        "首选区外医院比例的系数",
    ),
    KeyDef::default(
        "day_effect_cv",
        Kind::Uncertain(0.0, 2.0),
        "cv",
        "0",
        "irregular swing of urgent requests from day to day",
        "急诊入院逐日随机波动的变异系数",
    ),
    KeyDef::default(
        "weekday",
        Kind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 1, 1]",
        "urgent requests from Monday to Sunday, relative",
        "急诊入院的星期系数（周一至周日）",
    ),
    KeyDef::default(
        "season",
        Kind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
        "urgent requests from January to December, relative",
        "急诊入院的月份系数（1–12 月）",
    ),
    KeyDef::default(
        "slots",
        Kind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 0, 0]",
        "slots for planned admissions from Monday to Sunday, relative",
        "计划入院名额的星期系数（周一至周日）",
    ),
    KeyDef::default(
        "start",
        Kind::Choice(&["stationary", "empty"]),
        "",
        "\"stationary\"",
        "beds on the first day: filled as in the long run, or empty",
        "首日床位：按长期状态占用或全空",
    ),
    KeyDef::default(
        "warm_up_days",
        Kind::Whole(0, 3650),
        "days",
        "120",
        "days simulated before the first reported one (none when starting empty)",
        "首个报告日之前预先模拟的天数（空床起步时不用）",
    ),
    KeyDef::default("promise", Kind::Section(PROMISE), "", "{}", "what is promised", "服务承诺"),
];

/// Keys of one specialty.
pub(super) const SPECIALTY: &[KeyDef] = &[
    KeyDef::required("label", Kind::Label, "", "name", "名称"),
    KeyDef::default("level", Kind::Uncertain(0.0, 100.0), "factor", "1", "factor on its admissions", "住院率系数"),
    KeyDef::optional(
        "per_birth",
        Kind::Uncertain(0.0, 10.0),
        "admissions per birth",
        "admissions per birth, on top of the table",
        "每例出生的住院次数（在表外另加）",
    ),
    KeyDef::default(
        "planned_share",
        Kind::Number(0.0, 1.0),
        "share",
        "0.5",
        "share of admissions from lists",
        "计划入院占比",
    ),
    KeyDef::default("stay_law", Kind::Choice(LAWS), "", "\"lognormal\"", "family of the stay", "住院日分布类型"),
];

/// Keys of one tier.
pub(super) const TIER: &[KeyDef] = &[
    KeyDef::default(
        "staffed_share",
        Kind::Uncertain(0.0, 1.0),
        "share",
        "1",
        "share of built beds with staff",
        "有人员配备的床位占比",
    ),
    KeyDef::default(
        "choice_level",
        Kind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on the share of residents who ask this tier first; tertiary hospitals take the rest",
        "首选本层级比例的系数（余下归三级医院）",
    ),
    KeyDef::default(
        "inflow_level",
        Kind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on requests from outside the district",
        "区外流入的系数",
    ),
    KeyDef::default(
        "pooling",
        Kind::Choice(&["facility", "tier"]),
        "",
        "\"facility\"",
        "whether each facility fills its own beds or the tier fills them as one",
        "床位按机构使用或全层级统一调配",
    ),
    KeyDef::default(
        "played_by",
        Kind::Choice(&["hour", "day"]),
        "",
        "\"hour\"",
        "whether patients are followed by the hour, or counted by the day (faster; for a large tertiary tier pooled as one)",
        "按小时跟踪病人，或按天计数（更快；用于统一调配的大型三级层级）",
    ),
    KeyDef::default(
        "overflow_up",
        Kind::Flag,
        "",
        "true",
        "whether urgent patients who find the tier full go to the tier above",
        "本层级满床时急诊病人是否上转",
    ),
    KeyDef::default(
        "planned_overflow",
        Kind::Flag,
        "",
        "false",
        "whether planned patients who find it full go elsewhere at once, as urgent ones do",
        "满床时计划入院病人是否也立即转往他处",
    ),
    KeyDef::default(
        "urgent_wait_hours",
        Kind::Number(0.0, 100_000.0),
        "hours",
        "6",
        "longest wait of urgent patients for a bed",
        "急诊病人候床上限（小时）",
    ),
    KeyDef::default(
        "planned_wait_days",
        Kind::Number(0.0, 10_000.0),
        "days",
        "14",
        "longest wait of planned patients for a bed",
        "计划入院病人候床上限（天）",
    ),
    KeyDef::default(
        "refused_found_outside",
        Kind::Uncertain(0.0, 1.0),
        "share",
        "0.5",
        "share of the refused who find a bed outside the district",
        "未能入院者中在区外入院的比例",
    ),
];

/// Keys of `[health.step_down]`.
pub(super) const STEP_DOWN: &[KeyDef] = &[
    KeyDef::default(
        "share",
        Kind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of residents' tertiary stays that end in a lower tier's bed",
        "居民三级医院住院后下转的比例",
    ),
    KeyDef::default(
        "acute_part",
        Kind::Number(0.0, 1.0),
        "share",
        "0.6",
        "part of such a stay that is spent before stepping down",
        "下转前在原医院的住院日占比",
    ),
];

/// Keys of one ward.
pub(super) const WARD: &[KeyDef] = &[
    KeyDef::optional("label", Kind::Label, "", "name", "名称"),
    KeyDef::required(
        "arrivals_per_day",
        Kind::Uncertain(0.0, 100_000.0),
        "requests per day",
        "requests, at random",
        "每日住院请求（泊松）",
    ),
    KeyDef::optional(
        "urgent_per_day",
        Kind::Uncertain(0.0, 100_000.0),
        "requests per day",
        "further requests that go before the others",
        "每日优先请求",
    ),
    KeyDef::required("beds", Kind::Whole(0, 1_000_000), "beds", "open beds", "开放床位"),
    KeyDef::default("stay_law", Kind::Choice(LAWS), "", "\"lognormal\"", "family of the stay", "住院日分布类型"),
    KeyDef::required("stay_mean_days", Kind::Number(0.001, 10_000.0), "days", "mean stay", "平均住院日"),
    KeyDef::default("stay_cv", Kind::Number(0.0, 20.0), "cv", "1", "sd over mean of the stay", "住院日变异系数"),
    KeyDef::default(
        "waiting",
        Kind::Choice(&["loss", "queue"]),
        "",
        "\"loss\"",
        "whether those who find it full are refused or wait",
        "满床时拒收或候床",
    ),
    KeyDef::optional("waiting_places", Kind::Whole(0, 1_000_000), "people", "how many may wait", "候床人数上限"),
    KeyDef::optional("wait_limit_days", Kind::Number(0.0, 100_000.0), "days", "longest wait", "候床上限（天）"),
    KeyDef::default(
        "overflow_to",
        Kind::Names,
        "",
        "[]",
        "wards that take those who find it full",
        "满床时依次收治的病区",
    ),
    KeyDef::optional("step_down_to", Kind::Text, "", "ward that patients may go on to", "下转病区"),
    KeyDef::default(
        "step_down_share",
        Kind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of patients who go on to it",
        "下转比例",
    ),
];

/// Keys of `[health.promise]`.
pub(super) const PROMISE: &[KeyDef] = &[
    KeyDef::default(
        "refused_share_at_most",
        Kind::Number(0.0, 1.0),
        "share",
        "0.02",
        "largest share of requests without a bed within the wait limit",
        "候床时限内未能入院的请求占比上限",
    ),
    KeyDef::default(
        "crowded_days_at_most",
        Kind::Number(0.0, 1.0),
        "share",
        "0.25",
        "largest share of days with more than 92 % of open beds in use at midnight",
        "午夜床位使用率超过 92 % 的天数占比上限",
    ),
    KeyDef::default(
        "confidence",
        Kind::Number(0.5, 1.0),
        "probability",
        "0.9",
        "probability with which the promise must be kept",
        "承诺须达到的概率",
    ),
    KeyDef::default(
        "surplus_below",
        Kind::Number(0.0, 1.0),
        "share",
        "0.6",
        "utilisation below which beds count as surplus",
        "床位使用率低于此值视为富余",
    ),
];

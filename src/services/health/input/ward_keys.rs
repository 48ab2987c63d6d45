//! What a section of one ward, `[health.wards.name]`, may say.

use crate::input::{Condition, KeyDef, ValueKind};
use crate::services::health::input::beds::UNIT_SUPPLY;
use crate::services::health::input::discharge_keys::{DISCHARGE_FROM_HOUR, DISCHARGE_TO_HOUR, DISCHARGE_WEEKDAYS};
use crate::services::health::input::intensive_units::{ELECTIVE_SHARE, URGENT_SHARE};
use crate::services::health::input::tables::{OPENING_PATIENTS, WARD_STAYS};
use crate::services::health::stay::law::Family;

/// What a count of patients needs before it acts.
const COUNTED: &[Condition] = &[Condition::ScenarioSays("health.opening", &["counted"])];

/// Somebody asks the ward itself: who comes from another ward keeps that bed until one is free here.
const REQUESTED: &[Condition] =
    &[Condition::AnyOf(&[Condition::Above("arrivals_per_day", 0.0), Condition::Above("urgent_per_day", 0.0)])];

/// Keys of one ward.
pub(crate) const WARD: &[KeyDef] = &[
    KeyDef::optional("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::required(
        "arrivals_per_day",
        ValueKind::Uncertain(0.0, 100_000.0),
        "requests per day",
        "requests, at random",
        "每日住院请求（泊松）",
    ),
    KeyDef::optional(
        "urgent_per_day",
        ValueKind::Uncertain(0.0, 100_000.0),
        "requests per day",
        "further requests that go before the others",
        "每日优先请求",
    ),
    KeyDef::optional("beds", ValueKind::Whole(0, 1_000_000), "beds", "beds, open throughout", "床位（始终开放）"),
    KeyDef::optional(
        "supply",
        ValueKind::Csv(UNIT_SUPPLY),
        "",
        "beds by facility with the dates of opening and closing, instead of `beds`",
        "分机构床位及启用、关闭日期（代替 beds）",
    ),
    KeyDef::optional(
        "opening_patients",
        ValueKind::Whole(0, 1_000_000),
        "people",
        "patients in bed on the first day, with opening = \"counted\"",
        "首日在院病人（须 opening = \"counted\"）",
    )
    .acts_when(COUNTED),
    KeyDef::optional(
        "opening_patients_by_days",
        ValueKind::Csv(OPENING_PATIENTS),
        "",
        "the same by the days for which they have been in bed",
        "首日在院病人，按已住天数",
    )
    .acts_when(COUNTED),
    KeyDef::default(
        "los_distribution",
        ValueKind::Choice(Family::WORDS),
        "",
        "\"lognormal\"",
        "family of the stay",
        "住院日分布类型",
    )
    .acts_when(&[Condition::Given("los_mean_days")])
    .formerly(&["stay_law"]),
    KeyDef::optional("los_mean_days", ValueKind::Number(0.001, 10_000.0), "days", "mean stay", "平均住院日")
        .formerly(&["stay_mean_days"]),
    KeyDef::default("los_cv", ValueKind::Number(0.0, 20.0), "cv", "1", "sd over mean of the stay", "住院日变异系数")
        .acts_when(&[
            Condition::Given("los_mean_days"),
            Condition::Is("los_distribution", &["lognormal", "gamma", "weibull"]),
        ])
        .formerly(&["stay_cv"]),
    KeyDef::default(
        "long_share",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0",
        "share of patients who stay long; los_mean_days and los_cv then hold for the others",
        "长住病人占比（los_mean_days 与 los_cv 则为其余病人的）",
    )
    .acts_when(&[Condition::Given("los_mean_days")]),
    KeyDef::optional(
        "long_mean_days",
        ValueKind::Number(0.001, 10_000.0),
        "days",
        "mean stay of those who stay long",
        "长住病人的平均住院日",
    )
    .acts_when(&[Condition::Above("long_share", 0.0)]),
    KeyDef::default(
        "long_cv",
        ValueKind::Number(0.0, 20.0),
        "cv",
        "1",
        "sd over mean of the stay of those who stay long",
        "长住病人住院日的变异系数",
    )
    .acts_when(&[
        Condition::Above("long_share", 0.0),
        Condition::Is("los_distribution", &["lognormal", "gamma", "weibull"]),
    ]),
    KeyDef::optional(
        "observed_stays",
        ValueKind::Csv(WARD_STAYS),
        "",
        "stays as they were counted, instead of a law",
        "实际住院日计数（代替分布）",
    ),
    KeyDef::default(
        "waiting",
        ValueKind::Choice(&["loss", "queue"]),
        "",
        "\"loss\"",
        "whether those who find it full are refused or wait",
        "满床时拒收或候床",
    )
    .acts_when(REQUESTED),
    KeyDef::optional("waiting_places", ValueKind::Whole(0, 1_000_000), "people", "how many may wait", "候床人数上限")
        .acts_when(&[Condition::Is("waiting", &["queue"])]),
    KeyDef::optional("wait_limit_days", ValueKind::Number(0.0, 100_000.0), "days", "longest wait", "候床上限（天）")
        .acts_when(&[Condition::Is("waiting", &["queue"])]),
    DISCHARGE_WEEKDAYS,
    DISCHARGE_FROM_HOUR,
    DISCHARGE_TO_HOUR,
    KeyDef::default(
        "overflow_to",
        ValueKind::Names,
        "",
        "[]",
        "wards that take those who find it full",
        "满床时依次收治的病区",
    )
    .acts_when(REQUESTED),
    KeyDef::optional("step_down_to", ValueKind::Text, "", "ward that patients may go on to", "下转病区")
        .acts_when(&[Condition::Above("step_down_share", 0.0)]),
    KeyDef::default(
        "step_down_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of patients who go on to it",
        "下转比例",
    )
    .acts_when(&[Condition::Given("step_down_to")]),
    URGENT_SHARE.acts_when(&[Condition::Above("urgent_per_day", 0.0)]),
    ELECTIVE_SHARE.acts_when(&[Condition::Above("arrivals_per_day", 0.0)]),
];

//! What the section `[health]` may say.

use crate::input::{Condition, KeyDef, ValueKind};
use crate::services::health::input::beds::SUPPLY;
use crate::services::health::input::discharge_keys::{DISCHARGE_FROM_HOUR, DISCHARGE_TO_HOUR, DISCHARGE_WEEKDAYS};
use crate::services::health::input::intensive_units::{ELECTIVE_SHARE, INTENSIVE_CARE, URGENT_SHARE};
use crate::services::health::input::opening::Opening;
use crate::services::health::input::readmission::{OWN_DAYS, OWN_SHARE, READMISSION};
use crate::services::health::input::tables::{CHOICE, DEMAND, HOLIDAYS, INFLOW, OBSERVED_STAYS, STAY};
use crate::services::health::input::ward_keys::WARD;
use crate::services::health::stay::law::Family;
use crate::supply::columns;

/// Keys of `[health]`.
pub(crate) const KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "demand",
        ValueKind::Csv(DEMAND),
        "",
        "admissions by sex, age and specialty; with it the other tables",
        "分性别、年龄、专科的住院率（同时须给其他各表）",
    )
    .acts_when(&[Condition::Missing("wards")]),
    KeyDef::optional(
        "length_of_stay",
        ValueKind::Csv(STAY),
        "",
        "length of stay by specialty and tier",
        "分专科、层级的住院日",
    )
    .acts_when(&[Condition::Missing("wards")])
    .formerly(&["stay"]),
    KeyDef::optional(
        "observed_stays",
        ValueKind::Csv(OBSERVED_STAYS),
        "",
        "stays as they were counted, where no distribution of the table `length_of_stay` is to be taken",
        "实际住院日计数（代替 length_of_stay 表中的分布）",
    )
    .acts_when(&[Condition::Missing("wards")]),
    KeyDef::optional("choice", ValueKind::Csv(CHOICE), "", "tier that residents ask first", "居民首选层级")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::optional(
        "non_resident_demand",
        ValueKind::Csv(INFLOW),
        "",
        "requests from outside the district",
        "区外流入住院",
    )
    .acts_when(&[Condition::Missing("wards")])
    .formerly(&["inflow"]),
    KeyDef::optional("supply", ValueKind::Csv(SUPPLY), "", "beds by facility and specialty", "分机构、专科的床位")
        .acts_when(&[Condition::Missing("wards")]),
    columns::additional_supply(SUPPLY, &[Condition::Missing("wards"), Condition::Given("supply")]),
    KeyDef::optional("specialties", ValueKind::Named(SPECIALTY), "", "the specialty groups", "专科组")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::default("community", ValueKind::Section(TIER), "", "{}", "community health centres", "社区卫生服务中心")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::default("district", ValueKind::Section(TIER), "", "{}", "district hospitals", "区属医院")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::default("tertiary", ValueKind::Section(TIER), "", "{}", "tertiary hospitals", "三级医院")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::default("step_down", ValueKind::Section(STEP_DOWN), "", "{}", "step-down in the consortium", "医联体下转")
        .acts_when(&[Condition::Missing("wards")]),
    KeyDef::optional(
        "intensive_care",
        ValueKind::Named(INTENSIVE_CARE),
        "",
        "units of intensive care for patients who hold a bed in a ward",
        "住院病人的重症监护单元",
    ),
    KeyDef::optional("wards", ValueKind::Named(WARD), "", "wards with demand given directly", "直接给定需求的病区"),
    KeyDef::default(
        "admissions_factor",
        ValueKind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on all admission rates of residents",
        "居民住院率的共同系数",
    )
    .acts_when(&[Condition::Missing("wards")])
    .formerly(&["admissions_level"]),
    KeyDef::default(
        "los_factor",
        ValueKind::Uncertain(0.01, 100.0),
        "factor",
        "1",
        "factor on all mean stays",
        "平均住院日的共同系数",
    )
    .formerly(&["stay_level"]),
    KeyDef::default(
        "outside_factor",
        ValueKind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on the share that chooses hospitals outside the district",
        "首选区外医院比例的系数",
    )
    .acts_when(&[Condition::Missing("wards")])
    .formerly(&["outside_level"]),
    KeyDef::default(
        "daily_overdispersion_cv",
        ValueKind::Uncertain(0.0, 2.0),
        "cv",
        "0",
        "irregular swing of urgent requests from day to day",
        "急诊入院逐日随机波动的变异系数",
    )
    .formerly(&["day_effect_cv"]),
    KeyDef::default(
        "weekday",
        ValueKind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 1, 1]",
        "urgent requests from Monday to Sunday, relative",
        "急诊入院的星期系数（周一至周日）",
    ),
    KeyDef::default(
        "season",
        ValueKind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
        "urgent requests from January to December, relative",
        "急诊入院的月份系数（1–12 月）",
    ),
    KeyDef::default(
        "elective_slots",
        ValueKind::Numbers(0.0, 100.0),
        "factor",
        "[1, 1, 1, 1, 1, 0, 0]",
        "slots for planned admissions from Monday to Sunday, relative",
        "计划入院名额的星期系数（周一至周日）",
    )
    .acts_when(&[Condition::Missing("wards")])
    .formerly(&["slots"]),
    KeyDef::optional(
        "holidays",
        ValueKind::Csv(HOLIDAYS),
        "",
        "public holidays, on which other numbers ask",
        "公共假期",
    ),
    KeyDef::optional("epidemic", ValueKind::Section(EPIDEMIC), "", "waves of an epidemic", "流行病波次"),
    KeyDef::default("readmission", ValueKind::Section(READMISSION), "", "{}", "people who come back", "再入院"),
    KeyDef::default(
        "opening",
        ValueKind::Choice(Opening::WORDS),
        "",
        "\"stationary\"",
        "beds on the first day: filled as in the long run, empty, or as counted in the wards (`opening_patients`)",
        "首日床位：按长期状态占用、全空，或按各病区实际在院人数（opening_patients）",
    )
    .formerly(&["start"]),
    KeyDef::default(
        "warm_up_days",
        ValueKind::Whole(0, 3650),
        "days",
        "120",
        "days simulated before the first reported one (none when starting empty)",
        "首个报告日之前预先模拟的天数（空床起步时不用）",
    )
    .acts_when(&[Condition::Is("opening", &["stationary"])]),
    KeyDef::default("service_target", ValueKind::Section(PROMISE), "", "{}", "what is promised", "服务目标")
        .formerly(&["promise"]),
];

/// Keys of one specialty.
pub(crate) const SPECIALTY: &[KeyDef] = &[
    KeyDef::required("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::default("admissions_factor", ValueKind::Uncertain(0.0, 100.0), "factor", "1", "factor on its admissions", "住院率系数").formerly(&["level"]),
    KeyDef::optional(
        "per_birth",
        ValueKind::Uncertain(0.0, 10.0),
        "admissions per birth",
        "admissions per birth, on top of the table",
        "每例出生的住院次数（在表外另加）",
    ),
    KeyDef::default(
        "elective_share",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.5",
        "share of admissions from lists",
        "计划入院占比",
    ).formerly(&["planned_share"]),
    KeyDef::default("los_distribution", ValueKind::Choice(Family::WORDS), "", "\"lognormal\"", "family of the stay", "住院日分布类型").formerly(&["stay_law"]),
    KeyDef::default(
        "additional_beds",
        ValueKind::Numbers(0.0, 100_000.0),
        "beds",
        "[0, 0, 0]",
        "beds on top of the table in community, district and tertiary hospitals: compare with and without for the value of a bed",
        "在床位表之外增加的床位（社区、区属、三级）：有无对比即为床位的作用",
    ).formerly(&["more_beds"]),
    KeyDef::default(
        "los_factor",
        ValueKind::Uncertain(0.01, 100.0),
        "factor",
        "1",
        "factor on its mean stays, beside the common one; by_year for a trend",
        "该专科平均住院日的系数（另乘共同系数；趋势写 by_year）",
    ).formerly(&["stay_level"]),
    OWN_SHARE,
    OWN_DAYS,
    URGENT_SHARE,
    ELECTIVE_SHARE,
];

/// Keys of one tier.
pub(crate) const TIER: &[KeyDef] = &[
    KeyDef::default(
        "staffed_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "1",
        "share of built beds with staff",
        "有人员配备的床位占比",
    ),
    KeyDef::default(
        "choice_factor",
        ValueKind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on the share of residents who ask this tier first; tertiary hospitals take the rest",
        "首选本层级比例的系数（余下归三级医院）",
    ).formerly(&["choice_level"]),
    KeyDef::default(
        "non_resident_factor",
        ValueKind::Uncertain(0.0, 100.0),
        "factor",
        "1",
        "factor on requests from outside the district",
        "区外流入的系数",
    ).formerly(&["inflow_level"]),
    KeyDef::default(
        "pooling",
        ValueKind::Choice(&["facility", "tier"]),
        "",
        "\"facility\"",
        "whether each facility fills its own beds or the tier fills them as one",
        "床位按机构使用或全层级统一调配",
    ),
    KeyDef::default(
        "engine",
        ValueKind::Choice(&["hour", "day"]),
        "",
        "\"hour\"",
        "whether patients are followed by the hour, or counted by the day (faster; for a large tertiary tier pooled as one)",
        "按小时跟踪病人，或按天计数（更快；用于统一调配的大型三级层级）",
    ).formerly(&["played_by"]),
    KeyDef::default(
        "overflow_up",
        ValueKind::Flag,
        "",
        "true",
        "whether urgent patients who find the tier full go to the tier above",
        "本层级满床时急诊病人是否上转",
    ),
    KeyDef::default(
        "elective_overflow",
        ValueKind::Flag,
        "",
        "false",
        "whether planned patients who find it full go elsewhere at once, as urgent ones do",
        "满床时计划入院病人是否也立即转往他处",
    ).acts_when(&[Condition::Is("engine", &["hour"])]).formerly(&["planned_overflow"]),
    KeyDef::optional(
        "published_occupancy",
        ValueKind::Number(0.0, 2.0),
        "share",
        "published use of open beds: admissions and stays are inputs, so use follows, and its gap to this is reported",
        "公布的床位使用率：住院人次与住院日为输入，使用率由其推出，报告给出两者之差",
    ).formerly(&["published_use"]),
    KeyDef::default(
        "urgent_wait_hours",
        ValueKind::Number(0.0, 100_000.0),
        "hours",
        "6",
        "longest wait of urgent patients for a bed",
        "急诊病人候床上限（小时）",
    ).acts_when(&[Condition::Is("engine", &["hour"])]),
    KeyDef::default(
        "elective_wait_days",
        ValueKind::Number(0.0, 10_000.0),
        "days",
        "14",
        "longest wait of planned patients for a bed; longer than the years of the scenario: nobody ever leaves the list",
        "计划入院病人候床上限（天）；超过方案年限则无人离开队列",
    ).formerly(&["planned_wait_days"]),
    DISCHARGE_WEEKDAYS,
    DISCHARGE_FROM_HOUR,
    DISCHARGE_TO_HOUR,
    KeyDef::default(
        "refused_treated_outside",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0.5",
        "share of the refused who find a bed outside the district",
        "未能入院者中在区外入院的比例",
    ).formerly(&["refused_found_outside"]),
];

/// Keys of `[health.step_down]`.
pub(crate) const STEP_DOWN: &[KeyDef] = &[
    KeyDef::default(
        "share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of residents' tertiary stays that end in a lower tier's bed",
        "居民三级医院住院后下转的比例",
    ),
    KeyDef::default(
        "acute_share_of_stay",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.6",
        "part of such a stay that is spent before stepping down",
        "下转前在原医院的住院日占比",
    )
    .acts_when(&[Condition::Given("share")])
    .formerly(&["acute_part"]),
    KeyDef::default(
        "to_elderly_care_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of residents of 65 and over who need a long-stay place when they are ready to leave; the bed is kept for as long as such people waited last year",
        "65 岁以上居民出院时需要长期照护床位的比例；等待期间（按上一年平均等待）继续占用病床",
    ),
];

/// Keys of `[health.epidemic]`.
pub(crate) const EPIDEMIC: &[KeyDef] = &[
    KeyDef::required(
        "yearly_chance",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "chance that a wave starts in a year",
        "一年中出现一波流行的概率",
    ),
    KeyDef::required(
        "peak",
        ValueKind::Uncertain(0.0, 100.0),
        "ratio",
        "urgent requests at the height of a wave, on top of the usual: 0.5 is half as many again",
        "高峰时急诊入院比平常多出的比例：0.5 即多一半",
    ),
    KeyDef::default(
        "peak_cv",
        ValueKind::Number(0.0, 5.0),
        "cv",
        "0.5",
        "sd over mean of the height from wave to wave",
        "各波高峰的变异系数",
    ),
    KeyDef::default("weeks", ValueKind::Uncertain(1.0, 50.0), "weeks", "10", "length of a wave", "一波持续周数"),
    KeyDef::default(
        "first_week",
        ValueKind::Whole(1, 52),
        "weeks",
        "46",
        "first week in which a wave starts",
        "开始周的下限",
    ),
    KeyDef::default("last_week", ValueKind::Whole(1, 52), "weeks", "52", "last such week", "开始周的上限"),
    KeyDef::default(
        "specialties",
        ValueKind::Names,
        "",
        "[]",
        "specialty groups whose urgent requests rise; none named: all",
        "受影响的专科组（不列则为全部）",
    ),
];

/// Keys of `[health.service_target]`.
pub(crate) const PROMISE: &[KeyDef] = &[
    KeyDef::default(
        "refused_share_at_most",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.02",
        "largest share of requests without a bed within the wait limit",
        "候床时限内未能入院的请求占比上限",
    ),
    KeyDef::default(
        "crowded_days_at_most",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.25",
        "largest share of days with more than 92 % of open beds in use at midnight",
        "午夜床位使用率超过 92 % 的天数占比上限",
    ),
    KeyDef::default(
        "confidence",
        ValueKind::Number(0.5, 0.999),
        "probability",
        "0.9",
        "probability with which the promise must be kept",
        "目标须达到的概率",
    ),
    KeyDef::default(
        "surplus_utilisation_threshold",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.6",
        "utilisation below which beds count as surplus",
        "床位使用率低于此值视为富余",
    )
    .formerly(&["surplus_below"]),
];

//! The keys of `[elderly]`, with their units, ranges, defaults and meaning.

use crate::input::{Column, KeyDef, Kind};

const NEED: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female"),
    Column::required("age", "age group such as 60-64 or 85+", "年龄组，如 60-64 或 85+"),
    Column::required(
        "living",
        "alone, couple or with_children",
        "alone（独居）、couple（夫妻）或 with_children（与子女）",
    ),
    Column::required("none", "share without need", "无失能的比例"),
    Column::required("mild", "share with mild need", "轻度比例"),
    Column::required("moderate", "share with moderate need", "中度比例"),
    Column::required("severe", "share with severe need", "重度比例"),
];

const LIVING: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female"),
    Column::required("age", "age group such as 60-64 or 85+", "年龄组，如 60-64 或 85+"),
    Column::required("alone", "share living alone", "独居比例"),
    Column::required("couple", "share living as a couple", "夫妻同住比例"),
    Column::required("with_children", "share living with children or others", "与子女或他人同住比例"),
];

const SUPPLY: &[Column] = &[
    Column::required("facility", "key of the facility", "机构代码"),
    Column::required("label_zh", "Chinese name", "中文名称"),
    Column::required("label_en", "English name", "英文名称"),
    Column::required("area", "key of the area", "区域代码"),
    Column::required(
        "level",
        "station, subdistrict or district",
        "station（站）、subdistrict（街道）或 district（区）",
    ),
    Column::required("service", "home_visits, day, short_stay or a long_stay_ service", "服务类型"),
    Column::required("places", "places, beds or clients", "位数、床位或服务人数"),
    Column::optional("opens", "date of opening; empty: from the start", "启用日期；空为自始开放"),
    Column::optional("closes", "date of closing; empty: never", "关闭日期；空为不关闭"),
    Column::optional("project", "project that builds it", "所属项目"),
];

/// Keys of one service of `[elderly.services]`.
const SERVICE: &[KeyDef] = &[
    KeyDef::default(
        "none",
        Kind::Number(0.0, 1.0),
        "share",
        "0",
        "share of people without need who use it",
        "无失能者使用比例",
    ),
    KeyDef::default(
        "mild",
        Kind::Number(0.0, 1.0),
        "share",
        "0",
        "share of people with mild need who use it",
        "轻度者使用比例",
    ),
    KeyDef::default("moderate", Kind::Number(0.0, 1.0), "share", "0", "share with moderate need", "中度者使用比例"),
    KeyDef::default("severe", Kind::Number(0.0, 1.0), "share", "0", "share with severe need", "重度者使用比例"),
    KeyDef::default(
        "take_up",
        Kind::Uncertain(0.0, 20.0),
        "factor",
        "{ value = 1, sd = 0.25, scale = \"log\" }",
        "factor on all four shares; calibrate to observed use, never to stated wishes",
        "四个比例的共同系数；按实际使用校准，不按意愿",
    ),
    KeyDef::optional(
        "stay_months",
        Kind::Uncertain(0.01, 600.0),
        "months",
        "mean stay (beds only)",
        "平均入住月数（仅床位）",
    ),
    KeyDef::optional(
        "patience_months",
        Kind::Uncertain(0.01, 1200.0),
        "months",
        "mean time on the list before giving up (beds only)",
        "平均等候多久后放弃（仅床位）",
    ),
];

/// Keys of `[elderly.services]`.
const SERVICES: &[KeyDef] = &[
    KeyDef::optional("home_visits", Kind::Section(SERVICE), "", "home visits", "上门服务"),
    KeyDef::optional("day", Kind::Section(SERVICE), "", "day places", "日间照料"),
    KeyDef::optional("short_stay", Kind::Section(SERVICE), "", "short stays", "短期托养"),
    KeyDef::optional("long_stay_general", Kind::Section(SERVICE), "", "general beds", "普通床位"),
    KeyDef::optional("long_stay_nursing", Kind::Section(SERVICE), "", "nursing beds", "护理床位"),
    KeyDef::optional("long_stay_dementia", Kind::Section(SERVICE), "", "dementia beds", "失智床位"),
];

/// Keys of one line of `[elderly.lines]`.
const LINE: &[KeyDef] = &[
    KeyDef::optional("label", Kind::Label, "", "name", "名称"),
    KeyDef::required("requests_per_year", Kind::Uncertain(0.0, 1e6), "people/year", "requests a year", "年申请人数"),
    KeyDef::required("places", Kind::Whole(0, 1_000_000), "places", "places", "位数"),
    KeyDef::required("stay_months", Kind::Uncertain(0.01, 1200.0), "months", "mean stay", "平均入住月数"),
    KeyDef::optional(
        "patience_months",
        Kind::Uncertain(0.01, 1e6),
        "months",
        "mean patience; without it nobody gives up",
        "平均等候耐心；不写则无人放弃",
    ),
    KeyDef::default(
        "start",
        Kind::Choice(&["empty", "offered_load"]),
        "",
        "\"offered_load\"",
        "how the first year opens: empty, or with a Poisson number around requests x stay",
        "首年开局：empty（空）或 offered_load（按申请×时长）",
    ),
];

pub(super) const PROMISE: &[KeyDef] = &[
    KeyDef::default(
        "unmet_share_at_most",
        Kind::Number(0.0, 1.0),
        "share",
        "0.05",
        "share of people without a place that is tolerated",
        "可容忍的未满足比例",
    ),
    KeyDef::default(
        "confidence",
        Kind::Number(0.5, 0.999),
        "probability",
        "0.9",
        "probability with which the promise must be kept",
        "兑现目标的把握",
    ),
    KeyDef::default(
        "surplus_below",
        Kind::Number(0.0, 1.0),
        "share",
        "0.5",
        "utilisation below which places count as surplus",
        "使用率低于此值视为富余",
    ),
];

/// Keys of `[elderly]`.
pub(super) const KEYS: &[KeyDef] = &[
    KeyDef::optional("definition", Kind::Label, "", "which definition of need the table follows", "失能口径"),
    KeyDef::optional(
        "need",
        Kind::Csv(NEED),
        "",
        "need by sex, age and living arrangement",
        "分性别、年龄、居住方式的失能比例",
    ),
    KeyDef::optional("living", Kind::Csv(LIVING), "", "living arrangement by sex and age", "居住方式"),
    KeyDef::optional("supply", Kind::Csv(SUPPLY), "", "facilities of the three levels", "三级机构"),
    KeyDef::optional("services", Kind::Section(SERVICES), "", "take-up by service", "各服务的使用"),
    KeyDef::default(
        "need_level",
        Kind::Uncertain(0.05, 20.0),
        "factor",
        "{ value = 1, sd = 0.2, scale = \"log\" }",
        "factor on the odds of need at every age and on onset",
        "各年龄失能几率与发生率的系数",
    ),
    KeyDef::default(
        "recovery_mild",
        Kind::Number(0.0, 5.0),
        "1/year",
        "0.20",
        "yearly rate from mild to none",
        "轻度恢复率（每年）",
    ),
    KeyDef::default(
        "recovery_moderate",
        Kind::Number(0.0, 5.0),
        "1/year",
        "0.10",
        "yearly rate from moderate to mild",
        "中度好转率（每年）",
    ),
    KeyDef::default(
        "recovery_severe",
        Kind::Number(0.0, 5.0),
        "1/year",
        "0.05",
        "yearly rate from severe to moderate",
        "重度好转率（每年）",
    ),
    KeyDef::default(
        "mortality_mild",
        Kind::Number(0.1, 20.0),
        "ratio",
        "1.3",
        "mortality relative to no need",
        "轻度相对死亡率",
    ),
    KeyDef::default(
        "mortality_moderate",
        Kind::Number(0.1, 20.0),
        "ratio",
        "1.9",
        "mortality relative to no need",
        "中度相对死亡率",
    ),
    KeyDef::default(
        "mortality_severe",
        Kind::Number(0.1, 20.0),
        "ratio",
        "3.0",
        "mortality relative to no need",
        "重度相对死亡率",
    ),
    KeyDef::default(
        "attendance",
        Kind::Uncertain(0.0, 1.0),
        "probability",
        "{ law = \"beta\", mean = 0.4, sd = 0.06 }",
        "probability that an enrolled person comes on a day",
        "登记者当日到场概率",
    ),
    KeyDef::default(
        "day_places_open",
        Kind::Whole(1, 366),
        "days/year",
        "250",
        "days a year on which day places open",
        "日托每年开放天数",
    ),
    KeyDef::default(
        "district_first",
        Kind::Uncertain(0.0, 1.0),
        "share",
        "{ law = \"beta\", mean = 0.6, sd = 0.1 }",
        "share of people who prefer district homes to their subdistrict centre",
        "首选区级机构（含社会办）的比例",
    ),
    KeyDef::optional("promise", Kind::Section(PROMISE), "", "what is promised", "服务目标"),
    KeyDef::optional(
        "lines",
        Kind::Named(LINE),
        "",
        "waiting lines with requests given directly",
        "直接给定申请量的队列",
    ),
];

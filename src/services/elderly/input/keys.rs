//! The keys and tables that `[elderly]` may have.

use super::standalone_keys::{QUEUE, STATION};
use super::transition_table::SOURCES;
use crate::input::{Column, Condition, KeyDef, ValueKind};
use crate::supply::columns;

/// Columns of the table of need.
pub(crate) const NEED: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female").key(),
    Column::required("age", "age group such as 60-64 or 85+", "年龄组，如 60-64 或 85+").key_of_ages(),
    Column::required(
        "living",
        "alone, couple or with_children",
        "alone（独居）、couple（夫妻）或 with_children（与子女）",
    )
    .key(),
    Column::required("none", "share without need", "无失能的比例"),
    Column::required("mild", "share with mild need", "轻度比例"),
    Column::required("moderate", "share with moderate need", "中度比例"),
    Column::required("severe", "share with severe need", "重度比例"),
];

/// Columns of the table of transitions.
pub(crate) const TRANSITIONS: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female").key(),
    Column::required("age", "age group such as 60-64 or 85+", "年龄组，如 60-64 或 85+").key_of_ages(),
    Column::required("from", "level before: none, mild, moderate or severe", "原程度：none、mild、moderate 或 severe")
        .key(),
    Column::required("none", "to none: rate a year or probability", "变为无失能：年率或概率"),
    Column::required("mild", "to mild", "变为轻度"),
    Column::required("moderate", "to moderate", "变为中度"),
    Column::required("severe", "to severe", "变为重度"),
    Column::required("dead", "to death", "死亡"),
    Column::optional("years", "years that probabilities span; empty: 1", "概率所跨的年数；空为 1").key(),
];

/// Columns of the table of living arrangements.
pub(crate) const LIVING: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female").key(),
    Column::required("age", "age group such as 60-64 or 85+", "年龄组，如 60-64 或 85+").key_of_ages(),
    Column::required("alone", "share living alone", "独居比例"),
    Column::required("couple", "share living as a couple", "夫妻同住比例"),
    Column::required("with_children", "share living with children or others", "与子女或他人同住比例"),
];

/// Columns of the life table; the same table as that of the people.
pub(crate) const MORTALITY: &[Column] = &[
    Column::required("sex", "male or female", "male 或 female").key(),
    Column::required("age", "single age or group; the last is open", "单岁或年龄组，最后一组开放").key_of_ages(),
    Column::required("deaths_per_person_year", "death rate", "死亡率（每人年）"),
    Column::optional("yearly_decline", "not used here", "此处不用"),
];

/// Services of beds.
const BEDS: &[&str] = &["short_stay", "long_stay_general", "long_stay_nursing", "long_stay_dementia"];

/// Columns of the table of facilities.
pub(crate) const SUPPLY: &[Column] = &[
    columns::FACILITY.key(),
    columns::LABEL_ZH,
    columns::LABEL_EN,
    columns::AREA.key(),
    Column::required(
        "level",
        "station, subdistrict or district",
        "station（站）、subdistrict（街道）或 district（区）",
    )
    .key(),
    Column::required("service", "home_visits, day, meals, short_stay or a long_stay_ service", "服务类型").key(),
    Column::required("places", "places, beds, clients, or meals a day", "位数、床位、服务人数或每日餐数"),
    columns::STAFF,
    columns::OPENS.key(),
    columns::CLOSES.key(),
    columns::REOPENS.key(),
    columns::PROJECT.key(),
    Column::optional(
        "price_class",
        "basic, ordinary or premium (beds; counts where [elderly.prices] is given); empty: basic",
        "basic（兜底/普惠）、ordinary（一般）或 premium（高端），仅床位，须配合 [elderly.prices]；空为 basic",
    )
    .key()
    .acts_when(&[Condition::Is("service", BEDS), Condition::Scenario("elderly.prices")]),
];

const fn used_by(level: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(level, ValueKind::Number(0.0, 1.0), "share", "0", en, zh)
}

/// Keys of one service of `[elderly.services]`.
pub(crate) const SERVICE: &[KeyDef] = &[
    used_by("none", "share of people without need who use it", "无失能者使用比例"),
    used_by("mild", "share of people with mild need who use it", "轻度者使用比例"),
    used_by("moderate", "share of people with moderate need who use it", "中度者使用比例"),
    used_by("severe", "share of people with severe need who use it", "重度者使用比例"),
    KeyDef::default(
        "take_up",
        ValueKind::Uncertain(0.0, 20.0),
        "factor",
        "{ value = 1, sd = 0.25, scale = \"log\" }",
        "factor on all four shares; calibrate to observed use, never to stated wishes",
        "四个比例的共同系数；按实际使用校准，不按意愿",
    ),
    KeyDef::default(
        "alone",
        ValueKind::Number(0.0, 20.0),
        "factor",
        "1",
        "use by people living alone, relative",
        "独居者的相对使用",
    ),
    KeyDef::default(
        "couple",
        ValueKind::Number(0.0, 20.0),
        "factor",
        "1",
        "use by couples, relative",
        "夫妻同住者的相对使用",
    ),
    KeyDef::default(
        "with_children",
        ValueKind::Number(0.0, 20.0),
        "factor",
        "1",
        "use by people living with children or others, relative",
        "与子女等同住者的相对使用",
    ),
    KeyDef::optional(
        "stay_months",
        ValueKind::Uncertain(0.01, 600.0),
        "months",
        "mean stay (beds only)",
        "平均入住月数（仅床位）",
    ),
    KeyDef::optional(
        "patience_months",
        ValueKind::Uncertain(0.01, 1200.0),
        "months",
        "mean time on the list before death, recovery or other care ends the wait (beds only)",
        "平均等候多久后因去世、好转或另寻照护而退出（仅床位）",
    ),
    KeyDef::optional(
        "other_care_months",
        ValueKind::Uncertain(0.01, 1200.0),
        "months",
        "in place of patience_months: mean time on the list before other care (family, private) ends the wait; death and recovery come on top, by the need of those who wait (beds only)",
        "代替 patience_months：平均等候多久后另寻照护（家庭、自费等）；去世与好转按等候者的失能程度另计（仅床位）",
    ),
    KeyDef::default(
        "target_wait_months",
        ValueKind::Number(0.0, 120.0),
        "months",
        "0",
        "longest wait that still keeps the promise (beds only)",
        "不算失约的最长等候（仅床位）",
    )
    .formerly(&["promised_wait_months"]),
    KeyDef::default(
        "outside",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "of those who find no free bed, share who go outside the district at once (beds only)",
        "一时无床者中立即去区外的比例（仅床位）",
    ),
    KeyDef::optional(
        "places_per_carer",
        ValueKind::Number(0.05, 1000.0),
        "places/carer",
        "occupied places that one carer on the books looks after",
        "每名在岗护理人员可照护的在用位数",
    ),
    KeyDef::optional(
        "hours",
        ValueKind::Number(0.0, 168.0),
        "hours",
        "hours of care of one user: a week (home visits), a day (day places, meals); without it unmet hours are not told",
        "每名使用者的照护小时：上门为每周，日托为每日；不写则不报告未满足小时",
    ),
    KeyDef::default(
        "benefit_use_ratio",
        ValueKind::Number(0.0, 20.0),
        "factor",
        "1",
        "use by people entitled to insurance benefits, relative to others of the same need; the shares above are those of today's entitlement",
        "享受长护险待遇者相对于同程度其他人的使用；上面的比例对应当前待遇覆盖",
    )
    .formerly(&["if_entitled"]),
    KeyDef::optional(
        "attendance",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "probability that a user comes on a day (day places and meals only); without it that of [elderly]",
        "使用者当日到场概率（仅日托与助餐）；不写则用 [elderly] 的值",
    ),
    KeyDef::optional(
        "days_open",
        ValueKind::Whole(1, 366),
        "days/year",
        "days open a year (day places and meals only); without it that of [elderly]",
        "每年开放天数（仅日托与助餐）；不写则用 [elderly] 的值",
    ),
    KeyDef::optional(
        "distance_decay_km",
        ValueKind::Number(0.05, 1000.0),
        "km",
        "distance over which use falls to 37% (exponential, to the nearest subdistrict with an open place); the district's use at the start is kept; without it distance does not matter",
        "使用随距离下降到 37% 的公里数（指数，按最近有位的街道计），起始时全区总使用不变；不写则与距离无关",
    )
    .formerly(&["distance_decay_kilometres"]),
];

/// Keys of `[elderly.prices]`.
pub(crate) const PRICES: &[KeyDef] = &[
    KeyDef::required(
        "basic",
        ValueKind::Number(0.0, 1.0),
        "share",
        "people who can pay basic prices only",
        "只付得起兜底/普惠价的人",
    ),
    KeyDef::required(
        "ordinary",
        ValueKind::Number(0.0, 1.0),
        "share",
        "people who can pay up to ordinary prices",
        "最多付得起一般价的人",
    ),
    KeyDef::required(
        "premium",
        ValueKind::Number(0.0, 1.0),
        "share",
        "people who can pay any price",
        "付得起任何价位的人",
    ),
];

/// Keys of `[elderly.entitled]`.
pub(crate) const ENTITLED: &[KeyDef] = &[
    KeyDef::default(
        "moderate",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "people with moderate need who are entitled to long-term care insurance benefits",
        "中度失能者中享受长护险待遇的比例",
    ),
    KeyDef::default(
        "severe",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "people with severe need who are entitled to long-term care insurance benefits",
        "重度失能者中享受长护险待遇的比例",
    ),
    KeyDef::default(
        "registered_only",
        ValueKind::Flag,
        "",
        "false",
        "only people with local registration are entitled; the shares above are then of them",
        "仅本地户籍者可享受；上述比例即指户籍者中的比例",
    ),
];

/// Keys of `[elderly.services]`.
pub(crate) const SERVICES: &[KeyDef] = &[
    KeyDef::optional("home_visits", ValueKind::Section(SERVICE), "", "home visits", "上门服务"),
    KeyDef::optional("day", ValueKind::Section(SERVICE), "", "day places", "日间照料"),
    KeyDef::optional("short_stay", ValueKind::Section(SERVICE), "", "short stays", "短期托养"),
    KeyDef::optional("long_stay_general", ValueKind::Section(SERVICE), "", "general beds", "普通床位"),
    KeyDef::optional("long_stay_nursing", ValueKind::Section(SERVICE), "", "nursing beds", "护理床位"),
    KeyDef::optional("long_stay_dementia", ValueKind::Section(SERVICE), "", "dementia beds", "失智床位"),
    KeyDef::optional(
        "meals",
        ValueKind::Section(SERVICE),
        "",
        "meals at canteens and meal points; places are meals a day",
        "助餐（长者食堂、助餐点），位数为每日餐数",
    ),
];

/// Keys of `[elderly.service_target]`.
pub(crate) const PROMISE: &[KeyDef] = &[
    KeyDef::default(
        "unmet_share_at_most",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.05",
        "share of people without a place that is tolerated",
        "可容忍的未满足比例",
    ),
    KeyDef::default(
        "confidence",
        ValueKind::Number(0.5, 0.999),
        "probability",
        "0.9",
        "probability with which the promise must be kept",
        "达到目标的把握",
    ),
    KeyDef::default(
        "surplus_utilisation_threshold",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.5",
        "utilisation below which places count as surplus",
        "使用率低于此值视为富余",
    )
    .formerly(&["surplus_below"]),
];

const fn recovery(name: &'static str, value: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(0.0, 5.0), "1/year", value, en, zh)
}

const fn mortality(name: &'static str, value: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(0.1, 20.0), "ratio", value, "mortality relative to no need", zh)
}

/// Words for the levels of need that count as being in need, mildest first: see `counts_as_need`.
pub(crate) const COUNTED_FROM: &[&str] = &["mild", "moderate", "severe"];

/// What the network of facilities needs before any of its keys acts; without it there are queues and stations alone.
const NETWORK: Condition = Condition::Scenario("elderly.services");
const OF_NETWORK: &[Condition] = &[NETWORK];

/// Keys of `[elderly]`.
pub(crate) const KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "definition",
        ValueKind::Label,
        "",
        "definition of need: a name (census_cannot_care_for_self, adl_clhls, charls_level_1, charls_level_2, charls_level_3, survey_2015, survey_2021), to which the table is shifted, or a description of the table's own",
        "失能口径：写名称（census_cannot_care_for_self、adl_clhls、charls_level_1、charls_level_2、charls_level_3、survey_2015、survey_2021）则把表平移到该口径；也可用文字说明表自身的口径",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional(
        "counts_as_need",
        ValueKind::Choice(COUNTED_FROM),
        "",
        "mildest level that counts as being in need in reports: mild, moderate or severe; without it that of the named definition, else moderate",
        "报告中计为失能的最轻程度：mild、moderate 或 severe；不写则按所选口径，否则为 moderate",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional(
        "share_in_need",
        ValueKind::Uncertain(0.0005, 0.9),
        "share",
        "share of people aged 60+ (65+ for adl_clhls) in need in this district; shifts the table's odds to it at the start, in place of the named definition's own share",
        "本区 60 岁及以上（adl_clhls 为 65 岁及以上）失能者比例；起始时把表中几率平移到此值，取代所选口径的公布比例",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional(
        "need",
        ValueKind::Csv(NEED),
        "",
        "need by sex, age and living arrangement",
        "分性别、年龄、居住方式的失能比例",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional("living", ValueKind::Csv(LIVING), "", "living arrangement by sex and age", "居住方式")
    .acts_when(OF_NETWORK),
    KeyDef::optional(
        "mortality",
        ValueKind::Csv(MORTALITY),
        "",
        "life table to which deaths by need are scaled (that of the people); without it, Fu, Sherris and Xu 2021",
        "按失能程度的死亡率所对齐的生命表（与人口相同）；不写则用 Fu、Sherris 与 Xu（2021）",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional("supply", ValueKind::Csv(SUPPLY), "", "facilities of the three levels", "三级机构")
    .acts_when(OF_NETWORK),
    columns::additional_supply(SUPPLY, &[Condition::Given("supply")]),
    KeyDef::optional("services", ValueKind::Section(SERVICES), "", "take-up by service", "各服务的使用"),
    KeyDef::default(
        "need_odds_factor",
        ValueKind::Uncertain(0.05, 20.0),
        "factor",
        "{ value = 1, sd = 0.2, scale = \"log\" }",
        "factor on the odds of need at every age and on onset",
        "各年龄失能几率与发生率的系数",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["need_level"]),
    KeyDef::default(
        "transitions",
        ValueKind::Choice(SOURCES),
        "",
        "\"need_table\"",
        "where yearly rates of need come from: need_table (onset solved so that people follow the table as they age), fu_sherris_xu_2021 (published rates across the line of ADL disability), hazards or yearly (a table of rates, or of yearly probabilities, under `transition_table`)",
        "失能变化率的来源：need_table（反解发生率，使老人随年龄沿表变化）、fu_sherris_xu_2021（跨 ADL 失能线用已发表的率）、hazards 或 yearly（自备变化率表或年度概率表，见 transition_table）",
    )
    .acts_when(OF_NETWORK),
    KeyDef::optional(
        "transition_table",
        ValueKind::Csv(TRANSITIONS),
        "",
        "rates or yearly probabilities by sex, age and level; yearly ones are checked for rates that can give them",
        "按性别、年龄、程度的变化率或年度概率；年度概率会检查是否存在相应的变化率",
    )
    .acts_when(OF_NETWORK),
    recovery("recovery_mild", "0.20", "yearly rate from mild to none", "轻度恢复率（每年）").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table", "fu_sherris_xu_2021"])]),
    recovery("recovery_moderate", "0.10", "yearly rate from moderate to mild", "中度好转率（每年）").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table"])]),
    recovery("recovery_severe", "0.05", "yearly rate from severe to moderate", "重度好转率（每年）").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table", "fu_sherris_xu_2021"])]),
    mortality("mortality_mild", "1.3", "轻度相对死亡率").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table"])]),
    mortality("mortality_moderate", "1.9", "中度相对死亡率").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table"])]),
    mortality("mortality_severe", "3.0", "重度相对死亡率").acts_when(&[NETWORK, Condition::Is("transitions", &["need_table"])]),
    KeyDef::default(
        "attendance",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "{ distribution = \"beta\", mean = 0.4, sd = 0.06 }",
        "probability that an enrolled person comes on a day",
        "登记者当日到场概率",
    )
    .acts_when(OF_NETWORK),
    KeyDef::default(
        "days_open",
        ValueKind::Whole(1, 366),
        "days/year",
        "250",
        "days a year on which day places open",
        "日托每年开放天数",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["day_places_open"]),
    KeyDef::default(
        "district_first",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "{ distribution = \"beta\", mean = 0.6, sd = 0.1 }",
        "share of people who prefer district homes to their subdistrict centre",
        "首选区级机构（含社会办）的比例",
    )
    .acts_when(OF_NETWORK),
    KeyDef::default(
        "transfer_back_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "{ distribution = \"beta\", mean = 0.5, sd = 0.15 }",
        "share of people placed elsewhere who move to their first choice when it falls free",
        "被安置在别处者中，首选机构有空时愿意迁回的比例",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["returns"]),
    KeyDef::optional(
        "max_overflow_km",
        ValueKind::Number(0.0, 1000.0),
        "km",
        "how far another subdistrict's centre may be; without it any with a known way",
        "可去的其他街道中心的最远距离；不写则不限",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["overflow_kilometres"]),
    KeyDef::optional(
        "max_registrations",
        ValueKind::Whole(1, 10_000),
        "lists",
        "on how many lists a person stands who finds no free bed: those of the first choices, one for the homes of a subdistrict and one for the district's; placed by one, they wait at the others no longer; without it all within reach, as with one list for the district",
        "一时无床者最多在几处名单登记：按首选次序，每个街道的机构为一处，区级为一处；一处安置后不再在其余处等候；不写则可及范围内各处都登记，等同全区一张名单",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["lists_at_most"]),
    KeyDef::optional(
        "deregistration_lag_days",
        ValueKind::Uncertain(0.0, 365.0),
        "days",
        "days until homes strike a name off their list after the person was placed by another or is gone; where it is given, the lists of each subdistrict's homes and of the district's are told of as homes count them, with why names go; nobody's place depends on it",
        "有人在别处安置或已退出后，机构多少天才从名单上注销；写明后，按机构口径报告各街道与区级名单及注销原因；不影响任何人的安置",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["clearing_days"]),
    KeyDef::default(
        "catchment_radius_km",
        ValueKind::Number(0.0, 100.0),
        "km",
        "1",
        "radius of the 15-minute circle, between the centres of subdistricts; one's own is always within it",
        "15 分钟圈半径（按街道中心间距离；本街道总在圈内）",
    )
    .acts_when(OF_NETWORK)
    .formerly(&["circle_kilometres"])
    .cited("GB 50180-2018: 800 to 1,000 m on foot", "GB 50180-2018：步行 800–1000 米"),
    KeyDef::optional(
        "prices",
        ValueKind::Section(PRICES),
        "",
        "what people can pay for a bed; without it price classes do not matter",
        "居民付得起的床位价位；不写则不区分价位",
    )
    .acts_when(OF_NETWORK),
    KeyDef::default(
        "entitled",
        ValueKind::Section(ENTITLED),
        "",
        "{}",
        "entitlement to long-term care insurance, by need",
        "长期护理保险待遇覆盖",
    )
    .acts_when(OF_NETWORK),
    KeyDef::default(
        "severe_first",
        ValueKind::Flag,
        "",
        "true",
        "whether people with severe need go before others on the list",
        "重度失能者是否优先入住",
    )
    .acts_when(OF_NETWORK),
    KeyDef::default("service_target", ValueKind::Section(PROMISE), "", "{}", "what is promised", "服务目标")
    .formerly(&["promise"]),
    KeyDef::optional(
        "queues",
        ValueKind::Named(QUEUE),
        "",
        "waiting lines with requests given directly",
        "直接给定申请量的队列",
    )
    .formerly(&["lines"]),
    KeyDef::optional(
        "stations",
        ValueKind::Named(STATION),
        "",
        "day-care stations with enrolment given directly",
        "直接给定登记人数的日托站",
    ),
];

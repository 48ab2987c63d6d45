//! What elderly care measures.
//!
//! Conservation, exact every year in every area: `demand` = `served` + `waiting` + `reneged_in_time` + `outside` + `unmet`, and of beds
//! `demand` = `served` + `on_list` + `outside` + `died_waiting` + `recovered_waiting` + `moved_away_waiting` +
//! `other_care_instead`. Demand and
//! what becomes of it count people by the area they live in; places count where they are (the district's only in the
//! district's row).

use std::sync::LazyLock;

use crate::language::Text;
use crate::metric::Better::{Higher, Lower, Neither};
use crate::metric::{BlockId, Count, Handle, MetricDef, Real, Record, Recorded, Role, Unit, unit};
use crate::metrics;

const USERS_PER_1000_OLD: Unit = Unit::of("people/1000", "人/千人");
const BEDS_PER_1000_OLD: Unit = Unit::of("beds/1000", "张/千人");
const CARERS: Unit = Unit::of("carers", "名护理员");
const HOURS_A_YEAR: Unit = Unit::a_year("hours/year", "小时/年");
const INDEX: Unit = Unit::of("index", "指数");
pub(crate) const ENTRIES: Unit = Unit::of("entries", "条");
const ENTRIES_A_PERSON: Unit = Unit::of("entries/person", "条/人");

metrics! {
    /// Metrics of every service, line and station.
    pub(crate) enum OfCare;
    DEMAND: Count = MetricDef::count(
        "demand", unit::PEOPLE_A_YEAR, Role::Demand, Neither,
        "People who ask or wait for a place", "申请服务的老人（含在等候者）",
    )
    .sum_of(&[&[Self::SERVED.position(), Self::WAITING.position(), Self::RENEGED_IN_TIME.position(), Self::OUTSIDE.position(), Self::UNMET.position()]]),
    PLACES: Real = MetricDef::own_real(
        "places", unit::PLACES, Role::Capacity, Neither, "Open places (yearly mean)", "可用床位（服务名额，年均）",
    )
    .formula("open place-days / days of the year", "开放位日 ÷ 全年天数"),
    SERVED: Count = MetricDef::count(
        "served", unit::PEOPLE_A_YEAR, Role::Served, Neither, "People served", "获得服务的老人",
    )
    .sum_of(&[
        &[Self::SERVED_OWN_AREA.position(), Self::SERVED_OUT_OF_AREA.position()],
        &[Self::SERVED_STATION.position(), Self::SERVED_SUBDISTRICT.position(), Self::SERVED_DISTRICT.position()],
    ]),
    UNMET: Count = MetricDef::count(
        "unmet", unit::PEOPLE_A_YEAR, Role::Unmet, Lower,
        "People without a place in the target time", "未在目标时限内获得服务的老人",
    ),
    WAITING: Count = MetricDef::count(
        "waiting", unit::PEOPLE, Role::Waiting, Lower,
        "On the list at the end of the year, in time", "年末在目标时限内等候的人数",
    )
    .part_of(Self::ON_LIST),
    RENEGED_IN_TIME: Count = MetricDef::count(
        "reneged_in_time", unit::PEOPLE_A_YEAR, Role::Reneged, Lower,
        "Left the list within the promised time", "在目标时限内退出等候的人数",
    )
    .part_of(Self::RENEGED)
    .formerly(&["left"]),
    OUTSIDE: Count = MetricDef::count(
        "outside", unit::PEOPLE_A_YEAR, Role::Outside, Lower, "Went outside the district", "转往区外的人数",
    ),
    UTILISATION: Real = MetricDef::own_real(
        "utilisation", unit::SHARE, Role::Utilisation, Neither,
        "Places in use over places open", "使用率（在用/开放）",
    )
    .may_exceed_one()
    .formula("in use / open", "在用 ÷ 开放"),
    TARGET_MISSED: Count = MetricDef::target_missed(),
    REQUESTS: Count = MetricDef::count(
        "requests", unit::PEOPLE_A_YEAR, Role::Detail, Neither, "New requests of the year", "当年新申请人数",
    )
    .part_of(Self::DEMAND),
    QUEUED_ON_ARRIVAL: Count = MetricDef::count(
        "queued_on_arrival", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Requests that found no place at once", "申请时无位的人数",
    )
    .part_of(Self::REQUESTS)
    .formerly(&["delayed"]),
    RENEGED: Count = MetricDef::count(
        "reneged", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Gave up waiting (death, recovery, other care)", "退出等候的人数（去世、好转或另寻照护）",
    )
    .sum_of(&[&[Self::DIED_WAITING.position(), Self::RECOVERED_WAITING.position(), Self::MOVED_AWAY_WAITING.position(), Self::OTHER_CARE_INSTEAD.position()]])
    .formerly(&["gave_up"]),
    MEAN_QUEUE_LENGTH: Real = MetricDef::own_real(
        "mean_queue_length", unit::PEOPLE, Role::Detail, Lower, "Mean length of the list", "平均等候人数",
    )
    .formula("person-years on the list / year", "名单上的人年数 ÷ 年")
    .formerly(&["mean_list"]),
    QUEUE_NONEMPTY_SHARE: Real = MetricDef::own_real(
        "queue_nonempty_share", unit::SHARE, Role::Detail, Lower,
        "Part of the year with somebody on the list", "有人等候的时间占比",
    )
    .formula("time with somebody on the list / year", "有人等候的时间 ÷ 全年")
    .formerly(&["list_time"]),
    MEAN_WAIT_MONTHS: Real = MetricDef::own_real(
        "mean_wait_months", unit::MONTHS, Role::Detail, Lower,
        "Mean wait over all requests", "平均等候月数（全部申请者）",
    )
    .formula("12 x mean queue length / requests of the year", "12 × 平均等候人数 ÷ 当年申请")
    .source("Little 1961, Operations Research 9"),
    TURNAWAY_DAYS: Count = MetricDef::own_count(
        "turnaway_days", unit::DAYS, Role::Detail, Lower, "Days on which somebody was turned away", "有人被拒的天数",
    )
    .formerly(&["full_days"]),
    SERVED_OWN_AREA: Count = MetricDef::count(
        "served_own_area", unit::PEOPLE_A_YEAR, Role::Detail, Higher,
        "Served in their own subdistrict", "在本街道得到服务的人数",
    ),
    SERVED_STATION: Count = MetricDef::count(
        "served_station", unit::PEOPLE_A_YEAR, Role::ServedBy, Neither,
        "Served by a community station", "由社区站点服务的人数",
    ),
    SERVED_SUBDISTRICT: Count = MetricDef::count(
        "served_subdistrict", unit::PEOPLE_A_YEAR, Role::ServedBy, Neither,
        "Served by a subdistrict centre", "由街道中心服务的人数",
    ),
    SERVED_NEIGHBOUR: Count = MetricDef::count(
        "served_neighbour", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Served by another subdistrict's centre", "由其他街道中心服务的人数",
    )
    .part_of(Self::SERVED_SUBDISTRICT),
    SERVED_DISTRICT: Count = MetricDef::count(
        "served_district", unit::PEOPLE_A_YEAR, Role::ServedBy, Neither,
        "Served at district level", "由区级机构服务的人数",
    ),
    TRANSFERRED_BACK: Count = MetricDef::count(
        "transferred_back", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "Moved back to their first choice", "迁回首选机构的人数",
    )
    .formerly(&["returned"]),
    UTILISATION_STATION: Real = MetricDef::own_real(
        "utilisation_station", unit::SHARE, Role::Detail, Neither, "Use of community stations", "社区站点使用率",
    )
    .may_exceed_one()
    .formula("in use / open, of stations", "在用 ÷ 开放，限站点"),
    UTILISATION_SUBDISTRICT: Real = MetricDef::own_real(
        "utilisation_subdistrict", unit::SHARE, Role::Detail, Neither, "Use of subdistrict centres", "街道中心使用率",
    )
    .may_exceed_one()
    .formula("in use / open, of centres", "在用 ÷ 开放，限街道中心"),
    UTILISATION_DISTRICT: Real = MetricDef::own_real(
        "utilisation_district", unit::SHARE, Role::Detail, Neither, "Use of district places", "区级机构使用率",
    )
    .may_exceed_one()
    .formula("in use / open, of the district", "在用 ÷ 开放，限区级"),
    IN_USE: Real = MetricDef::own_real(
        "in_use", unit::PLACES, Role::InUse, Neither, "Places in use (yearly mean)", "在用床位（服务名额，年均）",
    )
    .formula("place-days in use / days of the year", "在用位日 ÷ 全年天数"),
    USERS_PER_1000: Real = MetricDef::own_real(
        "users_per_1000_60_plus", USERS_PER_1000_OLD, Role::Detail, Neither,
        "Users per 1,000 residents aged 60+", "每千名 60 岁及以上老人中的使用者",
    )
    .formula("1,000 x users / residents aged 60+", "1,000 × 使用者 ÷ 60 岁及以上居民"),
    STAFF_NEEDED: Real = MetricDef::own_real(
        "staff_needed", CARERS, Role::Detail, Neither, "Carers needed on the mean day", "平均每日所需护理人员",
    )
    .formula("places in use / places per carer", "在用位数 ÷ 每名护理员照护位数"),
    STAFF_P50: Real = MetricDef::own_real(
        "staff_p50", CARERS, Role::Detail, Neither,
        "Carers needed on a typical day (half the days are quieter)", "平常日所需护理人员（半数日子不超过）",
    )
    .formula("median of the days", "各日中位数")
    .formerly(&["staff_typical_day"]),
    STAFF_P90: Real = MetricDef::own_real(
        "staff_p90", CARERS, Role::Detail, Neither,
        "Carers needed on a busy day (nine in ten are quieter)", "繁忙日所需护理人员（九成日子不超过）",
    )
    .formula("90 % of the days need no more", "90% 的日子不超过")
    .formerly(&["staff_busy_day"]),
    EXPECTED_USERS: Real = MetricDef::real(
        "expected_users", unit::PEOPLE, Role::ExpectedUsers, Neither,
        "Would use a place at this year's take-up (expected)", "按当年使用系数预期的使用者",
    )
    .formula("sum over ages and needs of people x use x take-up", "各年龄、失能程度的人数 × 使用率 × 使用系数之和")
    .formerly(&["would_use"]),
    FROM_HOSPITAL: Count = MetricDef::count(
        "from_hospital", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "New requests of people sent by hospitals", "医院转介的新申请人数",
    )
    .part_of(Self::REQUESTS),
    FROM_HOSPITAL_MEAN_WAIT_DAYS: Real = MetricDef::own_real(
        "from_hospital_mean_wait_days", unit::DAYS, Role::Detail, Lower,
        "Mean wait of people sent by hospitals", "医院转介者的平均等候天数",
    )
    .formula("days on the list / people sent by hospitals", "名单上的天数 ÷ 医院转介者")
    .source("Little 1961, Operations Research 9")
    .formerly(&["hospital_wait_days"]),
    PRICE_EXCLUDED: Count = MetricDef::count(
        "price_excluded", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Found no place that they can pay while a dearer one was free", "付得起的床位已满而更贵者有空的人数",
    )
    .formerly(&["priced_out"]),
    SERVED_OUT_OF_AREA: Count = MetricDef::count(
        "served_out_of_area", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Served outside their own subdistrict", "在本街道之外得到服务的人数",
    )
    .part_of(Self::SERVED)
    .formerly(&["served_elsewhere"]),
    SERVED_OUT_OF_AREA_SHARE: Ratio = MetricDef::ratio(
        "served_out_of_area_share", Self::SERVED_OUT_OF_AREA, Self::SERVED, Role::Detail, Lower,
        "Served outside their own subdistrict, of those served", "得到服务者中在本街道之外的比例",
    )
    .formerly(&["elsewhere_share"]),
    CIRCLE_COVERED: Real = MetricDef::own_real(
        "circle_covered", unit::SHARE, Role::Detail, Higher,
        "Residents 60+ with a station or centre within the 15-minute circle",
        "15 分钟圈内有站点或中心的 60 岁及以上居民比例",
    )
    .formula("residents aged 60+ with an open place within the radius / residents aged 60+", "半径内有开放位的 60 岁及以上居民 ÷ 60 岁及以上居民"),
    CIRCLE_FREE: Real = MetricDef::own_real(
        "circle_free", unit::SHARE, Role::Detail, Higher,
        "Part of the time with a free place within the 15-minute circle", "15 分钟圈内有空位的时间占比",
    )
    .formula("time with a free place within the radius / year, weighted by residents aged 60+", "半径内有空位的时间 ÷ 全年，按 60 岁及以上居民加权"),
    WORST_SERVED_SHARE: Real = MetricDef::own_real(
        "worst_served_share", unit::SHARE, Role::Detail, Higher,
        "Served share of demand in the worst subdistrict", "最差街道的需求满足比例",
    )
    .formula("least served / demand of the areas with demand", "各有需求街道中 得到服务 ÷ 需求 的最小值"),
    GINI_OF_USE: Real = MetricDef::own_real(
        "gini_of_use", INDEX, Role::Detail, Lower,
        "Inequality of use between subdistricts (Gini, 0 = equal)", "街道间利用差异（基尼系数，0 为均等）",
    )
    .formula("sum of |u_i p_j - u_j p_i| over pairs / (2 sum u sum p), of users u and residents p", "各对街道 |u_i p_j − u_j p_i| 之和 ÷ (2 Σu Σp)，u 为使用者，p 为居民")
    .source("Gini 1912, Variabilita e mutabilita"),
    UNMET_HOURS_MILD: Real = MetricDef::real(
        "unmet_hours_mild", HOURS_A_YEAR, Role::Detail, Lower,
        "Hours of care not given, mild need", "未满足的照护小时：轻度",
    )
    .formula("people turned away x hours of care of their need", "被拒人数 × 相应失能程度的照护小时"),
    UNMET_HOURS_MODERATE: Real = MetricDef::real(
        "unmet_hours_moderate", HOURS_A_YEAR, Role::Detail, Lower,
        "Hours of care not given, moderate need", "未满足的照护小时：中度",
    )
    .formula("people turned away x hours of care of their need", "被拒人数 × 相应失能程度的照护小时"),
    UNMET_HOURS_SEVERE: Real = MetricDef::real(
        "unmet_hours_severe", HOURS_A_YEAR, Role::Detail, Lower,
        "Hours of care not given, severe need", "未满足的照护小时：重度",
    )
    .formula("people turned away x hours of care of their need", "被拒人数 × 相应失能程度的照护小时"),
    ON_LIST: Count = MetricDef::count(
        "on_list", unit::PEOPLE, Role::Detail, Lower, "On the list at the end of the year", "年末在名单上等候的人数",
    ),
    DIED_WAITING: Count = MetricDef::count(
        "died_waiting", unit::PEOPLE_A_YEAR, Role::Detail, Lower, "Died while on the list", "等候期间去世的人数",
    ),
    RECOVERED_WAITING: Count = MetricDef::count(
        "recovered_waiting", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "Left the list because need lessened", "等候期间好转、不再申请的人数",
    ),
    OTHER_CARE_INSTEAD: Count = MetricDef::count(
        "other_care_instead", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "Left the list for other care (family, private), or for a cause not told",
        "另寻照护（家庭、自费等）或原因未明而退出的人数",
    ),
    LIST_ENTRIES: Count = MetricDef::count(
        "list_entries", ENTRIES, Role::Detail, Neither,
        "Entries on the lists of all homes at the end of the year (a person may be on several)",
        "年末各机构名单上的登记条数（一人可在多处登记）",
    ),
    ENTRIES_PER_PERSON: Ratio = MetricDef::ratio(
        "entries_per_person", Self::LIST_ENTRIES, Self::ON_LIST, Role::Detail, Neither,
        "Entries on lists for each person who waits", "每名等候者的登记条数",
    )
    .in_unit(ENTRIES_A_PERSON),
    MOVED_AWAY_WAITING: Count = MetricDef::count(
        "moved_away_waiting", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "Left the list because they left the district", "等候期间迁出本区的人数",
    ),
    UNSTABLE: Count = MetricDef::own_count(
        "unstable", unit::FLAG, Role::Unstable, Lower, "Load above capacity without loss", "负荷超过能力且无人离开",
    ),
}

/// The metrics of services to which people come by the day: the same, but requests and what becomes of them are visits. One
/// person makes many of them in a year, so they are no number of people.
pub(crate) static OF_DAILY_CARE: LazyLock<Vec<MetricDef>> =
    LazyLock::new(|| OfCare::TABLE.iter().cloned().map(in_visits).collect());

fn in_visits(mut metric: MetricDef) -> MetricDef {
    if metric.unit == unit::PEOPLE_A_YEAR {
        metric.unit = unit::VISITS_A_YEAR;
        metric.label = visits(metric.id).unwrap_or(metric.label);
    }
    metric
}

/// Names of what is counted in visits, not people.
fn visits(metric: &str) -> Option<Text> {
    let (en, zh) = match metric {
        "demand" => ("Visits asked for", "服务需求人次"),
        "served" => ("Visits made", "已服务人次"),
        "unmet" => ("Visits turned away", "未能服务的人次"),
        "requests" => ("New visits asked for in the year", "当年新增需求人次"),
        "queued_on_arrival" => ("Visits that found no place at once", "到达时已满的人次"),
        "outside" => ("Visits outside the district", "转往区外的人次"),
        "served_own_area" => ("Visits in their own subdistrict", "在本街道服务的人次"),
        "served_station" => ("Visits at a community station", "社区站点服务人次"),
        "served_subdistrict" => ("Visits at a subdistrict centre", "街道中心服务人次"),
        "served_neighbour" => ("Visits at another subdistrict's centre", "其他街道中心服务人次"),
        "served_district" => ("Visits at district level", "区级机构服务人次"),
        "served_out_of_area" => ("Visits outside their own subdistrict", "在本街道之外服务的人次"),
        "price_excluded" => ("Visits priced out while a dearer place was free", "因价格未能服务的人次"),
        _ => return None,
    };
    Some(Text::new(en, zh))
}

impl OfCare {
    /// Hours of care not given, by need.
    pub(crate) const UNMET_HOURS: [Real; 3] =
        [Self::UNMET_HOURS_MILD, Self::UNMET_HOURS_MODERATE, Self::UNMET_HOURS_SEVERE];
}

metrics! {
    /// Metrics of need and of the standards set beside it.
    pub(crate) enum OfNeed;
    OLD: Count = MetricDef::count(
        "people_60_plus", unit::PERSONS, Role::Detail, Neither,
        "Residents aged 60+ (1 January)", "60 岁及以上居民（1月1日）",
    ),
    MILD: Count = MetricDef::count(
        "need_mild", unit::PERSONS, Role::Detail, Neither, "Of these, mild need", "其中轻度失能",
    )
    .part_of(Self::OLD),
    MODERATE: Count = MetricDef::count(
        "need_moderate", unit::PERSONS, Role::Detail, Neither, "Of these, moderate need", "其中中度失能",
    )
    .part_of(Self::OLD),
    SEVERE: Count = MetricDef::count(
        "need_severe", unit::PERSONS, Role::Detail, Neither, "Of these, severe need", "其中重度失能",
    )
    .part_of(Self::IN_NEED),
    IN_NEED: Count = MetricDef::count(
        "people_in_need", unit::PERSONS, Role::Detail, Neither,
        "In need by the chosen definition", "按所选口径的失能人数",
    )
    .part_of(Self::OLD),
    ALONE: Count = MetricDef::count(
        "in_need_alone", unit::PERSONS, Role::Detail, Neither, "Of these, living alone", "其中独居者",
    )
    .part_of(Self::IN_NEED),
    BEDS: Real = MetricDef::real(
        "beds", unit::BEDS, Role::Detail, Neither,
        "Long- and short-stay beds open (yearly mean)", "开放养老床位（年均）",
    ),
    NURSING_BEDS: Real = MetricDef::real(
        "nursing_beds", unit::BEDS, Role::Detail, Neither,
        "Of these, nursing and dementia beds", "其中护理型（含失智）床位",
    )
    .part_of(Self::BEDS),
    BEDS_PER_1000: Real = MetricDef::own_real(
        "beds_per_1000_60_plus", BEDS_PER_1000_OLD, Role::Detail, Neither,
        "Beds per 1,000 residents aged 60+", "每千名 60 岁及以上老人床位数",
    )
    .formula("1,000 x beds / residents aged 60+", "1,000 × 床位 ÷ 60 岁及以上居民"),
    NURSING_BED_SHARE: Ratio = MetricDef::ratio(
        "nursing_bed_share", Self::NURSING_BEDS, Self::BEDS, Role::Detail, Higher,
        "Nursing share of beds", "护理型床位占比",
    ),
    NURSING_STANDARD_MET: Real = MetricDef::own_real(
        "nursing_standard_met", unit::FLAG, Role::Detail, Higher,
        "Whether nursing beds are 55% of beds or more (national standard of 2025)",
        "护理型床位占比是否达到 55%（2025 年国家标准）",
    )
    .formula("1 where nursing beds / beds >= 0.55", "护理型床位 ÷ 床位 ≥ 0.55 时为 1")
    .source("14th five-year plan for the elderly, State Council of China 2021, Guofa 35"),
    IN_HOMES_SHARE: Real = MetricDef::own_real(
        "in_homes_share", unit::SHARE, Role::Detail, Neither,
        "Residents 60+ living in homes (pattern 9073: 3%)", "住养老机构的 60 岁及以上居民（9073 格局：3%）",
    )
    .formula("residents of homes / residents aged 60+", "住养老机构者 ÷ 60 岁及以上居民"),
    IN_COMMUNITY_SHARE: Real = MetricDef::own_real(
        "in_community_share", unit::SHARE, Role::Detail, Neither,
        "Residents 60+ who would use day places or home visits, each once (9073: 7%)",
        "会使用日托或上门的 60 岁及以上居民，每人计一次（9073 格局：7%）",
    )
    .formula("those outside homes who would use one of them / residents aged 60+", "不住机构而会使用其一者 ÷ 60 岁及以上居民"),
    AT_HOME_SHARE: Real = MetricDef::own_real(
        "at_home_share", unit::SHARE, Role::Detail, Neither,
        "Residents 60+ at home without these services (9073: 90%)",
        "居家且不使用这些服务的 60 岁及以上居民（9073 格局：90%）",
    )
    .formula("1 - in homes - in community", "1 − 机构 − 社区"),
}

impl OfNeed {
    /// People in need, by need.
    pub(crate) const BY_NEED: [Count; 3] = [Self::MILD, Self::MODERATE, Self::SEVERE];
}

metrics! {
    /// People in need by each known definition, in the order of `definitions::KNOWN`: expected numbers among the residents of
    /// 1 January when the table is shifted to the definition's share at the start.
    pub(crate) enum OfDefinitions;
    CENSUS_CANNOT_CARE_FOR_SELF: Real = MetricDef::real(
        "census_cannot_care_for_self", unit::PERSONS, Role::Detail, Neither,
        "Cannot care for self (census 2010: 2.35% of 60+)", "生活不能自理（2010 年普查，占 60+ 的 2.35%）",
    ),
    ADL_CLHLS: Real = MetricDef::real(
        "adl_clhls", unit::PERSONS, Role::Detail, Neither,
        "ADL disability, 65+ (CLHLS: 5.6%)", "ADL 失能，65+（CLHLS，5.6%）",
    ),
    CHARLS_LEVEL_1: Real = MetricDef::real(
        "charls_level_1", unit::PERSONS, Role::Detail, Neither,
        "Any ADL (CHARLS 2020: 7.8%)", "任一 ADL（CHARLS 2020，7.8%）",
    ),
    SURVEY_2021: Real = MetricDef::real(
        "survey_2021", unit::PERSONS, Role::Detail, Neither,
        "Disabled (survey of 2021: 11.6%)", "失能（2021 年抽样调查，11.6%）",
    ),
    CHARLS_LEVEL_2: Real = MetricDef::real(
        "charls_level_2", unit::PERSONS, Role::Detail, Neither,
        "ADL or key IADL (CHARLS 2020: 13.8%)", "ADL 或关键 IADL（CHARLS 2020，13.8%）",
    ),
    CHARLS_LEVEL_3: Real = MetricDef::real(
        "charls_level_3", unit::PERSONS, Role::Detail, Neither,
        "ADL or IADL (CHARLS 2020: 17.2%)", "ADL 或 IADL（CHARLS 2020，17.2%）",
    ),
    SURVEY_2015: Real = MetricDef::real(
        "survey_2015", unit::PERSONS, Role::Detail, Neither,
        "Disabled and partly disabled (survey of 2015: 18.3%)", "失能与半失能（2015 年抽样调查，18.3%）",
    ),
}

impl OfDefinitions {
    /// All of them.
    pub(crate) const ALL: [Real; 7] = [
        Self::CENSUS_CANNOT_CARE_FOR_SELF,
        Self::ADL_CLHLS,
        Self::CHARLS_LEVEL_1,
        Self::SURVEY_2021,
        Self::CHARLS_LEVEL_2,
        Self::CHARLS_LEVEL_3,
        Self::SURVEY_2015,
    ];
}

/// One row of a block in one year, being written.
pub(crate) struct Row<'a, 'r> {
    record: &'a mut Record<'r>,
    block: BlockId,
    at: usize,
    year: usize,
}

impl<'a, 'r> Row<'a, 'r> {
    pub(crate) const fn new(record: &'a mut Record<'r>, block: BlockId, row: usize, year: usize) -> Self {
        Self { record, block, at: row, year }
    }

    pub(crate) fn set<T: Recorded>(&mut self, metric: Handle<T>, value: T) {
        self.record.set(self.block, metric, self.at, self.year, value);
    }

    /// What nobody could measure here.
    pub(crate) fn nothing(&mut self, metrics: &[Real]) {
        metrics.iter().for_each(|&metric| self.set(metric, f64::NAN));
    }
}

/// `part / whole`, or NaN where there is no whole.
pub(crate) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

/// Gini index of users per person over areas of `(users, people)`, weighted by people: 0 where all are alike, NaN where
/// nobody uses anything.
pub(crate) fn gini(areas: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
    let (users, people) = areas.clone().fold((0.0, 0.0), |sum, area| (sum.0 + area.0, sum.1 + area.1));
    let mut differences = 0.0;
    for (of_one, one) in areas.clone() {
        // |u/p - v/q| p q summed over pairs.
        differences += areas.clone().map(|(of_other, other)| (of_one * other - of_other * one).abs()).sum::<f64>();
    }
    if users > 0.0 { differences / (2.0 * people * users) } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gini_index_is_that_of_the_textbook() {
        assert_eq!(gini(&[(3.0, 100.0), (6.0, 200.0)].into_iter()), 0.0);
        // All use in one of four equal areas: 1 - 1/4.
        let one = [(8.0, 50.0), (0.0, 50.0), (0.0, 50.0), (0.0, 50.0)];
        assert!((gini(&one.into_iter()) - 0.75).abs() < 1e-12);
        // Two halves with shares s and 1 - s of the use: |1/2 - s|.
        assert!((gini(&[(30.0, 500.0), (70.0, 500.0)].into_iter()) - 0.2).abs() < 1e-12);
        assert!(gini(&[(0.0, 10.0)].into_iter()).is_nan());
    }
}

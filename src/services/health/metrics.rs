//! What is measured of beds. Requests are counted by where people live and by the tier they ask first; beds and their
//! use by where the beds are.

use crate::language::Text;
use crate::metric::Better::{Higher, Lower, Neither};
use crate::metric::{MetricDef, Real, Role, Unit, unit};
use crate::metrics;

/// Name of the service.
pub(super) const LABEL: Text = Text::new("Health", "医疗");

const ADMISSIONS: Unit = Unit::a_year("admissions/year", "人次/年");
const PATIENTS: Unit = Unit::a_year("patients/year", "人次/年");

/// Palm 1957: beds that are in use when there are always enough of them.
const INFINITE_BEDS: &str = "Palm 1957, Tele 2: M_t/G/infinity";

metrics! {
    /// Metrics of a tier; of a ward without people also the census on certain days of the year, which stands last.
    pub(crate) enum OfTier;
    DEMAND: Count = MetricDef::count("demand", ADMISSIONS, Role::Demand, Neither, "Residents' requests for admission", "居民住院需求（人次）"),
    PLACES: Real =
        MetricDef::real("places", unit::BEDS, Role::Capacity, Neither, "Open staffed beds", "可用床位（人员已配备）"),
    SERVED: Count =
        MetricDef::count("served", ADMISSIONS, Role::Served, Neither, "Residents admitted in the district", "区内收治的居民"),
    UNMET: Count = MetricDef::count("unmet", ADMISSIONS, Role::Unmet, Lower, "Residents not admitted in time", "未能及时入院的居民（人次）"),
    UTILISATION: Ratio = MetricDef::ratio(
        "utilisation", Self::OCCUPIED_BEDS, Self::PLACES, Role::Utilisation, Neither, "Use of open beds", "床位使用率",
    )
    .may_exceed_one(),
    TARGET_MISSED: Count = MetricDef::target_missed(),
    WAITING: Count = MetricDef::count(
        "waiting", unit::PEOPLE, Role::Waiting, Lower, "Residents waiting at the year's end", "年末等候入院居民",
    )
    .changed_by(&[Self::DEMAND.position()], &[Self::SERVED.position(), Self::OUTSIDE.position(), Self::UNMET.position()]),
    OUTSIDE: Count = MetricDef::count(
        "outside", ADMISSIONS, Role::Outside, Lower, "Residents sent outside for want of a bed", "因床位已满转至区外的居民（人次）",
    ),
    OCCUPIED_BEDS: Real = MetricDef::real(
        "occupied_beds", unit::BEDS, Role::InUse, Neither, "Beds in use, mean over the year", "平均占用床位",
    )
    .formula("occupied bed-hours / hours of the year", "占用床小时 ÷ 全年小时"),
    MIDNIGHT_CENSUS: Real = MetricDef::own_real(
        "midnight_census", unit::PEOPLE, Role::Detail, Neither, "Mean midnight census", "平均午夜在院人数",
    ),
    NON_RESIDENT_DEMAND: Count = MetricDef::own_count(
        "non_resident_demand", ADMISSIONS, Role::Detail, Neither, "Requests from outside the district", "区外居民住院需求（人次）",
    )
    .formerly(&["inflow"]),
    NON_RESIDENT_REFUSED: Count = MetricDef::own_count(
        "non_resident_refused", ADMISSIONS, Role::Detail, Lower, "Of these without a bed", "其中未能入院",
    )
    .formerly(&["inflow_refused"]),
    DIVERTED: Count = MetricDef::own_count(
        "diverted", ADMISSIONS, Role::Detail, Neither, "Admitted elsewhere in the district than asked", "转至区内其他机构收治",
    ),
    REFUSED_SHARE: Real = MetricDef::own_real(
        "refused_share", unit::SHARE, Role::RefusedShare, Lower,
        "Requests without a bed within the wait limit", "时限内未能入院的比例",
    )
    .formula("(refused + reneged) / requests that ended, non-residents included", "（被拒＋退出）÷ 当年结束的请求，含区外居民"),
    QUEUED_SHARE: Real = MetricDef::own_real(
        "queued_share", unit::SHARE, Role::Detail, Lower, "Requests that had to wait", "需等候入院的比例",
    )
    .formula("requests that found no bed on arrival / requests", "到达时无床的请求 ÷ 请求")
    .formerly(&["wait_share"]),
    MEAN_WAIT_DAYS: Real = MetricDef::own_real(
        "mean_wait_days", unit::DAYS, Role::Detail, Lower, "Mean wait over all requests", "平均等候入院天数（全部需求）",
    )
    .formula("days waited in the year / requests", "当年候床总天数 ÷ 请求")
    .formerly(&["wait_mean_days"]),
    URGENT_MEAN_WAIT_DAYS: Real = MetricDef::own_real(
        "urgent_mean_wait_days", unit::DAYS, Role::Detail, Lower,
        "Mean wait over all urgent requests", "急诊平均等候入院天数（全部需求）",
    )
    .formula("days waited by urgent requests / urgent requests", "急诊候床总天数 ÷ 急诊请求")
    .formerly(&["urgent_wait_mean_days"]),
    ELECTIVE_MEAN_WAIT_DAYS: Real = MetricDef::own_real(
        "elective_mean_wait_days", unit::DAYS, Role::Detail, Lower,
        "Mean wait over all other requests", "非急诊平均等候入院天数（全部需求）",
    )
    .formula("days waited by other requests / other requests", "其他请求候床总天数 ÷ 其他请求")
    .formerly(&["planned_wait_mean_days"]),
    DAYS_OVER_85: Real = MetricDef::own_real(
        "days_over_85", unit::SHARE, Role::Detail, Lower,
        "Days with more than 85% of beds in use", "使用率超过 85% 的天数占比",
    )
    .formula("midnights with census / open beds > 0.85, of all", "午夜在院 ÷ 开放床位 > 0.85 的天数占比")
    .source("Bagust, Place and Posnett 1999, BMJ 319"),
    DAYS_OVER_92: Real = MetricDef::own_real(
        "days_over_92", unit::SHARE, Role::CrowdedDays, Lower,
        "Days with more than 92% of beds in use", "使用率超过 92% 的天数占比",
    )
    .part_of(Self::DAYS_OVER_85)
    .formula("midnights with census / open beds > 0.92, of all", "午夜在院 ÷ 开放床位 > 0.92 的天数占比"),
    BLOCKED_PATIENTS: Count = MetricDef::own_count(
        "blocked_patients", unit::PEOPLE_A_YEAR, Role::Detail, Lower,
        "Patients kept in an acute bed for want of a step-down bed here", "因本层级无床而滞留急性床位的病人",
    ),
    BLOCKED_BEDS: Real = MetricDef::own_real(
        "blocked_beds", unit::BEDS, Role::Detail, Lower,
        "Acute beds kept by them, mean over the year", "因滞留平均占用的急性床位",
    )
    .formula("blocked bed-days / days of the year", "滞留床日 ÷ 全年天数"),
    OFFERED_LOAD: Real = MetricDef::real(
        "offered_load", unit::BEDS, Role::OfferedLoad, Neither,
        "Mean beds used if nobody were turned away (closed form)", "不受床位限制时的平均占用床位（公式计算）",
    )
    .formula("admission rate x mean stay, by day over the year", "入院率 × 平均住院日，逐日计")
    .source(INFINITE_BEDS)
    .formerly(&["beds_offered"]),
    BEDS_NEEDED: Real = MetricDef::own_real(
        "beds_needed", unit::BEDS, Role::RequiredCapacity, Neither,
        "Beds needed to meet the target on the busiest day, each specialty apart (closed form)", "最忙日达到保障目标所需床位，各专科分设（公式计算）",
    )
    .formula(
        "sum over specialties of the fewest beds that the census exceeds with the promised share at most",
        "各专科在院人数超过床位的概率不高于目标占比的最少床位之和",
    )
    .source(INFINITE_BEDS),
    BEDS_NEEDED_POOLED: Real = MetricDef::own_real(
        "beds_needed_pooled", unit::BEDS, Role::RequiredCapacity, Neither,
        "Beds needed if all specialties shared them (closed form)", "床位全院统筹时所需床位（公式计算）",
    )
    .formula("the fewest beds that the census of all specialties exceeds so rarely", "全部专科合计在院人数的同一分位数")
    .source(INFINITE_BEDS),
    UNSTABLE: Count = MetricDef::own_count(
        "unstable", unit::FLAG, Role::Unstable, Lower, "Load above capacity without loss", "负荷超过能力且无人离开",
    ),
    WINTER_DAYS_OVER_85: Real = MetricDef::own_real(
        "winter_days_over_85", unit::SHARE, Role::Detail, Lower,
        "Winter days (December to February) with more than 85% of beds in use", "冬季（12–2 月）使用率超过 85% 的天数占比",
    )
    .formula("the same of December to February", "同上，限 12–2 月"),
    WINTER_DAYS_OVER_92: Real = MetricDef::own_real(
        "winter_days_over_92", unit::SHARE, Role::Detail, Lower,
        "Winter days with more than 92% of beds in use", "冬季使用率超过 92% 的天数占比",
    )
    .formula("the same of December to February", "同上，限 12–2 月"),
    DIVERTED_UP: Count = MetricDef::own_count(
        "diverted_up", ADMISSIONS, Role::Detail, Neither, "Of those admitted elsewhere, in a higher tier", "其中转至上级",
    )
    .part_of(Self::DIVERTED)
    .formerly(&["sent_up"]),
    READMISSIONS: Count = MetricDef::own_count(
        "readmissions", ADMISSIONS, Role::Detail, Neither,
        "Requests of people who were discharged before", "再入院需求（人次）",
    ),
    DELAYED_DISCHARGE_BEDS: Real = MetricDef::own_real(
        "delayed_discharge_beds", unit::BEDS, Role::Detail, Lower,
        "Beds kept by patients who are ready to leave, mean over the year", "可出院而未离院者平均占用床位",
    )
    .formula("bed-days kept by patients ready to leave / days of the year", "可出院者占用床日 ÷ 全年天数"),
    CLOSED_FORM_GAP: Real = MetricDef::own_real(
        "closed_form_gap", unit::SHARE_DIFFERENCE, Role::Detail, Neither,
        "Beds in use against the closed form, where beds turn nobody away", "床位充足时模拟与解析占用之差",
    )
    .formula("occupied beds / offered load - 1", "平均占用床位 ÷ 解析占用 − 1")
    .with_caution(
        0.03,
        [
            "beds turn hardly anybody away, yet simulation and closed form differ in the beds used",
            "床位并不紧张，但模拟与解析的占用床位不一致",
        ],
        [
            "look for what the closed form leaves out: a start far from the long run (lengthen warm_up_days), or beds kept across the year's end",
            "请检查解析未计入之处：起步状态偏离长期水平（可加长 warm_up_days），或跨年占床",
        ],
    )
    .formerly(&["engine_gap"]),
    OCCUPANCY_GAP: Real = MetricDef::own_real(
        "occupancy_gap", unit::SHARE_DIFFERENCE, Role::Detail, Neither,
        "Use of open beds above (+) or below (−) the published one", "床位使用率与公布值之差",
    )
    .formula("utilisation - published occupancy", "床位使用率 − 公布值")
    .formerly(&["use_gap"]),
    CENSUS_DAY_10: Real =
        MetricDef::own_real("census_day_10", unit::PEOPLE, Role::Detail, Neither, "Midnight census of day 10", "第 10 日午夜在院人数"),
    CENSUS_DAY_30: Real =
        MetricDef::own_real("census_day_30", unit::PEOPLE, Role::Detail, Neither, "Midnight census of day 30", "第 30 日午夜在院人数"),
    CENSUS_DAY_90: Real =
        MetricDef::own_real("census_day_90", unit::PEOPLE, Role::Detail, Neither, "Midnight census of day 90", "第 90 日午夜在院人数"),
    CENSUS_DAY_180: Real =
        MetricDef::own_real("census_day_180", unit::PEOPLE, Role::Detail, Neither, "Midnight census of day 180", "第 180 日午夜在院人数"),
    CENSUS_DAY_365: Real =
        MetricDef::own_real("census_day_365", unit::PEOPLE, Role::Detail, Neither, "Midnight census of day 365", "第 365 日午夜在院人数"),
}

impl OfTier {
    /// Metrics of a tier, which has people.
    pub(crate) const OF_PEOPLE: &'static [MetricDef] = Self::TABLE.split_at(Self::CENSUS_DAY_10.position()).0;
}

/// The days of the census metrics of wards.
pub(crate) const CENSUS_DAYS: [(Real, u32); 5] = [
    (OfTier::CENSUS_DAY_10, 10),
    (OfTier::CENSUS_DAY_30, 30),
    (OfTier::CENSUS_DAY_90, 90),
    (OfTier::CENSUS_DAY_180, 180),
    (OfTier::CENSUS_DAY_365, 365),
];

metrics! {
    /// What became of residents wherever they asked.
    pub(crate) enum OfResidents;
    DEMAND: Count = MetricDef::count(
        "demand", ADMISSIONS, Role::Demand, Neither,
        "Requests for admission by residents, all hospitals", "居民住院需求（人次，含区外）",
    ),
    STAYS: Count = MetricDef::count(
        "stays", ADMISSIONS, Role::Detail, Neither, "Stays of residents, all hospitals", "居民住院人次（含区外）",
    )
    .sum_of(&[&[Self::SERVED.position(), Self::CHOSE_OUTSIDE.position(), Self::OUTSIDE.position()]]),
    SERVED: Count = MetricDef::count("served", ADMISSIONS, Role::Served, Neither, "Of these in the district", "其中在区内"),
    SELF_SUFFICIENCY: Ratio = MetricDef::ratio(
        "self_sufficiency", Self::SERVED, Self::STAYS, Role::Detail, Higher,
        "Share of stays inside the district", "区内住院占比",
    )
    .formerly(&["inside_share"]),
    CHOSE_OUTSIDE: Count = MetricDef::count(
        "chose_outside", ADMISSIONS, Role::Detail, Neither, "Chose a hospital outside the district", "自选区外医院",
    ),
    OUTSIDE: Count = MetricDef::count(
        "outside", ADMISSIONS, Role::Outside, Lower, "Sent outside for want of a bed", "因床位已满转至区外（人次）",
    ),
    UNMET: Count = MetricDef::count("unmet", ADMISSIONS, Role::Unmet, Lower, "Residents not admitted in time", "未能及时入院的居民（人次）"),
    WAITING: Count = MetricDef::count("waiting", unit::PEOPLE, Role::Waiting, Lower, "Waiting at the year's end", "年末等候入院")
    .changed_by(&[Self::DEMAND.position()], &[Self::STAYS.position(), Self::UNMET.position()]),
    NEED_LONG_STAY_PLACE: Count = MetricDef::count(
        "need_long_stay_place", unit::PEOPLE_A_YEAR, Role::Detail, Neither,
        "Patients who need a long-stay place when discharged", "出院时需要长期照护床位的病人",
    ),
}

/// What units, hospitals and intensive care measure alike.
const REQUESTS: MetricDef =
    MetricDef::own_count("demand", ADMISSIONS, Role::Demand, Neither, "Requests for admission", "住院需求（人次）");
const OPEN_BEDS: MetricDef =
    MetricDef::own_real("places", unit::BEDS, Role::Capacity, Neither, "Open beds", "开放床位");
const BEDS_IN_USE: MetricDef =
    MetricDef::own_real("occupied_beds", unit::BEDS, Role::InUse, Neither, "Beds in use", "占用床位")
        .formula("occupied bed-hours / hours of the year", "占用床小时 ÷ 全年小时");
const OVER_85: MetricDef =
    MetricDef::own_real("days_over_85", unit::SHARE, Role::Detail, Lower, "Days over 85%", "超过 85% 的天数")
        .formula("midnights with census / open beds > 0.85, of all", "午夜在院 ÷ 开放床位 > 0.85 的天数占比");
const OVER_92: MetricDef =
    MetricDef::own_real("days_over_92", unit::SHARE, Role::Detail, Lower, "Days over 92%", "超过 92% 的天数")
        .formula("midnights with census / open beds > 0.92, of all", "午夜在院 ÷ 开放床位 > 0.92 的天数占比");
const WINTER_OVER_92: MetricDef = MetricDef::own_real(
    "winter_days_over_92",
    unit::SHARE,
    Role::Detail,
    Lower,
    "Winter days over 92%",
    "冬季超过 92% 的天数",
)
.formula("the same of December to February", "同上，限 12–2 月");
const MEAN_WAIT: MetricDef =
    MetricDef::own_real("mean_wait_days", unit::DAYS, Role::Detail, Lower, "Mean wait, days", "平均等候入院天数")
        .formula("days waited in the year / requests", "当年候床总天数 ÷ 请求")
        .formerly(&["wait_mean_days"]);
const LOAD_WITHOUT_LIMITS: MetricDef = MetricDef::own_real(
    "offered_load",
    unit::BEDS,
    Role::OfferedLoad,
    Neither,
    "In use if nobody were turned away (closed form)",
    "不受床位限制时的占用（公式计算）",
)
.formula("admission rate x mean stay, by day over the year", "入院率 × 平均住院日，逐日计")
.source(INFINITE_BEDS)
.formerly(&["beds_offered"]);

const fn needed(en: &'static str, zh: &'static str) -> MetricDef {
    MetricDef::own_real("beds_needed", unit::BEDS, Role::RequiredCapacity, Neither, en, zh)
        .formula(
            "the fewest beds that the census exceeds with the promised share at most",
            "在院人数超过床位的概率不高于目标占比的最少床位",
        )
        .source(INFINITE_BEDS)
}

const fn use_of_beds(occupied: Real, places: Real) -> MetricDef {
    MetricDef::ratio("utilisation", occupied, places, Role::Utilisation, Neither, "Use of open beds", "床位使用率")
        .may_exceed_one()
}

metrics! {
    /// The beds of one specialty in one tier.
    pub(crate) enum OfUnit;
    DEMAND: Count = REQUESTS,
    PLACES: Real = OPEN_BEDS,
    OCCUPIED_BEDS: Real = BEDS_IN_USE,
    UTILISATION: Ratio = use_of_beds(Self::OCCUPIED_BEDS, Self::PLACES),
    REFUSED_SHARE: Real = MetricDef::own_real(
        "refused_share", unit::SHARE, Role::RefusedShare, Lower, "Without a bed in time", "时限内未能入院",
    )
    .formula("(refused + reneged) / requests", "（被拒＋退出）÷ 请求"),
    MEAN_WAIT_DAYS: Real = MEAN_WAIT,
    DAYS_OVER_85: Real = OVER_85,
    DAYS_OVER_92: Real = OVER_92,
    WINTER_DAYS_OVER_92: Real = WINTER_OVER_92,
    OFFERED_LOAD: Real = LOAD_WITHOUT_LIMITS,
    BEDS_NEEDED: Real = needed("Needed to meet the target on the busiest day (closed form)", "最忙日达到保障目标所需（公式计算）"),
}

metrics! {
    /// All beds of a facility.
    pub(crate) enum OfHospital;
    DEMAND: Count = REQUESTS,
    PLACES: Real = OPEN_BEDS,
    OCCUPIED_BEDS: Real = BEDS_IN_USE,
    UTILISATION: Ratio = use_of_beds(Self::OCCUPIED_BEDS, Self::PLACES),
    DAYS_OVER_85: Real = OVER_85,
    DAYS_OVER_92: Real = OVER_92,
    WINTER_DAYS_OVER_92: Real = WINTER_OVER_92,
    DIVERTED_OUT: Count = MetricDef::own_count(
        "diverted_out", ADMISSIONS, Role::Detail, Neither, "Sent to another in the district", "转至区内其他机构",
    )
    .formerly(&["sent_elsewhere"]),
    DIVERTED_IN: Count = MetricDef::own_count(
        "diverted_in", ADMISSIONS, Role::Detail, Neither, "Taken in from others", "由其他机构转来",
    )
    .formerly(&["taken_in"]),
    REFUSED: Count =
        MetricDef::own_count("refused", ADMISSIONS, Role::Unmet, Lower, "Without a bed in time", "时限内未能入院")
            .formerly(&["without_bed"]),
    REFUSED_SHARE: Real =
        MetricDef::own_real("refused_share", unit::SHARE, Role::RefusedShare, Lower, "The same, of requests", "其占请求之比")
            .formula("refused / requests", "时限内未能入院 ÷ 请求"),
    MEAN_WAIT_DAYS: Real = MEAN_WAIT,
    BLOCKED_BEDS: Real = MetricDef::own_real(
        "blocked_beds", unit::BEDS, Role::Detail, Lower, "Acute beds kept for want of a bed here", "因此处无床而滞留的急性床位",
    )
    .formula("blocked bed-days / days of the year", "滞留床日 ÷ 全年天数"),
    DELAYED_DISCHARGE_BEDS: Real = MetricDef::own_real(
        "delayed_discharge_beds", unit::BEDS, Role::Detail, Lower, "Beds kept by those ready to leave", "可出院者占用床位",
    )
    .formula("bed-days kept by patients ready to leave / days of the year", "可出院者占用床日 ÷ 全年天数"),
    OFFERED_LOAD: Real = LOAD_WITHOUT_LIMITS,
    BEDS_NEEDED: Real = needed("Needed to meet the target on the busiest day, alone (closed form)", "最忙日单独达到保障目标所需（公式计算）"),
}

metrics! {
    /// The beds of a unit of intensive care.
    pub(crate) enum OfIntensiveCare;
    DEMAND: Count = MetricDef::own_count(
        "demand", PATIENTS, Role::Demand, Neither,
        "Patients in hospital who need intensive care", "住院期间需要重症监护的病人",
    ),
    PLACES: Real = OPEN_BEDS,
    SERVED: Count =
        MetricDef::own_count("served", PATIENTS, Role::Served, Neither, "Admitted to intensive care", "收入重症监护"),
    REFUSED: Count = MetricDef::own_count(
        "refused", PATIENTS, Role::Unmet, Lower, "Cared for without an intensive-care bed", "未得到重症床位",
    )
    .formerly(&["without_bed"]),
    REFUSED_SHARE: Real = MetricDef::own_real(
        "refused_share", unit::SHARE, Role::RefusedShare, Lower,
        "Without an intensive-care bed in time", "时限内未得到重症床位的占比",
    )
    .formula("refused / requests that ended", "未得到重症床位 ÷ 当年结束的请求")
    .formerly(&["without_bed_share"])
    .with_caution(
        0.05,
        [
            "more than one in twenty who need intensive care gets no bed in time, and no verdict counts them",
            "需要重症监护者中超过二十分之一未及时得到床位，而结论不计此项",
        ],
        [
            "give the unit more beds, or say in the report what becomes of these patients",
            "请增加该单元床位，或说明这些病人的去向",
        ],
    ),
    QUEUED: Count =
        MetricDef::own_count("queued", PATIENTS, Role::Detail, Lower, "Had to wait in the ward", "须在病区等候")
            .formerly(&["waits"]),
    MEAN_WAIT_HOURS: Real = MetricDef::own_real(
        "mean_wait_hours", unit::HOURS, Role::Detail, Lower, "Mean wait over all, hours", "平均等候小时数（全部需要者）",
    )
    .formula("hours waited in the year / patients who need it", "当年等候总小时 ÷ 需要者")
    .formerly(&["wait_mean_hours"]),
    WAITING: Count =
        MetricDef::own_count("waiting", unit::PEOPLE, Role::Waiting, Lower, "Waiting at the year's end", "年末等候"),
    OCCUPIED_BEDS: Real = BEDS_IN_USE,
    UTILISATION: Ratio = use_of_beds(Self::OCCUPIED_BEDS, Self::PLACES),
    CENSUS_P50: Real = MetricDef::own_real(
        "census_p50", unit::PEOPLE, Role::Detail, Neither, "Midnight census, median of the days", "午夜在床人数（各日中位数）",
    )
    .formerly(&["census_median"]),
    CENSUS_P95: Real = MetricDef::own_real(
        "census_p95", unit::PEOPLE, Role::Detail, Neither,
        "Midnight census, 95% of days at most", "午夜在床人数（95% 的日子不超过）",
    )
    .formerly(&["census_95"]),
    DAYS_OVER_85: Real = OVER_85,
    DAYS_OVER_92: Real = OVER_92,
    WINTER_DAYS_OVER_92: Real = WINTER_OVER_92,
    OFFERED_LOAD: Real = LOAD_WITHOUT_LIMITS,
    BEDS_NEEDED: Real = needed("Needed to meet the target on the busiest day (closed form)", "最忙日达到保障目标所需（公式计算）"),
}

//! What is measured of beds. Requests are counted by where people live and by the tier they ask first; beds and their
//! use by where the beds are.

use crate::metric::{MetricDef, SHORT};

/// Position of each metric in its block.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum Metric {
    Demand,
    Places,
    Served,
    Unmet,
    #[expect(dead_code, reason = "a ratio is filled in when the record is closed; the place must stay")]
    Utilisation,
    Short,
    Waiting,
    Outside,
    OccupiedBeds,
    MidnightCensus,
    Inflow,
    InflowRefused,
    Diverted,
    RefusedShare,
    WaitShare,
    WaitDays,
    UrgentWaitDays,
    PlannedWaitDays,
    Over85,
    Over92,
    DelayedPatients,
    DelayedBeds,
    OfferedBeds,
    BedsNeeded,
    BedsNeededPooled,
    Unstable,
    WinterOver85,
    WinterOver92,
    SentUp,
    Readmissions,
    LateBeds,
    EngineGap,
    UseGap,
    // Wards only.
    Day10,
    Day30,
    Day90,
    Day180,
    Day365,
}

macro_rules! tier_metrics {
    ($($more:expr),* $(,)?) => {
        &[
            MetricDef::count("demand", "admissions/year", "Requests by residents", "居民住院请求"),
            MetricDef::real("places", "beds", "Open staffed beds", "开放床位（有人员配备）"),
            MetricDef::count("served", "admissions/year", "Residents admitted in the district", "区内收治的居民"),
            MetricDef::count("unmet", "admissions/year", "Residents without any bed", "未能住院的居民")
                .with_shortage(SHORT),
            MetricDef::ratio("utilisation", "occupied_beds", "places", "Use of open beds", "床位使用率"),
            MetricDef::own_count(SHORT, "0/1", "Promise broken", "未达目标"),
            MetricDef::count("waiting", "people", "Residents waiting at the year's end", "年末候床居民"),
            MetricDef::count("outside", "admissions/year", "Residents sent outside for want of a bed", "因满床转往区外的居民"),
            MetricDef::real("occupied_beds", "beds", "Beds in use, mean over the year", "平均占用床位"),
            MetricDef::own_real("midnight_census", "people", "Mean midnight census", "平均午夜在院人数"),
            MetricDef::own_count("inflow", "admissions/year", "Requests from outside the district", "区外居民住院请求"),
            MetricDef::own_count("inflow_refused", "admissions/year", "Of these without a bed", "其中未能入院"),
            MetricDef::own_count("diverted", "admissions/year", "Admitted elsewhere in the district than asked", "转至区内其他机构收治"),
            MetricDef::own_real("refused_share", "share", "Requests without a bed within the wait limit", "时限内未能入院的请求占比"),
            MetricDef::own_real("wait_share", "share", "Requests that had to wait", "需要候床的请求占比"),
            MetricDef::own_real("wait_mean_days", "days", "Mean wait over all requests", "平均候床天数（全部请求）"),
            MetricDef::own_real("urgent_wait_mean_days", "days", "Mean wait over all urgent requests", "急诊平均候床天数（全部请求）"),
            MetricDef::own_real("planned_wait_mean_days", "days", "Mean wait over all other requests", "其他请求平均候床天数（全部请求）"),
            MetricDef::own_real("days_over_85", "share", "Days with more than 85% of beds in use", "使用率超过 85% 的天数占比"),
            MetricDef::own_real("days_over_92", "share", "Days with more than 92% of beds in use", "使用率超过 92% 的天数占比"),
            MetricDef::own_count("blocked_patients", "people/year", "Patients kept in an acute bed for want of a step-down bed here", "因本层级无床而滞留急性床位的病人"),
            MetricDef::own_real("blocked_beds", "beds", "Acute beds kept by them, mean over the year", "因滞留平均占用的急性床位"),
            MetricDef::real("beds_offered", "beds", "Mean beds used if nobody were turned away (closed form)", "不受床位限制时的平均占用床位（解析）").closed_form_of("occupied_beds"),
            MetricDef::own_real("beds_needed", "beds", "Beds for the promise on the busiest day, each specialty apart (closed form)", "最忙日达到目标所需床位，各专科分设（解析）").as_required_capacity(),
            MetricDef::own_real("beds_needed_pooled", "beds", "The same if all specialties shared their beds", "同上，各专科床位统一调配").as_required_capacity(),
            MetricDef::own_count("unstable", "0/1", "Load above capacity without loss", "负荷超过能力且无人离开"),
            MetricDef::own_real("winter_days_over_85", "share", "Winter days (December to February) with more than 85% of beds in use", "冬季（12–2 月）使用率超过 85% 的天数占比"),
            MetricDef::own_real("winter_days_over_92", "share", "Winter days with more than 92% of beds in use", "冬季使用率超过 92% 的天数占比"),
            MetricDef::own_count("sent_up", "admissions/year", "Of those admitted elsewhere, in a higher tier", "其中转至上级"),
            MetricDef::own_count("readmissions", "admissions/year", "Requests of people who were discharged before", "再入院请求"),
            MetricDef::own_real("delayed_discharge_beds", "beds", "Beds kept by patients who are ready to leave, mean over the year", "可出院而未离院者平均占用床位"),
            MetricDef::own_real("engine_gap", "share", "Beds in use against the closed form, where beds turn nobody away", "床位充足时模拟与解析占用之差")
                .with_caution(
                    0.03,
                    ["beds turn hardly anybody away, yet simulation and closed form differ in the beds used", "床位并不紧张，但模拟与解析的占用床位不一致"],
                    ["look for what the closed form leaves out: a start far from the long run (lengthen warm_up_days), or beds kept across the year's end", "请检查解析未计入之处：起步状态偏离长期水平（可加长 warm_up_days），或跨年占床"],
                ),
            MetricDef::own_real("use_gap", "share", "Use of open beds above (+) or below (−) the published one", "床位使用率与公布值之差"),
            $($more),*
        ]
    };
}

/// Metrics of a tier.
pub(crate) static TIER: &[MetricDef] = tier_metrics![];

/// Metrics of a ward without people: the tier's, and the census on certain days of the year.
pub(crate) static WARD: &[MetricDef] = tier_metrics![
    MetricDef::own_real("census_day_10", "people", "Midnight census of day 10", "第 10 日午夜在院人数"),
    MetricDef::own_real("census_day_30", "people", "Midnight census of day 30", "第 30 日午夜在院人数"),
    MetricDef::own_real("census_day_90", "people", "Midnight census of day 90", "第 90 日午夜在院人数"),
    MetricDef::own_real("census_day_180", "people", "Midnight census of day 180", "第 180 日午夜在院人数"),
    MetricDef::own_real("census_day_365", "people", "Midnight census of day 365", "第 365 日午夜在院人数"),
];

/// The days of the census metrics of wards.
pub(crate) const CENSUS_DAYS: [(Metric, u32); 5] =
    [(Metric::Day10, 10), (Metric::Day30, 30), (Metric::Day90, 90), (Metric::Day180, 180), (Metric::Day365, 365)];

/// Position of each metric of the block of residents.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum OfResidents {
    Demand,
    Stays,
    Served,
    #[expect(dead_code, reason = "a ratio is filled in when the record is closed; the place must stay")]
    InsideShare,
    ChoseOutside,
    Outside,
    Unmet,
    Waiting,
    NeedPlace,
}

/// What became of residents wherever they asked.
pub(crate) static RESIDENTS: &[MetricDef] = &[
    MetricDef::count(
        "demand",
        "admissions/year",
        "Residents' requests for a bed, wherever they ask",
        "居民住院请求（含区外）",
    ),
    MetricDef::count("stays", "admissions/year", "Residents' stays, wherever they are", "居民住院人次（含区外）"),
    MetricDef::count("served", "admissions/year", "Of these in the district", "其中在区内"),
    MetricDef::ratio("inside_share", "served", "stays", "Share of stays inside the district", "区内住院占比"),
    MetricDef::count("chose_outside", "admissions/year", "Chose a hospital outside the district", "自选区外医院"),
    MetricDef::count("outside", "admissions/year", "Sent outside for want of a bed", "因满床转往区外"),
    MetricDef::count("unmet", "admissions/year", "Residents without any bed", "未能住院的居民"),
    MetricDef::count("waiting", "people", "Waiting at the year's end", "年末候床"),
    MetricDef::count(
        "need_long_stay_place",
        "people/year",
        "Patients who need a long-stay place when discharged",
        "出院时需要长期照护床位的病人",
    ),
];

/// What units, hospitals and intensive care measure alike.
const REQUESTS: MetricDef = MetricDef::own_count("demand", "admissions/year", "Requests", "住院请求");
const OPEN_BEDS: MetricDef = MetricDef::own_real("places", "beds", "Open beds", "开放床位");
const BEDS_IN_USE: MetricDef = MetricDef::own_real("occupied_beds", "beds", "Beds in use", "占用床位");
const USE_OF_BEDS: MetricDef =
    MetricDef::ratio("utilisation", "occupied_beds", "places", "Use of open beds", "床位使用率");
const OVER_85: MetricDef = MetricDef::own_real("days_over_85", "share", "Days over 85%", "超过 85% 的天数");
const OVER_92: MetricDef = MetricDef::own_real("days_over_92", "share", "Days over 92%", "超过 92% 的天数");
const WINTER_OVER_92: MetricDef =
    MetricDef::own_real("winter_days_over_92", "share", "Winter days over 92%", "冬季超过 92% 的天数");
const MEAN_WAIT: MetricDef = MetricDef::own_real("wait_mean_days", "days", "Mean wait, days", "平均候床天数");
const OFFERED_BEDS: MetricDef = MetricDef::own_real(
    "beds_offered",
    "beds",
    "In use if nobody were turned away (closed form)",
    "不受床位限制时的占用（解析）",
);

/// Position of each metric of a unit.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum OfUnit {
    Demand,
    Places,
    OccupiedBeds,
    #[expect(dead_code, reason = "a ratio is filled in when the record is closed; the place must stay")]
    Utilisation,
    RefusedShare,
    WaitDays,
    Over85,
    Over92,
    WinterOver92,
    OfferedBeds,
    BedsNeeded,
}

/// The beds of one specialty in one tier.
pub(crate) static UNIT: &[MetricDef] = &[
    REQUESTS,
    OPEN_BEDS,
    BEDS_IN_USE,
    USE_OF_BEDS,
    MetricDef::own_real("refused_share", "share", "Without a bed in time", "时限内未能入院"),
    MEAN_WAIT,
    OVER_85,
    OVER_92,
    WINTER_OVER_92,
    OFFERED_BEDS,
    MetricDef::own_real(
        "beds_needed",
        "beds",
        "For the promise on the busiest day (closed form)",
        "最忙日达到目标所需（解析）",
    ),
];

/// Position of each metric of a hospital.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum OfHospital {
    Demand,
    Places,
    OccupiedBeds,
    #[expect(dead_code, reason = "a ratio is filled in when the record is closed; the place must stay")]
    Utilisation,
    Over85,
    Over92,
    WinterOver92,
    SentOn,
    TakenIn,
    WithoutBed,
    RefusedShare,
    WaitDays,
    BlockedBeds,
    LateBeds,
    OfferedBeds,
    BedsNeeded,
}

/// All beds of a facility.
pub(crate) static HOSPITAL: &[MetricDef] = &[
    REQUESTS,
    OPEN_BEDS,
    BEDS_IN_USE,
    USE_OF_BEDS,
    OVER_85,
    OVER_92,
    WINTER_OVER_92,
    MetricDef::own_count("sent_elsewhere", "admissions/year", "Sent to another in the district", "转至区内其他机构"),
    MetricDef::own_count("taken_in", "admissions/year", "Taken in from others", "由其他机构转来"),
    MetricDef::own_count("without_bed", "admissions/year", "Without a bed in time", "时限内未能入院"),
    MetricDef::own_real("refused_share", "share", "The same, of requests", "其占请求之比"),
    MEAN_WAIT,
    MetricDef::own_real("blocked_beds", "beds", "Acute beds kept for want of a bed here", "因此处无床而滞留的急性床位"),
    MetricDef::own_real("delayed_discharge_beds", "beds", "Beds kept by those ready to leave", "可出院者占用床位"),
    OFFERED_BEDS,
    MetricDef::own_real(
        "beds_needed",
        "beds",
        "For the promise on the busiest day, alone (closed form)",
        "最忙日单独达到目标所需（解析）",
    ),
];

/// Position of each metric of intensive care.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum OfIntensiveCare {
    Demand,
    Places,
    Served,
    Refused,
    RefusedShare,
    Waits,
    WaitHours,
    Waiting,
    OccupiedBeds,
    #[expect(dead_code, reason = "a ratio is filled in when the record is closed; the place must stay")]
    Utilisation,
    CensusMedian,
    Census95,
    Over85,
    Over92,
    WinterOver92,
    OfferedBeds,
    BedsNeeded,
}

/// The beds of a unit of intensive care.
pub(crate) static INTENSIVE_CARE: &[MetricDef] = &[
    MetricDef::own_count(
        "demand",
        "patients/year",
        "Patients in hospital who need intensive care",
        "住院期间需要重症监护的病人",
    ),
    OPEN_BEDS,
    MetricDef::own_count("served", "patients/year", "Admitted to intensive care", "收入重症监护"),
    MetricDef::own_count("without_bed", "patients/year", "Cared for without an intensive-care bed", "未得到重症床位"),
    MetricDef::own_real(
        "without_bed_share",
        "share",
        "Without an intensive-care bed in time",
        "时限内未得到重症床位的占比",
    )
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
    MetricDef::own_count("waits", "patients/year", "Had to wait in the ward", "须在病区等候"),
    MetricDef::own_real("wait_mean_hours", "hours", "Mean wait over all, hours", "平均等候小时数（全部需要者）"),
    MetricDef::own_count("waiting", "people", "Waiting at the year's end", "年末等候"),
    BEDS_IN_USE,
    USE_OF_BEDS,
    MetricDef::own_real("census_median", "people", "Midnight census, median of the days", "午夜在床人数（各日中位数）"),
    MetricDef::own_real(
        "census_95",
        "people",
        "Midnight census, 95% of days at most",
        "午夜在床人数（95% 的日子不超过）",
    ),
    OVER_85,
    OVER_92,
    WINTER_OVER_92,
    OFFERED_BEDS,
    MetricDef::own_real(
        "beds_needed",
        "beds",
        "For the promise on the busiest day (closed form)",
        "最忙日达到目标所需（解析）",
    ),
];

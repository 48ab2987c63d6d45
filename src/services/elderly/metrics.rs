//! What elderly care measures.
//!
//! Conservation, exact every year in every area: `demand` = `served` + `waiting` + `left` + `outside` + `unmet`, and of beds
//! `demand` = `served` + `on_list` + `outside` + `died_waiting` + `recovered_waiting` + `moved_away_waiting` +
//! `other_care_instead`. Demand and
//! what becomes of it count people by the area they live in; places count where they are (the district's only in the
//! district's row).

use crate::metric::{BlockId, MetricDef, Record, SHORT};

/// Positions in [`SERVICE`].
pub(super) mod at {
    pub(in super::super) const DEMAND: usize = 0;
    pub(in super::super) const PLACES: usize = 1;
    pub(in super::super) const SERVED: usize = 2;
    pub(in super::super) const UNMET: usize = 3;
    pub(in super::super) const WAITING: usize = 4;
    pub(in super::super) const LEFT: usize = 5;
    pub(in super::super) const OUTSIDE: usize = 6;
    pub(in super::super) const UTILISATION: usize = 7;
    pub(in super::super) const SHORT: usize = 8;
    pub(in super::super) const REQUESTS: usize = 9;
    pub(in super::super) const DELAYED: usize = 10;
    pub(in super::super) const GAVE_UP: usize = 11;
    pub(in super::super) const LISTED: usize = 12;
    pub(in super::super) const LIST_TIME: usize = 13;
    pub(in super::super) const MEAN_WAIT: usize = 14;
    pub(in super::super) const FULL_DAYS: usize = 15;
    pub(in super::super) const OWN_AREA: usize = 16;
    pub(in super::super) const STATION: usize = 17;
    pub(in super::super) const SUBDISTRICT: usize = 18;
    pub(in super::super) const NEIGHBOUR: usize = 19;
    pub(in super::super) const DISTRICT: usize = 20;
    pub(in super::super) const RETURNED: usize = 21;
    pub(in super::super) const STATION_USE: usize = 22;
    pub(in super::super) const SUBDISTRICT_USE: usize = 23;
    pub(in super::super) const DISTRICT_USE: usize = 24;
    pub(in super::super) const IN_USE: usize = 25;
    pub(in super::super) const COVERAGE: usize = 26;
    pub(in super::super) const STAFF: usize = 27;
    pub(in super::super) const TYPICAL_STAFF: usize = 28;
    pub(in super::super) const BUSY_STAFF: usize = 29;
    pub(in super::super) const WOULD_USE: usize = 30;
    pub(in super::super) const FROM_HOSPITAL: usize = 31;
    pub(in super::super) const HOSPITAL_WAIT: usize = 32;
    pub(in super::super) const PRICED_OUT: usize = 33;
    pub(in super::super) const ELSEWHERE: usize = 34;
    pub(in super::super) const CIRCLE: usize = 36;
    pub(in super::super) const CIRCLE_FREE: usize = 37;
    pub(in super::super) const WORST_SERVED: usize = 38;
    pub(in super::super) const GINI: usize = 39;
    /// Mild, moderate, severe.
    pub(in super::super) const UNMET_HOURS: usize = 40;
    pub(in super::super) const ON_LIST: usize = 43;
    pub(in super::super) const DIED: usize = 44;
    pub(in super::super) const RECOVERED: usize = 45;
    pub(in super::super) const OTHER_CARE: usize = 46;
    pub(in super::super) const LIST_ENTRIES: usize = 47;
    pub(in super::super) const MOVED: usize = 49;
    pub(in super::super) const UNSTABLE: usize = 50;
}

/// Metrics of every service, line and station.
pub(super) static SERVICE: [MetricDef; 51] = [
    MetricDef::count("demand", "people/year", "People who ask or wait for a place", "需要服务的人数（含在等候者）"),
    MetricDef::own_real("places", "places", "Places open (yearly mean)", "开放位数（年均）"),
    MetricDef::count("served", "people/year", "People who got a place", "得到服务的人数"),
    MetricDef::count(
        "unmet",
        "people/year",
        "People without a place in the promised time",
        "未在目标时限内得到服务的人数",
    )
    .with_shortage(SHORT),
    MetricDef::count("waiting", "people", "On the list at the end of the year, in time", "年末在目标时限内等候的人数"),
    MetricDef::count("left", "people/year", "Left the list within the promised time", "在目标时限内退出等候的人数"),
    MetricDef::count("outside", "people/year", "Went outside the district", "转往区外的人数"),
    MetricDef::own_real("utilisation", "share", "Places in use over places open", "使用率（在用/开放）"),
    MetricDef::own_count(SHORT, "0/1", "Whether the promise is broken", "是否未达目标"),
    MetricDef::count("requests", "people/year", "New requests of the year", "当年新申请人数"),
    MetricDef::count("delayed", "people/year", "Requests that found no place at once", "申请时无位的人数"),
    MetricDef::count(
        "gave_up",
        "people/year",
        "Gave up waiting (death, recovery, other care)",
        "退出等候的人数（去世、好转或另寻照护）",
    ),
    MetricDef::own_real("mean_list", "people", "Mean length of the list", "平均等候人数"),
    MetricDef::own_real("list_time", "share", "Part of the year with somebody on the list", "有人等候的时间占比"),
    MetricDef::own_real("mean_wait_months", "months", "Mean wait over all requests", "平均等候月数（全部申请者）"),
    MetricDef::own_count("full_days", "days", "Days on which somebody was turned away", "有人被拒的天数"),
    MetricDef::count("served_own_area", "people/year", "Served in their own subdistrict", "在本街道得到服务的人数"),
    MetricDef::count("served_station", "people/year", "Served by a community station", "由社区站点服务的人数"),
    MetricDef::count("served_subdistrict", "people/year", "Served by a subdistrict centre", "由街道中心服务的人数"),
    MetricDef::count(
        "served_neighbour",
        "people/year",
        "Served by another subdistrict's centre",
        "由其他街道中心服务的人数",
    ),
    MetricDef::count("served_district", "people/year", "Served at district level", "由区级机构服务的人数"),
    MetricDef::count("returned", "people/year", "Moved back to their first choice", "迁回首选机构的人数"),
    MetricDef::own_real("utilisation_station", "share", "Use of community stations", "社区站点使用率"),
    MetricDef::own_real("utilisation_subdistrict", "share", "Use of subdistrict centres", "街道中心使用率"),
    MetricDef::own_real("utilisation_district", "share", "Use of district places", "区级机构使用率"),
    MetricDef::own_real("in_use", "places", "Places in use (yearly mean)", "在用位数（年均）"),
    MetricDef::own_real(
        "users_per_1000_60_plus",
        "people/1000",
        "Users per 1,000 residents aged 60+",
        "每千名 60 岁及以上老人中的使用者",
    ),
    MetricDef::own_real("staff_needed", "carers", "Carers needed on the mean day", "平均每日所需护理人员"),
    MetricDef::own_real(
        "staff_typical_day",
        "carers",
        "Carers needed on a typical day (half the days are quieter)",
        "平常日所需护理人员（半数日子不超过）",
    ),
    MetricDef::own_real(
        "staff_busy_day",
        "carers",
        "Carers needed on a busy day (nine in ten are quieter)",
        "繁忙日所需护理人员（九成日子不超过）",
    ),
    MetricDef::real(
        "would_use",
        "people",
        "Would use a place at this year's take-up (expected)",
        "按当年使用系数预期的使用者",
    ),
    MetricDef::count(
        "from_hospital",
        "people/year",
        "New requests of people sent by hospitals",
        "医院转介的新申请人数",
    ),
    MetricDef::own_real(
        "hospital_wait_days",
        "days",
        "Mean wait of people sent by hospitals",
        "医院转介者的平均等候天数",
    ),
    MetricDef::count(
        "priced_out",
        "people/year",
        "Found no place that they can pay while a dearer one was free",
        "付得起的床位已满而更贵者有空的人数",
    ),
    MetricDef::count(
        "served_elsewhere",
        "people/year",
        "Served outside their own subdistrict",
        "在本街道之外得到服务的人数",
    ),
    MetricDef::ratio(
        "elsewhere_share",
        "served_elsewhere",
        "served",
        "Served outside their own subdistrict, of those served",
        "得到服务者中在本街道之外的比例",
    ),
    MetricDef::own_real(
        "circle_covered",
        "share",
        "Residents 60+ with a station or centre within the 15-minute circle",
        "15 分钟圈内有站点或中心的 60 岁及以上居民比例",
    ),
    MetricDef::own_real(
        "circle_free",
        "share",
        "Part of the time with a free place within the 15-minute circle",
        "15 分钟圈内有空位的时间占比",
    ),
    MetricDef::own_real(
        "worst_served_share",
        "share",
        "Served share of demand in the worst subdistrict",
        "最差街道的需求满足比例",
    ),
    MetricDef::own_real(
        "gini_of_use",
        "index",
        "Inequality of use between subdistricts (Gini, 0 = equal)",
        "街道间使用的不平等程度（基尼系数，0 为均等）",
    ),
    MetricDef::real("unmet_hours_mild", "hours/year", "Hours of care not given, mild need", "未满足的照护小时：轻度"),
    MetricDef::real(
        "unmet_hours_moderate",
        "hours/year",
        "Hours of care not given, moderate need",
        "未满足的照护小时：中度",
    ),
    MetricDef::real(
        "unmet_hours_severe",
        "hours/year",
        "Hours of care not given, severe need",
        "未满足的照护小时：重度",
    ),
    MetricDef::count("on_list", "people", "On the list at the end of the year", "年末在名单上等候的人数"),
    MetricDef::count("died_waiting", "people/year", "Died while on the list", "等候期间去世的人数"),
    MetricDef::count(
        "recovered_waiting",
        "people/year",
        "Left the list because need lessened",
        "等候期间好转、不再申请的人数",
    ),
    MetricDef::count(
        "other_care_instead",
        "people/year",
        "Left the list for other care (family, private), or for a cause not told",
        "另寻照护（家庭、自费等）或原因未明而退出的人数",
    ),
    MetricDef::count(
        "list_entries",
        "entries",
        "Entries on the lists of all homes at the end of the year (a person may be on several)",
        "年末各机构名单上的登记条数（一人可在多处登记）",
    ),
    MetricDef::ratio(
        "entries_per_person",
        "list_entries",
        "on_list",
        "Entries on lists for each person who waits",
        "每名等候者的登记条数",
    )
    .in_unit("entries/person"),
    MetricDef::count(
        "moved_away_waiting",
        "people/year",
        "Left the list because they left the district",
        "等候期间迁出本区的人数",
    ),
    MetricDef::own_count("unstable", "0/1", "Load above capacity without loss", "负荷超过能力且无人离开"),
];

/// Positions in [`NEED`].
pub(super) mod need_at {
    pub(in super::super) const OLD: usize = 0;
    pub(in super::super) const MILD: usize = 1;
    pub(in super::super) const IN_NEED: usize = 4;
    pub(in super::super) const ALONE: usize = 5;
    pub(in super::super) const BEDS: usize = 6;
    pub(in super::super) const NURSING: usize = 7;
    pub(in super::super) const BEDS_PER_1000: usize = 8;
    pub(in super::super) const NURSING_ENOUGH: usize = 10;
    pub(in super::super) const IN_HOMES: usize = 11;
    pub(in super::super) const IN_COMMUNITY: usize = 12;
    pub(in super::super) const AT_HOME: usize = 13;
}

/// Metrics of need and of the standards set beside it.
pub(super) static NEED: [MetricDef; 14] = [
    MetricDef::count("people_60_plus", "persons", "Residents aged 60+ (1 January)", "60 岁及以上居民（1月1日）"),
    MetricDef::count("need_mild", "persons", "Of these, mild need", "其中轻度失能"),
    MetricDef::count("need_moderate", "persons", "Of these, moderate need", "其中中度失能"),
    MetricDef::count("need_severe", "persons", "Of these, severe need", "其中重度失能"),
    MetricDef::count("people_in_need", "persons", "In need by the chosen definition", "按所选口径的失能人数"),
    MetricDef::count("in_need_alone", "persons", "Of these, living alone", "其中独居者"),
    MetricDef::real("beds", "beds", "Long- and short-stay beds open (yearly mean)", "开放养老床位（年均）"),
    MetricDef::real("nursing_beds", "beds", "Of these, nursing and dementia beds", "其中护理型（含失智）床位"),
    MetricDef::own_real(
        "beds_per_1000_60_plus",
        "beds/1000",
        "Beds per 1,000 residents aged 60+",
        "每千名 60 岁及以上老人床位数",
    ),
    MetricDef::ratio("nursing_bed_share", "nursing_beds", "beds", "Nursing share of beds", "护理型床位占比"),
    MetricDef::own_real(
        "nursing_standard_met",
        "0/1",
        "Whether nursing beds are 55% of beds or more (national standard of 2025)",
        "护理型床位占比是否达到 55%（2025 年国家标准）",
    ),
    MetricDef::own_real(
        "in_homes_share",
        "share",
        "Residents 60+ living in homes (pattern 9073: 3%)",
        "住养老机构的 60 岁及以上居民（9073 格局：3%）",
    ),
    MetricDef::own_real(
        "in_community_share",
        "share",
        "Residents 60+ who would use day places or home visits, each once (9073: 7%)",
        "会使用日托或上门的 60 岁及以上居民，每人计一次（9073 格局：7%）",
    ),
    MetricDef::own_real(
        "at_home_share",
        "share",
        "Residents 60+ at home without these services (9073: 90%)",
        "居家且不使用这些服务的 60 岁及以上居民（9073 格局：90%）",
    ),
];

/// People in need by each known definition, in the order of `definitions::KNOWN`: expected numbers among the residents of
/// 1 January when the table is shifted to the definition's share at the start.
pub(super) static DEFINED: [MetricDef; 7] = [
    MetricDef::real(
        "census_cannot_care_for_self",
        "persons",
        "Cannot care for self (census 2010: 2.35% of 60+)",
        "生活不能自理（2010 年普查，占 60+ 的 2.35%）",
    ),
    MetricDef::real("adl_clhls", "persons", "ADL disability, 65+ (CLHLS: 5.6%)", "ADL 失能，65+（CLHLS，5.6%）"),
    MetricDef::real("charls_level_1", "persons", "Any ADL (CHARLS 2020: 7.8%)", "任一 ADL（CHARLS 2020，7.8%）"),
    MetricDef::real("survey_2021", "persons", "Disabled (survey of 2021: 11.6%)", "失能（2021 年抽样调查，11.6%）"),
    MetricDef::real(
        "charls_level_2",
        "persons",
        "ADL or key IADL (CHARLS 2020: 13.8%)",
        "ADL 或关键 IADL（CHARLS 2020，13.8%）",
    ),
    MetricDef::real(
        "charls_level_3",
        "persons",
        "ADL or IADL (CHARLS 2020: 17.2%)",
        "ADL 或 IADL（CHARLS 2020，17.2%）",
    ),
    MetricDef::real(
        "survey_2015",
        "persons",
        "Disabled and partly disabled (survey of 2015: 18.3%)",
        "失能与半失能（2015 年抽样调查，18.3%）",
    ),
];

/// One row of a block in one year, being written.
pub(super) struct Row<'a, 'r> {
    record: &'a mut Record<'r>,
    block: BlockId,
    at: usize,
    year: usize,
}

impl<'a, 'r> Row<'a, 'r> {
    pub(super) const fn new(record: &'a mut Record<'r>, block: BlockId, row: usize, year: usize) -> Self {
        Self { record, block, at: row, year }
    }

    pub(super) fn count(&mut self, metric: usize, count: u32) {
        self.record.count(self.block, metric, self.at, self.year, count);
    }

    pub(super) fn real(&mut self, metric: usize, value: f64) {
        self.record.real(self.block, metric, self.at, self.year, value);
    }

    /// What nobody could measure here.
    pub(super) fn nothing(&mut self, metrics: &[usize]) {
        metrics.iter().for_each(|&metric| self.real(metric, f64::NAN));
    }
}

/// `part / whole`, or NaN where there is no whole.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

/// Gini index of users per person over areas of `(users, people)`, weighted by people: 0 where all are alike, NaN where
/// nobody uses anything.
pub(super) fn gini(areas: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
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

//! What elderly care measures.
//!
//! Conservation, exact every year in every area: `demand` = `served` + `unmet` + `waiting`. Demand, served and unmet
//! count people by the area they live in; places count where they are (the district's pool only in the district's row).

use crate::metric::{MetricDef, SHORT};

/// Positions in [`SERVICE`].
pub(super) mod at {
    pub(in super::super) const DEMAND: usize = 0;
    pub(in super::super) const PLACES: usize = 1;
    pub(in super::super) const SERVED: usize = 2;
    pub(in super::super) const UNMET: usize = 3;
    pub(in super::super) const WAITING: usize = 4;
    pub(in super::super) const UTILISATION: usize = 5;
    pub(in super::super) const SHORT: usize = 6;
    pub(in super::super) const REQUESTS: usize = 7;
    pub(in super::super) const DELAYED: usize = 8;
    pub(in super::super) const LISTED: usize = 9;
    pub(in super::super) const OWN_AREA: usize = 10;
    pub(in super::super) const SUBDISTRICT: usize = 11;
    pub(in super::super) const DISTRICT: usize = 12;
    pub(in super::super) const SUBDISTRICT_USE: usize = 13;
    pub(in super::super) const DISTRICT_USE: usize = 14;
    pub(in super::super) const IN_USE: usize = 15;
}

/// Metrics of every service of the network.
pub(super) static SERVICE: [MetricDef; 16] = [
    MetricDef::count("demand", "people/year", "People who ask or wait for a place", "需要服务的人数（含在等候者）"),
    MetricDef::own_real("places", "places", "Places open (yearly mean)", "开放位数（年均）"),
    MetricDef::count("served", "people/year", "People who got a place", "得到服务的人数"),
    MetricDef::count("unmet", "people/year", "People who got none", "未得到服务的人数").with_shortage(SHORT),
    MetricDef::count("waiting", "people", "People on the list at the end of the year", "年末等候人数"),
    MetricDef::own_real("utilisation", "share", "Places in use over places open", "使用率（在用/开放）"),
    MetricDef::own_count(SHORT, "0/1", "Whether the promise is broken", "是否未兑现目标"),
    MetricDef::count("requests", "people/year", "New requests of the year", "当年新申请人数"),
    MetricDef::count("delayed", "people/year", "Requests that found no place at once", "申请时无位的人数"),
    MetricDef::own_real("mean_list", "people", "Mean length of the list", "平均等候人数"),
    MetricDef::count("served_own_area", "people/year", "Served in their own subdistrict", "在本街道得到服务的人数"),
    MetricDef::count("served_subdistrict", "people/year", "Served by a subdistrict centre", "由街道中心服务的人数"),
    MetricDef::count("served_district", "people/year", "Served at district level", "由区级机构服务的人数"),
    MetricDef::own_real("utilisation_near", "share", "Use of stations and subdistrict centres", "站点与街道中心使用率"),
    MetricDef::own_real("utilisation_district", "share", "Use of district places", "区级机构使用率"),
    MetricDef::own_real("in_use", "places", "Places in use (yearly mean)", "在用位数（年均）"),
];

/// Positions in [`NEED`].
pub(super) mod need_at {
    pub(in super::super) const OLD: usize = 0;
    pub(in super::super) const MILD: usize = 1;
    pub(in super::super) const BEDS: usize = 4;
    pub(in super::super) const NURSING: usize = 5;
}

/// Metrics of need and of the standards set beside it.
pub(super) static NEED: [MetricDef; 8] = [
    MetricDef::count("people_60_plus", "persons", "Residents aged 60+ (1 January)", "60 岁及以上居民（1月1日）"),
    MetricDef::count("need_mild", "persons", "Of these, mild need", "其中轻度失能"),
    MetricDef::count("need_moderate", "persons", "Of these, moderate need", "其中中度失能"),
    MetricDef::count("need_severe", "persons", "Of these, severe need", "其中重度失能"),
    MetricDef::real("beds", "beds", "Long- and short-stay beds open (yearly mean)", "开放养老床位（年均）"),
    MetricDef::real("nursing_beds", "beds", "Of these, nursing and dementia beds", "其中护理型（含失智）床位"),
    MetricDef::ratio(
        "beds_per_person_60_plus",
        "beds",
        "people_60_plus",
        "Beds per resident aged 60+",
        "每位 60 岁及以上老人床位",
    ),
    MetricDef::ratio("nursing_bed_share", "nursing_beds", "beds", "Nursing share of beds", "护理型床位占比"),
];

//! The keys of waiting lines and day-care stations of their own.

use crate::input::{Condition, KeyDef, ValueKind};
use crate::services::elderly::standalone::Start;

const fn hazard(name: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(0.0, 1000.0), "1/year", "0", en, zh)
}

/// Keys of `reneging_hazards` of a line.
pub(crate) const RENEGING_HAZARDS: &[KeyDef] = &[
    hazard("death", "yearly hazard of death", "去世的年风险"),
    hazard("recovery", "yearly hazard of recovery", "好转的年风险"),
    hazard("other_care", "yearly hazard of finding other care", "另寻照护的年风险"),
];

/// Keys of one line of `[elderly.queues]`.
pub(crate) const QUEUE: &[KeyDef] = &[
    KeyDef::optional("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::required(
        "requests_per_year",
        ValueKind::Uncertain(0.0, 1e6),
        "people/year",
        "requests a year",
        "年申请人数",
    ),
    KeyDef::required("places", ValueKind::Whole(0, 1_000_000), "places", "places", "位数"),
    KeyDef::required("stay_months", ValueKind::Uncertain(0.01, 1200.0), "months", "mean stay", "平均入住月数"),
    KeyDef::optional(
        "patience_months",
        ValueKind::Uncertain(0.01, 1e6),
        "months",
        "mean patience, all causes together; without it and reneging_hazards nobody gives up",
        "平均等候耐心（各种原因合计）；与 reneging_hazards 均不写则无人放弃",
    ),
    KeyDef::optional(
        "reneging_hazards",
        ValueKind::Section(RENEGING_HAZARDS),
        "",
        "in place of patience_months: yearly hazards of leaving the list, by cause",
        "代替 patience_months：按原因给出退出等候的年风险",
    )
    .formerly(&["leave_by"]),
    KeyDef::default(
        "urgent_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "share of requests that go before all others",
        "优先入住的申请比例",
    )
    // Where nobody gives up, the order of a list changes who waits, not how long all wait together.
    .acts_when(&[Condition::AnyOf(&[Condition::Given("patience_months"), Condition::Given("reneging_hazards")])]),
    KeyDef::default(
        "outside",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0",
        "of those who find no free place, share who go elsewhere at once",
        "一时无位者中立即另寻他处的比例",
    ),
    KeyDef::optional(
        "overflow_to",
        ValueKind::Text,
        "",
        "name of the line that is asked when this one is full",
        "本处已满时转去的队列名称",
    ),
    KeyDef::default(
        "warm_up_years",
        ValueKind::Whole(0, 1000),
        "years",
        "0",
        "years lived through before the first reported one",
        "报告首年之前预热的年数",
    ),
    KeyDef::default(
        "start",
        ValueKind::Choice(Start::WORDS),
        "",
        "\"offered_load\"",
        "how the first year opens: empty, with a Poisson number around requests x stay, or with the people who were counted (`opening_residents`, `opening_waiting`)",
        "首年开局：empty（空）、offered_load（按申请×时长）或 counted（按实际人数 opening_residents、opening_waiting）",
    ),
    KeyDef::default(
        "opening_residents",
        ValueKind::Whole(0, 1_000_000),
        "people",
        "0",
        "people in a place on the first day, as counted; how long they have been there does not matter to how long they stay",
        "首日在住人数（实际统计）；已住时间不影响其后的时长",
    )
    .acts_when(&[Condition::Is("start", &["counted"])]),
    KeyDef::default(
        "opening_waiting",
        ValueKind::Whole(0, 1_000_000),
        "people",
        "0",
        "people on the list on the first day, as counted; they take places that are free",
        "首日等候人数（实际统计）；如有空位即入住",
    )
    .acts_when(&[Condition::Is("start", &["counted"])]),
];

/// Keys of one station of `[elderly.stations]`.
pub(crate) const STATION: &[KeyDef] = &[
    KeyDef::optional("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::required("enrolled", ValueKind::Whole(0, 100_000), "people", "people enrolled", "登记人数"),
    KeyDef::required("places", ValueKind::Whole(0, 100_000), "places", "day places", "日托位数"),
    KeyDef::required(
        "attendance",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "probability that an enrolled person comes on a day",
        "登记者当日到场概率",
    ),
    KeyDef::default("days_open", ValueKind::Whole(1, 366), "days/year", "250", "days open a year", "每年开放天数"),
];

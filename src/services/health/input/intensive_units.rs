//! Intensive care, as a scenario says it.

use crate::diagnostic::code;
use crate::input::{KeyDef, Section, ValueKind};
use crate::language::Text;
use crate::metric::{Block, BlockGroup, BlockId, Catalogue};
use crate::services::health::input::tables::{INTENSIVE_SUPPLY, read_intensive_supply};
use crate::services::health::metrics;
use crate::services::health::model::{BedGroup, BedRow, Component};
use crate::services::health::model::{CLASSES, Pool};
use crate::services::health::model::{IntensiveCare, Shares};
use crate::services::health::stay::law::LAWS;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::time::DAY;
use crate::site::Site;
use crate::text;

/// Keys of one unit of intensive care.
pub(crate) const INTENSIVE_CARE: &[KeyDef] = &[
    KeyDef::optional("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::required(
        "patients_of",
        ValueKind::Names,
        "",
        "tiers (community, district, tertiary) or wards whose patients it takes",
        "收治哪些层级（community、district、tertiary）或病区的病人",
    ),
    KeyDef::optional("beds", ValueKind::Whole(0, 100_000), "beds", "beds, open throughout", "床位（始终开放）"),
    KeyDef::optional(
        "supply",
        ValueKind::Csv(INTENSIVE_SUPPLY),
        "",
        "beds by facility with the dates of opening and closing, instead of `beds`",
        "分机构床位及启用、关闭日期（代替 beds）",
    ),
    KeyDef::default(
        "staffed_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "1",
        "share of built beds with staff",
        "有人员配备的床位占比",
    ),
    KeyDef::default(
        "los_distribution",
        ValueKind::Choice(LAWS),
        "",
        "\"lognormal\"",
        "family of the stay",
        "住院日分布类型",
    )
    .formerly(&["stay_law"]),
    KeyDef::required(
        "los_mean_days",
        ValueKind::Number(0.001, 10_000.0),
        "days",
        "mean stay in intensive care",
        "重症监护平均天数",
    )
    .formerly(&["stay_mean_days"]),
    KeyDef::default(
        "los_cv",
        ValueKind::Number(0.0, 20.0),
        "cv",
        "1",
        "sd over mean of the stay in intensive care",
        "重症监护天数的变异系数",
    )
    .formerly(&["stay_cv"]),
    KeyDef::default(
        "los_factor",
        ValueKind::Uncertain(0.01, 100.0),
        "factor",
        "1",
        "factor on the mean stay in intensive care; by_year for a trend",
        "重症监护平均天数的系数（趋势写 by_year）",
    )
    .formerly(&["stay_level"]),
    KeyDef::default(
        "direct_admission_share",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.7",
        "share of needs that begin with the admission; the others begin at any moment of a stay of the ward's law",
        "入院即需要者占比；其余在一次住院期间的任一时刻开始",
    )
    .formerly(&["at_once_share"]),
    KeyDef::default(
        "wait_limit_hours",
        ValueKind::Number(0.0, 100_000.0),
        "hours",
        "6",
        "longest wait in the ward for a bed",
        "在病区等候床位的上限（小时）",
    ),
];

/// Share of those admitted unannounced who need intensive care.
pub(crate) const URGENT_SHARE: KeyDef = KeyDef::optional(
    "intensive_urgent_share",
    ValueKind::Uncertain(0.0, 1.0),
    "share",
    "share of urgent patients admitted who need intensive care during the stay",
    "急诊收治病人中住院期间需要重症监护的比例",
);

/// Share of the others.
pub(crate) const PLANNED_SHARE: KeyDef = KeyDef::optional(
    "intensive_elective_share",
    ValueKind::Uncertain(0.0, 1.0),
    "share",
    "share of other patients admitted who need intensive care during the stay",
    "其他收治病人中住院期间需要重症监护的比例",
)
.formerly(&["intensive_planned_share"]);

/// The shares of a specialty or ward; none where nothing is said.
pub(crate) fn read_shares(section: &Section<'_>) -> Option<Shares> {
    let [urgent, planned] = [URGENT_SHARE, PLANNED_SHARE].map(|key| section.if_given(key.name, Section::uncertain));
    Some([urgent?, planned?])
}

/// Reads the units. `places` are the keys of tiers or wards, in the order of groups.
pub(crate) fn read(
    section: &Section<'_>,
    site: &Site,
    (components, places): (&[Component], &[String]),
    catalogue: &mut Catalogue,
) -> Option<Vec<IntensiveCare>> {
    let mut taken = vec![false; places.len()];
    let units = section.named("intensive_care");
    let read: Vec<IntensiveCare> = units
        .iter()
        .filter_map(|(id, unit)| {
            let groups = read_places(unit, places, &mut taken);
            let (rows, staffed, stay) = (read_rows(unit, site), unit.uncertain("staffed_share"), read_stay(unit));
            let (stay_level, at_once) = (unit.uncertain("los_factor"), unit.number("direct_admission_share"));
            let limit = unit.number("wait_limit_hours");
            let name = unit.label_or(id);
            let group = |block| BedGroup {
                block,
                limits: [limit.unwrap_or(0.0); CLASSES],
                staffed,
                found_outside: None,
                published_use: None,
            };
            let (rows, stay, groups, stay_level, at_once) = (rows?, stay?, groups?, stay_level?, at_once?);
            (staffed.is_some() && limit.is_some()).then_some(())?;
            let block = add_block(catalogue, id, &name?);
            Some(IntensiveCare { block, groups, beds: pool_of(rows), group: [group(block)], stay, stay_level, at_once })
        })
        .collect();
    let complete = read.len() == units.len();
    check_shares(section, components, (places, &taken), complete && !units.is_empty())?;
    complete.then_some(read)
}

static UNITS: BlockGroup = BlockGroup {
    one: Text::new("Intensive care", "重症监护单元"),
    many: Text::new("Units of intensive care", "各重症监护单元"),
    note: None,
};

fn add_block(catalogue: &mut Catalogue, id: &str, name: &Text) -> BlockId {
    let (en, zh) = (&name.en, &name.zh);
    catalogue.add(Block {
        service: "health",
        service_label: crate::services::health::LABEL,
        stage: format!("intensive_care_{id}"),
        stage_label: text!("Intensive care: {en}", "重症监护：{zh}"),
        metrics: metrics::OfIntensiveCare::TABLE,
        by_area: false,
        promise: None,
        family: Some(&UNITS),
    })
}

/// The beds as one pool.
fn pool_of(rows: Vec<BedRow>) -> Component {
    let pool =
        Pool { group: 0, overflow: [Vec::new(), Vec::new()], waiting_places: u32::MAX, by_day: false, discharge: None };
    Component {
        specialty: 0,
        name: (String::new(), Text::name(String::new())),
        pools: vec![pool],
        stays: Vec::new(),
        stay_level: None,
        rows,
        streams: Vec::new(),
        step_downs: vec![None],
        readmission: None,
        epidemic: false,
        intensive: Vec::new(),
    }
}

fn read_stay(unit: &Section<'_>) -> Option<Stay> {
    let (family, mean, cv) = (unit.choice("los_distribution"), unit.number("los_mean_days"), unit.number("los_cv"));
    Some(Stay::new(family?, mean? * DAY, cv?))
}

fn read_rows(unit: &Section<'_>, site: &Site) -> Option<Vec<BedRow>> {
    let (number, table) = (unit.has("beds"), unit.has("supply"));
    if number == table {
        let message = if number {
            Text::new("the beds are given twice: as a number and as a table", "床位给了两次：数目与表")
        } else {
            Text::new("the unit has no beds", "该单元没有床位")
        };
        let remedy = Text::new(
            "write either `beds = ...` or `supply = \"table.csv\"`",
            "请只写 beds = ... 或 supply = \"表.csv\" 之一",
        );
        unit.fault(code::MISSING_KEY, "supply", message, remedy);
        return None;
    }
    if table {
        return read_intensive_supply(unit, site);
    }
    let (opens, closes) = (f64::NEG_INFINITY, f64::INFINITY);
    unit.count("beds")
        .map(|beds| vec![BedRow { pool: 0, area: 0, beds: f64::from(beds), opens, closes, project: None }])
}

/// The tiers or wards whose patients a unit takes; each may have one unit.
fn read_places(unit: &Section<'_>, places: &[String], taken: &mut [bool]) -> Option<Vec<usize>> {
    let mut groups = Vec::new();
    let list = places.join(", ");
    let names = unit.names("patients_of")?;
    if names.is_empty() {
        unit.fault(
            code::CONTRADICTION,
            "patients_of",
            Text::new("the unit takes nobody's patients", "该单元不收治任何病人"),
            text!("write some of: {list}", "请从下列中选：{list}"),
        );
        return None;
    }
    let count = names.len();
    for (name, span) in names {
        let faults = &unit.session.diagnostics;
        match places.iter().position(|place| *place == name) {
            None => faults.error(
                code::UNKNOWN_NAME,
                span,
                text!("no tier or ward is called «{name}»", "没有层级或病区“{name}”"),
                text!("write some of: {list}", "请从下列中选：{list}"),
            ),
            Some(at) if std::mem::replace(&mut taken[at], true) => faults.error(
                code::CONTRADICTION,
                span,
                text!("patients of «{name}» already have intensive care", "“{name}”的病人已有重症监护单元"),
                text!("name «{name}» once; add the beds to its unit", "“{name}”只写一次，床位加到其所属单元"),
            ),
            Some(at) => groups.push(at),
        }
    }
    (groups.len() == count).then_some(groups)
}

/// Shares of patients who need intensive care without beds for it, or beds that nobody ever needs.
fn check_shares(
    section: &Section<'_>,
    components: &[Component],
    (places, taken): (&[String], &[bool]),
    any: bool,
) -> Option<()> {
    let has = |shares: &Shares| shares.iter().any(Option::is_some);
    let wanted = components.iter().any(|component| component.intensive.iter().any(has));
    if any && !wanted {
        section.fault(
            code::CONTRADICTION,
            "intensive_care",
            Text::new("nobody ever needs the intensive care", "没有病人需要重症监护"),
            Text::new(
                "add `intensive_urgent_share` or `intensive_elective_share` to a specialty or ward",
                "请在专科组或病区中加 intensive_urgent_share 或 intensive_elective_share",
            ),
        );
        return None;
    }
    // A ward's share is its own; a specialty's holds in every tier that has a unit.
    let lonely = components.iter().find_map(|component| {
        let own = component.intensive.len() == places.len();
        let at = component.intensive.iter().zip(taken).position(|(shares, taken)| own && has(shares) && !taken);
        let none = wanted && !taken.contains(&true);
        at.map(|at| places[at].clone()).or_else(|| (none && !own).then(|| component.name.0.clone()))
    });
    let Some(name) = lonely else { return Some(()) };
    section.fault(
        code::CONTRADICTION,
        "intensive_care",
        text!(
            "patients of «{name}» need intensive care, but no unit takes them",
            "“{name}”的病人需要重症监护，但没有单元收治"
        ),
        Text::new(
            "add [health.intensive_care.<name>] with `patients_of`, or take the share away",
            "请加 [health.intensive_care.<名称>] 并写 patients_of，或删去该比例",
        ),
    );
    None
}

/// The shares as parameters of a component: one for all groups of a specialty.
pub(crate) fn of_specialty(shares: Shares) -> Vec<Shares> {
    if shares.iter().all(Option::is_none) { Vec::new() } else { vec![shares] }
}

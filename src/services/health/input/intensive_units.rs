//! Intensive care, as a scenario says it.

use crate::input::{Condition, KeyDef, LoadSession, Section, ValueKind};
use crate::language::Text;
use crate::metric::{Block, BlockGroup, BlockId, Catalogue};
use crate::random::StreamKey;
use crate::services::health::input::beds::{UNIT_SUPPLY, read_unit};
use crate::services::health::input::families;
use crate::services::health::input::note::refuse;
use crate::services::health::model::{
    BedGroup, BedRow, CLASSES, Class, Component, IntensiveCare, Pool, RequestSource, RequestTarget, Shares,
};
use crate::services::health::stay::law::Family;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::time::DAY;
use crate::services::health::{messages, metrics};
use crate::site::Site;
use crate::supply::Schedule;
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
        ValueKind::Csv(UNIT_SUPPLY),
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
        ValueKind::Choice(Family::WORDS),
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
    .acts_when(&[Condition::Is("los_distribution", &["lognormal", "gamma", "weibull"])])
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
pub(crate) const ELECTIVE_SHARE: KeyDef = KeyDef::optional(
    "intensive_elective_share",
    ValueKind::Uncertain(0.0, 1.0),
    "share",
    "share of other patients admitted who need intensive care during the stay",
    "其他收治病人中住院期间需要重症监护的比例",
)
.formerly(&["intensive_planned_share"]);

/// The shares of a specialty or ward; none where nothing is said.
pub(crate) fn read_shares(section: &Section<'_>) -> Option<Shares> {
    let [urgent, elective] = [URGENT_SHARE, ELECTIVE_SHARE].map(|key| section.if_given(key.name, Section::uncertain));
    Some([urgent?, elective?])
}

/// Reads the units, which take patients of `groups` (tiers or wards).
pub(crate) fn read(
    section: &Section<'_>,
    site: &Site,
    components: &[Component],
    groups: &[BedGroup],
    catalogue: &mut Catalogue,
) -> Option<Vec<IntensiveCare>> {
    let places: Vec<String> = groups.iter().map(|group| catalogue.block(group.block).stage.clone()).collect();
    let mut taken = vec![false; places.len()];
    let units = section.named("intensive_care");
    let read: Vec<IntensiveCare> = units
        .iter()
        .filter_map(|(id, unit)| {
            let groups = read_places(unit, &places, &mut taken);
            let unit_read = read_unit_terms(unit, site, id, groups, catalogue)?;
            for row in &unit_read.beds.rows {
                row.schedule.projects().for_each(|project| catalogue.note_project(unit_read.block, project));
            }
            check_stays(section, unit, &unit_read, components)?;
            Some(unit_read)
        })
        .collect();
    let complete = read.len() == units.len();
    check_shares(section, components, &places, &taken, complete && !units.is_empty())?;
    complete.then_some(read)
}

fn read_unit_terms(
    unit: &Section<'_>,
    site: &Site,
    id: &str,
    groups: Option<Vec<usize>>,
    catalogue: &mut Catalogue,
) -> Option<IntensiveCare> {
    let (rows, staffed, stay) = (read_beds(unit, site), unit.uncertain("staffed_share"), read_stay(unit));
    let (stay_level, at_once) = (unit.uncertain("los_factor"), unit.number("direct_admission_share"));
    let (limit, label) = (unit.number("wait_limit_hours"), unit.label_or(id));
    let (rows, stay, groups, stay_level, at_once) = (rows?, stay?, groups?, stay_level?, at_once?);
    let (limit, staffed, name) = (limit?, staffed?, StreamKey::named(id));
    let block = add_block(catalogue, id, &label?);
    let limits = [limit; CLASSES];
    let group = BedGroup { block, name, limits, staffed: Some(staffed), found_outside: None, published_use: None };
    Some(IntensiveCare { block, name, groups, beds: pool_of(rows, name), group: [group], stay, stay_level, at_once })
}

/// Refuses patients who would be in intensive care for longer than they are in hospital: the mean stay of a ward contains the
/// days in intensive care, so it is at least the share of those who need it times their mean stay there.
fn check_stays(
    section: &Section<'_>,
    unit: &Section<'_>,
    care: &IntensiveCare,
    components: &[Component],
) -> Option<()> {
    let (mut sound, session) = (true, section.session);
    for component in components {
        for (pool, stay) in component.pools.iter().zip(&component.stays) {
            let group = usize::from(pool.group);
            if !care.groups.contains(&group) {
                continue;
            }
            let shares = component.intensive.get(group).or_else(|| component.intensive.first());
            let [urgent, elective] =
                shares.copied().unwrap_or_default().map(|share| share.map_or(0.0, |share| session.at_median(share)));
            let part = elective_part(component, group, session);
            let share = (1.0 - part) * urgent + part * elective;
            if sound && share * care.stay.mean > stay.mean {
                let name = if component.id.is_empty() { session_name(section, group) } else { component.id.clone() };
                let (intensive, whole) = (care.stay.mean / DAY, stay.mean / DAY);
                refuse(unit, "los_mean_days", messages::more_in_intensive_care(&name, share, intensive, whole));
                sound = false;
            }
        }
    }
    sound.then_some(())
}

/// The key of a ward.
fn session_name(section: &Section<'_>, ward: usize) -> String {
    section.named("wards").get(ward).map(|(id, _)| id.clone()).unwrap_or_default()
}

/// Part of the requests to a group that are elective.
fn elective_part(component: &Component, group: usize, session: &LoadSession) -> f64 {
    let mut by_class = [0.0; CLASSES];
    for stream in component.streams.iter().filter(|stream| usize::from(stream.group) == group) {
        let rate = |target: &RequestTarget| match target.source {
            RequestSource::Given { per_day } => session.at_median(per_day),
            RequestSource::Area { .. } | RequestSource::Inflow { .. } => 1.0,
        };
        // All targets of a tier share their classes alike, so that one stands for them.
        by_class[stream.class.index()] = stream.share * stream.targets.first().map_or(0.0, rate);
    }
    let all: f64 = by_class.iter().sum();
    if all > 0.0 { by_class[Class::Elective.index()] / all } else { 0.0 }
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
        service_label: metrics::LABEL,
        stage: format!("intensive_care_{id}"),
        stage_label: text!("Intensive care: {en}", "重症监护：{zh}"),
        metrics: metrics::OfIntensiveCare::TABLE,
        by_area: false,
        promise: None,
        family: Some(&UNITS),
    })
}

/// The beds as one pool.
fn pool_of(rows: Vec<BedRow>, name: StreamKey) -> Component {
    let (overflow, waiting_places) = ([Vec::new(), Vec::new()], u32::MAX);
    let pool = Pool { name, group: 0, overflow, waiting_places, by_day: false, discharge: None };
    Component {
        specialty: 0,
        id: String::new(),
        label: Text::name(String::new()),
        name,
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
    let (family, mean, cv) = (families::read(unit), unit.number("los_mean_days"), unit.number("los_cv"));
    Some(Stay::new(family?, mean? * DAY, cv?))
}

/// The beds of a ward or of a unit: a number, or a table with their dates.
pub(crate) fn read_beds(unit: &Section<'_>, site: &Site) -> Option<Vec<BedRow>> {
    let finding = match (unit.has("beds"), unit.has("supply")) {
        (true, true) => messages::beds_and_table(),
        (false, false) => messages::no_beds(),
        (false, true) => return read_unit(unit, site),
        (true, false) => {
            let beds = unit.count("beds")?;
            return Some(vec![BedRow { pool: 0, area: 0, beds, schedule: Schedule::ALWAYS }]);
        }
    };
    unit.session.diagnostics.refuse(unit.span_of("supply"), finding);
    None
}

/// The tiers or wards whose patients a unit takes; each may have one unit.
fn read_places(unit: &Section<'_>, places: &[String], taken: &mut [bool]) -> Option<Vec<usize>> {
    let list = places.join(", ");
    let names = unit.names("patients_of")?;
    if names.is_empty() {
        refuse(unit, "patients_of", messages::takes_nobody(&list));
        return None;
    }
    let (mut groups, count) = (Vec::new(), names.len());
    for (name, span) in names {
        let diagnostics = &unit.session.diagnostics;
        match places.iter().position(|place| *place == name) {
            None => diagnostics.refuse(span, messages::no_such_place(&name, &list)),
            Some(at) if std::mem::replace(&mut taken[at], true) => {
                diagnostics.refuse(span, messages::taken_twice(&name));
            }
            Some(at) => groups.push(at),
        }
    }
    (groups.len() == count).then_some(groups)
}

/// Shares of patients who need intensive care without beds for it, or beds that nobody ever needs.
fn check_shares(
    section: &Section<'_>,
    components: &[Component],
    places: &[String],
    taken: &[bool],
    any: bool,
) -> Option<()> {
    let has = |shares: &Shares| shares.iter().any(Option::is_some);
    let wanted = components.iter().any(|component| component.intensive.iter().any(has));
    if any && !wanted {
        refuse(section, "intensive_care", messages::nobody_needs_intensive_care());
        return None;
    }
    // A ward's share is its own; a specialty's holds in every tier that has a unit.
    let lonely = components.iter().find_map(|component| {
        let own = component.intensive.len() == places.len();
        let at = component.intensive.iter().zip(taken).position(|(shares, taken)| own && has(shares) && !taken);
        let none = wanted && !taken.contains(&true);
        at.map(|at| places[at].clone()).or_else(|| (none && !own).then(|| component.id.clone()))
    });
    let Some(name) = lonely else { return Some(()) };
    refuse(section, "intensive_care", messages::no_intensive_care(&name));
    None
}

/// The shares as parameters of a component: one for all groups of a specialty.
pub(crate) fn of_specialty(shares: Shares) -> Vec<Shares> {
    if shares.iter().all(Option::is_none) { Vec::new() } else { vec![shares] }
}

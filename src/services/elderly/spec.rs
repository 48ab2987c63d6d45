//! What `[elderly]` may say.

use super::keys::PROMISE;
use super::need::{LEVELS, Need, Shares};
use crate::diagnostic::code;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::metric::Promise;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

/// The services of the network: key, name, whether it is a bed.
pub(super) const NETWORK: [(&str, Text, bool); 6] = [
    ("home_visits", Text::new("home visits", "上门服务"), false),
    ("day", Text::new("day care", "日间照料"), false),
    ("short_stay", Text::new("short stays", "短期托养"), true),
    ("long_stay_general", Text::new("long stay: general", "长期照护：普通"), true),
    ("long_stay_nursing", Text::new("long stay: nursing", "长期照护：护理"), true),
    ("long_stay_dementia", Text::new("long stay: dementia", "长期照护：失智"), true),
];

/// Names of the levels, from home upwards.
pub(super) const LEVEL_NAMES: [&str; 3] = ["station", "subdistrict", "district"];

/// One row of the supply table.
#[derive(Clone, Debug)]
pub(super) struct Facility {
    pub service: usize,
    pub area: usize,
    pub level: usize,
    pub places: u32,
    /// Months since year 0.
    pub opens: f64,
    /// Months since year 0; infinite when it never closes.
    pub closes: f64,
    pub project: Option<usize>,
}

/// Take-up of one service.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub share: Shares,
    pub take_up: Parameter,
    pub stay: Option<Parameter>,
    pub patience: Option<Parameter>,
}

/// A waiting line of its own.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub name: String,
    pub label: Text,
    pub requests: Parameter,
    pub places: u32,
    pub stay: Parameter,
    pub patience: Option<Parameter>,
    pub empty: bool,
}

/// The network of a scenario with people.
#[derive(Debug)]
pub(super) struct Network {
    pub need: Need,
    pub need_level: Parameter,
    pub uses: Vec<(usize, Use)>,
    pub facilities: Vec<Facility>,
    pub attendance: Parameter,
    pub days: u32,
    pub district_first: Parameter,
}

/// Everything `[elderly]` says.
#[derive(Debug)]
pub(super) struct Spec {
    pub network: Option<Network>,
    pub lines: Vec<Line>,
    pub tolerated: f64,
    pub promise: Promise,
}

/// Reads the section; `None` when it cannot be used.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Spec> {
    let lines: Vec<Line> =
        section.named("lines").into_iter().filter_map(|(name, line)| read_line(name, &line)).collect();
    let wants_network = section.has("need") || section.has("supply") || section.has("services");
    if !wants_network && lines.is_empty() {
        section.fault(
            code::MISSING_KEY,
            "need",
            Text::new(
                "[elderly] has neither need, supply and services nor lines",
                "[elderly] 既无 need、supply、services，也无 lines",
            ),
            Text::new(
                "give need, living, supply and services, or [elderly.lines.<name>]",
                "请给出 need、living、supply 与 services，或 [elderly.lines.<名称>]",
            ),
        );
        return None;
    }
    let network = if wants_network { Some(read_network(section, site)?) } else { None };
    let (tolerated, promise) = read_promise(section)?;
    Some(Spec { network, lines, tolerated, promise })
}

fn read_promise(section: &Section<'_>) -> Option<(f64, Promise)> {
    let empty = crate::input::value::Value {
        span: section.span,
        data: crate::input::value::Data::Table(crate::input::value::Table::default()),
    };
    let given = section.section("promise");
    let own = Section::open(section.reading, section.path_of("promise"), &empty, PROMISE);
    let promise = given.or(own)?;
    let tolerated = promise.number("unmet_share_at_most")?;
    let confidence = promise.number("confidence")?;
    let surplus_below = promise.number("surplus_below")?;
    let served = ((1.0 - tolerated) * 1000.0).round() / 10.0;
    let text = text!("{served}% of old people who ask get a place", "{served}% 的申请老人得到服务");
    Some((tolerated, Promise { text, confidence, surplus_below }))
}

fn read_line(name: String, line: &Section<'_>) -> Option<Line> {
    let label = if line.has("label") { line.label("label")? } else { Text::name(name.clone()) };
    let (requests, places) = (line.uncertain("requests_per_year"), line.count("places"));
    let stay = line.uncertain("stay_months");
    let patience = if line.has("patience_months") { Some(line.uncertain("patience_months")?) } else { None };
    Some(Line {
        name,
        label,
        requests: requests?,
        places: places?,
        stay: stay?,
        patience,
        empty: line.choice("start")? == 0,
    })
}

fn read_network(section: &Section<'_>, site: &Site) -> Option<Network> {
    if !site.has_people {
        section.fault(
            code::CONTRADICTION,
            "need",
            Text::new("need follows people, but the scenario has none", "失能人数来自人口，但方案没有 [people]"),
            Text::new(
                "add [people], or describe [elderly.lines.<name>] only",
                "请加入 [people]，或只写 [elderly.lines.<名称>]",
            ),
        );
        return None;
    }
    let need = read_need(section);
    let uses = read_uses(section);
    let supply =
        require(section, "supply").and_then(|()| section.sheet("supply")).map(|sheet| read_supply(&sheet, site));
    let need_level = section.uncertain("need_level");
    let (attendance, district_first) = (section.uncertain("attendance"), section.uncertain("district_first"));
    let days = section.count("day_places_open");
    Some(Network {
        need: need?,
        need_level: need_level?,
        uses: uses?,
        facilities: supply?,
        attendance: attendance?,
        days: days?,
        district_first: district_first?,
    })
}

fn require(section: &Section<'_>, key: &str) -> Option<()> {
    if section.has(key) {
        return Some(());
    }
    section.fault(
        code::MISSING_KEY,
        key,
        text!("[elderly] does not say `{key}`", "[elderly] 缺少 `{key}`"),
        text!("add `{key} = ...`", "请补上 `{key} = ...`"),
    );
    None
}

fn read_uses(section: &Section<'_>) -> Option<Vec<(usize, Use)>> {
    require(section, "services")?;
    let services = section.section("services")?;
    let mut uses = Vec::new();
    for (index, (key, _, bed)) in NETWORK.iter().enumerate() {
        let Some(one) = services.section(key) else { continue };
        if *bed && !one.has("stay_months") {
            let path = one.path.clone();
            one.fault(
                code::MISSING_KEY,
                "stay_months",
                text!("[{path}] does not say `stay_months`", "[{path}] 缺少 `stay_months`"),
                Text::new("add the mean stay in months", "请补上平均入住月数"),
            );
            continue;
        }
        let share = [one.number("none")?, one.number("mild")?, one.number("moderate")?, one.number("severe")?];
        let optional = |key: &str| if one.has(key) { one.uncertain(key) } else { None };
        let (stay, patience) = (optional("stay_months"), optional("patience_months"));
        uses.push((index, Use { share, take_up: one.uncertain("take_up")?, stay, patience }));
    }
    Some(uses)
}

fn sex_of(row: &Row<'_>) -> Option<usize> {
    row.name_of("sex", &["male", "female"])
}

/// Midpoint of an age group such as `60-64` or `85+` (an open group counts as seven years).
fn midpoint(row: &Row<'_>) -> Option<f64> {
    let written = row.text("age");
    let bounds = match written.split_once('-') {
        Some((from, to)) => from.parse::<f64>().ok().zip(to.parse::<f64>().ok().map(|to| to + 1.0)),
        None => written
            .trim_end_matches('+')
            .parse::<f64>()
            .ok()
            .map(|from| (from, from + if written.ends_with('+') { 7.0 } else { 1.0 })),
    };
    match bounds {
        Some((from, to)) if from < to && (0.0..130.0).contains(&from) => Some(0.5 * (from + to)),
        _ => {
            row.fault(
                "age",
                text!("«{written}» is not an age group", "“{written}”不是年龄组"),
                Text::new("write 60-64, or 85+ for the last", "请写 60-64，最后一组写 85+"),
            );
            None
        }
    }
}

const ARRANGEMENTS: [&str; 3] = ["alone", "couple", "with_children"];

/// Need by sex and age group: the average over living arrangements.
fn read_need(section: &Section<'_>) -> Option<Need> {
    require(section, "need")?;
    require(section, "living")?;
    let (need, living) = (section.sheet("need")?, section.sheet("living")?);
    let mut weights: Vec<(usize, f64, [f64; 3])> = Vec::new();
    for row in living.rows() {
        let shares = ARRANGEMENTS.map(|a| row.number(a, 0.0, 1.0));
        if let (Some(sex), Some(age), [Some(a), Some(b), Some(c)]) = (sex_of(&row), midpoint(&row), shares) {
            weights.push((sex, age, [a, b, c]));
        }
    }
    let mut groups: [Vec<(f64, Shares)>; 2] = [Vec::new(), Vec::new()];
    for row in need.rows() {
        add_need(&row, &weights, &mut groups);
    }
    for group in &mut groups {
        group.sort_by(|a, b| a.0.total_cmp(&b.0));
        if group.is_empty() {
            need.fault(
                Text::new("the table lacks one of the sexes", "表中缺少一种性别"),
                Text::new("give rows for male and female", "请给出 male 与 female 的各行"),
            );
            return None;
        }
    }
    let recovery =
        [section.number("recovery_mild")?, section.number("recovery_moderate")?, section.number("recovery_severe")?];
    let mortality = [
        1.0,
        section.number("mortality_mild")?,
        section.number("mortality_moderate")?,
        section.number("mortality_severe")?,
    ];
    Some(Need::new(&groups, recovery, mortality))
}

fn add_need(row: &Row<'_>, weights: &[(usize, f64, [f64; 3])], groups: &mut [Vec<(f64, Shares)>; 2]) {
    let shares = ["none", "mild", "moderate", "severe"].map(|level| row.number(level, 0.0, 1.0));
    let (Some(sex), Some(age), Some(arrangement), [Some(a), Some(b), Some(c), Some(d)]) =
        (sex_of(row), midpoint(row), row.name_of("living", &ARRANGEMENTS), shares)
    else {
        return;
    };
    let sum = a + b + c + d;
    if (sum - 1.0).abs() > 0.005 {
        row.fault(
            "none",
            text!("the four shares add to {sum:.4}, not 1", "四个比例之和为 {sum:.4}，不等于 1"),
            Text::new("make none + mild + moderate + severe = 1", "请使 none + mild + moderate + severe = 1"),
        );
        return;
    }
    let Some((_, _, weight)) = weights.iter().find(|(s, at, _)| *s == sex && (at - age).abs() < 0.01) else {
        row.fault(
            "age",
            Text::new("the table of living arrangements has no such sex and age", "居住方式表中没有这一性别和年龄组"),
            Text::new("use the same age groups in both tables", "两张表请用相同的年龄组"),
        );
        return;
    };
    let at = groups[sex].iter().position(|(midpoint, _)| (midpoint - age).abs() < 0.01).unwrap_or_else(|| {
        groups[sex].push((age, [0.0; LEVELS]));
        groups[sex].len() - 1
    });
    for (sum, share) in groups[sex][at].1.iter_mut().zip([a, b, c, d]) {
        *sum += weight[arrangement] * share;
    }
}

fn read_supply(sheet: &Sheet<'_>, site: &Site) -> Vec<Facility> {
    let (areas, projects) = (site.area_ids(), site.project_ids());
    let services = NETWORK.map(|(key, _, _)| key);
    sheet
        .rows()
        .filter_map(|row| {
            let (service, area) = (row.name_of("service", &services), row.name_of("area", &areas));
            let (level, places) = (row.name_of("level", &LEVEL_NAMES), row.count("places"));
            let (opens, closes) = (row.month("opens", f64::NEG_INFINITY), row.month("closes", f64::INFINITY));
            let project = match row.text("project") {
                "" => Some(None),
                _ => row.name_of("project", &projects).map(Some),
            };
            Some(Facility {
                service: service?,
                area: area?,
                level: level?,
                places: places?,
                opens: opens?,
                closes: closes?,
                project: project?,
            })
        })
        .collect()
}

//! What `[elderly]` says, read and checked.

use super::beds::PRICES;
use super::definitions::{self, Definition};
use super::keys::COUNTED_FROM;
use super::leaving::Hazards;
use super::need::{ARRANGEMENTS, Need, Shares};
use super::occupancy::SERVICES;
use super::tables;
use crate::diagnostic::code;
use crate::input::{InputEntry, Section, nearest};
use crate::language::Text;
use crate::metric::Promise;
use crate::queue::line::MOST_POOLS;
use crate::site::Site;
use crate::text;
use crate::uncertainty::{Parameter, Provenance};

/// The services of the network: key, name, whether it is a bed.
pub(super) const NETWORK: [(&str, Text, bool); SERVICES] = [
    ("home_visits", Text::new("home visits", "上门服务"), false),
    ("day", Text::new("day care", "日间照料"), false),
    ("short_stay", Text::new("short stays", "短期托养"), true),
    ("long_stay_general", Text::new("long stay: general", "长期照护：普通"), true),
    ("long_stay_nursing", Text::new("long stay: nursing", "长期照护：护理"), true),
    ("long_stay_dementia", Text::new("long stay: dementia", "长期照护：失智"), true),
    ("meals", Text::new("meals", "助餐"), false),
];

/// Level of moderate need.
const MODERATE: usize = 2;

/// Names of the levels, from home upwards.
pub(super) const LEVEL_NAMES: [&str; 3] = ["station", "subdistrict", "district"];

/// One row of the supply table.
#[derive(Clone, Debug)]
pub(super) struct Facility {
    pub service: usize,
    pub area: usize,
    pub level: usize,
    /// Places that can be used: built, or as many as the staff can look after.
    pub places: u32,
    /// Months since year 0.
    pub opens: f64,
    /// Months since year 0; infinite when it never closes.
    pub closes: f64,
    pub project: Option<usize>,
    /// Price class of beds: 0 basic, 1 ordinary, 2 premium.
    pub price: usize,
}

/// Take-up of one service.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub share: Shares,
    pub take_up: Parameter,
    /// Relative use by living arrangement.
    pub living: [f64; ARRANGEMENTS],
    pub stay: Option<Parameter>,
    pub patience: Option<Parameter>,
    /// Mean months on the list until other care alone, in place of `patience`.
    pub other_care: Option<Parameter>,
    /// Years.
    pub promised_wait: f64,
    pub outside: Parameter,
    pub places_per_carer: Option<f64>,
    /// Hours of care of a user, a week (home visits) or a day (day places).
    pub hours: Option<f64>,
    /// Use by people entitled to insurance benefits, relative to others of the same need.
    pub if_entitled: f64,
    /// Kilometres over which use falls to 1 / e.
    pub decay: Option<f64>,
    /// Probability that a user comes on a day, and the days open a year, where they are the service's own.
    pub attendance: Option<Parameter>,
    pub days: Option<u32>,
}

/// A waiting line of its own.
#[derive(Clone, Debug)]
pub(super) struct Alone {
    pub name: String,
    pub label: Text,
    pub requests: Parameter,
    pub places: u32,
    pub stay: Parameter,
    pub patience: Option<Parameter>,
    /// Yearly hazards by cause, in place of `patience`.
    pub leave_by: Option<Hazards>,
    pub urgent: Parameter,
    /// Of those who find no free place, share who go elsewhere at once.
    pub outside: Parameter,
    /// Number of the line asked when this one is full.
    pub then: Option<usize>,
    pub warm_up: u32,
    pub empty: bool,
}

/// A day-care station of its own.
#[derive(Clone, Debug)]
pub(super) struct Station {
    pub name: String,
    pub label: Text,
    pub enrolled: u32,
    pub places: u32,
    pub attendance: Parameter,
    pub days: u32,
}

/// The network of a scenario with people.
#[derive(Debug)]
pub(super) struct Network {
    pub need: Need,
    pub need_level: Parameter,
    /// What is to be said of the transitions.
    pub moves: Option<Text>,
    /// The definition of need, where it was named.
    pub definition: Option<&'static Definition>,
    /// Level of need from which people count as being in need.
    pub counts_from: usize,
    /// Share in need by the definition, of the district's own.
    pub share_in_need: Option<Parameter>,
    pub uses: Vec<(usize, Use)>,
    pub facilities: Vec<Facility>,
    pub attendance: Parameter,
    pub days: u32,
    pub district_first: Parameter,
    pub returns: Parameter,
    /// Places on whose lists a person stands at most.
    pub most_lists: Option<usize>,
    /// Days until lists strike off who is placed elsewhere or gone, where lists are to be told of.
    pub clearing: Option<Parameter>,
    /// Kilometres.
    pub overflow_within: f64,
    /// Kilometres of the 15-minute circle.
    pub circle: f64,
    pub severe_first: bool,
    /// Share of people with moderate and with severe need who are entitled to insurance benefits.
    pub entitled: [Parameter; 2],
    /// Whether these are of people with local registration, and nobody else is entitled.
    pub registered_only: bool,
    /// Share of people who can pay more than basic prices, and more than ordinary ones, where price classes matter.
    pub can_pay: Option<[f64; 2]>,
}

/// Everything `[elderly]` says.
#[derive(Debug)]
pub(super) struct Spec {
    pub network: Option<Network>,
    pub lines: Vec<Alone>,
    pub stations: Vec<Station>,
    pub tolerated: f64,
    pub promise: Promise,
}

/// Reads the section; `None` when it cannot be used.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Spec> {
    let lines = read_lines(section);
    let stations: Vec<Station> =
        section.named("stations").into_iter().filter_map(|(name, station)| read_station(name, &station)).collect();
    let wants_network = section.has("need") || section.has("supply") || section.has("services");
    if !wants_network && !section.has("lines") && !section.has("stations") {
        section.fault(
            code::MISSING_KEY,
            "need",
            Text::new(
                "[elderly] has neither need, supply and services nor lines nor stations",
                "[elderly] 既无 need、supply、services，也无 lines 或 stations",
            ),
            Text::new(
                "give need, living, supply and services, or [elderly.lines.<name>]",
                "请给出 need、living、supply 与 services，或 [elderly.lines.<名称>]",
            ),
        );
        return None;
    }
    let network = wants_network.then(|| read_network(section, site));
    let (tolerated, promise) = read_promise(section)?;
    let (lines, network) = (lines?, if let Some(network) = network { Some(network?) } else { None });
    Some(Spec { network, lines, stations, tolerated, promise })
}

fn read_promise(section: &Section<'_>) -> Option<(f64, Promise)> {
    let promise = section.section("promise")?;
    let figures = ["unmet_share_at_most", "confidence", "surplus_below"].map(|key| promise.number(key));
    let [Some(tolerated), Some(confidence), Some(surplus_below)] = figures else { return None };
    let served = Promise::percent(1.0 - tolerated);
    let text = text!("{served}% of old people who ask get a place", "{served}% 的申请老人得到服务");
    Some((tolerated, Promise { text, confidence, surplus_below }))
}

fn read_lines(section: &Section<'_>) -> Option<Vec<Alone>> {
    let given = section.named("lines");
    let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() > MOST_POOLS {
        section.fault(
            code::CONTRADICTION,
            "lines",
            text!("there are more than {MOST_POOLS} lines", "队列超过 {MOST_POOLS} 个"),
            Text::new("split the scenario", "请拆分方案"),
        );
        return None;
    }
    // All of them are read before any fault counts.
    let lines: Vec<Option<Alone>> = given.iter().map(|(name, line)| read_line(name.clone(), line, &names)).collect();
    lines.into_iter().collect()
}

fn read_line(name: String, line: &Section<'_>, names: &[&str]) -> Option<Alone> {
    let label = line.label_or(&name);
    let (requests, places) = (line.uncertain("requests_per_year"), line.count("places"));
    let (stay, urgent) = (line.uncertain("stay_months"), line.uncertain("urgent_share"));
    let patience = line.if_given("patience_months", Section::uncertain);
    let (leave_by, outside) = (read_leave_by(line), line.uncertain("outside"));
    let then = line.if_given("overflow_to", |line, key| line.name_of(key, names));
    let (warm_up, start) = (line.count("warm_up_years"), line.choice("start"));
    Some(Alone {
        outside: outside?,
        then: then?,
        name,
        label: label?,
        requests: requests?,
        places: places?,
        stay: stay?,
        patience: patience?,
        leave_by: leave_by?,
        urgent: urgent?,
        warm_up: warm_up?,
        empty: start? == 0,
    })
}

/// Yearly hazards of leaving a line by cause; `Some(None)` where the scenario does not give them.
fn read_leave_by(line: &Section<'_>) -> Option<Option<Hazards>> {
    if !line.has("leave_by") {
        return Some(None);
    }
    refuse_both(line, "patience_months", "leave_by")?;
    let causes = line.section("leave_by")?;
    let hazards = ["death", "recovery", "other_care"].map(|cause| causes.number(cause));
    let [Some(death), Some(recovery), Some(other_care)] = hazards else { return None };
    if death + recovery + other_care > 0.0 {
        return Some(Some([death, recovery, other_care]));
    }
    line.fault(
        code::CONTRADICTION,
        "leave_by",
        Text::new("all hazards are 0, so nobody would leave the list", "各项风险均为 0，则无人退出等候"),
        Text::new("remove `leave_by`, or give a yearly hazard", "请删去 `leave_by`，或给出某一项年风险"),
    );
    None
}

/// Refuses two keys that say how long people wait.
fn refuse_both(section: &Section<'_>, total: &str, by_cause: &str) -> Option<()> {
    if !(section.has(total) && section.has(by_cause)) {
        return Some(());
    }
    section.fault(
        code::CONTRADICTION,
        by_cause,
        text!(
            "`{total}` counts every cause of leaving the list, `{by_cause}` builds it from causes: both are given",
            "`{total}` 已含各种退出原因，`{by_cause}` 则按原因合成，两者不能并存"
        ),
        text!("remove one of the two", "请删去其中之一"),
    );
    None
}

fn read_station(name: String, station: &Section<'_>) -> Option<Station> {
    let label = station.label_or(&name);
    let (enrolled, places) = (station.count("enrolled"), station.count("places"));
    let (attendance, days) = (station.uncertain("attendance"), station.count("days_open"));
    Some(Station { name, label: label?, enrolled: enrolled?, places: places?, attendance: attendance?, days: days? })
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
    // All of it is read before any fault counts.
    let can_pay = read_prices(section);
    let fits = refuse_too_many_areas(section, site, section.has("prices"));
    let need = tables::read_need(section);
    let uses = read_uses(section);
    let supply = require(section, "supply").and_then(|()| section.sheet("supply"));
    let facilities = supply.map(|sheet| tables::read_supply(&sheet, site, uses.as_deref().unwrap_or_default()));
    let need_level = section.uncertain("need_level");
    let (attendance, district_first) = (section.uncertain("attendance"), section.uncertain("district_first"));
    let (returns, severe_first) = (section.uncertain("returns"), section.flag("severe_first"));
    let (days, definition) = (section.count("day_places_open"), read_definition(section));
    let optional = |key: &str| if section.has(key) { section.uncertain(key) } else { None };
    let (share_in_need, clearing) = (optional("share_in_need"), optional("clearing_days"));
    let overflow_within = section.if_given("overflow_kilometres", Section::number);
    let most_lists = section.if_given("lists_at_most", Section::count);
    let circle = section.number("circle_kilometres");
    let entitled = section.section("entitled");
    let registered_only = entitled.as_ref().and_then(|entitled| read_registered_only(entitled, site));
    let entitled = entitled.map(|entitled| (entitled.uncertain("moderate"), entitled.uncertain("severe")));
    debug_assert_eq!(COUNTED_FROM.len() + 1, super::need::LEVELS);
    let ((need, moves), (definition, counts_from), ()) = (need?, definition?, fits?);
    Some(Network {
        need,
        moves,
        need_level: need_level?,
        definition,
        counts_from,
        share_in_need,
        uses: uses?,
        facilities: facilities?,
        attendance: attendance?,
        days: days?,
        district_first: district_first?,
        returns: returns?,
        most_lists: most_lists?.map(|most| most as usize),
        clearing,
        overflow_within: overflow_within?.unwrap_or(f64::INFINITY),
        circle: circle?,
        severe_first: severe_first?,
        entitled: entitled.and_then(|(moderate, severe)| Some([moderate?, severe?]))?,
        registered_only: registered_only?,
        can_pay: can_pay?,
    })
}

fn read_registered_only(section: &Section<'_>, site: &Site) -> Option<bool> {
    let registered_only = section.flag("registered_only")?;
    if registered_only && !site.has_registration {
        section.fault(
            code::CONTRADICTION,
            "registered_only",
            Text::new(
                "only registered people are entitled, but nothing says who is registered",
                "仅本地户籍者可享受待遇，但方案没有给出户籍状况",
            ),
            Text::new("add [people.registration], or remove it", "请加入 [people.registration]，或删去此键"),
        );
        return None;
    }
    Some(registered_only)
}

/// A line over the network holds so many pools.
fn refuse_too_many_areas(section: &Section<'_>, site: &Site, priced: bool) -> Option<()> {
    let (areas, most) = (site.areas.len(), MOST_POOLS / if priced { PRICES } else { 1 } - 1);
    if areas <= most {
        return Some(());
    }
    section.fault(
        code::CONTRADICTION,
        if priced { "prices" } else { "services" },
        text!(
            "elderly care is simulated for up to {most} areas, but the scenario has {areas}",
            "养老服务最多模拟 {most} 个区域，方案有 {areas} 个"
        ),
        Text::new(
            "split the scenario, join areas, or leave [elderly.prices] out",
            "请拆分方案、合并区域，或不写 [elderly.prices]",
        ),
    );
    None
}

/// Shares of people who can pay more than basic and more than ordinary prices; `Some(None)` where prices do not matter.
fn read_prices(section: &Section<'_>) -> Option<Option<[f64; 2]>> {
    if !section.has("prices") {
        return Some(None);
    }
    let prices = section.section("prices")?;
    let (basic, ordinary, premium) = (prices.number("basic"), prices.number("ordinary"), prices.number("premium"));
    let (basic, ordinary, premium) = (basic?, ordinary?, premium?);
    let sum = basic + ordinary + premium;
    if (sum - 1.0).abs() > 0.005 {
        section.fault(
            code::CONTRADICTION,
            "prices",
            text!("the three shares add to {sum:.3}, not 1", "三个比例之和为 {sum:.3}，不等于 1"),
            Text::new("make basic + ordinary + premium = 1", "请使 basic + ordinary + premium = 1"),
        );
        return None;
    }
    Some(Some([ordinary + premium, premium]))
}

/// The definition of need, where it is named, and the mildest level that counts as being in need.
fn read_definition(section: &Section<'_>) -> Option<(Option<&'static Definition>, usize)> {
    let written = if section.has("definition") { Some(section.label("definition")?) } else { None };
    let name = written.filter(|text| text.en == text.zh && definitions::is_name(&text.en));
    let named = name.as_ref().and_then(|name| definitions::named(&name.en));
    if let (Some(name), None) = (&name, named) {
        let (name, known) = (&name.en, definitions::KNOWN.each_ref().map(|d| d.key));
        let list = known.join(", ");
        let remedy = nearest(name, known).map_or_else(
            || {
                text!(
                    "write one of {list}; or describe the table's own in words",
                    "请选 {list} 之一；或用文字说明表自身的口径"
                )
            },
            |meant| text!("did you mean `{meant}`? Known: {list}", "是否想写 `{meant}`？可用：{list}"),
        );
        let message = text!("there is no definition of need «{name}»", "没有名为“{name}”的失能口径");
        section.fault(code::UNKNOWN_CHOICE, "definition", message, remedy);
        return None;
    }
    if let Some(definition) = named {
        let Definition { key, share, source, status, .. } = definition;
        let provenance = Provenance { source: source.clone(), status: *status, defaulted: false };
        section.session.add_input(InputEntry {
            path: section.path_of("definition"),
            shown: Text::name(format!("{key}: {share}")),
            unit: "share",
            provenance,
            span: section.span_of("definition"),
            parameter: None,
        });
    }
    let own = if section.has("counts_as_need") { Some(section.choice("counts_as_need")? + 1) } else { None };
    if let (Some(definition), Some(from)) = (named, own)
        && definition.from != from
    {
        let (key, meant) = (definition.key, COUNTED_FROM[definition.from - 1]);
        section.fault(
            code::CONTRADICTION,
            "counts_as_need",
            text!("{key} counts people from {meant} on", "{key} 口径从 {meant} 起计"),
            text!("remove `counts_as_need`, or write \"{meant}\"", "请删去 `counts_as_need`，或写 \"{meant}\""),
        );
        return None;
    }
    Some((named, own.or(named.map(|d| d.from)).unwrap_or(MODERATE)))
}

/// Notes a fault when a key is not given.
pub(super) fn require(section: &Section<'_>, key: &str) -> Option<()> {
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
        uses.push(read_use(&one).map(|usage| (index, usage)));
    }
    uses.into_iter().collect()
}

fn read_use(one: &Section<'_>) -> Option<Use> {
    let share = [one.number("none"), one.number("mild"), one.number("moderate"), one.number("severe")];
    let living = [one.number("alone"), one.number("couple"), one.number("with_children")];
    let optional = |key: &str| if one.has(key) { one.uncertain(key) } else { None };
    let (stay, patience) = (optional("stay_months"), optional("patience_months"));
    let other_care = optional("other_care_months");
    let in_one_way = refuse_both(one, "patience_months", "other_care_months");
    let (take_up, outside, if_entitled) =
        (one.uncertain("take_up"), one.uncertain("outside"), one.number("if_entitled"));
    let (promised_wait, attendance) = (one.number("promised_wait_months"), optional("attendance"));
    let [places_per_carer, hours, decay] =
        ["places_per_carer", "hours", "distance_decay_kilometres"].map(|key| one.if_given(key, Section::number));
    let days = one.if_given("days_open", Section::count);
    let ([Some(a), Some(b), Some(c), Some(d)], [Some(alone), Some(couple), Some(children)]) = (share, living) else {
        return None;
    };
    in_one_way?;
    Some(Use {
        share: [a, b, c, d],
        take_up: take_up?,
        living: [alone, couple, children],
        stay,
        patience,
        other_care,
        promised_wait: promised_wait? / 12.0,
        outside: outside?,
        places_per_carer: places_per_carer?,
        hours: hours?,
        if_entitled: if_entitled?,
        decay: decay?,
        attendance,
        days: days?,
    })
}

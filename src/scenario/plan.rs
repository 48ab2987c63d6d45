//! The compiled scenario: names became indices and tables became dense grids; immutable and shared by all threads.

use std::path::Path;

use super::analytic_reference::{self, TheoryResult};
use super::building::{self, BuildingTerms};
use super::document::KEYS;
use super::imprint::{self, Imprint};
use super::observed::{self, ObservedSet};
use super::request::Request;
use super::setting::line_of;
use crate::diagnostic::code;
use crate::input::inert_uncertainty::{self, Extent};
use crate::input::value::Value;
use crate::input::{InputEntry, LoadSession, Section};
use crate::language::Text;
use crate::metric::Catalogue;
use crate::population::{self, PeopleModel};
use crate::services::ROSTER;
use crate::services::service::{Service, ServiceKind};
use crate::site::{self, Site};
use crate::text;
use crate::uncertainty::{Parameters, Provenance, Status};

/// Everything a replication needs, and what reports say about it.
#[derive(Debug)]
pub struct Plan {
    /// Short name for folders: the file's, or its folder's when the file is called `scenario.toml`.
    pub name: String,
    /// Name of the scenario.
    pub label: Text,
    /// What it is about.
    pub description: Option<Text>,
    /// Who stands behind it.
    pub imprint: Imprint,
    /// Hash (BLAKE3, hexadecimal) of all files read and of the years asked for.
    pub hash: String,
    /// Keys that were set beside the file, as lines of TOML.
    pub settings: Vec<String>,
    /// Areas, years, projects.
    pub site: Site,
    /// First reported year that is shown; all are simulated.
    pub shown_from: i32,
    /// The parameters.
    pub parameters: Parameters,
    /// The inputs in the order of reading.
    pub inputs: Vec<InputEntry>,
    /// What is measured.
    pub catalogue: Catalogue,
    /// The people, if the scenario has any.
    pub people: Option<PeopleModel>,
    /// Figures that were counted, to hold the run against.
    pub observed: Vec<ObservedSet>,
    /// Results that theory gives, to hold the run against.
    pub theory: Vec<TheoryResult>,
    /// How places are built.
    pub building: BuildingTerms,
    /// What the planner calls the sections that have a label, by path.
    pub names: Vec<(String, Text)>,
    /// The services it has.
    pub services: Vec<(&'static ServiceKind, Box<dyn Service>)>,
}

/// Compiles a document; `None` when it has faults, which are all noted.
pub(super) fn compile(session: &LoadSession, path: &Path, document: &Value, request: Request) -> Option<Plan> {
    let root = Section::open(session, String::new(), document, KEYS.as_slice())?;
    let label = root.label("label");
    let site = read_site(&root, request.years)?;
    let mut catalogue = Catalogue::new(site.areas.len(), site.reported_years());
    let people = root.section("people").map(|section| population::read(&section, &site, &mut catalogue));
    let mut services = Vec::new();
    let mut wanted = 0;
    for kind in ROSTER {
        if let Some(section) = root.section(kind.name) {
            wanted += 1;
            services.extend((kind.read)(&section, &site, &mut catalogue).map(|service| (*kind, service)));
        }
    }
    let observed = observed::read(&root, &site, &catalogue);
    let building = building::read(&root, &catalogue, services.len() == wanted);
    // A service with faults has no metrics to be named.
    let theory = if services.len() == wanted { analytic_reference::read(&root, &site, &catalogue) } else { Vec::new() };
    if people.is_none() && wanted == 0 && !session.diagnostics.has_syntax_errors() {
        let known = ROSTER.iter().map(|k| format!("[{}]", k.name)).collect::<Vec<_>>().join(", ");
        session.diagnostics.error(
            code::MISSING_KEY,
            root.span,
            Text::new("the scenario has neither people nor services", "方案既无人口也无服务"),
            text!("add [people] or one of {known}", "请加入 [people] 或 {known} 之一"),
        );
    }
    note_what_cannot_act(session, &root, &site);
    if session.diagnostics.errors() > 0 {
        return None;
    }
    let parameters = Parameters::new(session.parameters(), site.first_year, site.years(), &site.area_ids());
    let mut people = people.flatten();
    let mut inputs = session.inputs();
    if let Some(model) = people.as_mut().filter(|model| !model.control_totals.is_empty()) {
        inputs.extend(root.section("people").into_iter().flat_map(|s| alignment(model, &s, &parameters)));
    }
    if session.diagnostics.errors() > 0 {
        return None;
    }
    session.add_to_hash("years", format!("{}..{}", site.start, site.end).as_bytes());
    Some(Plan {
        name: name_of(path),
        label: label?,
        description: root.label("description"),
        imprint: imprint::read(&root),
        hash: session.hash(),
        settings: request.settings.into_iter().map(|typed| line_of(&typed)).collect(),
        inputs,
        parameters,
        shown_from: request.years.map_or(site.start, |(from, _)| from),
        site,
        catalogue,
        people,
        observed,
        theory,
        building: building?,
        names: session.names(),
        services,
    })
}

/// Warns of doubt that cannot act and, where the scenario is sound, of projects and figures that cannot be meant so.
fn note_what_cannot_act(session: &LoadSession, root: &Section<'_>, site: &Site) {
    let extent = Extent { first: site.first_year, last: site.end, areas: site.areas.len() };
    inert_uncertainty::note_idle(session, extent);
    if session.diagnostics.errors() == 0 {
        site::note_without_places(root, &site.projects, &session.projects_named());
        note_made_up(session);
    }
}

/// What the sources of the figures say that `civicap new` makes up.
const MADE_UP: [&str; 2] = ["made up for this starter", "入门示例，编造"];

/// Warns once of figures that `civicap new` made up and nobody has replaced.
fn note_made_up(session: &LoadSession) {
    let inputs = session.inputs();
    let is_made_up = |input: &&InputEntry| {
        let source = &input.provenance.source;
        MADE_UP.iter().any(|words| source.en.contains(words) || source.zh.contains(words))
    };
    let mut made_up = inputs.iter().filter(is_made_up);
    let Some(first) = made_up.next() else { return };
    let count = 1 + made_up.count();
    session.diagnostics.warn(
        code::CAUTION,
        first.span,
        text!(
            "{count} figures and tables are still those that `civicap new` made up",
            "仍有 {count} 项数字或数据表是 `civicap new` 编造的示例"
        ),
        Text::new(
            "put the district's own in their place, with their source; until then results are an example",
            "请换成本区数据并写明出处；在此之前结果仅为示例",
        ),
    );
}

/// Aligns the people to what is known of them; the factors are derived inputs.
fn alignment(people: &mut PeopleModel, section: &Section<'_>, parameters: &Parameters) -> Vec<InputEntry> {
    let entry = |(year, shown): (i32, String)| InputEntry {
        path: format!("{} {year}", section.path_of("control_totals")),
        shown: Text::name(shown),
        unit: "factors",
        provenance: Provenance {
            source: Text::new(
                "solved once: the mean of the model meets the known totals",
                "一次求解，使模型均值与已知总数一致",
            ),
            status: Status::Derived,
            defaulted: false,
        },
        span: section.span_of("control_totals"),
        parameter: None,
    };
    population::align(people, section, parameters).into_iter().map(entry).collect()
}

fn read_site(root: &Section<'_>, shown: Option<(i32, i32)>) -> Option<Site> {
    let horizon = root.section("horizon");
    let years = horizon.as_ref().and_then(site::read_horizon);
    let areas = site::read_areas(root.section("areas").as_ref());
    let projects = site::read_projects(root, years.map(|years| site::Years { first: years.base, last: years.end }));
    let common_delay =
        root.section("openings").filter(|s| s.has("delay_months")).and_then(|s| s.uncertain("delay_months"));
    // A faulty horizon is noted; any years will do to find the faults of the sections that follow.
    let site::Horizon { base: first_year, start, mut end } =
        years.unwrap_or(site::Horizon { base: 2000, start: 2000, end: 2000 });
    let areas = areas?;
    if let Some((from, to)) = shown {
        if from < start || to > end || from > to {
            let span = horizon.map_or(root.span, |h| h.span);
            root.session.diagnostics.error(
                code::OUT_OF_RANGE,
                span,
                text!(
                    "the years {from}..{to} are not within {start}..{end}",
                    "年份 {from}..{to} 不在 {start}..{end} 之内"
                ),
                text!("ask for --years within {start}..{end}", "请用 --years 指定 {start}..{end} 之内的年份"),
            );
            return None;
        }
        // Years before `from` are simulated all the same, so that a year's numbers do not depend on which are shown.
        end = to;
    }
    let (has_people, has_registration) = (root.has("people"), root.has_within("people", "registration"));
    let site::Areas { list: areas, map, distance } = areas;
    Some(Site { areas, map, distance, first_year, start, end, projects, common_delay, has_people, has_registration })
}

fn name_of(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path
        .canonicalize()
        .ok()
        .and_then(|p| p.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()));
    match (stem.as_str(), folder) {
        ("scenario", Some(folder)) => folder,
        (_, Some(folder)) => format!("{folder}-{stem}"),
        _ => stem,
    }
}

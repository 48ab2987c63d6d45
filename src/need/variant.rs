//! A plan with more places, as the files that a planner can run: a scenario that extends another, and a table of further rows for
//! each service.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::input::plain_cells as plain;
use crate::language::Text;
use crate::scenario::{FORMAT, Plan, table_text};
use crate::services::service::{BuildingUnit, GrowthPoint, Written};
use crate::text;

/// Name of the table of further rows of a service, and its key.
const KEY: &str = "additional_supply";

/// So many units more at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Position of the point.
    pub point: usize,
    /// Units.
    pub units: u32,
    /// Year in which they open; `None` for those that stand from the first.
    pub opens: Option<i32>,
}

/// A plan with more places.
#[derive(Clone, Copy, Debug)]
pub struct Grown<'a> {
    /// The plan as it is.
    pub plan: &'a Plan,
    /// Where places can be added.
    pub points: &'a [GrowthPoint],
    /// What is added.
    pub additions: &'a [Addition],
}

/// The scenario that variants extend.
#[derive(Clone, Debug)]
pub struct Base {
    /// Its file.
    pub path: PathBuf,
    /// The folder of its variants.
    pub folder: PathBuf,
    /// Its name in its own folder.
    name: String,
    /// Further rows that it has already, by service.
    rows: BTreeMap<&'static str, String>,
    /// What the keys of new facilities and projects begin with.
    prefix: String,
}

/// The files of a variant.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The scenario.
    pub scenario: String,
    /// Tables by their names.
    pub tables: Vec<(String, String)>,
}

impl Base {
    /// The scenario at `path`, with variants in the folder of this name beside it.
    pub fn new(path: &Path, folder: &str, plan: &Plan) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let rows = plan.services.iter().filter_map(|(kind, _)| Some((kind.name, table_text(path, kind.name, KEY)?)));
        let taken = |prefix: &str| plan.site.projects.iter().any(|project| project.id.starts_with(prefix));
        let prefixes = std::iter::once("need_".to_owned()).chain((2..).map(|round| format!("need{round}_")));
        Self {
            folder: path.parent().unwrap_or_else(|| Path::new("")).join(folder),
            path: path.to_owned(),
            name,
            rows: rows.collect(),
            prefix: prefixes.into_iter().find(|prefix| !taken(prefix)).unwrap_or_default(),
        }
    }

    /// The files of a plan with more places, for the folder of variants. Tables are named after `stem` and the service.
    pub fn variant(&self, grown: Grown<'_>, stem: &str, label: &Text) -> Variant {
        self.extending(&format!("../{}", self.name), grown, stem, label)
    }

    /// The same beside the scenario itself, where its folder of variants need not exist yet.
    pub(super) fn beside(&self, grown: Grown<'_>, stem: &str) -> Variant {
        self.extending(&self.name, grown, stem, &Text::new("trial", "试算"))
    }

    fn extending(&self, extends: &str, grown: Grown<'_>, stem: &str, label: &Text) -> Variant {
        let Grown { plan, points, additions } = grown;
        let mut scenario = format!("format = {FORMAT}\nextends = {}\n", quoted(extends));
        scenario.push_str(&format!("label = {}\n", labelled(label)));
        let excluded: Vec<String> =
            plan.site.projects.iter().filter(|project| project.left_out).map(|project| quoted(&project.id)).collect();
        if !excluded.is_empty() {
            // Named one by one, so that "all" does not leave out what is added.
            scenario.push_str(&format!("exclude_projects = [{}]\n", excluded.join(", ")));
        }
        let built = || additions.iter().filter(|addition| addition.units > 0);
        for addition in built() {
            scenario.push_str(&self.project(&points[addition.point], *addition));
        }
        let mut tables = Vec::new();
        for (service, _) in &plan.services {
            let own = |addition: &&Addition| plan.catalogue.block(points[addition.point].block).service == service.name;
            let own: Vec<&Addition> = built().filter(own).collect();
            for (point, addition) in own.iter().map(|addition| (&points[addition.point], **addition)) {
                scenario.push_str(&number(service.name, point, addition));
            }
            if let Some(table) = self.table(service.name, points, &own) {
                let name = format!("{stem}-{}.csv", service.name);
                scenario.push_str(&format!("\n[{}]\n{KEY} = {}\n", service.name, quoted(&name)));
                tables.push((name, table));
            }
        }
        Variant { scenario, tables }
    }

    /// The project of places that open on a date; nothing for those that stand.
    fn project(&self, point: &GrowthPoint, addition: Addition) -> String {
        let (Some(year), Written::Row { .. }) = (addition.opens, &point.written) else { return String::new() };
        let (key, label) = (quoted(&format!("{}{}", self.prefix, point.key)), labelled(&added(point, addition.units)));
        let month = opening_month(point.unit);
        format!("\n[projects.{key}]\nlabel = {label}\nopens = {year}-{month:02}-01\n")
    }

    /// The further rows of a service: those of the scenario that is extended, then the new ones.
    fn table(&self, service: &str, points: &[GrowthPoint], additions: &[&Addition]) -> Option<String> {
        let mut rows = Vec::new();
        for addition in additions {
            let point = &points[addition.point];
            let Written::Row { facility, cells, counted, standing } = &point.written else { continue };
            let (key, label) = (format!("{}{}", self.prefix, point.key), added(point, addition.units));
            let mut row: Vec<(String, String)> = Vec::new();
            let mut cell = |column: &str, text: String| row.push((column.to_owned(), text));
            cell("facility", facility.clone().unwrap_or_else(|| key.clone()));
            if facility.is_none() {
                cell("label_zh", label.zh.to_string());
                cell("label_en", label.en.to_string());
            }
            cells.iter().for_each(|(column, text)| cell(column, text.clone()));
            cell(counted, addition.units.to_string());
            match addition.opens {
                Some(_) => cell("project", key),
                None => standing.iter().for_each(|(column, text)| cell(column, text.clone())),
            }
            rows.push(row);
        }
        if rows.is_empty() {
            return None;
        }
        let (mut headings, old) = self.rows.get(service).map(|text| plain::rows(text)).unwrap_or_default();
        for (column, _) in rows.iter().flatten() {
            if !headings.contains(column) {
                headings.push(column.clone());
            }
        }
        let mut text = "# source: civicap need\n# status: assumed\n".to_owned();
        let mut line = |cells: Vec<&str>| {
            text.push_str(&format!("{}\n", cells.into_iter().map(plain::cell).collect::<Vec<_>>().join(",")));
        };
        line(headings.iter().map(String::as_str).collect());
        for row in &old {
            line((0..headings.len()).map(|at| row.get(at).map_or("", String::as_str)).collect());
        }
        for row in &rows {
            let of = |heading: &String| row.iter().find(|(column, _)| column == heading).map_or("", |(_, text)| text);
            line(headings.iter().map(of).collect());
        }
        Some(text)
    }
}

/// The month in which places open: classes with the school year.
pub(super) const fn opening_month(unit: BuildingUnit) -> u32 {
    match unit {
        BuildingUnit::Class => 9,
        BuildingUnit::Bed | BuildingUnit::Place => 1,
    }
}

/// The key of places that are a number.
fn number(service: &str, point: &GrowthPoint, addition: Addition) -> String {
    let Written::Number { path, now } = &point.written else { return String::new() };
    let Some((key, sections)) = path.split_last() else { return String::new() };
    let section = sections.iter().map(|name| format!(".{}", quoted(name))).collect::<String>();
    format!("\n[{service}{section}]\n{key} = {}\n", now + addition.units)
}

/// What is added, in words.
fn added(point: &GrowthPoint, units: u32) -> Text {
    let (en, zh) = (&point.label.en, &point.label.zh);
    let unit = point.unit.label();
    let (unit_en, unit_zh) = (&unit.en, &unit.zh);
    text!("{en}: {units} more {unit_en}", "{zh}增设{units}{unit_zh}")
}

/// A text as TOML writes it; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn labelled(label: &Text) -> String {
    format!("{{ zh = {}, en = {} }}", quoted(&label.zh), quoted(&label.en))
}

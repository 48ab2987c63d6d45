//! The building projects of a plan: when they open, how late they may be, and whether they are built.

use std::collections::BTreeSet;

use crate::dates::Day;
use crate::diagnostic::{Finding, code};
use crate::input::{KeyDef, Section, ValueKind, first_of, nearest};
use crate::language::Text;
use crate::text;
use crate::uncertainty::Parameter;

/// One building project: what all its facilities have in common is when it opens and whether it is built.
#[derive(Clone, Debug)]
pub struct Project {
    /// Key in tables.
    pub id: String,
    /// Name.
    pub label: Text,
    /// Planned opening, months since year 0.
    pub opens: f64,
    /// Its own delay in months.
    pub delay: Option<Parameter>,
    /// Whether the plan without it is asked for.
    pub left_out: bool,
}

impl Project {
    /// The day on which it opens by plan; before all days where its date could not be read.
    pub fn opens_on(&self) -> Day {
        Day::from_moment(self.opens)
    }
}

/// Keys of one project.
pub const PROJECT: &[KeyDef] = &[
    KeyDef::required("label", ValueKind::Label, "", "name of the project", "项目名称"),
    KeyDef::required("opens", ValueKind::Date, "date", "planned opening", "计划启用日期"),
    KeyDef::optional(
        "delay_months",
        ValueKind::Uncertain(-24.0, 240.0),
        "months",
        "delay of this project beyond the common one",
        "本项目在共同延期之外的延期",
    ),
];

/// What means every project.
const ALL: &str = "all";

/// So many projects are searched for a name that was meant.
const FEW_PROJECTS: usize = 200;

/// Most projects of a plan.
const MOST_PROJECTS: usize = 2_000;

/// Whether a project without a label has nearly the name of another: a variant that meant to change that one.
fn is_misspelt(section: &Section<'_>, id: &str, ids: &[String]) -> bool {
    let others = ids.iter().map(String::as_str).filter(|other| *other != id);
    let Some(meant) = nearest(id, others) else { return false };
    section.session.diagnostics.error(
        code::UNKNOWN_NAME,
        section.span,
        text!("there is no project «{id}» to change", "没有名为“{id}”的项目可供修改"),
        text!(
            "did you mean [projects.{meant}]? If it is a new one, add `label = ...`",
            "是否想写 [projects.{meant}]？若是新增项目，请补上 `label = ...`"
        ),
    );
    true
}

/// Years that are simulated, both included.
#[derive(Clone, Copy, Debug)]
pub struct Years {
    /// The first.
    pub first: i32,
    /// The last.
    pub last: i32,
}

/// Reads the projects; `exclude_projects` names those to be left out (`"all"` for every one). Each that would open before or
/// after all years is warned of.
pub fn read(root: &Section<'_>, years: Option<Years>) -> Vec<Project> {
    let named = root.named("projects");
    // Among very many names nobody looks for the one that was meant: it takes time with the square of their number.
    let few = if named.len() <= FEW_PROJECTS { named.as_slice() } else { &[] };
    let ids: Vec<String> = few.iter().map(|(id, _)| id.clone()).collect();
    let read = named.into_iter().filter_map(|(id, section)| read_project(&section, id, &ids, years));
    let mut projects: Vec<Project> = read.collect();
    if projects.len() > MOST_PROJECTS {
        root.error("projects", too_many(projects.len()));
        return projects;
    }
    leave_out(root, &mut projects);
    projects
}

fn read_project(section: &Section<'_>, id: String, ids: &[String], years: Option<Years>) -> Option<Project> {
    let delay = section.has("delay_months").then(|| section.uncertain("delay_months")).flatten();
    if !section.has("label") && is_misspelt(section, &id, ids) {
        return None;
    }
    if id == ALL {
        section.session.diagnostics.refuse(section.span, reserved());
    }
    // A faulty project keeps its name, so that facilities that belong to it are not at fault as well.
    let label = section.label("label").unwrap_or_else(|| Text::name(id.clone()));
    let opens = section.month("opens");
    if let (Some(opens), Some(years)) = (opens, years) {
        note_outside(section, &id, opens, years);
    }
    let opens = opens.unwrap_or(f64::NAN);
    Some(Project { id, label, opens, delay, left_out: false })
}

/// Marks the projects that `exclude_projects` names.
fn leave_out(root: &Section<'_>, projects: &mut [Project]) {
    for (name, span) in root.names("exclude_projects").unwrap_or_default() {
        let mut found = name == ALL;
        for project in projects.iter_mut().filter(|project| name == ALL || project.id == name) {
            project.left_out = true;
            found = true;
        }
        if !found {
            let list = first_of(&projects.iter().map(|project| project.id.as_str()).collect::<Vec<_>>());
            root.session.diagnostics.refuse(span, unknown(&name, &list));
        }
    }
}

/// A project that opened before the people are counted is most likely a year mistyped, or no plan any more; one that opens after
/// the last year changes nothing.
fn note_outside(section: &Section<'_>, id: &str, opens: f64, years: Years) {
    if opens < f64::from(years.first * 12) {
        section.warn("opens", opens_before(id, years.first));
    } else if opens >= f64::from((years.last + 1) * 12) {
        section.warn("opens", opens_after(id, years.last));
    }
}

/// Warns of projects that no table of facilities names, `named` being the positions of those that some row does: they bring and
/// take no places.
pub fn note_without_places(root: &Section<'_>, projects: &[Project], named: &BTreeSet<usize>) {
    for (_, project) in projects.iter().enumerate().filter(|(at, _)| !named.contains(at)) {
        let span = root.span_within("projects", &project.id);
        root.session.diagnostics.caution(span, without_places(&project.id));
    }
}

fn too_many(count: usize) -> Finding {
    Finding {
        code: code::CONTRADICTION,
        message: text!("{count} projects are more than {MOST_PROJECTS}", "项目 {count} 个，超过 {MOST_PROJECTS} 个"),
        remedy: Text::new("join projects that open together", "请合并同时启用的项目"),
    }
}

fn reserved() -> Finding {
    Finding {
        code: code::UNKNOWN_NAME,
        message: Text::new(
            "no project can be called `all`: that word means every project",
            "项目不能命名为 `all`：该词表示所有项目",
        ),
        remedy: Text::new(
            "give it another name, here and in the tables of facilities",
            "请在此处和设施表中改用其他名称",
        ),
    }
}

fn unknown(name: &str, list: &str) -> Finding {
    Finding {
        code: code::UNKNOWN_NAME,
        message: text!("there is no project «{name}»", "没有名为“{name}”的项目"),
        remedy: if list.is_empty() {
            Text::new("delete the name: the scenario has no projects", "请删去：方案中没有项目")
        } else {
            text!("write one of: {list}; or \"all\"", "请从下列中选：{list}；或写 \"all\"")
        },
    }
}

fn opens_before(id: &str, first: i32) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "project «{id}» is to open before {first}, the first year",
            "项目“{id}”的启用日期早于推算首年 {first} 年"
        ),
        remedy: Text::new(
            "correct the date; what is open already stands in the tables of facilities without a project",
            "请改正日期；已启用的设施直接写入设施表，不写项目代码",
        ),
    }
}

fn opens_after(id: &str, last: i32) -> Finding {
    Finding {
        code: code::CAUTION,
        message: text!(
            "project «{id}» is to open after {last}, the last year: it changes nothing",
            "项目“{id}”的启用日期晚于末年 {last} 年，对结果没有影响"
        ),
        remedy: Text::new("correct the date, or let [horizon] end later", "请改正日期，或推迟 [horizon] 的末年"),
    }
}

fn without_places(id: &str) -> Finding {
    Finding {
        code: code::IDLE,
        message: text!(
            "project «{id}» brings no places: no row of a table names it",
            "项目“{id}”不带来任何位数：没有一行设施数据引用它"
        ),
        remedy: text!(
            "write `{id}` in the column `project` of its facilities, or delete the project",
            "请在其设施所在行的 `project` 列写 `{id}`，或删去该项目"
        ),
    }
}

//! Reading the table of facilities.

use crate::input::{Row, Section, parse_month};
use crate::language::Text;
use crate::site::Site;
use crate::text;

use super::model::Stage;
use super::stage::ALL;
use super::supply::{Facility, Opens};

const SECTORS: [&str; 2] = ["public", "private"];

/// The facilities of each stage, in the order of `stages`; `None` when the table cannot be used.
pub(super) fn read(section: &Section<'_>, site: &Site, stages: &[Stage]) -> Option<Vec<Vec<Facility>>> {
    let sheet = section.sheet("supply")?;
    let ids: Vec<&str> = stages.iter().map(|stage| ALL[stage.demand.stage].id).collect();
    let mut facilities: Vec<Vec<Facility>> = stages.iter().map(|_| Vec::new()).collect();
    let mut seen: Vec<String> = Vec::new();
    for row in sheet.rows() {
        let name = row.text("facility");
        if name.is_empty() || seen.iter().any(|other| other == name) {
            row.fault(
                "facility",
                text!("the facility key «{name}» is empty or given twice", "设施代码“{name}”为空或重复"),
                Text::new("give every row its own key", "每行须有唯一代码"),
            );
        }
        seen.push(name.to_owned());
        let stage = row.name_of("stage", &ids);
        let staged = stage.is_some_and(|at| stages[at].supply.staged_opening);
        if let (Some(at), Some(facility)) = (stage, read_row(&row, site, staged)) {
            facilities[at].push(facility);
        }
    }
    Some(facilities)
}

fn read_row(row: &Row<'_>, site: &Site, staged: bool) -> Option<Facility> {
    let area = row.name_of("area", &site.area_ids());
    let sector = row.name_of("sector", &SECTORS);
    let classes = row.count("classes");
    let class_size = if row.text("class_size").is_empty() { Some(None) } else { row.count("class_size").map(Some) };
    let (opens, closes) = (month(row, "opens"), month(row, "closes"));
    let staged = match row.text("opening") {
        "" => Some(staged),
        _ => row.name_of("opening", &["staged", "whole"]).map(|choice| choice == 0),
    };
    let project = match row.text("project") {
        "" => Some(None),
        _ => row.name_of("project", &site.project_ids()).map(Some),
    };
    let opens = match (project?, opens?) {
        (Some(project), planned) => Opens::With { project, planned: planned.unwrap_or(site.projects[project].opens) },
        (None, Some(month)) => Opens::At(month),
        (None, None) => Opens::Before,
    };
    Some(Facility {
        area: area?,
        private: sector? == 1,
        classes: classes?,
        class_size: class_size?,
        opens,
        closes: closes?.unwrap_or(f64::INFINITY),
        staged: staged?,
    })
}

/// The month of a cell; inside, `None` when the cell is empty.
#[expect(clippy::option_option, reason = "a fault and an empty cell are not the same")]
fn month(row: &Row<'_>, column: &str) -> Option<Option<f64>> {
    let written = row.text(column);
    if written.is_empty() {
        return Some(None);
    }
    let month = parse_month(written);
    if month.is_none() {
        row.fault(
            column,
            text!("`{column}` = «{written}» is not a date", "`{column}` =“{written}”不是日期"),
            Text::new("write a date such as 2025-09-01, or leave the cell empty", "请写 2025-09-01 这样的日期，或留空"),
        );
    }
    month.map(Some)
}

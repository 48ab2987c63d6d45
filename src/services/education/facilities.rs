//! Reading the table of facilities.

use crate::input::{Row, Section, parse_month};
use crate::language::Text;
use crate::random::Purpose;
use crate::site::Site;
use crate::text;

use super::nearness::Spot;
use super::stage::ALL;
use super::supply::{Facility, Opens, Supply};

const CLOSURES: Purpose = Purpose::named("education.private-closures");

const SECTORS: [&str; 2] = ["public", "private"];

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) struct FacilityRow {
    /// Position of its stage among all stages.
    pub(super) stage: usize,
    facility: Facility,
    /// Whether the row itself says that it opens in stages or as a whole.
    staged: Option<bool>,
}

impl FacilityRow {
    /// Where it stands.
    pub(super) const fn spot(&self) -> Option<Spot> {
        self.facility.spot
    }

    /// The facility, with what its stage says where the row is silent.
    pub(super) fn of(self, supply: &Supply) -> Facility {
        Facility { staged: self.staged.unwrap_or(supply.staged_opening), ..self.facility }
    }
}

/// The facilities of the stages that the scenario has; `None` when the table cannot be used.
pub(super) fn read(section: &Section<'_>, site: &Site, present: &[usize]) -> Option<Vec<FacilityRow>> {
    let sheet = section.sheet("supply")?;
    let ids: Vec<&str> = present.iter().map(|at| ALL[*at].id).collect();
    let mut facilities = Vec::new();
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
        facilities.extend(stage.and_then(|at| read_row(&row, site, present[at])));
    }
    Some(facilities)
}

fn read_row(row: &Row<'_>, site: &Site, stage: usize) -> Option<FacilityRow> {
    let area = row.name_of("area", &site.area_ids());
    let sector = row.name_of("sector", &SECTORS);
    let classes = row.count("classes");
    let class_size = if row.text("class_size").is_empty() { Some(None) } else { row.count("class_size").map(Some) };
    let spot = Spot::read(row);
    let (opens, closes, reopens) = (month(row, "opens"), month(row, "closes"), month(row, "reopens"));
    let staged = match row.text("opening") {
        "" => Some(None),
        _ => row.name_of("opening", &["staged", "whole"]).map(|choice| Some(choice == 0)),
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
    let (closes, reopens) = (closes?.unwrap_or(f64::INFINITY), reopens?.unwrap_or(f64::INFINITY));
    if reopens.is_finite() && reopens <= closes {
        row.fault(
            "reopens",
            Text::new("it opens again before it closes", "重新启用早于停用"),
            Text::new(
                "give the date of closing in `closes`, and a later one in `reopens`",
                "请在 `closes` 写停用日期，在 `reopens` 写更晚的日期",
            ),
        );
        return None;
    }
    let facility = Facility {
        area: area?,
        private: sector? == 1,
        classes: classes?,
        class_size: class_size?,
        opens,
        closes,
        reopens,
        staged: false,
        spot: spot?,
        closures: CLOSURES.and(ALL[stage].id).and(row.text("facility")),
    };
    Some(FacilityRow { stage, facility, staged: staged? })
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

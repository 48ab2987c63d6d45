//! Where and when: areas with their neighbours, the years, and the building projects of the plan.

mod neighbours;
mod projects;

use std::collections::BTreeSet;

pub use projects::{PROJECT, Project, Years, note_without_places, read as read_projects};

use crate::diagnostic::code;
use crate::input::{Column, Condition, FORMULA, KeyDef, Names, Outlines, Row, Section, Sheet, ValueKind};
use crate::language::Text;
use crate::text;
use crate::uncertainty::{Parameter, ParameterDraw};

/// A subdistrict, or the only area of a small scenario.
#[derive(Clone, Debug)]
pub struct Area {
    /// Key in tables.
    pub id: String,
    /// Name.
    pub label: Text,
    /// Column and row on the schematic map, if given.
    pub tile: Option<(u32, u32)>,
}

/// Areas, years and projects of a scenario.
#[derive(Clone, Debug)]
pub struct Site {
    /// The areas.
    pub areas: Vec<Area>,
    /// Outlines of the areas, in their order, if the scenario gives a map.
    pub map: Option<Outlines>,
    /// Kilometres from area to area along neighbours (row-major); infinite where no way is known.
    pub distance: Vec<f64>,
    /// First simulated year; years before `start` only carry the people forward.
    pub first_year: i32,
    /// First reported year.
    pub start: i32,
    /// Last reported year.
    pub end: i32,
    /// The projects.
    pub projects: Vec<Project>,
    /// Delay in months common to all projects.
    pub common_delay: Option<Parameter>,
    /// Whether the scenario has people; without them every service needs its demand given directly.
    pub has_people: bool,
    /// Whether its people tell residents with local registration from others.
    pub has_registration: bool,
}

impl Site {
    /// Number of simulated years.
    pub const fn years(&self) -> usize {
        (self.end - self.first_year + 1) as usize
    }

    /// Number of reported years.
    pub const fn reported_years(&self) -> usize {
        (self.end - self.start + 1) as usize
    }

    /// Simulated years before the first reported one.
    pub const fn lead_years(&self) -> usize {
        (self.start - self.first_year) as usize
    }

    /// The keys of the areas.
    pub fn area_ids(&self) -> Vec<&str> {
        self.areas.iter().map(|a| a.id.as_str()).collect()
    }

    /// The keys of the projects.
    pub fn project_ids(&self) -> Vec<&str> {
        self.projects.iter().map(|p| p.id.as_str()).collect()
    }

    /// The keys of the areas, to be looked up.
    pub fn area_names(&self) -> Names {
        Names::new(self.area_ids())
    }

    /// The keys of the projects, to be looked up.
    pub fn project_names(&self) -> Names {
        Names::new(self.project_ids())
    }

    /// Kilometres between two areas; infinite where no way is known.
    pub fn kilometres(&self, from: usize, to: usize) -> f64 {
        self.distance[from * self.areas.len() + to]
    }

    /// The other areas, nearest first (ties in the order of their keys), where a way is known.
    pub fn by_nearness(&self, from: usize) -> Vec<usize> {
        let mut others: Vec<usize> =
            (0..self.areas.len()).filter(|&to| to != from && self.kilometres(from, to).is_finite()).collect();
        others.sort_by(|&a, &b| {
            let nearer = self.kilometres(from, a).total_cmp(&self.kilometres(from, b));
            nearer.then_with(|| self.areas[a].id.cmp(&self.areas[b].id))
        });
        others
    }

    /// When a project opens on this path, in months since year 0; infinite when it is left out.
    pub fn opening(&self, project: usize, draw: &ParameterDraw) -> f64 {
        let project = &self.projects[project];
        if project.left_out {
            return f64::INFINITY;
        }
        let delay = |parameter: Option<Parameter>| parameter.map_or(0.0, |p| draw.value(p));
        project.opens + delay(self.common_delay) + delay(project.delay)
    }

    /// By how many months a project is late on this path; `None` when it is left out.
    pub fn delay(&self, project: usize, draw: &ParameterDraw) -> Option<f64> {
        let project = &self.projects[project];
        let delay = |parameter: Option<Parameter>| parameter.map_or(0.0, |p| draw.value(p));
        (!project.left_out).then(|| delay(self.common_delay) + delay(project.delay))
    }
}

const AREA_COLUMNS: &[Column] = &[
    Column::required("id", "key of the area in tables", "区域代码（供各表引用）"),
    Column::required("label_zh", "Chinese name", "中文名称"),
    Column::required("label_en", "English name", "英文名称"),
    Column::optional("column", "column on the schematic map", "示意图中的列"),
    Column::optional("row", "row on the schematic map", "示意图中的行"),
];

macro_rules! census_columns {
    ($($age:literal),*) => {
        /// Ages of a census table with a row for each area, in the order of [`CENSUS_COLUMNS`].
        pub const CENSUS_AGES: &[&str] = &[$($age),*];

        /// Columns of a census table with a row for each area: its code and name, men by age group, women by age group.
        pub const CENSUS_COLUMNS: &[Column] = &[
            Column::required("code", "key of the area", "区划代码"),
            Column::required("name", "its name", "名称"),
            Column::optional("province", "its province (not used)", "省（不用）"),
            Column::optional("city", "its city (not used)", "市（不用）"),
            $(Column::required(concat!("m", $age), concat!("men and boys, ", $age), concat!("男 ", $age, "岁")),)*
            $(Column::required(concat!("f", $age), concat!("women and girls, ", $age), concat!("女 ", $age, "岁")),)*
        ];
    };
}

census_columns!(
    "0", "1-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59",
    "60-64", "65-69", "70-74", "75-79", "80-84", "85+"
);

/// Keys of `[areas]`.
pub const AREAS: &[KeyDef] = &[
    KeyDef::optional("table", ValueKind::Csv(AREA_COLUMNS), "", "the areas", "区域表"),
    KeyDef::optional(
        "census",
        ValueKind::Csv(CENSUS_COLUMNS),
        "",
        "instead of `table`: a census table with a row for each area",
        "代替 table：每个区域一行的普查表",
    ),
    KeyDef::optional("neighbours", ValueKind::Csv(neighbours::COLUMNS), "", "which areas touch", "相邻关系表"),
    KeyDef::optional(
        "map",
        ValueKind::GeoJson,
        "",
        "outlines of the areas in longitude and latitude, drawn in the report instead of tiles",
        "各区域的边界（经纬度），报告据此绘图，代替方格示意图",
    ),
    KeyDef::default(
        "map_key",
        ValueKind::Text,
        "",
        "\"id\"",
        "property of the map's features that holds the key of the area",
        "地图要素中存放区域代码的属性名",
    )
    .acts_when(&[Condition::Given("map")]),
];

/// Keys of `[horizon]`.
pub const HORIZON: &[KeyDef] = &[
    KeyDef::optional(
        "base_year",
        ValueKind::Whole(1900, 2200),
        "year",
        "year whose 1 January the people table stands for; years from here to `start` only carry people forward",
        "人口表所代表的年份（1月1日）；从此年到 start 之间只推算人口",
    )
    .formerly(&["base"]),
    KeyDef::required("start", ValueKind::Whole(1900, 2200), "year", "first reported year", "报告首年"),
    KeyDef::required("end", ValueKind::Whole(1900, 2200), "year", "last reported year", "报告末年"),
];

/// Keys of `[openings]`.
pub const OPENINGS: &[KeyDef] = &[KeyDef::optional(
    "delay_months",
    ValueKind::Uncertain(-24.0, 240.0),
    "months",
    "delay common to all projects",
    "各项目共同的延期",
)
.acts_when(&[Condition::Scenario("projects")])];

/// Longest horizon, in years: beyond it nobody should believe a number.
const LONGEST: i32 = 100;

/// Most areas: the counties of China, and more; distances and results grow with their square.
const MOST_AREAS: usize = 4_000;

/// The areas with their outlines and distances.
#[derive(Debug)]
pub struct Areas {
    /// The areas.
    pub list: Vec<Area>,
    /// Their outlines, if the scenario gives a map.
    pub map: Option<Outlines>,
    /// Kilometres between them, row-major.
    pub distance: Vec<f64>,
}

/// Reads the areas; one area named `district` when the scenario has no table.
pub fn read_areas(section: Option<&Section<'_>>) -> Option<Areas> {
    let lone = || vec![Area { id: "district".to_owned(), label: Text::new("the district", "全区"), tile: None }];
    let Some(section) = section else { return Some(Areas { list: lone(), map: None, distance: vec![0.0] }) };
    let mut list = if section.has("census") {
        let sheet = section.sheet("census")?;
        not_too_many(&sheet)?;
        read_census_areas(&sheet)?
    } else if section.has("table") {
        let sheet = section.sheet("table")?;
        not_too_many(&sheet)?;
        read_area_table(&sheet)?
    } else {
        lone()
    };
    // Areas stand in the order of their keys everywhere, so that nothing can depend on the order of the table.
    list.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<&str> = list.iter().map(|area| area.id.as_str()).collect();
    let map = section.outlines("map", "map_key", &ids);
    let distance = neighbours::read(section, &ids)?;
    Some(Areas { list, map, distance })
}

fn not_too_many(sheet: &Sheet<'_>) -> Option<()> {
    let count = sheet.rows().count();
    if count <= MOST_AREAS {
        return Some(());
    }
    sheet.fault(
        text!("the table has {count} areas, more than {MOST_AREAS}", "表中有 {count} 个区域，超过 {MOST_AREAS} 个"),
        Text::new("run parts of the country apart, or join areas", "请分地区运行，或合并区域"),
    );
    None
}

/// What spreadsheets call the row below the last area.
const TOTALS: [&str; 7] = ["合计", "总计", "小计", "全区", "全区合计", "total", "sum"];

fn read_area_table(sheet: &Sheet<'_>) -> Option<Vec<Area>> {
    let mut known = BTreeSet::new();
    let mut areas: Vec<Area> = Vec::new();
    for row in sheet.rows() {
        let id = row.text("id").to_owned();
        if TOTALS.iter().any(|total| id.eq_ignore_ascii_case(total)) {
            row.fault(
                "id",
                text!("the row «{id}» is a total, not an area", "“{id}”是合计行，不是区域"),
                Text::new("delete the row: totals are computed", "请删去此行：合计由程序计算"),
            );
            continue;
        }
        if id.is_empty() || id == "all" || id.starts_with(FORMULA) || !known.insert(id.clone()) {
            row.fault(
                "id",
                text!(
                    "the area key «{id}» is empty, reserved or given twice, or begins with a sign",
                    "区域代码“{id}”为空、为保留字或重复，或以符号开头"
                ),
                Text::new(
                    "give every area its own key of letters and digits; `all` means the district",
                    "每个区域须有由字母和数字组成的唯一代码；`all` 保留给全区",
                ),
            );
            continue;
        }
        let tile = read_tile(row);
        let label = Text::owned(row.text("label_en").to_owned(), row.text("label_zh").to_owned());
        areas.push(Area { id, label, tile });
    }
    if areas.is_empty() {
        sheet.fault(
            Text::new("the table has no areas", "表中没有区域"),
            Text::new("add a row for each area", "请为每个区域加一行"),
        );
        return None;
    }
    Some(areas)
}

/// Largest column or row of a schematic map: beyond it tiles are no picture.
const LARGEST_TILE: u32 = 200;

/// The place of an area on the schematic map; empty cells mean that it has none.
fn read_tile(row: Row<'_>) -> Option<(u32, u32)> {
    let place = |column: &str| {
        let written = row.text(column);
        if written.is_empty() {
            return None;
        }
        let place = written.parse().ok().filter(|place| *place <= LARGEST_TILE);
        if place.is_none() {
            row.fault(
                column,
                text!(
                    "`{column}` = «{written}» is not a whole number from 0 to {LARGEST_TILE}",
                    "`{column}` =“{written}”不是 0 到 {LARGEST_TILE} 的整数"
                ),
                Text::new("number columns from the west and rows from the north", "列自西向东、行自北向南编号"),
            );
        }
        place
    };
    let (column, line) = (place("column"), place("row"));
    column.zip(line)
}

/// The areas of a census table with a row for each.
fn read_census_areas(sheet: &Sheet<'_>) -> Option<Vec<Area>> {
    let mut known = BTreeSet::new();
    let mut fine = true;
    let mut areas = Vec::new();
    for row in sheet.rows() {
        let id = row.text("code").to_owned();
        if id.is_empty() || id == "all" || id.starts_with(FORMULA) || !known.insert(id.clone()) {
            row.fault(
                "code",
                text!(
                    "the code «{id}» is empty, reserved or given twice, or begins with a sign",
                    "代码“{id}”为空、为保留字或重复，或以符号开头"
                ),
                Text::new("give every area its own code, on one row", "每个区域一行，代码唯一"),
            );
            fine = false;
        }
        areas.push(Area { id, label: Text::name(row.text("name").to_owned()), tile: None });
    }
    if areas.is_empty() {
        sheet.fault(
            Text::new("the table has no areas", "表中没有区域"),
            Text::new("add a row for each area", "请为每个区域加一行"),
        );
        return None;
    }
    fine.then_some(areas)
}

/// The years of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The year from whose beginning people are carried forward.
    pub base: i32,
    /// First reported year.
    pub start: i32,
    /// Last reported year.
    pub end: i32,
}

/// Reads the years as (first simulated, first reported, last reported).
pub fn read_horizon(section: &Section<'_>) -> Option<Horizon> {
    let year = |key: &str| section.whole(key).map(|y| y as i32);
    let (start, end) = (year("start"), year("end"));
    let base = if section.has("base_year") { year("base_year")? } else { start? };
    let (start, end) = (start?, end?);
    if base > start || start > end || end - base >= LONGEST {
        section.fault(
            code::CONTRADICTION,
            "end",
            text!(
                "the years {base}, {start}, {end} are not in order, or span more than 100",
                "年份 {base}、{start}、{end} 顺序不对或跨度超过 100 年"
            ),
            Text::new("write base_year ≤ start ≤ end", "请使 base_year ≤ start ≤ end"),
        );
        return None;
    }
    Some(Horizon { base, start, end })
}

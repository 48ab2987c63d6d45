//! Figures of use as a district counts them: places in use and people waiting, by service, and by area, level and year where
//! that is known.

use std::ops::RangeInclusive;

use crate::input::{Column, Row, Sheet};
use crate::services::elderly::care::{Care, Level};
use crate::services::elderly::input::cells::{refuse_table, whole};
use crate::services::elderly::messages;

/// Columns of the table.
pub const COLUMNS: &[Column] = &[
    Column::required(
        "service",
        "home_visits, day, meals, short_stay or a long_stay_ service",
        "服务：home_visits、day、meals、short_stay 或 long_stay_…",
    )
    .key(),
    Column::optional("area", "key of the area; empty: the whole district", "区域代码；空为全区").key(),
    Column::optional("level", "station, subdistrict or district; levels are added", "层级；各层级相加").key(),
    Column::optional("year", "year of the figure; empty: the scenario's first", "年份；空为方案首年").key(),
    Column::optional("places", "places open", "开放位数"),
    Column::required("in_use", "people in a bed, enrolled or visited", "在住、登记或接受上门的人数"),
    Column::optional("waiting", "people on the list", "等候人数"),
];

/// Use of one service in one year, of one area or the whole district, all levels together.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The service.
    pub care: Care,
    /// The area; `None` for the whole district.
    pub area: Option<usize>,
    /// Calendar year.
    pub year: i32,
    /// Places open, if known at every level.
    pub places: Option<f64>,
    /// People in a place.
    pub in_use: f64,
    /// People on the list.
    pub waiting: f64,
    /// Levels already counted, by position; the last stands for no level.
    levels: [bool; Level::ALL.len() + 1],
}

/// Reads figures for these areas and years (both ends included); `None` when a fault was noted.
pub fn read(sheet: &Sheet<'_>, areas: &[&str], years: RangeInclusive<i32>) -> Option<Vec<Figure>> {
    let mut figures: Vec<Figure> = Vec::new();
    let mut sound = true;
    for row in sheet.rows() {
        match read_row(&row, areas, &years) {
            Some((figure, level)) => sound &= add(&row, &mut figures, &figure, level),
            None => sound = false,
        }
    }
    if sound && figures.is_empty() {
        refuse_table(sheet, messages::no_figures());
    }
    (sound && !figures.is_empty()).then_some(figures)
}

fn read_row(row: &Row<'_>, areas: &[&str], years: &RangeInclusive<i32>) -> Option<(Figure, usize)> {
    let optional = |column: &str| row.if_given(column, |row, column| row.number(column, 0.0, 1e7));
    let care = row.name_of("service", &Care::keys());
    let area = row.if_given("area", |row, column| row.name_of(column, areas));
    let level = if row.text("level").is_empty() { Some(Level::ALL.len()) } else { row.name_of("level", &Level::KEYS) };
    let year = match row.text("year") {
        "" => Some(*years.start()),
        _ => whole(row, "year", *years.start(), *years.end()),
    };
    let (places, in_use, waiting) = (optional("places"), row.number("in_use", 0.0, 1e7), optional("waiting"));
    let figure = Figure {
        care: Care::ALL[care?],
        area: area?,
        year: year?,
        places: places?,
        in_use: in_use?,
        waiting: waiting?.unwrap_or(0.0),
        levels: [false; Level::ALL.len() + 1],
    };
    Some((figure, level?))
}

/// Adds a row to the figure that it belongs to; false when it counts something twice.
fn add(row: &Row<'_>, figures: &mut Vec<Figure>, new: &Figure, level: usize) -> bool {
    let (care, year) = (new.care.key(), new.year);
    let same_year = |f: &Figure| f.care == new.care && f.year == new.year;
    if figures.iter().any(|f| same_year(f) && f.area.is_some() != new.area.is_some()) {
        row.error("service", messages::by_area_and_whole(care, year));
        return false;
    }
    let at = figures.iter().position(|f| same_year(f) && f.area == new.area).unwrap_or_else(|| {
        figures.push(Figure { places: new.places.map(|_| 0.0), in_use: 0.0, waiting: 0.0, ..new.clone() });
        figures.len() - 1
    });
    let figure = &mut figures[at];
    let whole = Level::ALL.len();
    if figure.levels[level] || figure.levels[whole] || (level == whole && figure.levels.contains(&true)) {
        row.error("service", messages::counted_twice(care, year));
        return false;
    }
    figure.levels[level] = true;
    figure.places = figure.places.zip(new.places).map(|(a, b)| a + b);
    figure.in_use += new.in_use;
    figure.waiting += new.waiting;
    true
}

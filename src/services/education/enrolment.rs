//! The table of births and enrolment: one row a year (and area), one column a grade.
//!
//! The same table is read by `civicap calibrate education`, by `civicap backtest` and, as `[education] enrolment`, by a scenario
//! that goes on from it. Shape: `area x year` births, `area x year x grade` pupils on the day of the count (early in the
//! school year that begins in September of `year`). Unit: children. An empty cell is a number that nobody knows.
//!
//! The children who may enter a grade of age `a` in September of year `t` were born from September `t - a - 1` to August
//! `t - a`: 4 of 12 birth months lie in year `t - a - 1`, 8 in year `t - a`.

use std::collections::HashMap;

use crate::diagnostic::{Finding, code};
use crate::input::statistics_habits::{is_mark, marks_are_not_known, school_year, school_years_are_read};
use crate::input::{Column, Row, Sheet};
use crate::language::Text;
use crate::text;

use super::stage::StageId;

/// Columns of the table.
pub const COLUMNS: &[Column] = &[
    Column::required("year", "calendar year; the school year begins in its September", "年份；学年从当年9月开始"),
    Column::optional("area", "area; left out: one area", "区域；不写则为一个区域"),
    Column::required("births", "births of the calendar year; empty: not known", "当年出生人数；空：未知"),
    grade("preschool_1", "pupils of the first kindergarten year (age 3)", "小班幼儿"),
    grade("preschool_2", "pupils of the second kindergarten year", "中班幼儿"),
    grade("preschool_3", "pupils of the third kindergarten year", "大班幼儿"),
    grade("primary_1", "pupils of primary grade 1 (age 6)", "小学一年级学生"),
    grade("primary_2", "pupils of primary grade 2", "小学二年级学生"),
    grade("primary_3", "pupils of primary grade 3", "小学三年级学生"),
    grade("primary_4", "pupils of primary grade 4", "小学四年级学生"),
    grade("primary_5", "pupils of primary grade 5", "小学五年级学生"),
    grade("primary_6", "pupils of primary grade 6", "小学六年级学生"),
    grade("junior_1", "pupils of junior grade 1 (age 12)", "初一学生"),
    grade("junior_2", "pupils of junior grade 2", "初二学生"),
    grade("junior_3", "pupils of junior grade 3", "初三学生"),
    grade("senior_general_1", "pupils of general senior grade 1 (age 15)", "普高一年级学生"),
    grade("senior_general_2", "pupils of general senior grade 2", "普高二年级学生"),
    grade("senior_general_3", "pupils of general senior grade 3", "普高三年级学生"),
    grade("senior_vocational_1", "pupils of vocational grade 1 (age 15)", "中职一年级学生"),
    grade("senior_vocational_2", "pupils of vocational grade 2", "中职二年级学生"),
    grade("senior_vocational_3", "pupils of vocational grade 3", "中职三年级学生"),
    Column::optional(
        UNGRADED,
        "pupils counted without a grade; they are shared among the grades of the row",
        "未分年级的学生；按该行各年级人数分摊",
    ),
];

/// Column of pupils without a grade.
const UNGRADED: &str = "ungraded";

/// Columns that are no grades.
const OTHER_COLUMNS: usize = 3;

/// Key of the area of a table without areas, as in a scenario without areas.
const ONLY_AREA: &str = "district";

/// Largest number of children in a cell.
const MOST: f64 = 1e8;

const fn grade(name: &'static str, en: &'static str, zh: &'static str) -> Column {
    Column::optional(name, en, zh)
}

/// One grade of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grade {
    /// Its column, such as `primary_1`.
    pub column: &'static str,
    /// Key of its stage.
    pub stage: &'static str,
    /// Position in its stage, 0 for the entry grade.
    pub grade: usize,
    /// Completed years of age of its pupils on 31 August.
    pub age: i32,
    /// Key of the stage whose leavers enter this one, if any can.
    pub follows: Option<&'static str>,
}

impl Grade {
    fn of(column: &'static str) -> Option<Self> {
        let (stage, number) = column.rsplit_once('_')?;
        let def = StageId::of_id(stage)?.def();
        let grade = number.parse::<usize>().ok()? - 1;
        let follows = def.follows.map(StageId::id);
        Some(Self { column, stage: def.id, grade, age: def.entry_age as i32 + grade as i32, follows })
    }

    /// Number of grades of its stage.
    pub fn grades_of_stage(&self) -> usize {
        StageId::of_id(self.stage).map_or(1, |stage| stage.def().years as usize)
    }
}

/// Births and pupils by area and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrolment {
    /// Areas in the order in which the table names them, or in that of the scenario.
    pub areas: Vec<String>,
    /// The grades it has, youngest first.
    pub grades: Vec<Grade>,
    /// First year of the table.
    pub first_year: i32,
    /// Number of years from the first to the last.
    pub years: usize,
    /// `area x year`; not a number where unknown.
    births: Vec<f64>,
    /// `area x year x grade`; not a number where unknown.
    pupils: Vec<f64>,
}

impl Enrolment {
    /// An empty table of these areas, grades and years, in which every number is unknown.
    pub fn unknown(areas: Vec<String>, grades: Vec<Grade>, first_year: i32, years: usize) -> Self {
        let cells = areas.len() * years;
        let pupils = vec![f64::NAN; cells * grades.len()];
        Self { areas, grades, first_year, years, births: vec![f64::NAN; cells], pupils }
    }

    /// The grades whose columns have these names.
    pub fn grades_named(names: &[&str]) -> Vec<Grade> {
        let columns = COLUMNS[OTHER_COLUMNS..].iter().filter(|column| names.contains(&column.name));
        columns.filter_map(|column| Grade::of(column.name)).collect()
    }

    /// Reads the table; `known` are the areas of the scenario, if there is one. Faults are noted in the reading.
    pub fn read(sheet: &Sheet<'_>, known: Option<&[&str]>) -> Option<Self> {
        let named: Vec<&str> = COLUMNS[OTHER_COLUMNS..].iter().map(|c| c.name).filter(|c| sheet.has(c)).collect();
        let grades = Self::grades_named(&named);
        if grades.is_empty() {
            sheet.fault(
                Text::new("the table has no column of a grade", "表中没有年级列"),
                Text::new("add columns such as primary_1, primary_2", "请增加 primary_1、primary_2 等年级列"),
            );
            return None;
        }
        let mut rows = Vec::new();
        let mut areas: Vec<String> = known.map_or_else(Vec::new, |k| k.iter().map(|id| (*id).to_owned()).collect());
        let mut fine = true;
        let mut lines = HashMap::new();
        note_habits(sheet, &grades);
        for row in sheet.rows() {
            let (area, year) = (area_of(&row, sheet, known, &mut areas), year_of(&row));
            if let Some((area, year)) = area.zip(year) {
                fine &= is_new(&row, AreaYear { area, year }, &mut lines);
                rows.push((row, area, year));
                continue;
            }
            fine = false;
            for column in std::iter::once("births").chain(grades.iter().map(|grade| grade.column)) {
                read_cell(&row, column);
            }
        }
        let first_year = rows.iter().map(|row| row.2).min();
        let last_year = rows.iter().map(|row| row.2).max();
        let (Some(first_year), Some(last_year)) = (first_year, last_year) else {
            // Rows that could not be read are told already.
            if fine {
                let remedy = Text::new("add a row a year", "请逐年填写");
                sheet.fault(Text::new("the table has no rows", "表中没有数据"), remedy);
            }
            return None;
        };
        let mut table = Self::unknown(areas, grades, first_year, (last_year - first_year + 1) as usize);
        for (row, area, year) in &rows {
            fine &= table.read_row(row, *area, *year);
        }
        if fine {
            rows.iter().for_each(|(row, area, year)| table.note_outliers(row, *area, *year));
        }
        fine.then_some(table)
    }

    fn read_row(&mut self, row: &Row<'_>, area: usize, year: i32) -> bool {
        let cell = |column: &str| read_cell(row, column);
        let births = cell("births");
        self.set_births(area, year, births.unwrap_or(f64::NAN));
        let mut fine = births.is_some();
        for at in 0..self.grades.len() {
            let pupils = cell(self.grades[at].column);
            fine &= pupils.is_some();
            self.set_pupils(area, year, at, pupils.unwrap_or(f64::NAN));
        }
        let ungraded = cell(UNGRADED);
        self.share_ungraded(area, year, ungraded.filter(|pupils| !pupils.is_nan()).unwrap_or(0.0));
        fine && ungraded.is_some()
    }

    /// Warns of numbers that are many times, or a small part of, those of the years around them: a digit too many, thousands in
    /// place of children, or 0 for what is not known. One such number would carry a whole estimate.
    fn note_outliers(&self, row: &Row<'_>, area: usize, year: i32) {
        let births = |year: i32| self.births(area, year);
        note_outlier(row, "births", births(year), usual(births, year));
        for (at, grade) in self.grades.iter().enumerate() {
            let pupils = |year: i32| self.pupils(area, year, at);
            note_outlier(row, grade.column, pupils(year), usual(pupils, year));
        }
    }

    /// Shares pupils without a grade among the known grades of an area and year, in proportion.
    fn share_ungraded(&mut self, area: usize, year: i32, ungraded: f64) {
        let known: Vec<usize> = (0..self.grades.len()).filter(|g| !self.pupils(area, year, *g).is_nan()).collect();
        let graded: f64 = known.iter().map(|grade| self.pupils(area, year, *grade)).sum();
        for grade in known.into_iter().filter(|_| ungraded > 0.0 && graded > 0.0) {
            let pupils = self.pupils(area, year, grade) * (1.0 + ungraded / graded);
            self.set_pupils(area, year, grade, pupils);
        }
    }

    fn row(&self, area: usize, year: i32) -> Option<usize> {
        let at = usize::try_from(year - self.first_year).ok().filter(|at| *at < self.years)?;
        (area < self.areas.len()).then_some(area * self.years + at)
    }

    /// Births of an area in a calendar year; not a number where unknown.
    pub fn births(&self, area: usize, year: i32) -> f64 {
        self.row(area, year).map_or(f64::NAN, |row| self.births[row])
    }

    /// Pupils of an area in the school year from September of `year`; not a number where unknown.
    pub fn pupils(&self, area: usize, year: i32, grade: usize) -> f64 {
        self.row(area, year).map_or(f64::NAN, |row| self.pupils[row * self.grades.len() + grade])
    }

    /// Children born from September `year - age - 1` to August `year - age`; not a number where unknown.
    pub fn cohort(&self, area: usize, year: i32, age: i32) -> f64 {
        self.births(area, year - age) * (8.0 / 12.0) + self.births(area, year - age - 1) * (4.0 / 12.0)
    }

    /// Sets a number of births.
    pub fn set_births(&mut self, area: usize, year: i32, births: f64) {
        if let Some(row) = self.row(area, year) {
            self.births[row] = births;
        }
    }

    /// Sets a number of pupils.
    pub fn set_pupils(&mut self, area: usize, year: i32, grade: usize, pupils: f64) {
        let grades = self.grades.len();
        if let Some(row) = self.row(area, year) {
            self.pupils[row * grades + grade] = pupils;
        }
    }

    /// Position of a grade's column, if the table has it.
    pub fn position(&self, stage: &str, grade: usize) -> Option<usize> {
        self.grades.iter().position(|g| g.stage == stage && g.grade == grade)
    }

    /// Last year of the table.
    pub fn last_year(&self) -> i32 {
        self.first_year + self.years as i32 - 1
    }
}

/// A number of children; not a number for a cell that is empty or says that the number is not shown.
fn read_cell(row: &Row<'_>, column: &str) -> Option<f64> {
    let written = row.text(column);
    if written.is_empty() || is_mark(written) { Some(f64::NAN) } else { row.number(column, 0.0, MOST) }
}

/// So many times the number of the years around it, or so small a part, is no number of the same children.
const UNLIKELY: f64 = 5.0;

/// Numbers below this vary by as much by chance.
const FEW: f64 = 50.0;

/// Years before and after in which a number is looked up to see what is usual, and how many of the nearest are.
const AROUND: i32 = 4;
const NEAREST: usize = 4;

/// The median of the nearest years; not a number where fewer than three are known, since one of them may be the odd one.
fn usual(number: impl Fn(i32) -> f64, year: i32) -> f64 {
    let years = (1..=AROUND).flat_map(|apart| [year - apart, year + apart]);
    let mut known: Vec<f64> = years.map(number).filter(|number| !number.is_nan()).take(NEAREST).collect();
    known.sort_by(f64::total_cmp);
    if known.len() < 3 {
        return f64::NAN;
    }
    0.5 * (known[(known.len() - 1) / 2] + known[known.len() / 2])
}

fn note_outlier(row: &Row<'_>, column: &str, number: f64, usual: f64) {
    let unlikely = !usual.is_nan() && number > UNLIKELY * usual.max(FEW) || (usual >= FEW && number < usual / UNLIKELY);
    if unlikely {
        row.warn(
            column,
            Finding {
                code: code::CAUTION,
                message: text!(
                    "`{column}` is {number}, and about {usual:.0} in the years around: one such number carries a whole estimate",
                    "`{column}` 为 {number}，而前后年份约为 {usual:.0}：这样一个数会左右整个估计"
                ),
                remedy: Text::new(
                    "correct the number (whole children, no thousands); leave the cell empty where it is not known",
                    "请更正（按人数填写，不以千计）；未知时请留空",
                ),
            },
        );
    }
}

/// The calendar year of a row, or that in which its school year begins.
fn year_of(row: &Row<'_>) -> Option<i32> {
    school_year(row.text("year")).or_else(|| row.number("year", 1900.0, 2200.0).map(|year| year as i32))
}

/// What tells rows apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AreaYear {
    area: usize,
    year: i32,
}

/// Whether no earlier row is of the same area and year, whatever way the year is written; `lines` are those of earlier rows.
fn is_new(row: &Row<'_>, of: AreaYear, lines: &mut HashMap<AreaYear, usize>) -> bool {
    let (line, year) = (row.line(), of.year);
    let Some(before) = lines.insert(of, line) else { return true };
    row.fault(
        "year",
        text!(
            "year {year} is given twice for this area: line {before} has it too",
            "该区域的 {year} 年重复：第 {before} 行已有"
        ),
        Text::new("give every area one row a year", "每个区域每年只写一行"),
    );
    false
}

/// Says once what is made of school years, and of marks in place of counts.
fn note_habits(sheet: &Sheet<'_>, grades: &[Grade]) {
    let of_school_year = sheet.rows().find_map(|row| Some((row, school_year(row.text("year"))?)));
    if let Some((row, year)) = of_school_year {
        row.warn("year", school_years_are_read(row.text("year"), year));
    }
    let columns = || ["births", UNGRADED].into_iter().chain(grades.iter().map(|grade| grade.column));
    let mut marks = sheet.rows().flat_map(|row| columns().map(move |column| (row, column)));
    let mut marks = marks.by_ref().filter(|(row, column)| is_mark(row.text(column)));
    if let Some((row, column)) = marks.next() {
        row.warn(column, marks_are_not_known(row.text(column), 1 + marks.count()));
    }
}

fn area_of(row: &Row<'_>, sheet: &Sheet<'_>, known: Option<&[&str]>, areas: &mut Vec<String>) -> Option<usize> {
    let name = row.text("area");
    match known {
        Some([_]) if !sheet.has("area") => Some(0),
        Some(known) => row.name_of("area", known),
        None => {
            let name = if sheet.has("area") { name } else { ONLY_AREA };
            Some(areas.iter().position(|area| area == name).unwrap_or_else(|| {
                areas.push(name.to_owned());
                areas.len() - 1
            }))
        }
    }
}

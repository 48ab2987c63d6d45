//! What a report says, as data: every number, name and sentence, and nothing about how it looks.
//!
//! A [`Report`] is sections of [`Block`]s. Renderers (HTML, terminal, later a workbook) only lay blocks out: rounding and
//! wording come from one place ([`super::number`], [`super::tabulate`]), so they cannot disagree. All text is in both
//! languages; the language is chosen when rendering. Blocks know stages, areas and years by the names given to them:
//! nothing here, or in a renderer, names a service.
//!
//! Numbers are as the run gives them (unrounded); NaN stands for "nothing to measure" and shows as a dash.

pub use crate::input::{Outline, Outlines};
pub use crate::study::VerdictLevel;
pub use crate::uncertainty::InputKind;

use serde::{Deserialize, Serialize};

use crate::language::Text;

/// A whole report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The scenario's name.
    pub title: Text,
    /// One line: what was asked, of whom, for which years.
    pub subtitle: Text,
    /// What a reader must know of the run: replications, seed, hash, version, in this order.
    pub facts: Vec<Fact>,
    /// The sections; the first one should hold the verdicts.
    pub sections: Vec<Section>,
    /// Sections that are too long to be read and are there to be computed with: only workbooks have them.
    pub appendix: Vec<Section>,
}

/// A labelled fact about the run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: Text,
    /// Its value, formatted.
    pub value: Text,
}

/// [`Section::key`] of the comparison with what was counted; terminals show it beside the verdicts.
pub const OBSERVED: &str = "observed";

/// Key of the section that holds a run against theory.
pub const THEORY: &str = "theory";

/// A part of the report with its own heading and entry in the contents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// Name that [`VerdictCard::see`] refers to; unique, never shown.
    pub key: String,
    /// Heading.
    pub title: Text,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// One piece of a report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Block {
    /// A heading inside a section, such as the name of a stage.
    Heading(Text),
    /// A paragraph of plain words.
    Prose(Text),
    /// Verdicts, one card each; neighbours of the same service stand together.
    Verdicts(Vec<VerdictCard>),
    /// A warning with what to do about it.
    Caveat(Caveat),
    /// A table.
    Table(Table),
    /// A table to look numbers up in: pages fold it, files hold it like any other.
    Reference(Table),
    /// Demand against places over years.
    FanChart(FanChart),
    /// What a total is made of, by year.
    Stack(Stack),
    /// Probability by area and year.
    HeatMap(HeatMap),
    /// Areas as tiles of a schematic map.
    TileMap(TileMap),
    /// Bars: shares of variance, or a tornado.
    Bars(Bars),
    /// People by age and sex.
    Pyramid(Pyramid),
    /// The inputs with their status and sources.
    Inputs(Inputs),
    /// How something is computed.
    Method(Method),
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Rounded to a whole number: people, places, days.
    Count,
    /// A count below nought whose sign is not written: the left side of a pyramid.
    Mirrored,
    /// With so many digits after the point.
    Real(u8),
    /// A share 0 to 1 as a percentage with so many digits after the point.
    Percent(u8),
    /// A probability 0 to 1, never shown as a bare 0 % or 100 %.
    Probability,
    /// A calendar year.
    Year,
}

/// A cell of a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Cell {
    /// Words.
    Text(Text),
    /// A number and how to write it.
    Number(#[serde(with = "super::report_json::gaps")] f64, Measure),
    /// Nothing.
    Empty,
}

impl Cell {
    /// A count.
    pub const fn count(value: f64) -> Self {
        Self::Number(value, Measure::Count)
    }

    /// A real number with `digits` after the point.
    pub const fn real(value: f64, digits: u8) -> Self {
        Self::Number(value, Measure::Real(digits))
    }

    /// A share 0 to 1 as a percentage.
    pub const fn percent(share: f64, digits: u8) -> Self {
        Self::Number(share, Measure::Percent(digits))
    }

    /// A probability 0 to 1.
    pub const fn probability(p: f64) -> Self {
        Self::Number(p, Measure::Probability)
    }

    /// A calendar year.
    pub fn year(year: i32) -> Self {
        Self::Number(f64::from(year), Measure::Year)
    }

    /// The number, if there is one.
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Number(value, _) if !value.is_nan() => Some(*value),
            _ => None,
        }
    }
}

/// The background of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shade {
    /// None.
    #[default]
    Plain,
    /// By probability of something bad, on a fixed scale.
    Risk,
    /// By size relative to the largest number that is shaded so in the table or map.
    Amount,
}

/// What every table and chart says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Caption {
    /// What is shown.
    pub title: Text,
    /// Unit of the numbers, such as "people"; `None` for shares and probabilities, or where columns have their own.
    pub unit: Option<Text>,
    /// What the reader should see in it, in one sentence.
    pub takeaway: Option<Text>,
}

impl Caption {
    /// A title alone.
    pub const fn new(title: Text) -> Self {
        Self { title, unit: None, takeaway: None }
    }

    /// The same with a unit.
    #[must_use]
    pub fn unit(mut self, unit: Text) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The same with what the reader should see.
    #[must_use]
    pub fn takeaway(mut self, takeaway: Text) -> Self {
        self.takeaway = Some(takeaway);
        self
    }
}

/// The verdict on a service at a stage.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerdictCard {
    /// The service.
    pub service: Text,
    /// The stage, tier or level.
    pub stage: Text,
    /// How it stands.
    pub rank: VerdictLevel,
    /// The rank that another seed might give, where the two are too close to call.
    pub close_to: Option<VerdictLevel>,
    /// One sentence (or two) that a mayor understands.
    pub sentence: Text,
    /// What is promised.
    pub promise: Option<Text>,
    /// The year with the highest probability of shortage, and that probability; `None` when unstable.
    #[serde(with = "super::report_json::gaps")]
    pub worst_year: Option<(i32, f64)>,
    /// What the probability in that year is made of, where several limits are promised; they may be broken together.
    pub reasons: Vec<Reason>,
    /// How many are short in that year.
    pub gap: Option<GapFigures>,
    /// First year in which the target is missed with more than the probability accepted: places must be open by then.
    pub needed_by: Option<i32>,
    /// The area most exposed.
    pub worst_area: Option<AreaRisk>,
    /// First year from which on places stand empty beyond the line planners drew.
    pub surplus_from: Option<i32>,
    /// Probability of shortage by year.
    #[serde(with = "super::report_json::gaps")]
    pub by_year: Vec<(i32, f64)>,
    /// [`Section::key`] of the section that tells more; where that section has a heading that is the stage's name, links
    /// lead there.
    pub see: Option<String>,
}

/// One limit of a promise and how likely it is broken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// What is too much then.
    pub broken: Text,
    /// The probability.
    #[serde(with = "super::report_json::gaps")]
    pub probability: f64,
}

/// How many are short in a year.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GapFigures {
    /// The year.
    pub year: i32,
    /// What is counted.
    pub unit: Text,
    /// Median.
    #[serde(with = "super::report_json::gaps")]
    pub median: f64,
    /// What nine cases in ten do not exceed.
    #[serde(with = "super::report_json::gaps")]
    pub high: f64,
    /// Mean.
    #[serde(with = "super::report_json::gaps")]
    pub mean: f64,
    /// Mean that places added since the first year mend; `None` where people are counted, not places.
    #[serde(with = "super::report_json::gaps")]
    pub mended: Option<f64>,
    /// The area that lacks most, and its mean.
    #[serde(with = "super::report_json::gaps")]
    pub worst_area: Option<(Text, f64)>,
}

/// An area with its worst year.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AreaRisk {
    /// The area.
    pub area: Text,
    /// The year.
    pub year: i32,
    /// Probability of shortage there and then.
    #[serde(with = "super::report_json::gaps")]
    pub probability: f64,
}

/// How much a warning matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Weight {
    /// Good to know.
    Note,
    /// Mind it when quoting numbers.
    Caution,
    /// The conclusion may not hold.
    Serious,
}

/// A warning: what is suspicious, and what to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Caveat {
    /// How much it matters.
    pub weight: Weight,
    /// What is suspicious.
    pub says: Text,
    /// What to do about it.
    pub advice: Text,
}

/// A table; the first column names its rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// What it shows.
    pub caption: Caption,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Heading.
    pub heading: Text,
    /// Unit, shown under the heading.
    pub unit: Option<Text>,
    /// Background of its numbers.
    pub shade: Shade,
}

impl Column {
    /// A column without unit or shade.
    pub const fn new(heading: Text) -> Self {
        Self { heading, unit: None, shade: Shade::Plain }
    }

    /// The same with a unit.
    #[must_use]
    pub fn unit(mut self, unit: Text) -> Self {
        self.unit = Some(unit);
        self
    }

    /// The same with shaded numbers.
    #[must_use]
    pub const fn shade(mut self, shade: Shade) -> Self {
        self.shade = shade;
        self
    }
}

/// A row of a table: as many cells as the table has columns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Whether it is the whole of the others, such as the district.
    pub whole: bool,
}

impl Row {
    /// An ordinary row.
    pub const fn new(cells: Vec<Cell>) -> Self {
        Self { cells, whole: false }
    }
}

/// Demand against places: shape `year`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FanChart {
    /// What it shows; the unit is that of demand and places.
    pub caption: Caption,
    /// Name of demand, such as "children who need a place".
    pub demand_label: Text,
    /// Name of places.
    pub places_label: Text,
    /// How numbers are written.
    pub measure: Measure,
    /// The years.
    pub years: Vec<i32>,
    /// Demand by year: quantiles at [`crate::summary::QUANTILES`] (5, 10, 25, 50, 75, 90, 95 %).
    #[serde(with = "super::report_json::gaps")]
    pub demand: Vec<[f64; 7]>,
    /// Places by year: 10, 50, 90 %. Empty when there are none to compare with.
    #[serde(with = "super::report_json::gaps")]
    pub places: Vec<[f64; 3]>,
    /// What opens (or closes), in order of time.
    pub openings: Vec<Opening>,
}

/// A change of places.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opening {
    /// The planned year.
    pub year: i32,
    /// What opens, with its size if that helps.
    pub label: Text,
}

/// What a total is made of, by year: the rungs of a ladder, the ends of requests. Shape `part x year`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stack {
    /// What it shows.
    pub caption: Caption,
    /// How numbers are written.
    pub measure: Measure,
    /// The years.
    pub years: Vec<i32>,
    /// The parts from the best to the worst end.
    pub parts: Vec<Part>,
}

/// One part of a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its name.
    pub label: Text,
    /// Mean by year.
    #[serde(with = "super::report_json::gaps")]
    pub values: Vec<f64>,
    /// Whether it is what should not happen: people without a place.
    pub unmet: bool,
}

/// Probability by area and year. Shape `row x year`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeatMap {
    /// What it is the probability of.
    pub caption: Caption,
    /// What its rows are, such as areas.
    pub names: Text,
    /// The years.
    pub years: Vec<i32>,
    /// The areas, and the district last.
    pub rows: Vec<HeatRow>,
}

/// One area over the years.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeatRow {
    /// The area.
    pub label: Text,
    /// Probability by year, 0 to 1; NaN where there is none.
    #[serde(with = "super::report_json::gaps")]
    pub values: Vec<f64>,
    /// Whether it is the district.
    pub whole: bool,
}

/// A map with one frame for each year (or other moment): of tiles, or of the areas' outlines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TileMap {
    /// What it shows.
    pub caption: Caption,
    /// How numbers are written.
    pub measure: Measure,
    /// Background of tiles.
    pub shade: Shade,
    /// The areas.
    pub tiles: Vec<Tile>,
    /// Their outlines in the same order, drawn instead of tiles where the scenario gives a map.
    pub outlines: Option<Outlines>,
    /// The moments; at least one.
    pub frames: Vec<Frame>,
    /// The frame shown first and on paper.
    pub chosen: usize,
}

/// An area on the map.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tile {
    /// Its name; short names read better.
    pub label: Text,
    /// Column from the west, any origin.
    pub column: u32,
    /// Row from the north, any origin.
    pub row: u32,
}

/// The numbers of one moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// The moment, such as a year.
    pub label: Text,
    /// One number for each tile; NaN where there is none.
    #[serde(with = "super::report_json::gaps")]
    pub values: Vec<f64>,
}

/// Horizontal bars.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bars {
    /// What they show.
    pub caption: Caption,
    /// How numbers are written.
    pub measure: Measure,
    /// What a tornado is centred on; bars from 0 when absent.
    #[serde(with = "super::report_json::gaps")]
    pub base: Option<f64>,
    /// The bars, longest first.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// What it stands for.
    pub label: Text,
    /// Where it begins: 0, or the lower result of a tornado.
    #[serde(with = "super::report_json::gaps")]
    pub from: f64,
    /// Where it ends.
    #[serde(with = "super::report_json::gaps")]
    pub to: f64,
    /// Its kind, which colours it.
    pub kind: BarKind,
    /// A remark, such as "more of it means more demand".
    pub note: Option<Text>,
}

/// What a bar belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BarKind {
    /// An input, by what it rests on.
    Input(InputKind),
    /// Chance events.
    Chance,
    /// Several things together.
    Joint,
    /// Nothing of these.
    Plain,
}

/// People by age and sex at several moments. Shape `moment x sex x age group`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pyramid {
    /// What it shows.
    pub caption: Caption,
    /// Age groups from the youngest, such as "0–4".
    pub ages: Vec<String>,
    /// Moments from the earliest: two read best (now and the horizon).
    pub moments: Vec<Moment>,
}

/// The people of one moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Moment {
    /// The moment, such as a year.
    pub label: Text,
    /// Men by age group.
    #[serde(with = "super::report_json::gaps")]
    pub men: Vec<f64>,
    /// Women by age group.
    #[serde(with = "super::report_json::gaps")]
    pub women: Vec<f64>,
}

/// The inputs of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inputs {
    /// What the list is.
    pub caption: Caption,
    /// The inputs in the order of the scenario.
    pub rows: Vec<InputRow>,
}

/// One input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputRow {
    /// Its key in the scenario file.
    pub key: String,
    /// What it means, in a planner's words.
    pub meaning: Text,
    /// Its value, law or table, in words.
    pub value: Text,
    /// Its unit.
    pub unit: Option<Text>,
    /// What it rests on.
    pub kind: InputKind,
    /// Who says so, as the planner wrote it.
    pub source: Text,
}

/// How something is computed, in Markdown (headings, paragraphs, lists, tables, code, emphasis).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Method {
    /// What is computed.
    pub title: Text,
    /// The Markdown.
    pub text: Text,
}

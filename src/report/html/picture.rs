//! What the templates of pictures show: figures drawn by script, tile maps and bars.

use askama::Template;

use super::view::{CaptionView, Grid, class_of, scale, shade_class};
use crate::language::Language;
use crate::report::document::{Bar, BarKind, Bars, FanChart, Opening, Outline, Pyramid, Shade, Stack, TileMap};
use crate::report::{number, tabulate, words};

/// A chart drawn by script, with its legend and its table.
#[derive(Template)]
#[template(path = "figure.html", config = "src/report/html/askama.toml")]
pub(super) struct FigureView {
    pub(super) id: String,
    caption: CaptionView,
    /// Swatch class and words.
    legend: Vec<(String, String)>,
    /// Mark, year and words.
    openings: Vec<(String, i32, String)>,
    remark: Option<&'static str>,
    numbers: &'static str,
    grid: Grid,
}

impl FigureView {
    /// Demand against places.
    pub(super) fn fan(chart: &FanChart, id: String, language: Language) -> Self {
        let demand = chart.demand_label.get(language);
        let median = words::MEDIAN.get(language);
        let mut legend = vec![
            ("demand-line".to_owned(), format!("{demand}: {median}")),
            ("demand-inner".to_owned(), "25–75%".to_owned()),
            ("demand-middle".to_owned(), "10–90%".to_owned()),
            ("demand-outer".to_owned(), "5–95%".to_owned()),
        ];
        if !chart.places.is_empty() {
            let places = chart.places_label.get(language);
            legend.push(("places-line".to_owned(), format!("{places}: {median}")));
            legend.push(("places-band".to_owned(), "10–90%".to_owned()));
        }
        let openings = marks(&chart.openings)
            .into_iter()
            .map(|(mark, opening)| (mark, opening.year, opening.label.get(language).to_owned()));
        Self {
            id,
            caption: CaptionView::new(&chart.caption, language),
            legend,
            openings: openings.collect(),
            remark: is_high(chart).then(|| words::NOT_FROM_ZERO.get(language)),
            numbers: words::NUMBERS.get(language),
            grid: Grid::new(&tabulate::fan_chart(chart), language),
        }
    }

    /// Parts of a whole.
    pub(super) fn stack(chart: &Stack, id: String, language: Language) -> Self {
        let mut hue = 0;
        let legend = chart.parts.iter().map(|part| {
            let class = if part.unmet { "part-unmet".to_owned() } else { format!("part-{hue}") };
            hue += usize::from(!part.unmet);
            (class, part.label.get(language).to_owned())
        });
        Self {
            id,
            caption: CaptionView::new(&chart.caption, language),
            legend: legend.collect(),
            openings: Vec::new(),
            remark: None,
            numbers: words::NUMBERS.get(language),
            grid: Grid::new(&tabulate::stack(chart), language),
        }
    }

    /// People by age and sex.
    pub(super) fn pyramid(chart: &Pyramid, id: String, language: Language) -> Self {
        let last = chart.moments.len().saturating_sub(1);
        let legend = chart.moments.iter().enumerate().flat_map(|(i, moment)| {
            let label = moment.label.get(language);
            let kind = if i == last { "now" } else { "then" };
            [("men", &words::MEN), ("women", &words::WOMEN)].map(|(sex, words)| {
                let words = words.get(language);
                (format!("{sex}-{kind}"), format!("{label} {words}"))
            })
        });
        Self {
            id,
            caption: CaptionView::new(&chart.caption, language),
            legend: legend.collect(),
            openings: Vec::new(),
            remark: None,
            numbers: words::NUMBERS.get(language),
            grid: Grid::new(&tabulate::pyramid(chart), language),
        }
    }
}

/// Whether all lines lie so far above zero that the axis starts higher, and says so.
pub(super) fn is_high(chart: &FanChart) -> bool {
    let values = || chart.demand.iter().flatten().chain(chart.places.iter().flatten()).filter(|v| v.is_finite());
    let lowest = values().copied().fold(f64::INFINITY, f64::min);
    let highest = values().copied().fold(0.0, f64::max);
    highest > 0.0 && lowest.is_finite() && lowest > 0.6 * highest
}

/// Openings with the letter that marks their year in the picture: A for the first year, B for the next.
pub(super) fn marks(openings: &[Opening]) -> Vec<(String, &Opening)> {
    let mut years: Vec<i32> = openings.iter().map(|o| o.year).collect();
    years.sort_unstable();
    years.dedup();
    let letter = |year: i32| {
        let at = years.iter().position(|y| *y == year).unwrap_or_default();
        let letter = char::from(b'A' + (at % 26) as u8).to_string();
        letter.repeat(1 + at.div_euclid(26))
    };
    openings.iter().map(|opening| (letter(opening.year), opening)).collect()
}

/// A map of tiles or outlines.
#[derive(Template)]
#[template(path = "tiles.html", config = "src/report/html/askama.toml")]
pub(super) struct TilesView {
    id: String,
    caption: CaptionView,
    tiles: Vec<TileView>,
    /// The frame of the outlines, and what is drawn in it, where there are outlines.
    drawing: Option<(u32, u32, Vec<ShapeView>)>,
    columns: u32,
    frames: usize,
    chosen: usize,
    chosen_label: String,
    choose: &'static str,
    scales: Vec<Vec<(String, String)>>,
    numbers: &'static str,
    grid: Grid,
}

struct TileView {
    label: String,
    value: String,
    class: String,
    column: u32,
    row: u32,
}

/// What all names end with (" Subdistrict", "街道"), if each says more than that; words of letters stay whole.
fn common_ending<'n>(names: &[&'n str]) -> &'n str {
    let Some((first, others)) = names.split_first().filter(|(_, others)| others.len() > 1) else { return "" };
    let starts = first.char_indices().map(|(at, _)| at).skip(1);
    let whole = |ending: &str| ending.starts_with(|c: char| c == ' ' || !c.is_ascii());
    let shared = |ending: &str| others.iter().all(|name| name.len() > ending.len() && name.ends_with(ending));
    starts.map(|at| &first[at..]).find(|ending| whole(ending) && shared(ending)).unwrap_or_default()
}

/// An area drawn by its outline.
struct ShapeView {
    /// Which of the page's shapes it is.
    shape: usize,
    label: String,
    value: String,
    class: String,
    /// Where its label stands; none on crowded maps.
    at: Option<[i32; 2]>,
}

/// Maps with more areas have no labels: they would cover each other.
const MOST_LABELLED: usize = 40;

/// The drawing instructions of an outline for a path element: numbers and letters only.
pub(super) fn path(outline: &Outline) -> String {
    let mut out = String::new();
    for ring in &outline.rings {
        for (i, [x, y]) in ring.iter().enumerate() {
            out.push_str(&format!("{}{x} {y}", if i == 0 { 'M' } else { 'L' }));
        }
        out.push('Z');
    }
    out
}

/// Columns and rows beyond this are refused: a map of tiles is small, and `style.css` places this many and one.
const LARGEST_MAP: u32 = 40;

impl TilesView {
    /// `first_shape` is the position of the map's first outline among the shapes of the page.
    pub(super) fn new(map: &TileMap, first_shape: usize, id: String, language: Language) -> Self {
        let chosen = map.chosen.min(map.frames.len().saturating_sub(1));
        let frame = map.frames.get(chosen);
        let values = |i: usize| frame.and_then(|f| f.values.get(i).copied()).unwrap_or(f64::NAN);
        let largest = map.frames.iter().flat_map(|f| &f.values).copied().fold(0.0, f64::max);
        let left = map.tiles.iter().map(|t| t.column).min().unwrap_or(0);
        let top = map.tiles.iter().map(|t| t.row).min().unwrap_or(0);
        let names: Vec<&str> = map.tiles.iter().map(|tile| tile.label.get(language)).collect();
        let ending = common_ending(&names);
        let tiles: Vec<TileView> = map
            .tiles
            .iter()
            .enumerate()
            .map(|(i, tile)| TileView {
                // What every name ends with says nothing on a map, and its room is short.
                label: names[i].strip_suffix(ending).unwrap_or(names[i]).to_owned(),
                value: number::measured(values(i), map.measure),
                class: shade_class(values(i), map.shade, largest),
                column: (tile.column - left).min(LARGEST_MAP) + 1,
                row: (tile.row - top).min(LARGEST_MAP) + 1,
            })
            .collect();
        let drawing = map.outlines.as_ref().map(|outlines| {
            let labelled = outlines.areas.len() <= MOST_LABELLED;
            let shape = |(i, (outline, tile)): (usize, (&Outline, &TileView))| ShapeView {
                shape: first_shape + i,
                label: tile.label.clone(),
                value: tile.value.clone(),
                class: tile.class.clone(),
                at: labelled.then_some(outline.inside),
            };
            let shapes = outlines.areas.iter().zip(&tiles).enumerate().map(shape).collect();
            (outlines.width, outlines.height, shapes)
        });
        Self {
            id,
            drawing,
            caption: CaptionView::new(&map.caption, language),
            columns: tiles.iter().map(|t| t.column).max().unwrap_or(1),
            tiles,
            frames: map.frames.len(),
            chosen,
            chosen_label: frame.map(|f| f.label.get(language).to_owned()).unwrap_or_default(),
            choose: words::YEAR.get(language),
            scales: if map.shade == Shade::Plain { Vec::new() } else { vec![scale(map.shade, language)] },
            numbers: words::NUMBERS.get(language),
            grid: Grid::new(&tabulate::tile_map(map), language),
        }
    }
}

/// Bars inside a table.
#[derive(Template)]
#[template(path = "bars.html", config = "src/report/html/askama.toml")]
pub(super) struct BarsView {
    id: String,
    caption: CaptionView,
    headings: Vec<String>,
    rows: Vec<BarView>,
    base: Option<String>,
}

struct BarView {
    label: String,
    class: &'static str,
    left: String,
    width: String,
    value: String,
    remark: String,
}

impl BarsView {
    pub(super) fn new(chart: &Bars, id: String, language: Language) -> Self {
        let table = tabulate::bars(chart);
        let heading = |i: usize| table.columns.get(i).map(|c| c.heading.get(language).to_owned()).unwrap_or_default();
        let ends = chart.bars.iter().flat_map(|bar| [bar.from, bar.to]).filter(|v| v.is_finite());
        let (low, high) = ends.fold((chart.base.unwrap_or(0.0), chart.base.unwrap_or(0.0)), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let at = |value: f64| if high > low { (value - low) / (high - low) * 100.0 } else { 0.0 };
        let rows = chart.bars.iter().zip(&table.rows).map(|(bar, row)| BarView {
            label: bar.label.get(language).to_owned(),
            class: bar_class(bar.kind),
            left: percent(at(bar.from.min(bar.to))),
            width: percent(at(bar.from.max(bar.to)) - at(bar.from.min(bar.to))),
            value: value(chart, bar),
            remark: row.cells.last().map(|cell| number::cell(cell, language)).unwrap_or_default(),
        });
        Self {
            id,
            caption: CaptionView::new(&chart.caption, language),
            headings: vec![
                heading(0),
                chart
                    .base
                    .map_or_else(|| words::VALUE.clone(), |base| words::around(&number::measured(base, chart.measure)))
                    .get(language)
                    .to_owned(),
                heading(table.columns.len() - 1),
            ],
            rows: rows.collect(),
            base: chart.base.map(|base| percent(at(base))),
        }
    }
}

fn value(chart: &Bars, bar: &Bar) -> String {
    let to = number::measured(bar.to, chart.measure);
    if chart.base.is_some() { format!("{} – {to}", number::measured(bar.from, chart.measure)) } else { to }
}

/// A length for an attribute of a drawing; never anything but a number.
fn percent(share: f64) -> String {
    if share.is_finite() { format!("{share:.2}%") } else { "0%".to_owned() }
}

const fn bar_class(kind: BarKind) -> &'static str {
    match kind {
        BarKind::Input(kind) => class_of(kind),
        BarKind::Chance => "chance",
        BarKind::Joint => "joint",
        BarKind::Plain => "plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_names_end_with_is_left_out_of_maps() {
        assert_eq!(
            common_ending(&["Yaojia Subdistrict", "Longdong Subdistrict", "Zhiyuan Subdistrict"]),
            " Subdistrict"
        );
        assert_eq!(common_ending(&["姚家街道", "龙洞街道", "智远街道"]), "街道");
        assert_eq!(common_ending(&["North", "South", "Perth"]), "");
        assert_eq!(common_ending(&["街道", "龙洞街道", "智远街道"]), "道", "a name never vanishes");
        assert_eq!(common_ending(&["one", "two"]), "");
    }
}

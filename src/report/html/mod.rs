//! The report as one HTML file: opens offline, prints on A4, reads on a phone and with a screen reader.
//!
//! Each block becomes a fragment by its own template; charts get their numbers from one JSON island and everything they
//! say in words (tooltips, map tiles) from the table beside them, so pictures and tables cannot disagree. Names come
//! from planners and are hostile until escaped: templates escape by default, the island escapes `<`, `>` and `&`, the
//! script only ever sets text, and the page's own policy forbids any network access.
//!
//! Where a section has several headed parts (stages), all but the one with the worst verdict are folded: a long report
//! stays easy to enter; links and printing unfold what they need. Tables to look things up in are folded too, and are
//! printed only if the reader has unfolded them.
//!
//! Charts are drawn by Apache ECharts (`vendor/`); heat maps, tile maps and bars are plain HTML, which prints better.

mod chart;
mod markdown;
mod picture;
mod view;

use askama::Template;
use serde_json::Value;

use self::picture::{BarsView, FigureView, TilesView};
use self::view::{CaveatView, InputsView, MethodView, ReferenceView, TableView, VerdictLevelView, VerdictsView};
use super::document::{Block, Outlines, Report, Section, VerdictCard, VerdictLevel};
use super::{tabulate, words};
use crate::language::{Language, Text};

const ECHARTS: &str = include_str!("vendor/echarts.common.min.js");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("charts.js");

// The page's policy lets these texts run and no other, by their SHA-256; a test holds them to the files. No element has a
// style of its own: bars are placed by attributes of drawings, tiles by rules for every column and row.
const STYLE_HASH: &str = "sha256-8PfVIs1UgspFNk7VBfSmykOQ6KOh8XLeZg/u9j90a+E=";
const ECHARTS_HASH: &str = "sha256-YfEygKujFh93/IAb9fnHhvVfEEMhU6BoP8XMBwCwE9U=";
const SCRIPT_HASH: &str = "sha256-um21/s3MmWC2v76xWa7fay39fCQfheiRIdWXbjMVouc=";

/// The whole report in one language.
pub fn render(report: &Report, language: Language) -> String {
    let mut builder = Builder { report, language, blocks: 0, charts: Vec::new(), drawn: Vec::new() };
    let sections = report.sections.iter().enumerate().map(|(i, section)| builder.section(i, section)).collect();
    let page = Page {
        language: language.tag(),
        title: report.title.get(language),
        subtitle: report.subtitle.get(language),
        facts: report.facts.iter().map(|f| (f.label.get(language), f.value.get(language))).collect(),
        sections,
        shapes: builder.drawn.iter().flat_map(|outlines| outlines.areas.iter().map(picture::path)).collect(),
        data: island(&Value::Array(builder.charts)),
        said: Said::new(language),
    };
    written(&page)
}

/// A fragment's text.
fn written(template: &impl Template) -> String {
    template.render().expect("invariant: writing to memory does not fail")
}

/// JSON that can stand inside a script element: no markup character survives outside an escape.
fn island(data: &Value) -> String {
    let mut out = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/html/askama.toml")]
struct Page<'a> {
    language: &'a str,
    title: &'a str,
    subtitle: &'a str,
    facts: Vec<(&'a str, &'a str)>,
    sections: Vec<SectionView<'a>>,
    /// Outlines of areas, written once for all maps of the page.
    shapes: Vec<String>,
    data: String,
    said: Said,
}

/// The fixed words of the page.
struct Said {
    contents: &'static str,
    skip: &'static str,
    no_script: &'static str,
    colophon: &'static str,
    unfold: &'static str,
    copy: &'static str,
    copied: &'static str,
    area: &'static str,
    all_areas: &'static str,
    fold: &'static str,
}

impl Said {
    fn new(language: Language) -> Self {
        let get = |text: &'static Text| text.get(language);
        Self {
            contents: get(&words::CONTENTS),
            skip: get(&words::SKIP),
            no_script: get(&words::NO_SCRIPT),
            colophon: get(&words::COLOPHON),
            unfold: get(&words::UNFOLD),
            copy: get(&words::COPY),
            copied: get(&words::COPIED),
            area: get(&words::AREA),
            all_areas: get(&words::ALL_AREAS),
            fold: get(&words::FOLD),
        }
    }
}

struct SectionView<'a> {
    anchor: String,
    title: &'a str,
    /// Whether its headed parts fold, because there are several.
    folds: bool,
    parts: Vec<PartView<'a>>,
}

/// The blocks from one heading to the next.
struct PartView<'a> {
    anchor: String,
    heading: Option<&'a str>,
    /// The verdict on the stage that the heading names.
    rank: Option<VerdictLevelView>,
    open: bool,
    blocks: Vec<String>,
}

/// Turns blocks into fragments, numbering them and gathering the charts' numbers.
struct Builder<'a> {
    report: &'a Report,
    language: Language,
    blocks: usize,
    charts: Vec<Value>,
    /// Different sets of outlines so far.
    drawn: Vec<&'a Outlines>,
}

impl<'a> Builder<'a> {
    fn section(&mut self, index: usize, section: &'a Section) -> SectionView<'a> {
        let first =
            PartView { anchor: part_anchor(index, 0), heading: None, rank: None, open: true, blocks: Vec::new() };
        let mut parts = vec![first];
        // The worst stage is open, the first of them when several are: it is what a reader comes for.
        let worst = self
            .ranks(section)
            .into_iter()
            .enumerate()
            .fold((1, None), |(best, worst), (i, rank)| if rank > worst { (i + 1, rank) } else { (best, worst) });
        for block in &section.blocks {
            if let Block::Heading(text) = block {
                let part = parts.len();
                parts.push(PartView {
                    anchor: part_anchor(index, part),
                    heading: Some(text.get(self.language)),
                    rank: self.rank_of(section, text).map(|rank| VerdictLevelView::new(rank, self.language)),
                    open: part == worst.0,
                    blocks: Vec::new(),
                });
            } else if let Some(part) = parts.last_mut() {
                part.blocks.push(self.block(block));
            }
        }
        SectionView { anchor: anchor(index), title: section.title.get(self.language), folds: parts.len() > 2, parts }
    }

    /// The verdict on each headed part of a section, where there is one.
    fn ranks(&self, section: &Section) -> Vec<Option<VerdictLevel>> {
        headings(section).map(|text| self.rank_of(section, text)).collect()
    }

    fn rank_of(&self, section: &Section, heading: &Text) -> Option<VerdictLevel> {
        let cards = self.report.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Verdicts(cards) => Some(cards),
            _ => None,
        });
        let of_part = |card: &&VerdictCard| card.see.as_deref() == Some(&section.key) && card.stage == *heading;
        cards.flatten().find(of_part).map(|card| card.rank)
    }

    fn block(&mut self, block: &'a Block) -> String {
        let language = self.language;
        self.blocks += 1;
        let id = format!("block-{}", self.blocks);
        match block {
            Block::Heading(text) | Block::Prose(text) => {
                format!("<p class=\"prose\">{}</p>", markdown::escaped(text.get(language)))
            }
            Block::Verdicts(cards) => written(&VerdictsView::new(cards, language, |card| self.anchor_of(card))),
            Block::Caveat(caveat) => written(&CaveatView::new(caveat, language)),
            Block::Table(table) => written(&TableView::new(table, false, id, language)),
            Block::Reference(table) => written(&ReferenceView::new(table, id, language)),
            Block::HeatMap(map) => written(&TableView::new(&tabulate::heat_map(map), true, id, language)),
            Block::Bars(bars) => written(&BarsView::new(bars, id, language)),
            Block::TileMap(map) => {
                let first_shape = self.first_shape(map.outlines.as_ref());
                written(&TilesView::new(map, first_shape, id, language))
            }
            Block::Inputs(inputs) => written(&InputsView::new(inputs, id, language)),
            Block::Method(method) => written(&MethodView::new(method, language)),
            Block::FanChart(fan) => self.figure(&FigureView::fan(fan, id, language), chart::fan(fan, language)),
            Block::Stack(stack) => self.figure(&FigureView::stack(stack, id, language), chart::stack(stack, language)),
            Block::Pyramid(chart) => {
                self.figure(&FigureView::pyramid(chart, id, language), chart::pyramid(chart, language))
            }
        }
    }

    fn figure(&mut self, figure: &FigureView, mut numbers: Value) -> String {
        numbers["id"] = Value::from(figure.id.as_str());
        self.charts.push(numbers);
        written(figure)
    }

    /// Where the outlines of a map begin among the shapes of the page; the same outlines are written once.
    fn first_shape(&mut self, outlines: Option<&'a Outlines>) -> usize {
        let Some(outlines) = outlines else { return 0 };
        let known = self.drawn.iter().position(|drawn| *drawn == outlines).unwrap_or_else(|| {
            self.drawn.push(outlines);
            self.drawn.len() - 1
        });
        self.drawn[..known].iter().map(|outlines| outlines.areas.len()).sum()
    }

    /// Where a card leads: the part of its section headed by its stage, or the section.
    fn anchor_of(&self, card: &VerdictCard) -> Option<String> {
        let key = card.see.as_deref()?;
        let (index, section) = self.report.sections.iter().enumerate().find(|(_, section)| section.key == key)?;
        let part = headings(section).position(|text| *text == card.stage);
        Some(part.map_or_else(|| anchor(index), |part| part_anchor(index, part + 1)))
    }
}

fn headings(section: &Section) -> impl Iterator<Item = &Text> {
    section.blocks.iter().filter_map(|block| match block {
        Block::Heading(text) => Some(text),
        _ => None,
    })
}

fn anchor(index: usize) -> String {
    format!("section-{}", index + 1)
}

fn part_anchor(index: usize, part: usize) -> String {
    format!("section-{}-{part}", index + 1)
}

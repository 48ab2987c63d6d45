//! What the templates of words and tables show: blocks in one language, with every number already written.

use askama::Template;

use super::markdown;
use crate::language::Language;
use crate::report::document::{
    Caption, Caveat, Cell, InputKind, InputRow, Inputs, Method, Row, Shade, Table, VerdictCard, VerdictLevel, Weight,
};
use crate::report::{number, sentences, tabulate, words};

/// A caption in one language.
pub(super) struct CaptionView {
    pub(super) heading: String,
    pub(super) takeaway: Option<String>,
}

impl CaptionView {
    pub(super) fn new(caption: &Caption, language: Language) -> Self {
        Self {
            heading: tabulate::heading(caption).get(language).to_owned(),
            takeaway: caption.takeaway.as_ref().map(|text| text.get(language).to_owned()),
        }
    }
}

/// The rows and columns of a table.
#[derive(Template)]
#[template(path = "grid.html", config = "src/report/html/askama.toml")]
pub(super) struct Grid {
    caption: String,
    headings: Vec<Heading>,
    rows: Vec<GridRow>,
}

struct Heading {
    text: String,
    unit: Option<String>,
    numeric: bool,
}

struct GridRow {
    whole: bool,
    head: String,
    cells: Vec<GridCell>,
}

struct GridCell {
    text: String,
    class: String,
}

impl Grid {
    pub(super) fn new(table: &Table, language: Language) -> Self {
        let headings = table.columns.iter().enumerate().map(|(i, column)| Heading {
            text: column.heading.get(language).to_owned(),
            unit: column.unit.as_ref().map(|unit| unit.get(language).to_owned()),
            numeric: table.rows.iter().any(|row| matches!(row.cells.get(i), Some(Cell::Number(..)))),
        });
        let largest = largest(table);
        let rows = table.rows.iter().map(|row| GridRow {
            whole: row.whole,
            head: row.cells.first().map(|cell| number::cell(cell, language)).unwrap_or_default(),
            cells: cells(table, row, largest, language),
        });
        Self {
            caption: tabulate::heading(&table.caption).get(language).to_owned(),
            headings: headings.collect(),
            rows: rows.collect(),
        }
    }
}

fn cells(table: &Table, row: &Row, largest: f64, language: Language) -> Vec<GridCell> {
    let shaded = row.cells.iter().zip(&table.columns).skip(1);
    shaded
        .map(|(cell, column)| GridCell {
            text: number::cell(cell, language),
            class: match cell {
                Cell::Number(value, _) => format!("n{}", shade_class(*value, column.shade, largest)),
                Cell::Text(_) | Cell::Empty => String::new(),
            },
        })
        .collect()
}

/// The largest number that is shaded by its size; the whole would drown its parts.
fn largest(table: &Table) -> f64 {
    let shaded = |row: &Row| {
        let cells = row.cells.iter().zip(&table.columns).filter(|(_, column)| column.shade == Shade::Amount);
        cells.filter_map(|(cell, _)| cell.value()).fold(0.0, f64::max)
    };
    table.rows.iter().filter(|row| !row.whole).map(shaded).fold(0.0, f64::max)
}

/// The class of a shaded number with a space before it; nothing for one that is not shaded.
pub(super) fn shade_class(value: f64, shade: Shade, largest: f64) -> String {
    let scale = if shade == Shade::Risk { "risk" } else { "amount" };
    tabulate::shade(value, shade, largest).map(|class| format!(" {scale}-{class}")).unwrap_or_default()
}

/// The legend of shaded numbers: classes and their words.
pub(super) fn scale(shade: Shade, language: Language) -> Vec<(String, String)> {
    match shade {
        Shade::Plain => Vec::new(),
        Shade::Risk => {
            let steps = tabulate::risk_classes().into_iter().enumerate();
            let name = ("named".to_owned(), words::PROBABILITY.get(language).to_owned());
            std::iter::once(name).chain(steps.map(|(i, words)| (format!("risk-{i}"), words))).collect()
        }
        Shade::Amount => {
            let words = |i| match i {
                0 => words::LESS.get(language).to_owned(),
                5 => words::MORE_OF_IT.get(language).to_owned(),
                _ => "\u{a0}".to_owned(),
            };
            (0..6).map(|i| (format!("amount-{i}"), words(i))).collect()
        }
    }
}

/// A table to look things up in, folded.
#[derive(Template)]
#[template(path = "reference.html", config = "src/report/html/askama.toml")]
pub(super) struct ReferenceView {
    title: String,
    table: TableView,
}

impl ReferenceView {
    pub(super) fn new(table: &Table, id: String, language: Language) -> Self {
        let table = TableView::new(table, false, id, language);
        Self { title: table.caption.heading.clone(), table }
    }
}

/// A table standing for itself, or a heat map.
#[derive(Template)]
#[template(path = "table.html", config = "src/report/html/askama.toml")]
pub(super) struct TableView {
    id: String,
    caption: CaptionView,
    grid: Grid,
    heat: bool,
    scales: Vec<Vec<(String, String)>>,
}

impl TableView {
    pub(super) fn new(table: &Table, heat: bool, id: String, language: Language) -> Self {
        let present = |shade: &Shade| table.columns.iter().any(|column| column.shade == *shade);
        let shades = [Shade::Risk, Shade::Amount].into_iter().filter(present);
        Self {
            id,
            caption: CaptionView::new(&table.caption, language),
            grid: Grid::new(table, language),
            heat,
            scales: shades.map(|shade| scale(shade, language)).collect(),
        }
    }
}

/// The verdicts with a tally of ranks.
#[derive(Template)]
#[template(path = "verdicts.html", config = "src/report/html/askama.toml")]
pub(super) struct VerdictsView {
    tally: Vec<(VerdictLevelView, usize)>,
    answers: Vec<AnswerView>,
    services: Vec<(String, Vec<CardView>)>,
    said: CardWords,
}

/// A rank as a mark and words.
pub(super) struct VerdictLevelView {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) words: String,
}

/// What is said of a service as a whole.
struct AnswerView {
    service: String,
    rank: VerdictLevelView,
    /// What is missing where, in one line.
    line: Option<String>,
    sentence: String,
}

struct CardWords {
    promise: &'static str,
    worst_year: &'static str,
    worst_area: &'static str,
    surplus: &'static str,
    by_year: &'static str,
    more: &'static str,
}

struct CardView {
    stage: String,
    rank: VerdictLevelView,
    sentence: String,
    promise: Option<String>,
    worst_year: Option<(String, String)>,
    worst_area: Option<(String, String, String)>,
    surplus: String,
    strip: Vec<(String, i32, String)>,
    link: Option<String>,
}

const RANKS: [VerdictLevel; 4] =
    [VerdictLevel::FallsShort, VerdictLevel::Unstable, VerdictLevel::AtRisk, VerdictLevel::Meets];

impl VerdictLevelView {
    pub(super) fn new(rank: VerdictLevel, language: Language) -> Self {
        Self::marked(rank, None, language)
    }

    /// The same, marked where another seed might give another.
    pub(super) fn marked(rank: VerdictLevel, close_to: Option<VerdictLevel>, language: Language) -> Self {
        let class = match rank {
            VerdictLevel::Meets => "meets",
            VerdictLevel::AtRisk => "at-risk",
            VerdictLevel::FallsShort => "falls-short",
            VerdictLevel::Unstable => "unstable",
        };
        Self { class, mark: words::mark(rank), words: sentences::standing(rank, close_to).get(language).to_owned() }
    }
}

impl VerdictsView {
    pub(super) fn new(
        cards: &[VerdictCard],
        language: Language,
        anchor_of: impl Fn(&VerdictCard) -> Option<String>,
    ) -> Self {
        let count = |rank| cards.iter().filter(|card| card.rank == rank).count();
        let tally = RANKS.iter().map(|&rank| (VerdictLevelView::new(rank, language), count(rank)));
        let mut groups: Vec<(String, Vec<&VerdictCard>)> = Vec::new();
        for card in cards {
            let service = card.service.get(language);
            match groups.last_mut() {
                Some((last, group)) if last == service => group.push(card),
                _ => groups.push((service.to_owned(), vec![card])),
            }
        }
        let answers = groups.iter().filter_map(|(service, cards)| {
            let rank = VerdictLevelView::new(sentences::worst(cards)?, language);
            Some(AnswerView {
                service: service.clone(),
                rank,
                line: sentences::tightest(cards).map(|line| line.get(language).to_owned()),
                sentence: sentences::service(cards).get(language).to_owned(),
            })
        });
        let answers = answers.collect();
        let view = |card| CardView::new(card, language, &anchor_of);
        let services = groups.into_iter().map(|(service, cards)| (service, cards.into_iter().map(view).collect()));
        let said = CardWords {
            promise: words::PROMISE.get(language),
            worst_year: words::WORST_YEAR.get(language),
            worst_area: words::WORST_AREA.get(language),
            surplus: words::SURPLUS.get(language),
            by_year: words::BY_YEAR.get(language),
            more: words::MORE.get(language),
        };
        Self { tally: tally.filter(|(_, count)| *count > 0).collect(), answers, services: services.collect(), said }
    }
}

impl CardView {
    fn new(card: &VerdictCard, language: Language, anchor_of: impl Fn(&VerdictCard) -> Option<String>) -> Self {
        let surplus = card.surplus_from.map_or_else(|| words::SURPLUS_NONE.clone(), words::from_year);
        Self {
            stage: card.stage.get(language).to_owned(),
            rank: VerdictLevelView::marked(card.rank, card.close_to, language),
            sentence: card.sentence.get(language).to_owned(),
            promise: card.promise.as_ref().map(|text| text.get(language).to_owned()),
            worst_year: card.worst_year.map(|(year, p)| (number::probability(p), year.to_string())),
            worst_area: card.worst_area.as_ref().map(|worst| {
                let probability = number::probability(worst.probability);
                (worst.area.get(language).to_owned(), probability, worst.year.to_string())
            }),
            surplus: surplus.get(language).to_owned(),
            strip: card
                .by_year
                .iter()
                .map(|&(year, p)| (shade_class(p, Shade::Risk, 1.0), year, number::probability(p)))
                .collect(),
            link: anchor_of(card),
        }
    }
}

/// A warning.
#[derive(Template)]
#[template(path = "caveat.html", config = "src/report/html/askama.toml")]
pub(super) struct CaveatView<'a> {
    class: &'static str,
    weight: String,
    says: &'a str,
    advice_label: &'static str,
    advice: &'a str,
}

impl<'a> CaveatView<'a> {
    pub(super) fn new(caveat: &'a Caveat, language: Language) -> Self {
        let class = match caveat.weight {
            Weight::Note => "note",
            Weight::Caution => "caution",
            Weight::Serious => "serious",
        };
        Self {
            class,
            weight: words::weight(caveat.weight).get(language).to_owned(),
            says: caveat.says.get(language),
            advice_label: words::ADVICE.get(language),
            advice: caveat.advice.get(language),
        }
    }
}

/// How something is computed, folded.
#[derive(Template)]
#[template(path = "method.html", config = "src/report/html/askama.toml")]
pub(super) struct MethodView<'a> {
    title: &'a str,
    text: String,
}

impl<'a> MethodView<'a> {
    pub(super) fn new(method: &'a Method, language: Language) -> Self {
        Self { title: method.title.get(language), text: markdown::to_html(method.text.get(language)) }
    }
}

/// The inputs with buttons to show one status only.
#[derive(Template)]
#[template(path = "inputs.html", config = "src/report/html/askama.toml")]
pub(super) struct InputsView {
    id: String,
    caption: CaptionView,
    all: &'static str,
    choose: &'static str,
    headings: Vec<String>,
    counts: Vec<(&'static str, String, usize)>,
    rows: Vec<InputView>,
}

struct InputView {
    status: &'static str,
    key: Vec<String>,
    meaning: String,
    cells: Vec<String>,
    status_words: String,
    source: String,
}

impl InputsView {
    pub(super) fn new(inputs: &Inputs, id: String, language: Language) -> Self {
        let table = tabulate::inputs(inputs);
        let counts = InputKind::ALL.map(|kind| {
            let count = inputs.rows.iter().filter(|row| row.kind == kind).count();
            (class_of(kind), words::input_kind(kind).get(language).to_owned(), count)
        });
        Self {
            id,
            caption: CaptionView::new(&inputs.caption, language),
            all: words::ALL.get(language),
            choose: words::CHOOSE.get(language),
            // The key and its meaning share a column.
            headings: table.columns.iter().skip(1).map(|c| c.heading.get(language).to_owned()).collect(),
            counts: counts.into(),
            rows: inputs
                .rows
                .iter()
                .zip(&table.rows)
                .map(|(input, row)| InputView::new(input, &row.cells, language))
                .collect(),
        }
    }
}

/// The class of what an input rests on.
pub(super) const fn class_of(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Standard => "standard",
        InputKind::Statistics => "published",
        InputKind::Derived => "derived",
        InputKind::Judgement => "assumed",
    }
}

impl InputView {
    fn new(input: &InputRow, cells: &[Cell], language: Language) -> Self {
        let said = |i: usize| cells.get(i).map(|cell| number::cell(cell, language)).unwrap_or_default();
        Self {
            status: class_of(input.kind),
            // Keys break across lines after their points only.
            key: input.key.split_inclusive('.').map(str::to_owned).collect(),
            meaning: said(1),
            cells: vec![said(2), said(3)],
            status_words: said(4),
            source: said(5),
        }
    }
}

//! Every chart as a table: what screen readers, paper, the terminal and workbooks get instead of a picture.

use super::document::{
    Bars, Block, Caption, Caveat, Cell, Column, FanChart, HeatMap, InputKind, Inputs, Measure, Pyramid, Row, Shade,
    Stack, Table, TileMap, VerdictCard,
};
use super::{number, sentences, words};
use crate::language::Text;
use crate::text;

/// The table behind a block; `None` for blocks of words.
pub fn table_of(block: &Block) -> Option<Table> {
    Some(match block {
        Block::Table(table) | Block::Reference(table) => table.clone(),
        Block::FanChart(fan) => fan_chart(fan),
        Block::Stack(chart) => stack(chart),
        Block::HeatMap(map) => heat_map(map),
        Block::TileMap(map) => tile_map(map),
        Block::Bars(chart) => bars(chart),
        Block::Pyramid(chart) => pyramid(chart),
        Block::Inputs(list) => inputs(list),
        Block::Heading(_) | Block::Prose(_) | Block::Verdicts(_) | Block::Caveat(_) | Block::Method(_) => return None,
    })
}

/// Positions of the columns of [`fan_chart`] that matter most: median, 5 % and 95 % of demand, median of places.
pub(super) const FAN_KEY_COLUMNS: [usize; 4] = [4, 1, 7, 9];

/// A row for each year: quantiles of demand, then of places, then what opens.
pub fn fan_chart(chart: &FanChart) -> Table {
    let (demand, places) = (&chart.demand_label, &chart.places_label);
    let quantile = |label: &Text, percent: u8| {
        let (en, zh) = (&label.en, &label.zh);
        Column::new(if percent == 50 {
            text!("{en}, median", "{zh}，中位数")
        } else {
            text!("{en}, {percent}%", "{zh}，{percent}%")
        })
    };
    let mut columns = vec![Column::new(words::YEAR.clone())];
    columns.extend([5, 10, 25, 50, 75, 90, 95].map(|p| quantile(demand, p)));
    if !chart.places.is_empty() {
        columns.extend([10, 50, 90].map(|p| quantile(places, p)));
    }
    if !chart.openings.is_empty() {
        columns.push(Column::new(words::OPENS.clone()));
    }
    let rows = chart.years.iter().enumerate().map(|(i, &year)| {
        let mut cells = vec![Cell::year(year)];
        cells.extend(numbers(chart.demand.get(i).map_or(&[f64::NAN; 7][..], |q| q), chart.measure));
        if !chart.places.is_empty() {
            cells.extend(numbers(chart.places.get(i).map_or(&[f64::NAN; 3][..], |q| q), chart.measure));
        }
        if !chart.openings.is_empty() {
            cells.push(openings(chart, year));
        }
        Row::new(cells)
    });
    Table { caption: chart.caption.clone(), rows: rows.collect(), columns }
}

fn numbers(values: &[f64], measure: Measure) -> impl Iterator<Item = Cell> {
    values.iter().map(move |value| Cell::Number(*value, measure))
}

fn openings(chart: &FanChart, year: i32) -> Cell {
    let opened: Vec<&Text> = chart.openings.iter().filter(|o| o.year == year).map(|o| &o.label).collect();
    if opened.is_empty() {
        return Cell::Empty;
    }
    let join = |words: Vec<&str>, comma: &str| words.join(comma);
    let en = join(opened.iter().map(|t| &*t.en).collect(), "; ");
    let zh = join(opened.iter().map(|t| &*t.zh).collect(), "；");
    Cell::Text(Text::owned(en, zh))
}

/// A row for each year, a column for each part.
pub fn stack(chart: &Stack) -> Table {
    let mut columns = vec![Column::new(words::YEAR.clone())];
    columns.extend(chart.parts.iter().map(|part| Column::new(part.label.clone())));
    let rows = chart.years.iter().enumerate().map(|(i, &year)| {
        let mut cells = vec![Cell::year(year)];
        let values = chart.parts.iter().map(|part| part.values.get(i).copied().unwrap_or(f64::NAN));
        cells.extend(values.map(|value| Cell::Number(value, chart.measure)));
        Row::new(cells)
    });
    Table { caption: chart.caption.clone(), rows: rows.collect(), columns }
}

/// A row for each area, a shaded column for each year.
pub fn heat_map(map: &HeatMap) -> Table {
    let mut columns = vec![Column::new(map.names.clone())];
    columns.extend(map.years.iter().map(|year| Column::new(Text::name(year.to_string())).shade(Shade::Risk)));
    let rows = map.rows.iter().map(|row| {
        let mut cells = vec![Cell::Text(row.label.clone())];
        cells.extend((0..map.years.len()).map(|i| Cell::probability(row.values.get(i).copied().unwrap_or(f64::NAN))));
        Row { cells, whole: row.whole }
    });
    Table { caption: map.caption.clone(), rows: rows.collect(), columns }
}

/// A row for each area, a shaded column for each moment.
pub fn tile_map(map: &TileMap) -> Table {
    let mut columns = vec![Column::new(words::AREA.clone())];
    columns.extend(map.frames.iter().map(|frame| Column::new(frame.label.clone()).shade(map.shade)));
    let rows = map.tiles.iter().enumerate().map(|(i, tile)| {
        let mut cells = vec![Cell::Text(tile.label.clone())];
        let values = map.frames.iter().map(|frame| frame.values.get(i).copied().unwrap_or(f64::NAN));
        cells.extend(values.map(|value| Cell::Number(value, map.measure)));
        Row::new(cells)
    });
    Table { caption: map.caption.clone(), rows: rows.collect(), columns }
}

/// A row for each bar.
pub fn bars(chart: &Bars) -> Table {
    let mut columns = vec![Column::new(words::FACTOR.clone())];
    if chart.base.is_some() {
        columns.extend([Column::new(words::FROM.clone()), Column::new(words::TO.clone())]);
    } else {
        columns.push(Column::new(words::VALUE.clone()));
    }
    columns.push(Column::new(words::REMARK.clone()));
    let rows = chart.bars.iter().map(|bar| {
        let mut cells = vec![Cell::Text(bar.label.clone())];
        if chart.base.is_some() {
            cells.push(Cell::Number(bar.from, chart.measure));
        }
        cells.push(Cell::Number(bar.to, chart.measure));
        cells.push(remark(words::bar_kind(bar.kind).as_ref(), bar.note.as_ref()));
        Row::new(cells)
    });
    Table { caption: chart.caption.clone(), rows: rows.collect(), columns }
}

fn remark(kind: Option<&Text>, note: Option<&Text>) -> Cell {
    match (kind, note) {
        (Some(kind), Some(note)) => {
            Cell::Text(Text::owned(format!("{}; {}", kind.en, note.en), format!("{}；{}", kind.zh, note.zh)))
        }
        (Some(text), None) | (None, Some(text)) => Cell::Text(text.clone()),
        (None, None) => Cell::Empty,
    }
}

/// A row for each age group, oldest first as in the picture; men and women of each moment.
pub fn pyramid(chart: &Pyramid) -> Table {
    let mut columns = vec![Column::new(words::AGE.clone())];
    for moment in &chart.moments {
        let (en, zh) = (&moment.label.en, &moment.label.zh);
        for sex in [&words::MEN, &words::WOMEN] {
            let (sex_en, sex_zh) = (&sex.en, &sex.zh);
            columns.push(Column::new(text!("{en}, {sex_en}", "{zh}，{sex_zh}")));
        }
    }
    let rows = chart.ages.iter().enumerate().rev().map(|(i, age)| {
        let mut cells = vec![Cell::Text(Text::name(age.clone()))];
        for moment in &chart.moments {
            let at = |people: &[f64]| Cell::count(people.get(i).copied().unwrap_or(f64::NAN));
            cells.extend([at(&moment.men), at(&moment.women)]);
        }
        Row::new(cells)
    });
    Table { caption: chart.caption.clone(), rows: rows.collect(), columns }
}

/// The same with men to the left of nought, so that a picture of the cells has two sides; no sign is written.
pub fn mirrored(chart: &Pyramid) -> Table {
    let mut table = pyramid(chart);
    for row in &mut table.rows {
        for cell in row.cells.iter_mut().skip(1).step_by(2) {
            if let Cell::Number(value, measure) = cell {
                (*value, *measure) = (-*value, Measure::Mirrored);
            }
        }
    }
    table
}

/// A row for each input.
pub fn inputs(list: &Inputs) -> Table {
    let headings = [&words::KEY, &words::INPUT, &words::VALUE, &words::UNIT, &words::STATUS, &words::SOURCE];
    let rows = list.rows.iter().map(|input| {
        let silent = input.kind == InputKind::Standard && input.source == Text::default();
        let source = if silent { words::DEFAULTED.clone() } else { input.source.clone() };
        Row::new(vec![
            Cell::Text(Text::name(input.key.clone())),
            Cell::Text(input.meaning.clone()),
            Cell::Text(input.value.clone()),
            input.unit.clone().map_or(Cell::Empty, Cell::Text),
            Cell::Text(words::input_kind(input.kind)),
            Cell::Text(source),
        ])
    });
    Table {
        caption: list.caption.clone(),
        rows: rows.collect(),
        columns: headings.map(|text| Column::new(text.clone())).into(),
    }
}

/// A row for each verdict: how it stands, where and when the risk is highest, and in words.
pub fn verdicts(cards: &[VerdictCard]) -> Table {
    let columns = vec![
        Column::new(words::SERVICE.clone()),
        Column::new(words::STAGE.clone()),
        Column::new(words::VERDICT.clone()),
        Column::new(words::WORST_YEAR.clone()).shade(Shade::Risk),
        Column::new(words::YEAR.clone()),
        Column::new(words::WORST_AREA.clone()),
        Column::new(words::AREA_RISK.clone()).shade(Shade::Risk),
        Column::new(words::AREA_YEAR.clone()),
        Column::new(words::SURPLUS_FROM.clone()),
        Column::new(words::PROMISE.clone()),
        Column::new(words::IN_WORDS.clone()),
    ];
    let rows = cards.iter().map(|card| {
        let area = card.worst_area.as_ref();
        Row::new(vec![
            Cell::Text(card.service.clone()),
            Cell::Text(card.stage.clone()),
            Cell::Text(verdict_words(card)),
            card.worst_year.map_or(Cell::Empty, |(_, p)| Cell::probability(p)),
            card.worst_year.map_or(Cell::Empty, |(year, _)| Cell::year(year)),
            area.map_or(Cell::Empty, |worst| Cell::Text(worst.area.clone())),
            area.map_or(Cell::Empty, |worst| Cell::probability(worst.probability)),
            area.map_or(Cell::Empty, |worst| Cell::year(worst.year)),
            card.surplus_from.map_or(Cell::Empty, Cell::year),
            card.promise.clone().map_or(Cell::Empty, Cell::Text),
            Cell::Text(card.sentence.clone()),
        ])
    });
    Table { caption: Caption::new(words::VERDICTS.clone()), rows: rows.collect(), columns }
}

/// A rank with its mark, and whether it is too close to call.
pub(super) fn verdict_words(card: &VerdictCard) -> Text {
    let (mark, name) = (words::mark(card.rank), sentences::standing(card.rank, card.close_to));
    Text::owned(format!("{mark} {}", name.en), format!("{mark} {}", name.zh))
}

/// A row for each warning with where it stands.
pub fn caveats(list: &[(Text, &Caveat)]) -> Table {
    let headings = [&words::WEIGHT, &words::SECTION, &words::SUSPICIOUS, &words::TO_DO];
    let rows = list.iter().map(|(section, caveat)| {
        Row::new(vec![
            Cell::Text(words::weight(caveat.weight)),
            Cell::Text(section.clone()),
            Cell::Text(caveat.says.clone()),
            Cell::Text(caveat.advice.clone()),
        ])
    });
    Table {
        caption: Caption::new(words::CAVEATS.clone()),
        rows: rows.collect(),
        columns: headings.map(|text| Column::new(text.clone())).into(),
    }
}

/// The caption in one line: title and unit.
pub(super) fn heading(caption: &Caption) -> Text {
    caption.unit.as_ref().map_or_else(
        || caption.title.clone(),
        |unit| {
            let (title_en, title_zh, en, zh) = (&caption.title.en, &caption.title.zh, &unit.en, &unit.zh);
            text!("{title_en} ({en})", "{title_zh}（{zh}）")
        },
    )
}

/// The class 0 to 5 of a shaded number: fixed bounds for risk, sixths of the largest for amounts.
pub(super) fn shade(value: f64, shade: Shade, largest: f64) -> Option<u8> {
    if !value.is_finite() {
        return None;
    }
    match shade {
        Shade::Plain => None,
        // By the percentage that is written beside it, so that one number never has two colours.
        Shade::Risk if value < RISK_BOUNDS[0] => Some(0),
        Shade::Risk => {
            let percent = (value * 100.0).round();
            Some(RISK_BOUNDS.iter().filter(|bound| percent >= (**bound * 100.0).round()).count() as u8)
        }
        Shade::Amount if largest > 0.0 => Some((value / largest * 6.0).floor().clamp(0.0, 5.0) as u8),
        Shade::Amount => Some(0),
    }
}

/// Bounds between the classes of risk.
pub(super) const RISK_BOUNDS: [f64; 5] = [0.01, 0.05, 0.2, 0.5, 0.9];

/// Words for the classes of risk.
pub(super) fn risk_classes() -> [String; 6] {
    let bound = |i: usize| number::percent(RISK_BOUNDS[i], 0);
    let low = format!("<{}", bound(0));
    let high = format!("≥{}", bound(4));
    let between = |i: usize| format!("{}–{}", bound(i), bound(i + 1));
    [low, between(0), between(1), between(2), between(3), high]
}

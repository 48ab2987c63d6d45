//! Native pictures of a table's cells.
//!
//! A fan of people is areas laid over each other (95, 75, 25, then 5 % in the paper's colour) with lines for the median
//! and for places; one that goes below zero (a difference) is lines only, because areas would fill towards zero.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartSeries,
    ChartSolidFill, ColNum, RowNum,
};

use super::super::document::{Bars, Block, Caption, FanChart, Measure, Pyramid, Stack};
use super::super::{tabulate, words};
use super::placed::Placed;
use super::style::{clean, code, colour};
use crate::language::Language;

const DEMAND: u32 = 0x0B_5C_94;
const PLACES: u32 = 0xB8_48_0F;
const UNMET: u32 = 0xA3_16_1F;
const PAPER: u32 = 0xFF_FF_FF;

/// Fills of the fan at 95, 75, 25 and 5 % (positions of columns 7, 5, 3, 1).
const BANDS: [(ColNum, u32); 4] = [(7, 0xD8_E5_EE), (5, 0xA9_C6_DB), (3, 0xD8_E5_EE), (1, PAPER)];

/// Colours of parts, from the best to the worst end.
const PARTS: [u32; 8] =
    [0x0B_5C_94, 0x4F_9B_C9, 0x2A_8C_77, 0x93_C4_7D, 0xD9_A5_20, 0xC0_79_2A, 0x8A_6A_A8, 0x9A_A5_AD];

/// Men and women, now and later.
const SEXES: [u32; 4] = [0x5B_9B_C4, 0xDD_9A_5C, 0x0B_4F_6C, 0x94_48_10];

/// The picture of a block whose table is `placed`; `None` for blocks that their shaded table shows best.
pub(super) fn of(block: &Block, placed: Placed<'_>, language: Language) -> Option<Chart> {
    match block {
        Block::FanChart(chart) => Some(fan(chart, placed, language)),
        Block::Stack(chart) => Some(stack(chart, placed, language)),
        Block::Pyramid(chart) => Some(pyramid(chart, placed, language)),
        Block::Bars(chart) if chart.base.is_none() => Some(bars(chart, placed, language)),
        _ => None,
    }
}

fn fan(fan: &FanChart, placed: Placed<'_>, language: Language) -> Chart {
    let above_zero = fan.demand.iter().flatten().all(|value| *value >= 0.0);
    let mut lines = Chart::new_line();
    for (column, rgb, dashed) in [(4, DEMAND, false), (1, DEMAND, true), (7, DEMAND, true)] {
        if !dashed || !above_zero {
            lines.push_series(&line(placed, column, rgb, dashed));
        }
    }
    if !fan.places.is_empty() {
        lines.push_series(&line(placed, 9, PLACES, false));
        lines.push_series(&line(placed, 8, PLACES, true));
    }
    let mut chart = if above_zero {
        let mut areas = Chart::new_area();
        for (column, rgb) in BANDS {
            areas.push_series(&filled(placed, column, rgb));
        }
        areas.combine(&lines);
        areas
    } else {
        lines
    };
    if above_zero {
        // The paper under the fan explains nothing.
        chart.legend().delete_entries(&[BANDS.len() - 1]);
    }
    finish(&mut chart, &fan.caption, fan.measure, language);
    chart
}

fn stack(stack: &Stack, placed: Placed<'_>, language: Language) -> Chart {
    let mut chart = Chart::new(rust_xlsxwriter::ChartType::ColumnStacked);
    for (i, part) in stack.parts.iter().enumerate() {
        let rgb = if part.unmet { UNMET } else { PARTS[i % PARTS.len()] };
        chart.push_series(filled(placed, i as ColNum + 1, rgb).set_gap(40));
    }
    finish(&mut chart, &stack.caption, stack.measure, language);
    chart
}

fn pyramid(pyramid: &Pyramid, placed: Placed<'_>, language: Language) -> Chart {
    let mut chart = Chart::new_bar();
    for (i, rgb) in (0..pyramid.moments.len() * 2).zip(SEXES.iter().cycle()) {
        chart.push_series(filled(placed, i as ColNum + 1, *rgb).set_gap(20).set_overlap(100));
    }
    finish(&mut chart, &pyramid.caption, Measure::Mirrored, language);
    // The table has the oldest first, as the picture should; ages stand at the left edge, not in the middle.
    chart.x_axis().set_reverse().set_label_position(ChartAxisLabelPosition::Low);
    chart
}

fn bars(bars: &Bars, placed: Placed<'_>, language: Language) -> Chart {
    let mut chart = Chart::new_bar();
    chart.push_series(filled(placed, 1, DEMAND).set_gap(40));
    finish(&mut chart, &bars.caption, bars.measure, language);
    chart.x_axis().set_reverse();
    chart.legend().set_hidden();
    chart
}

/// The cells of one column of a table.
fn cells(placed: Placed<'_>, column: ColNum) -> (&str, RowNum, ColNum, RowNum, ColNum) {
    (placed.sheet, placed.rows.0, column, placed.rows.1, column)
}

fn series(placed: Placed<'_>, column: ColNum) -> ChartSeries {
    let mut series = ChartSeries::new();
    series.set_values(cells(placed, column)).set_categories(cells(placed, 0)).set_name((
        placed.sheet,
        placed.headings,
        column,
    ));
    series
}

fn line(placed: Placed<'_>, column: ColNum, rgb: u32, dashed: bool) -> ChartSeries {
    let mut pen = ChartLine::new();
    pen.set_color(colour(rgb)).set_width(if dashed { 1.25 } else { 2.5 });
    if dashed {
        pen.set_dash_type(ChartLineDashType::Dash);
    }
    let mut series = series(placed, column);
    series.set_format(ChartFormat::new().set_line(&pen));
    series
}

fn filled(placed: Placed<'_>, column: ColNum, rgb: u32) -> ChartSeries {
    let mut series = series(placed, column);
    let fill = ChartSolidFill::new().set_color(colour(rgb)).clone();
    series.set_format(ChartFormat::new().set_solid_fill(&fill));
    series
}

fn finish(chart: &mut Chart, caption: &Caption, measure: Measure, language: Language) {
    let title = clean(tabulate::heading(caption).get(language));
    let numbers = if measure == Measure::Probability { "0%".to_owned() } else { code(measure) };
    chart.title().set_name(&title).set_overlay(false);
    chart.y_axis().set_num_format(numbers);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_alt_text(format!("{title}. {}", words::NUMBERS.get(language)));
    chart.set_width(720).set_height(340);
}

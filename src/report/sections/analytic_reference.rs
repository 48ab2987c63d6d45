//! What theory gives beside what came out: for scenarios that stand for a result of a textbook.

use super::findings::Findings;
use crate::language::Text;
use crate::report::document::{Block, Caption, Cell, Column, Row, Section, THEORY, Table};
use crate::study::{TheoryCheck, hold};
use crate::text;

/// Standard errors within which a result agrees with theory.
const AGREES: f64 = 4.0;

pub(super) fn section(findings: Findings<'_>) -> Option<Section> {
    let held = hold(findings.plan, findings.results);
    if held.is_empty() {
        return None;
    }
    let mut blocks: Vec<Block> = findings.plan.description.iter().cloned().map(Block::Prose).collect();
    blocks.push(Block::Table(table(&held)));
    Some(Section { key: THEORY.to_owned(), title: Text::new("Against theory", "与理论对照"), blocks })
}

fn table(held: &[TheoryCheck<'_>]) -> Table {
    let column = |en, zh| Column::new(Text::new(en, zh));
    let columns = vec![
        column("Result", "结果"),
        column("Theory", "理论值"),
        column("Came out", "模拟值"),
        column("Standard error", "标准误"),
        column("Off by, in standard errors", "相差（标准误的倍数）"),
    ];
    let rows = held.iter().map(|held| {
        let expected = held.result.expected;
        let value = |value: f64| Cell::real(value, digits(expected));
        let mut error = value(held.mcse);
        if held.mcse.is_nan() {
            error = Cell::Empty;
        }
        let off = held.errors();
        let off = if off.is_finite() { Cell::real(off, 1) } else { Cell::Empty };
        Row::new(vec![Cell::Text(held.result.label.clone()), value(expected), value(held.mean), error, off])
    });
    let (all, agree) = (held.len(), held.iter().filter(|held| agrees(held)).count());
    let agreed = text!(
        "{agree} of {all} results lie within four standard errors of theory.",
        "{all} 个结果中有 {agree} 个与理论值相差不超过四个标准误。"
    );
    let caption = Caption::new(Text::new("What theory says, and what came out", "理论值与模拟值"));
    Table { caption: caption.takeaway(agreed), columns, rows: rows.collect() }
}

/// Whether a result agrees with theory; one that never varies must be it, as far as it is kept.
fn agrees(held: &TheoryCheck<'_>) -> bool {
    let gap = (held.mean - held.result.expected).abs();
    gap <= AGREES * held.mcse || gap <= 1e-6 * held.result.expected.abs()
}

/// Decimals that show four figures of a number.
fn digits(value: f64) -> u8 {
    let figures = 3.0 - libm::floor(libm::log10(value.abs().max(1e-9)));
    figures.clamp(0.0, 7.0) as u8
}

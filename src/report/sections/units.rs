//! Units in one table: blocks of one service that are of one family.
//!
//! A heading and a table by year for each of two dozen units would bury the tiers; side by side they show which is tight.

use super::findings::{Findings, cell};
use crate::language::Text;
use crate::metric::{Block as Stage, BlockGroup, BlockId, Catalogue, Role};
use crate::report::document::{Block, Caption, Cell, Column, Row, Table};
use crate::report::number;
use crate::report::sentences::join;
use crate::text;

/// Whether a block is one of several units.
pub(super) fn is_unit(catalogue: &Catalogue, id: BlockId) -> bool {
    let of = |block: &Stage| block.family.map(std::ptr::from_ref);
    let family = of(catalogue.block(id));
    family.is_some() && catalogue.blocks().filter(|(_, other)| of(other) == family).count() > 1
}

/// The units of a service: each family under a heading, in the first and the last shown year, and its use year by year.
pub(super) fn tables(findings: Findings<'_>, service: &str) -> Vec<Block> {
    let years = findings.years();
    let mut chosen = vec![years[0], years[years.len() - 1]];
    chosen.dedup();
    let catalogue = &findings.plan.catalogue;
    let mut families: Vec<Units<'_>> = Vec::new();
    for (id, block) in catalogue.blocks().filter(|(id, block)| block.service == service && is_unit(catalogue, *id)) {
        let Some(family) = block.family else { continue };
        match families.iter_mut().find(|units| std::ptr::eq(units.family, family)) {
            Some(units) => units.blocks.push((id, block)),
            None => families.push(Units { family, blocks: vec![(id, block)] }),
        }
    }
    let blocks = families.iter().flat_map(|units| {
        let by_year = (chosen.len() > 1).then(|| units.uses(findings)).flatten();
        let tables = chosen.iter().map(|(index, year)| units.table(findings, *index, *year)).chain(by_year);
        std::iter::once(Block::Heading(units.family.many.clone())).chain(tables.map(Block::Table))
    });
    blocks.collect()
}

/// The units of a family, which all measure the same.
struct Units<'f> {
    family: &'static BlockGroup,
    blocks: Vec<(BlockId, &'f Stage)>,
}

impl Units<'_> {
    /// Everything they measure, in one year; measures that are nought for all of them are named below the heading instead.
    fn table(&self, findings: Findings<'_>, index: usize, year: i32) -> Table {
        let metrics = self.blocks[0].1.metrics;
        let mean = |id: BlockId, metric: usize| findings.mean(id, metric, index);
        let is_nought = |metric: &usize| self.blocks.iter().all(|(id, _)| mean(*id, *metric) == Some(0.0));
        let (nought, shown): (Vec<usize>, Vec<usize>) = (0..metrics.len()).partition(is_nought);
        let mut columns = vec![Column::new(self.family.one.clone())];
        columns.extend(shown.iter().map(|metric| Column::new(metrics[*metric].label.clone())));
        let rows = self.blocks.iter().map(|(id, unit)| {
            let mut cells = vec![Cell::Text(unit.stage_label.clone())];
            let of = |metric: &usize| mean(*id, *metric).map_or(Cell::Empty, |mean| cell(metrics[*metric].unit, mean));
            cells.extend(shown.iter().map(of));
            Row::new(cells)
        });
        let (en, zh) = (&self.family.many.en, &self.family.many.zh);
        let mut caption = Caption::new(text!("{en} in {year} (means)", "{year} 年{zh}（均值）"));
        let labels: Vec<&Text> = nought.iter().map(|metric| &metrics[*metric].label).collect();
        caption.takeaway = self.note(&labels);
        Table { caption, columns, rows: rows.collect() }
    }

    /// What the reader should know: of all of them, and which measures are nought.
    fn note(&self, nought: &[&Text]) -> Option<Text> {
        if nought.is_empty() {
            return self.family.note.clone();
        }
        let list =
            |of: fn(&Text) -> &str, comma: &str| nought.iter().map(|text| of(text)).collect::<Vec<_>>().join(comma);
        let (en, zh) = (list(|text| text.en.as_ref(), "; "), list(|text| text.zh.as_ref(), "、"));
        let (note, gap) = self.family.note.clone().map_or_else(Default::default, |note| (note, " "));
        Some(join(&note, &text!("{gap}Nought for all of them: {en}.", "均为零：{zh}。")))
    }

    /// The places and their use in every shown year: before and after what opens and closes.
    fn uses(&self, findings: Findings<'_>) -> Option<Table> {
        let catalogue = &findings.plan.catalogue;
        let metric = |role: Role| catalogue.metric(self.blocks[0].0, role);
        let (places, used) = metric(Role::Capacity).zip(metric(Role::Utilisation))?;
        let years = findings.years();
        let mut columns = vec![Column::new(self.family.one.clone())];
        columns.extend(years.iter().map(|(_, year)| Column::new(Text::name(year.to_string()))));
        let rows = self.blocks.iter().map(|(id, unit)| {
            let mean = |metric, index| findings.mean(*id, metric, index);
            let mut cells = vec![Cell::Text(unit.stage_label.clone())];
            cells.extend(years.iter().map(|(index, _)| match (mean(places, *index), mean(used, *index)) {
                (Some(places), Some(used)) if !used.is_nan() => {
                    let (places, used) = (number::whole(places), number::percent(used, 0));
                    Cell::Text(Text::name(format!("{places} · {used}")))
                }
                _ => Cell::Empty,
            }));
            Row::new(cells)
        });
        let (en, zh) = (&self.family.many.en, &self.family.many.zh);
        let caption = text!("{en}: open, and share of them in use, by year (means)", "{zh}逐年开放数与使用率（均值）");
        Some(Table { caption: Caption::new(caption), columns, rows: rows.collect() })
    }
}

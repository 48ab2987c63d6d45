//! What every part of a report may look at, and how it names rows and writes metrics.

use crate::language::Text;
use crate::metric::{BlockId, Scale, Unit, unit};
use crate::report::document::Cell;
use crate::report::sentences;
use crate::run::Results;
use crate::scenario::Plan;
use crate::study::{Headline, RunSummary, Verdict};

/// Everything that a part of the report may look at.
#[derive(Clone, Copy)]
pub(super) struct Findings<'a> {
    pub(super) plan: &'a Plan,
    pub(super) results: &'a Results,
    pub(super) summary: &'a RunSummary,
    pub(super) verdicts: &'a [Verdict],
    pub(super) headlines: &'a [Headline],
}

impl Findings<'_> {
    /// Reported years that are shown: position and calendar year.
    pub(super) fn years(&self) -> Vec<(usize, i32)> {
        let start = self.plan.site.start;
        (0..self.plan.catalogue.years())
            .map(|index| (index, start + index as i32))
            .filter(|(_, year)| *year >= self.plan.shown_from)
            .collect()
    }

    /// Mean of a metric (by position) of the district in a reported year (by position); `None` where it has no value.
    pub(super) fn mean(&self, id: BlockId, metric: usize, year: usize) -> Option<f64> {
        let district = self.plan.catalogue.district(id);
        self.summary.at(self.plan, id, metric, district, year).map(|statistic| statistic.mean)
    }

    /// Name of a row of a block: an area, or the district.
    pub(super) fn row_label(&self, row: usize) -> Text {
        self.plan.site.areas.get(row).map_or_else(|| DISTRICT.clone(), |area| area.label.clone())
    }
}

pub(super) static DISTRICT: Text = Text::new("District", "全区");

/// A name as headings begin, with a capital.
pub(super) fn headed(label: &Text) -> Text {
    Text::owned(sentences::capital(&label.en), label.zh.to_string())
}

/// How a metric is written, from its unit.
pub(super) fn cell(unit: Unit, value: f64) -> Cell {
    cell_in(unit.id, unit.scale, value)
}

/// The same of a unit that is known by its name.
pub(super) fn cell_in(unit: &str, scale: Scale, value: f64) -> Cell {
    match scale {
        Scale::Share | Scale::Difference => Cell::percent(value, 1),
        Scale::Flag => Cell::probability(value),
        Scale::Amount if unit::counts_whole(unit) => Cell::count(value),
        Scale::Amount if value.abs() < 20.0 && value.fract() != 0.0 => Cell::real(value, 1),
        Scale::Amount => Cell::count(value),
    }
}

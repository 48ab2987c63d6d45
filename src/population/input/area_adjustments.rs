//! What is known of how areas differ: factors on births per woman, death rates and out-migration rates, `column x area`.
//!
//! They shift the middle of each parameter; spreads between areas then say what is not known of the differences.

use super::keys::LARGEST_ADJUSTMENT;
use crate::input::Section;
use crate::uncertainty::Parameter;

const COLUMNS: [&str; 3] = ["births", "deaths", "out_migration"];

/// Known factors of areas; empty where a column says nothing.
#[derive(Debug, Default)]
pub(super) struct AreaAdjustments([Vec<f64>; COLUMNS.len()]);

impl AreaAdjustments {
    /// Reads `area_adjustments`; `None` when faults were noted.
    pub(super) fn read(section: &Section<'_>, ids: &[&str]) -> Option<Self> {
        let mut all = Self::default();
        if !section.has("area_adjustments") {
            return Some(all);
        }
        let sheet = section.sheet("area_adjustments")?;
        let mut fine = true;
        for row in sheet.rows() {
            let Some(area) = row.name_of("area", ids) else {
                fine = false;
                continue;
            };
            for (column, factors) in COLUMNS.iter().zip(&mut all.0) {
                if row.text(column).is_empty() {
                    continue;
                }
                match row.number(column, 0.0, LARGEST_ADJUSTMENT) {
                    Some(factor) => {
                        factors.resize(ids.len(), 1.0);
                        factors[area] = factor;
                    }
                    None => fine = false,
                }
            }
        }
        fine.then_some(all)
    }

    /// Sets the factors on the parameters, in the order of the columns.
    pub(super) fn apply(&self, section: &Section<'_>, parameters: [Parameter; COLUMNS.len()]) {
        for (factors, parameter) in self.0.iter().zip(parameters) {
            if !factors.is_empty() {
                section.session.set_area_levels(parameter, factors);
            }
        }
    }
}

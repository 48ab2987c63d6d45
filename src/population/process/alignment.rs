//! Alignment of the model to control totals.
//!
//! Factors on births, deaths and arrivals (and on leaving, where arrivals alone cannot do it) are solved once, when the
//! scenario is compiled, so that the *mean* of the process at the middle of every parameter
//! ([`super::mean_projection`]) meets the totals. All paths use the same factors, and so does every variant that leaves
//! those years as they are: differences between plans stay paired. A variant that changes the rates of a known year is
//! aligned anew: what was counted stays as counted.

use super::control_totals::{Alignment, AlignmentFactors, ControlTotal};
use super::mean_projection::{MeanProjection, MeanTotals};
use crate::population::model::PeopleModel;
use crate::uncertainty::Parameters;

/// Times that factors are corrected: births and deaths of a year depend on who has come, and the other way round.
const ROUNDS: usize = 16;

/// How far factors of people who come and go may be from 1.
const FARTHEST: f64 = 5.0;

/// Relative gap to a known total that counts as met.
const MET: f64 = 2e-3;

/// Aligns the model to its known totals. Returns those that cannot be met.
pub(crate) fn align(model: &mut PeopleModel, parameters: &Parameters) -> Vec<ControlTotal> {
    let Some(last) = model.control_totals.iter().map(|row| row.year).max() else { return Vec::new() };
    let totals = model.control_totals.clone();
    let years = (last - model.first_year + 1) as usize;
    model.alignment = Alignment { factors: vec![AlignmentFactors::NONE; years * model.areas], areas: model.areas };
    let mut missed = Vec::new();
    let mut alignment = std::mem::take(&mut model.alignment);
    let mut mean = MeanProjection::new(model, parameters);
    for year in 0..years {
        let rows = totals.iter().filter(|row| row.year == model.first_year + year as i32);
        for _ in 0..ROUNDS {
            let found = mean.year(year, &alignment);
            for row in rows.clone() {
                correct(row, &found, &mut alignment.factors[year * model.areas..(year + 1) * model.areas]);
            }
        }
        let found = mean.year(year, &alignment);
        missed.extend(rows.filter(|row| !is_met(row, &found)).copied());
        mean.roll_forward(year, found);
    }
    model.alignment = alignment;
    missed
}

fn sum(of: &[f64], area: Option<usize>) -> f64 {
    area.map_or_else(|| of.iter().sum(), |area| of[area])
}

fn is_met(row: &ControlTotal, found: &MeanTotals) -> bool {
    let near = |known: Option<f64>, found: &[f64]| {
        known.is_none_or(|known| (sum(found, row.area) - known).abs() <= MET * known + 0.5)
    };
    near(row.residents, &found.residents) && near(row.births, &found.births) && near(row.deaths, &found.deaths)
}

/// Corrects the factors of the areas of a row towards its totals.
fn correct(row: &ControlTotal, found: &MeanTotals, factors: &mut [AlignmentFactors]) {
    let ratio = |known: f64, found: f64| if found > 0.0 { (known / found).clamp(0.1, 10.0) } else { 1.0 };
    let births = row.births.map_or(1.0, |known| ratio(known, sum(&found.births, row.area)));
    let deaths = row.deaths.map_or(1.0, |known| ratio(known, sum(&found.deaths, row.area)));
    let gap = row.residents.map_or(0.0, |known| known - sum(&found.residents, row.area));
    let (arrivals, left) = (sum(&found.arrivals, row.area), sum(&found.left, row.area));
    let range = row.area.map_or(0..factors.len(), |area| area..area + 1);
    for factor in &mut factors[range] {
        factor.births *= births;
        factor.deaths *= deaths;
        let before = factor.arrivals;
        factor.arrivals = (before * ratio(arrivals + gap, arrivals)).clamp(1.0 / FARTHEST, FARTHEST);
        // What arrivals alone cannot do, those who leave do.
        let rest = gap - arrivals * (factor.arrivals / before - 1.0);
        factor.out_migration = (factor.out_migration * ratio(left - rest, left)).clamp(1.0 / FARTHEST, FARTHEST);
    }
}

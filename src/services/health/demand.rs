//! How many ask for a bed in a year: residents by age, sex, area and specialty, births, and people from outside.

use super::model::{Component, DemandModel, Model, OUTSIDE, Source, TIERS};
use crate::population::view::{AGES, SEXES, YearView};
use crate::services::service::Context;

/// Parts of the guide to the area of residence (Chen and Asau 1974).
const GUIDES: usize = 64;

/// Expected requests of one year.
#[derive(Clone, Debug)]
pub(super) struct YearDemand {
    areas: usize,
    /// Admissions that residents need: `specialty x area`.
    pub(super) residents: Vec<f64>,
    /// Shares of first choice on this path: `specialty x (tiers + outside)`.
    pub(super) choice: Vec<[f64; OUTSIDE + 1]>,
    /// Requests from outside: `specialty x tier`.
    pub(super) inflow: Vec<[f64; TIERS.len()]>,
    /// Cumulative shares of the areas in a specialty's residents: `specialty x area`.
    cumulative: Vec<f64>,
    /// The first area that a uniform number in the k-th of [`GUIDES`] equal parts may fall into: `specialty x k`.
    guide: Vec<u16>,
}

impl YearDemand {
    pub(super) fn new(model: &Model) -> Self {
        let specialties = model.demand.as_ref().map_or(0, |demand| demand.levels.len());
        Self {
            areas: model.areas,
            residents: vec![0.0; specialties * model.areas],
            choice: vec![[0.0; OUTSIDE + 1]; specialties],
            inflow: vec![[0.0; TIERS.len()]; specialties],
            cumulative: vec![0.0; specialties * model.areas],
            guide: vec![0; specialties * GUIDES],
        }
    }

    /// Fills in the year.
    pub(super) fn fill(&mut self, demand: &DemandModel, context: &Context<'_>, year: &YearView<'_>) {
        let at = |parameter, area| context.draw.at(parameter, year.index, area);
        let level = |parameter: Option<_>| parameter.map_or(1.0, |parameter| at(parameter, 0));
        for specialty in 0..demand.levels.len() {
            for area in 0..self.areas {
                let factor = at(demand.level, area) * at(demand.levels[specialty], area);
                let births = demand.per_birth[specialty].map_or(0.0, |p| at(p, area) * f64::from(year.births[area]));
                let rates = &demand.rates[specialty * SEXES * AGES..][..SEXES * AGES];
                self.residents[specialty * self.areas + area] = factor * (expected(rates, year, area) + births);
            }
            let shares = &mut self.choice[specialty];
            for (share, (base, factor)) in
                shares.iter_mut().zip(demand.choice[specialty].iter().zip(demand.choice_level))
            {
                *share = base * level(factor);
            }
            balance(shares);
            for (tier, requests) in self.inflow[specialty].iter_mut().enumerate() {
                *requests = demand.inflow[specialty][tier] * level(demand.inflow_level[tier]);
            }
            self.accumulate(specialty);
        }
    }

    fn accumulate(&mut self, specialty: usize) {
        let residents = &self.residents[specialty * self.areas..][..self.areas];
        let total: f64 = residents.iter().sum();
        let mut sum = 0.0;
        for (cumulative, count) in self.cumulative[specialty * self.areas..].iter_mut().zip(residents) {
            sum += count;
            *cumulative = if total > 0.0 { sum / total } else { 1.0 };
        }
        let cumulative = &self.cumulative[specialty * self.areas..][..self.areas];
        for (k, first) in self.guide[specialty * GUIDES..][..GUIDES].iter_mut().enumerate() {
            let least = k as f64 / GUIDES as f64;
            *first = cumulative.partition_point(|&sum| sum <= least).min(self.areas - 1) as u16;
        }
    }

    /// The area in which a resident patient of a specialty lives, by a uniform number.
    #[inline]
    pub(super) fn area_of(&self, specialty: usize, u: f64) -> u16 {
        let cumulative = &self.cumulative[specialty * self.areas..][..self.areas];
        let guide = &self.guide[specialty * GUIDES..][..GUIDES];
        let mut area = guide[(u * GUIDES as f64) as i32 as usize & (GUIDES - 1)];
        while usize::from(area) + 1 < cumulative.len() && u >= cumulative[usize::from(area)] {
            area += 1;
        }
        area
    }

    /// Expected requests a year of a source.
    pub(super) fn expected(
        &self,
        component: &Component,
        source: Source,
        context: &Context<'_>,
        year: &YearView<'_>,
        days: f64,
    ) -> f64 {
        let specialty = component.specialty;
        let residents =
            |areas: std::ops::Range<usize>| -> f64 { self.residents[specialty * self.areas..][areas].iter().sum() };
        match source {
            Source::Residents { tier } => residents(0..self.areas) * self.choice[specialty][tier],
            Source::Area { tier, area } => residents(area..area + 1) * self.choice[specialty][tier],
            Source::Inflow { tier } => self.inflow[specialty][tier],
            Source::Given { per_day } => context.draw.at(per_day, year.index, 0) * days,
        }
    }
}

fn expected(rates: &[f64], year: &YearView<'_>, area: usize) -> f64 {
    let mut sum = 0.0;
    for sex in 0..SEXES {
        for (age, rate) in rates[sex * AGES..(sex + 1) * AGES].iter().enumerate() {
            if *rate > 0.0 {
                sum += rate * year.exposure(area, sex, age);
            }
        }
    }
    sum
}

/// Lets the tertiary tier take what the others leave; where it has no part, or they leave nothing, all share in proportion.
fn balance(shares: &mut [f64; OUTSIDE + 1]) {
    let others = shares[0] + shares[1] + shares[OUTSIDE];
    if shares[2] > 0.0 && others <= 1.0 {
        shares[2] = 1.0 - others;
    } else if others > 0.0 {
        shares[2] = 0.0;
        for share in shares {
            *share /= others;
        }
    }
}

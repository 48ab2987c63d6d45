//! How many ask for a bed in a year: residents by age, sex, area and specialty, births, and people from outside.

use std::ops::Range;

use crate::population::view::{AGES, SEXES, YearView};
use crate::services::health::model::{DemandModel, HealthModel, OUTSIDE, TIERS};
use crate::services::service::ReplicationContext;

/// Age from which people count as old.
const ELDERS: usize = 65;

/// Expected requests of one year.
#[derive(Clone, Debug)]
pub(crate) struct YearDemand {
    areas: usize,
    /// Admissions that residents need: `specialty x area`.
    pub(crate) residents: Vec<f64>,
    /// Share of these who are 65 or older: `specialty x area`.
    elders: Vec<f64>,
    /// Shares of first choice on this path: `specialty x (tiers + outside)`.
    pub(crate) choice: Vec<[f64; OUTSIDE + 1]>,
    /// Requests from outside: `specialty x tier`.
    pub(crate) inflow: Vec<[f64; TIERS.len()]>,
    /// Scratch: person-years of an area by sex and age.
    exposure: Vec<f64>,
}

impl YearDemand {
    pub(crate) fn new(model: &HealthModel) -> Self {
        let specialties = model.demand.as_ref().map_or(0, |demand| demand.levels.len());
        Self {
            areas: model.areas,
            residents: vec![0.0; specialties * model.areas],
            elders: vec![0.0; specialties * model.areas],
            choice: vec![[0.0; OUTSIDE + 1]; specialties],
            inflow: vec![[0.0; TIERS.len()]; specialties],
            exposure: vec![0.0; SEXES * AGES],
        }
    }

    /// Fills in the year.
    pub(crate) fn fill(&mut self, demand: &DemandModel, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        let at = |parameter, area| context.draw.at(parameter, year.index, area);
        let level = |parameter: Option<_>| parameter.map_or(1.0, |parameter| at(parameter, 0));
        for area in 0..self.areas {
            for (cell, exposure) in self.exposure.iter_mut().enumerate() {
                *exposure = year.exposure(area, cell / AGES, cell % AGES);
            }
            for specialty in 0..demand.levels.len() {
                let factor = at(demand.level, area) * at(demand.levels[specialty], area);
                let births = demand.per_birth[specialty].map_or(0.0, |p| at(p, area) * f64::from(year.births[area]));
                let rates = &demand.rates[specialty * SEXES * AGES..][..SEXES * AGES];
                let ages = |cells: Range<usize>| -> f64 {
                    rates[cells.clone()].iter().zip(&self.exposure[cells]).map(|(rate, exposure)| rate * exposure).sum()
                };
                let young: f64 = (0..SEXES).map(|sex| ages(sex * AGES..sex * AGES + ELDERS)).sum();
                let old: f64 = (0..SEXES).map(|sex| ages(sex * AGES + ELDERS..(sex + 1) * AGES)).sum();
                let all = young + old + births;
                let at = specialty * self.areas + area;
                self.residents[at] = factor * all;
                self.elders[at] = if all > 0.0 { old / all } else { 0.0 };
            }
        }
        for specialty in 0..demand.levels.len() {
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
        }
    }

    /// Share of an area's requests for a specialty that are of people of 65 and over.
    pub(crate) fn elders_of(&self, specialty: usize, area: usize) -> f64 {
        self.elders[specialty * self.areas + area]
    }

    /// Expected requests a year of an area's residents to hospitals outside the district, of all specialties.
    pub(crate) fn chosen_outside(&self, area: usize) -> f64 {
        (0..self.choice.len()).map(|specialty| self.of_area(specialty, OUTSIDE, area)).sum()
    }

    /// Expected requests a year of an area's residents to a tier.
    pub(crate) fn of_area(&self, specialty: usize, tier: usize, area: usize) -> f64 {
        self.residents[specialty * self.areas + area] * self.choice[specialty][tier]
    }
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

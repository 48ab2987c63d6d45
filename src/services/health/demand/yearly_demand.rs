//! How many ask for a bed in a year: residents by age, sex, area and specialty, births, and people from outside.

use std::ops::Range;

use crate::population::view::{AGES, SEXES, YearView};
use crate::services::health::model::{DemandModel, HealthModel};
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::service::ReplicationContext;

/// Age from which people count as old.
const ELDERS: usize = 65;

/// Expected requests of one year.
#[derive(Clone, Debug)]
pub(crate) struct YearDemand {
    areas: usize,
    /// Admissions that residents need: `specialty x area`.
    residents: Vec<f64>,
    /// Share of these who are 65 or older: `specialty x area`.
    elders: Vec<f64>,
    /// Shares of first choice on this path, by specialty.
    choice: Vec<ByDestination<f64>>,
    /// Requests from outside, by specialty.
    inflow: Vec<ByTier<f64>>,
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
            choice: vec![ByDestination::default(); specialties],
            inflow: vec![ByTier::default(); specialties],
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
            let (shares, base) = (&mut self.choice[specialty], &demand.choice[specialty]);
            for (tier, share) in shares.tiers.iter_mut() {
                *share = base.tiers[tier] * level(demand.choice_factor.tiers[tier]);
            }
            shares.outside = base.outside * level(demand.choice_factor.outside);
            balance(shares);
            for (tier, requests) in self.inflow[specialty].iter_mut() {
                *requests = demand.inflow[specialty][tier] * level(demand.inflow_factor[tier]);
            }
        }
    }

    /// Share of an area's requests for a specialty that are of people of 65 and over.
    pub(crate) fn elders_of(&self, specialty: usize, area: usize) -> f64 {
        self.elders[specialty * self.areas + area]
    }

    /// Expected requests a year of an area's residents to hospitals outside the district, of all specialties.
    pub(crate) fn chosen_outside(&self, area: usize) -> f64 {
        (0..self.choice.len())
            .map(|specialty| self.residents_of(specialty, area) * self.choice[specialty].outside)
            .sum()
    }

    /// Expected requests a year of an area's residents to a tier.
    pub(crate) fn of_area(&self, specialty: usize, tier: Tier, area: usize) -> f64 {
        self.residents_of(specialty, area) * self.choice[specialty].tiers[tier]
    }

    /// Expected requests a year of people from outside the district to a tier.
    pub(crate) fn of_non_residents(&self, specialty: usize, tier: Tier) -> f64 {
        self.inflow[specialty][tier]
    }

    fn residents_of(&self, specialty: usize, area: usize) -> f64 {
        self.residents[specialty * self.areas + area]
    }
}

/// Lets the tertiary tier take what the others leave; where it has no part, or they leave nothing, all share in proportion.
fn balance(shares: &mut ByDestination<f64>) {
    let others = shares.tiers[Tier::Community] + shares.tiers[Tier::District] + shares.outside;
    if shares.tiers[Tier::Tertiary] > 0.0 && others <= 1.0 {
        shares.tiers[Tier::Tertiary] = 1.0 - others;
    } else if others > 0.0 {
        shares.tiers[Tier::Tertiary] = 0.0;
        for (_, share) in shares.tiers.iter_mut() {
            *share /= others;
        }
        shares.outside /= others;
    }
}

//! The mean of the process at the middle of every parameter, without chance: what control totals are compared with.
//!
//! The process is linear in its people (Pollard 1966), so the mean follows from the mean: each cell goes by its competing
//! exits, movers by the expected shares of destinations, arrivals and births at their means. Dwellings fill as the law of
//! lateness says on average. Whom new dwellings draw inside the district is left out: it moves nobody in or out.

use super::births::CHILDBEARING;
use super::control_totals::Alignment;
use super::exits::{ExitInputs, Exits, Risk};
use super::mean_renewal::{MeanRenewal, MeanRenewalYear, MeanTransfer};
use super::migration::{ArrivalAreas, InMigration};
use crate::population::kernel::simd_rows::{Row, WIDTH};
use crate::population::model::PeopleModel;
use crate::population::view::{AGES, FEMALE, People, Period, SEXES, SLOTS};
use crate::uncertainty::{ParameterDraw, Parameters};

/// Mean people, year by year.
pub(super) struct MeanProjection<'m> {
    model: &'m PeopleModel,
    draw: ParameterDraw,
    exits: Exits,
    /// By cell of [`People`].
    people: Vec<f64>,
    occupied: Vec<f64>,
    renewal: MeanRenewal,
}

impl<'m> MeanProjection<'m> {
    /// The mean on the first 1 January.
    pub(super) fn new(model: &'m PeopleModel, parameters: &Parameters) -> Self {
        let mut draw = parameters.blank();
        parameters.at_median(&mut draw);
        let people = model.base.people.counts.iter().map(|n| f64::from(*n)).collect();
        let mut occupied = Vec::new();
        if let Some(housing) = &model.housing {
            occupied.resize(model.years * model.areas * housing.types.len(), 0.0);
            housing.expected(&draw, model.first_year, model.areas, &mut occupied);
        }
        let renewal = MeanRenewal::default();
        let mut mean = Self { model, draw, exits: Exits::new(&model.migration), people, occupied, renewal };
        if model.base.years_before_start > 0.0 {
            mean.carry(model.base.years_before_start);
        }
        mean.renewal = MeanRenewal::begin(mean.renewal_year(0), &mean.people);
        mean
    }

    /// The year (0 = first) that follows, under these factors.
    pub(super) fn year(&mut self, index: usize, alignment: &Alignment) -> MeanTotals {
        let mut staying = self.people.clone();
        let transfers = self.renewal.transfers(self.renewal_year(index), &mut staying);
        let mut totals = self.part(index, Part { length: 1.0, staying: &staying, transfers: &transfers }, alignment);
        totals.transfers = transfers;
        totals
    }

    /// Goes on from the end of a year.
    pub(super) fn roll_forward(&mut self, index: usize, totals: MeanTotals) {
        let year = MeanRenewalYear { model: self.model, draw: &self.draw, index };
        self.renewal.roll_forward(year, &totals.transfers);
        self.people = totals.end;
    }

    const fn renewal_year(&self, index: usize) -> MeanRenewalYear<'_> {
        MeanRenewalYear { model: self.model, draw: &self.draw, index }
    }

    /// Carries the people of the table to the first January; `length` of them have a birthday.
    fn carry(&mut self, length: f64) {
        let everyone = self.people.clone();
        let totals = self.part(0, Part { length, staying: &everyone, transfers: &[] }, &Alignment::default());
        // The end of a part of a year has everybody a year older, the newborn at age 0.
        let end = &totals.end;
        self.people = (0..end.len())
            .map(|cell| {
                let age = cell % AGES;
                let younger = if age + 1 < AGES { end[cell + 1] * (1.0 - length) } else { 0.0 };
                match age {
                    0 => end[cell] + younger,
                    100 => end[cell],
                    _ => end[cell] * length + younger,
                }
            })
            .collect();
    }

    /// A year or a part of it, for those who stay and those who go for a project or come back.
    fn part(&mut self, index: usize, part: Part<'_>, alignment: &Alignment) -> MeanTotals {
        let Part { length, staying, transfers } = part;
        let model = self.model;
        let mut totals = MeanTotals {
            residents: vec![0.0; model.areas],
            births: vec![0.0; model.areas],
            deaths: vec![0.0; model.areas],
            arrivals: vec![0.0; model.areas],
            left: vec![0.0; model.areas],
            end: vec![0.0; self.people.len()],
            transfers: Vec::new(),
        };
        let mut newborn = Vec::with_capacity(model.areas);
        let period = Period { index, year: model.first_year + index as i32, length };
        for area in 0..model.areas {
            let factors = alignment.at(index, area);
            self.exits.prepare(&ExitInputs {
                mortality: &model.mortality,
                migration: &model.migration,
                draw: &self.draw,
                period,
                area,
                can_move: model.migration.destinations.any(area),
                control: factors,
            });
            newborn.push([0, 1].map(|sex| self.exits.risk(sex, 0)));
            let means = self.arrivals(index, area, length * factors.arrivals);
            totals.arrivals[area] += means.iter().flatten().sum::<f64>();
            for (sex, means) in means.iter().enumerate() {
                for (slot, mean) in means[..SLOTS].iter().enumerate() {
                    let cell = People::cell(area, sex, slot.min(AGES - 1));
                    totals.end[cell] += mean;
                    if slot > 0 {
                        let people = staying[People::cell(area, sex, slot - 1)];
                        totals.go(self, cell, people, self.exits.risk(sex, slot));
                    }
                }
            }
        }
        for transfer in transfers {
            // Those who go outside, and those who come from there, are not of what known totals correct.
            if let Some(to) = transfer.to {
                totals.end[People::cell(to, transfer.sex, (transfer.age + 1).min(AGES - 1))] += transfer.persons;
            }
        }
        self.births(&mut totals, period, &newborn, alignment);
        for (area, residents) in totals.residents.iter_mut().enumerate() {
            let cells = People::cell(area, 0, 0)..People::cell(area + 1, 0, 0);
            *residents = totals.end[cells].iter().sum::<f64>() + self.group_quarters(index, area);
        }
        totals
    }

    fn group_quarters(&self, index: usize, area: usize) -> f64 {
        let group_quarters = &self.model.group_quarters;
        let factor = group_quarters.factor.map_or(1.0, |factor| self.draw.at(factor, index, area));
        let here = group_quarters.cells.iter().filter(|cell| cell.area() == area);
        here.map(|cell| f64::from(cell.persons) * factor).sum()
    }

    /// Expected arrivals of an area by sex and cohort slot, times a factor.
    fn arrivals(&self, index: usize, area: usize, factor: f64) -> [Row; SEXES] {
        let model = self.model;
        let mut means = [[0.0; WIDTH]; SEXES];
        if let Some(housing) = &model.housing {
            let kinds = housing.types.len();
            let first = (index * model.areas + area) * kinds;
            housing.add_arrivals(&self.draw, index, area, &self.occupied[first..first + kinds], &mut means);
        }
        for driver in &model.migration.in_migration {
            let expected = self.draw.at(driver.people_per_year, index, area) * self.area_share(driver, area);
            for (row, shares) in means.iter_mut().zip(&driver.profile) {
                row.iter_mut().zip(shares).for_each(|(mean, share)| *mean += expected * share);
            }
        }
        means.iter_mut().flatten().for_each(|mean| *mean *= factor);
        means
    }

    fn area_share(&self, driver: &InMigration, area: usize) -> f64 {
        let (people, names) = (&self.model.base.people, &self.model.area_names);
        let residents: Vec<f64> = (0..self.model.areas).map(|area| f64::from(people.of_ages(area, 0..AGES))).collect();
        let mut shares = vec![0.0; residents.len()];
        let of = ArrivalAreas { keys: &names.keys, by_name: &names.by_name, residents: &residents };
        driver.expected_areas(&of, &mut shares);
        shares[area]
    }

    fn births(&self, totals: &mut MeanTotals, period: Period, newborn: &[[Risk; SEXES]], alignment: &Alignment) {
        let Period { index, length, .. } = period;
        let fertility = &self.model.fertility;
        for (area, risks) in newborn.iter().enumerate() {
            let women = |age: usize| {
                let cell = People::cell(area, FEMALE, age);
                fertility.shares[age] * (self.people[cell] + totals.end[cell])
            };
            let weighted: f64 = CHILDBEARING.map(women).sum();
            let rate = self.draw.at(fertility.births_per_woman, index, area) * alignment.at(index, area).births;
            let births = 0.5 * length * weighted * rate;
            totals.births[area] = births;
            let boys = fertility.boy_share(&self.draw, index, area);
            for (sex, share) in [boys, 1.0 - boys].into_iter().enumerate() {
                totals.go(self, People::cell(area, sex, 0), births * share, risks[sex]);
            }
        }
    }
}

/// A year or a part of it, and who lives through it.
#[derive(Clone, Copy)]
struct Part<'a> {
    /// In years.
    length: f64,
    /// Those who stay, by cell.
    staying: &'a [f64],
    /// Those who go for a project or come back.
    transfers: &'a [MeanTransfer],
}

/// The means of a year that totals are compared with, by area.
#[derive(Clone, Debug)]
pub(super) struct MeanTotals {
    pub(super) residents: Vec<f64>,
    pub(super) births: Vec<f64>,
    pub(super) deaths: Vec<f64>,
    pub(super) arrivals: Vec<f64>,
    pub(super) left: Vec<f64>,
    /// People at the end, by cell.
    pub(super) end: Vec<f64>,
    /// Who goes for a project and comes back.
    transfers: Vec<MeanTransfer>,
}

impl MeanTotals {
    /// Lets the people of a cohort that ends in `cell` stay there or go by their risk.
    fn go(&mut self, mean: &MeanProjection<'_>, cell: usize, people: f64, risk: Risk) {
        let area = cell / (SEXES * AGES);
        let gone = people * risk.going;
        let died = gone * risk.death;
        let left = (gone - died) * risk.leaving;
        let moved = gone - died - left;
        self.end[cell] += people - gone;
        self.deaths[area] += died;
        self.left[area] += left;
        let (destinations, within) = (&mean.model.migration.destinations, cell % (SEXES * AGES));
        for entry in destinations.of(area) {
            self.end[destinations.areas[entry] as usize * SEXES * AGES + within] += moved * destinations.shares[entry];
        }
    }
}

//! Children: how many of each area want a place in each grade, September by September.
//!
//! First September: children resident on 31 August by age x enrolment rate. After it, in this order:
//!
//! 1. entrants = resident children of the entry age x yield or participation, or births of their cohort x yield, or
//!    leavers of the stage before x share, or a number given directly;
//! 2. every other grade = the grade below a year ago x (residents of its age now / of the age below a year ago) x
//!    progression. The ratio of residents carries the moves that the people model knows; `progression` carries the rest,
//!    with its own persistent shocks, common to all grades of an area.
//!
//! Leavers of a stage are changed by moves in the same way before they enter the next one. Where the ratios are estimated
//! on enrolment they hold the moves already (`ratios_include_migration`): the ratio of residents is left out, and the first
//! September too goes on from the pupils of the year before. Ratios may differ by area and grade (`area_adjustments`).
//!
//! Counts are whole children: a share up to 1 is binomial, what exceeds 1 is Poisson on top of all who are there. Nothing
//! here depends on places, so that two plans face the same children. Grids are `grade x area`.

use super::inflow::{DemandModel, Entry};
use crate::population::view::YearView;
use crate::random::{Stream, StreamKey, binomial, poisson};
use crate::services::education::streams::{around, cell};
use crate::services::service::ReplicationContext;
use crate::uncertainty::Parameter;

const OPENING: StreamKey = StreamKey::named("education.opening");
const ENTRY: StreamKey = StreamKey::named("education.entry");
const PROGRESS: StreamKey = StreamKey::named("education.progress");
const LEAVING: StreamKey = StreamKey::named("education.leaving");

/// Fewer residents than this in a cohort give no ratio to the next year.
const SMALLEST_COHORT: f64 = 0.5;

/// The children of one stage in one replication.
#[derive(Debug)]
pub(crate) struct Children {
    /// Children who want a place.
    pub(crate) pupils: Vec<u32>,
    /// The same a year ago.
    pub(crate) before: Vec<u32>,
    /// Of the children of the grade below a year ago, those who go on in this grade; 0 in the entry grade.
    pub(crate) stayed: Vec<u32>,
    /// Children who have done the last grade and are still to be shared among the stages that follow, by area.
    pub(crate) leavers: Vec<u32>,
    /// Share of all leavers that these are, by area.
    pub(crate) leavers_share: Vec<f64>,
    residents: Vec<f64>,
    residents_before: Vec<f64>,
    /// Births of the simulated years so far, `year x area`.
    births: Vec<u32>,
}

impl Children {
    pub(crate) fn new(model: &DemandModel) -> Self {
        let cells = model.grades * model.areas;
        Self {
            pupils: vec![0; cells],
            before: vec![0; cells],
            stayed: vec![0; cells],
            leavers: vec![0; model.areas],
            leavers_share: vec![1.0; model.areas],
            residents: vec![0.0; cells],
            residents_before: vec![0.0; cells],
            births: vec![0; model.births.simulated_years * model.areas],
        }
    }

    /// Children of an area who want a place, all grades.
    pub(crate) fn of_area(&self, area: usize) -> u32 {
        self.pupils.iter().skip(area).step_by(self.leavers.len()).sum()
    }

    /// Before the first September.
    pub(crate) fn open(&mut self, model: &DemandModel) {
        if model.opening_pupils.is_empty() {
            self.pupils.fill(0);
        } else {
            self.pupils.copy_from_slice(&model.opening_pupils);
        }
        self.residents.fill(0.0);
    }

    /// The children of a September. `before` are those of the stage before, already of this September.
    pub(crate) fn step(
        &mut self,
        model: &DemandModel,
        before: Option<&mut Self>,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        first: bool,
    ) {
        let areas = model.areas;
        std::mem::swap(&mut self.residents, &mut self.residents_before);
        let seen = (year.year - model.births.simulated_from).max(0) as usize * areas;
        if let Some(births) = self.births.get_mut(seen..seen + areas) {
            births.copy_from_slice(year.births);
        }
        if model.needs_residents() {
            for (cell, residents) in self.residents.iter_mut().enumerate() {
                let age = model.entry_age + cell / areas * model.ages_per_grade;
                *residents = (age..age + model.ages_per_grade).map(|a| year.at_school_cutoff(cell % areas, a)).sum();
            }
        }
        self.before.copy_from_slice(&self.pupils);
        self.count_leavers(model, context, year, first);
        self.leavers_share.fill(1.0);
        self.stayed.fill(0);
        if first && model.follows_residents {
            self.enrol(model, context, year);
            return;
        }
        for grade in 1..model.grades {
            for area in 0..areas {
                self.progress(model, context, year, grade, area);
            }
        }
        self.enter(model, before, context, year);
    }

    /// Last year's pupils of the last grade, changed as the residents of their age have changed by moves.
    fn count_leavers(
        &mut self,
        model: &DemandModel,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        first: bool,
    ) {
        let last = (model.grades - 1) * model.areas;
        self.leavers.copy_from_slice(&self.before[last..]);
        if first || !model.follows_residents {
            return;
        }
        let next_age = model.entry_age + model.grades * model.ages_per_grade;
        for area in 0..model.areas {
            let residents = self.residents_before[last + area];
            if residents >= SMALLEST_COHORT {
                let ratio = year.at_school_cutoff(area, next_age) / residents;
                let mut stream =
                    context.chance.cell(LEAVING.with(model.keys[area]), year.year as u32, cell(model.stage, 0));
                self.leavers[area] = around(f64::from(self.leavers[area]), ratio, &mut stream);
            }
        }
    }

    fn enrol(&mut self, model: &DemandModel, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        for cell in 0..self.pupils.len() {
            let (grade, area) = (cell / model.areas, cell % model.areas);
            self.pupils[cell] = self.count_residents(model, context, year, grade, area);
        }
    }

    fn count_residents(
        &self,
        model: &DemandModel,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        grade: usize,
        area: usize,
    ) -> u32 {
        let rate = model.enrolled.or(match model.entry {
            Entry::PerResident(rate) => Some(rate),
            Entry::PerBirth(_) | Entry::OfLeavers(_) | Entry::Direct(..) => None,
        });
        let rate = rate.map_or(0.0, |rate| context.draw.at(rate, year.index, area));
        let mut stream =
            context.chance.cell(OPENING.with(model.keys[area]), year.year as u32, cell(model.stage, grade));
        around(self.residents[grade * model.areas + area], rate, &mut stream)
    }

    fn progress(
        &mut self,
        model: &DemandModel,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        grade: usize,
        area: usize,
    ) {
        let (here, below) = (grade * model.areas + area, (grade - 1) * model.areas + area);
        let before = self.before[below];
        let mut ratio = context.draw.at(model.progression, year.index, area) * model.difference(here);
        if model.follows_residents {
            if self.residents_before[below] < SMALLEST_COHORT {
                self.pupils[here] = self.count_residents(model, context, year, grade, area);
                self.stayed[here] = self.pupils[here].min(before);
                return;
            }
            ratio *= self.residents[here] / self.residents_before[below];
        }
        let mut stream =
            context.chance.cell(PROGRESS.with(model.keys[area]), year.year as u32, cell(model.stage, grade));
        self.pupils[here] = around(f64::from(before), ratio, &mut stream);
        self.stayed[here] = self.pupils[here].min(before);
    }

    fn enter(
        &mut self,
        model: &DemandModel,
        before: Option<&mut Self>,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
    ) {
        let mut before = before;
        for area in 0..model.areas {
            let mut stream = context.chance.cell(ENTRY.with(model.keys[area]), year.year as u32, cell(model.stage, 0));
            let own = |rate: Parameter| context.draw.at(rate, year.index, area) * model.difference(area);
            self.pupils[area] = match model.entry {
                Entry::PerResident(rate) => around(self.residents[area], own(rate), &mut stream),
                Entry::PerBirth(rate) => around(self.cohort(model, area, year.year), own(rate), &mut stream),
                Entry::OfLeavers(share) => {
                    before.as_mut().map_or(0, |before| before.take_leavers(area, own(share), &mut stream))
                }
                Entry::Direct(number, by_chance) => {
                    let mean = context.draw.at(number, year.index, area);
                    if by_chance { poisson(mean, &mut stream) } else { libm::round(mean) as u32 }
                }
            };
        }
    }

    /// Births of the cohort that comes of entry age on 31 August: 8 of 12 months lie in the later calendar year.
    fn cohort(&self, model: &DemandModel, area: usize, year: i32) -> f64 {
        let births = |of: i32| {
            let simulated = || {
                let row = usize::try_from(of - model.births.simulated_from).ok()?;
                self.births.get(row * model.areas + area).map(|births| f64::from(*births))
            };
            model.births.known(area, of).or_else(simulated).unwrap_or(0.0)
        };
        let born = year - model.entry_age as i32;
        births(born) * (8.0 / 12.0) + births(born - 1) * (4.0 / 12.0)
    }

    /// Takes a share of all leavers from those who are left: the stages that follow one another's choice draw from the
    /// rest, so that no child enters two of them. A share above 1 brings children from elsewhere.
    fn take_leavers(&mut self, area: usize, share: f64, stream: &mut Stream) -> u32 {
        let left = self.leavers_share[area];
        let chance = match left {
            1.0.. => share,
            left if left > 0.0 => (share / left).min(1.0),
            _ => 0.0,
        };
        let leavers = self.leavers[area];
        let from_elsewhere = if chance > 1.0 { poisson(f64::from(leavers) * (chance - 1.0), stream) } else { 0 };
        let taken = binomial(leavers, chance.min(1.0), stream) + from_elsewhere;
        self.leavers[area] -= taken.min(leavers);
        self.leavers_share[area] = (left - share).max(0.0);
        taken
    }
}

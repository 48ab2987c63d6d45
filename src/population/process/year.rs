//! One calendar year of one replication.
//!
//! Order of events:
//! 1. the year's destinations and expected arrivals;
//! 2. in every cell (area, sex, cohort): exits as competing risks, destinations of movers, arrivals;
//! 3. cohorts age: `N(t+1, x+1) = N(t, x) - died - left - moved out + moved in + arrived`, in whole persons;
//! 4. births on the mean of the women at both ends, boys among them; their own exits and moves; they become age 0.
//!
//! Every draw comes from the stream of its own cell, named by its area, so an extra area, year or reason for coming shifts
//! nobody else's chances.

use super::control_totals::AlignmentFactors;
use super::destinations::{DestinationWeights, MoverRow};
use super::exits::{ExitInputs, Exits, Risk};
use super::hukou::{BirthsOfEveryone, RowOfEveryone};
use super::migration::Profile;
use super::renewal::{DisplacedResidents, RenewalYear};
use crate::population::kernel::cohort_kernel::{CohortRow, Counts, FirstBytes, RowStreams};
use crate::population::kernel::simd_rows::{LANES, Row, WIDTH};
use crate::population::model::{PeopleContext, PeopleModel};
use crate::population::state::cohorts::{Account, Flows, persons};
use crate::population::state::hukou_state::HukouState;
use crate::population::view::{AGES, People, Period, SEXES, SLOTS, YearView};
use crate::random::{RngSource, StreamKey, binomial, gamma, poisson};
use crate::simd::in_widest;

const EXITS_OF_NEWBORN: StreamKey = StreamKey::named("people.exits");
const ARRIVALS_OF_AREA: StreamKey = StreamKey::named("people.arrivals.year");
const ARRIVALS_IN_DWELLINGS: StreamKey = StreamKey::named("people.arrivals.year.dwellings");
const BIRTHS: StreamKey = StreamKey::named("people.births");
const BOYS: StreamKey = StreamKey::named("people.births.boys");

/// Largest share of movers that new dwellings can draw: some always go elsewhere.
const MOST_PULLED: f64 = 0.9;

/// The people during one replication, reused by the next.
#[derive(Debug)]
pub struct PeopleState<'m> {
    pub(crate) model: &'m PeopleModel,
    pub(crate) start: People,
    pub(super) end: People,
    pub(crate) group_quarters: People,
    pub(crate) births: Vec<u32>,
    pub(super) born: Vec<[u32; SEXES]>,
    pub(super) flows: Flows,
    pub(super) period: Period,
    exits: Exits,
    newborn: Vec<[Risk; SEXES]>,
    pub(super) means: [Row; SEXES],
    pub(super) bytes: Box<FirstBytes>,
    pub(super) profiles: Vec<Profile>,
    pub(super) destination_shares: Vec<f64>,
    pub(super) destination_weights: DestinationWeights,
    pub(super) driver_areas: Vec<f64>,
    pub(super) occupied: Vec<f64>,
    pub(super) displaced: DisplacedResidents,
    filling: Vec<f64>,
    /// Who of everyone has local registration, where the scenario tells them apart.
    pub(super) hukou: Option<Box<HukouState>>,
}

impl PeopleModel {
    /// Room for one thread.
    pub fn state(&self) -> PeopleState<'_> {
        PeopleState::new(self)
    }
}

impl<'m> PeopleState<'m> {
    fn new(model: &'m PeopleModel) -> Self {
        let (areas, entries) = (model.areas, model.migration.destinations.areas.len());
        let kinds = model.housing.as_ref().map_or(0, |h| h.types.len());
        Self {
            model,
            start: People::nobody(areas),
            end: People::nobody(areas),
            group_quarters: People::nobody(areas),
            births: vec![0; areas],
            born: vec![[0; SEXES]; areas],
            flows: Flows::new(areas),
            period: Period { index: 0, year: model.first_year, length: 1.0 },
            exits: Exits::new(&model.migration),
            newborn: vec![[Risk::default(); SEXES]; areas],
            means: [[0.0; WIDTH]; SEXES],
            bytes: Box::new([[[0; LANES]; 2]; WIDTH / LANES]),
            profiles: model.migration.in_migration.iter().map(|driver| driver.profile).collect(),
            destination_shares: vec![0.0; entries],
            destination_weights: DestinationWeights::new(&model.migration.destinations),
            driver_areas: vec![0.0; areas * model.migration.in_migration.len()],
            occupied: vec![0.0; areas * kinds * model.years],
            displaced: DisplacedResidents::new(&model.renewals, areas),
            filling: vec![0.0; areas],
            hukou: model.hukou.as_ref().map(|_| Box::new(HukouState::new(areas))),
        }
    }

    /// Simulates one calendar year, 0 = first. Years are taken in order after [`PeopleState::open`].
    pub fn advance(&mut self, context: &PeopleContext<'_>, year_index: usize) {
        self.roll_forward();
        let year = self.model.first_year + year_index as i32;
        self.set_group_quarters(context, year_index);
        self.events(context, Period { index: year_index, year, length: 1.0 });
        self.age_cohorts();
        self.draw_births(context);
        for area in 0..self.model.areas {
            for sex in 0..SEXES {
                let cell = Flows::cell(area, sex, 0);
                self.end.counts[People::cell(area, sex, 0)] = self.flows.after(self.born[area][sex], cell);
            }
        }
        if let Some(hukou) = &mut self.hukou {
            hukou.keep_newborn();
        }
        debug_assert!(self.balances(), "every cohort must be accounted for");
    }

    /// The end of a year is the beginning of the next.
    pub(super) fn roll_forward(&mut self) {
        std::mem::swap(&mut self.start, &mut self.end);
        if let Some(hukou) = &mut self.hukou {
            hukou.roll_forward();
        }
    }

    /// What services may see of the year last simulated.
    pub fn view(&self) -> YearView<'_> {
        YearView {
            year: self.period.year,
            index: self.period.index,
            reported: self.period.index.checked_sub(self.model.lead_years),
            start: &self.start,
            end: &self.end,
            group_quarters: &self.group_quarters,
            births: &self.births,
            registered: self.hukou.as_deref().map(HukouState::view),
            flows: Some(self.flows.view()),
        }
    }

    /// Comings and goings of the year last simulated.
    pub const fn flows(&self) -> &Flows {
        &self.flows
    }

    /// Births of the year last simulated, by area and sex.
    pub fn born(&self) -> &[[u32; SEXES]] {
        &self.born
    }

    /// Whether `N(t+1, x+1) = N(t, x) - D - O + I` holds in every area, sex and age, and moves within add to nothing; so too
    /// of the registered.
    pub fn balances(&self) -> bool {
        let account = Account { start: &self.start, end: &self.end, born: &self.born, added: &[] };
        self.flows.balance(&account)
            && persons(&self.flows.moved_in) == persons(&self.flows.moved_out)
            && self.hukou.as_ref().is_none_or(|hukou| hukou.balances(&self.start, &self.end, &self.flows))
    }

    fn set_group_quarters(&mut self, context: &PeopleContext<'_>, year: usize) {
        let Some(factor) = self.model.group_quarters.factor else { return };
        for resident in &self.model.group_quarters.cells {
            let factor = context.draw.at(factor, year, resident.area());
            self.group_quarters.counts[resident.cell] = libm::round(f64::from(resident.persons) * factor) as u32;
        }
    }

    /// Exits, moves and arrivals of everyone but the newborn, into the flows.
    pub(super) fn events(&mut self, context: &PeopleContext<'_>, period: Period) {
        self.period = period;
        let model = self.model;
        self.flows.moved_in.fill(0);
        self.plan_moves(context);
        self.plan_renewal(context);
        for area in 0..model.areas {
            let (can_move, control) = (model.migration.destinations.any(area), self.factors(area));
            let (mortality, migration, draw) = (&model.mortality, &model.migration, context.draw);
            self.exits.prepare(&ExitInputs { mortality, migration, draw, period, area, can_move, control });
            self.plan_arrivals(context, area);
            if let (Some(rules), Some(hukou)) = (&model.hukou, &mut self.hukou) {
                hukou.plan(rules, draw, period, area);
            }
            for sex in 0..SEXES {
                self.newborn[area][sex] = self.exits.risk(sex, 0);
                self.draw_row(context, area, sex);
                self.draw_registered_row(context, area, sex);
            }
        }
        self.displaced.add_to(&mut self.flows, self.hukou.as_deref_mut());
    }

    /// The factors that align the year to known totals.
    fn factors(&self, area: usize) -> AlignmentFactors {
        if self.period.length < 1.0 { AlignmentFactors::NONE } else { self.model.alignment.at(self.period.index, area) }
    }

    /// Exits and arrivals of all cohorts of an area and sex; the newborn only arrive here.
    fn draw_row(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let first = Flows::cell(area, sex, 0);
        let streams = self.streams_of(&context.chance, area, sex);
        let (flows, cells) = (&mut self.flows, first..first + WIDTH);
        in_widest(CohortRow {
            streams,
            people: self.displaced.staying(&self.start).row(area, sex),
            risks: &self.exits.tables[sex],
            means: &self.means[sex],
            counts: Counts {
                moved: &mut flows.moved_out[cells.clone()],
                left: &mut flows.left[cells.clone()],
                died: &mut flows.died[cells.clone()],
                arrived: &mut flows.arrived[cells],
            },
            bytes: &mut self.bytes,
        });
        if let Some(origin) = self.destination_weights.from(&self.model.migration.destinations, area) {
            origin.send_row(&MoverRow { streams: &streams, area, sex, bytes: &self.bytes }, &mut self.flows);
        }
    }

    /// Who of the comings and goings of an area and sex is registered; those of everyone are drawn.
    fn draw_registered_row(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let streams = self.streams_of(&context.chance, area, sex);
        let (Some(rules), Some(hukou)) = (&self.model.hukou, &mut self.hukou) else { return };
        // Its row is copied, as the state is filled meanwhile.
        let registered = *self.displaced.registered_staying(&hukou.start).row(area, sex);
        hukou.draw_row(&RowOfEveryone {
            streams,
            area,
            sex,
            people: self.displaced.staying(&self.start).row(area, sex),
            registered: &registered,
            flows: &self.flows,
            means: &self.means[sex],
            odds: rules.odds(context.draw, self.period.index, area),
            destinations: self.destination_weights.from(&self.model.migration.destinations, area),
            bytes: &self.bytes,
        });
    }

    /// Where the streams of the cohorts of an area and sex stand in the period at hand.
    pub(super) fn streams_of<'a>(&self, chance: &'a RngSource, area: usize, sex: usize) -> RowStreams<'a> {
        let first = Flows::cell(0, sex, 0) as u32;
        RowStreams { chance, area: self.model.area_names.keys[area], year: self.stream_year(), first }
    }

    /// Exits of the newborn of an area and sex.
    fn depart_newborn(&mut self, context: &PeopleContext<'_>, area: usize, sex: usize) {
        let (cell, streams) = (Flows::cell(area, sex, 0), self.streams_of(&context.chance, area, sex));
        let risk = self.newborn[area][sex];
        let mut stream = streams.further(EXITS_OF_NEWBORN, 0);
        let gone = binomial(self.born[area][sex], risk.going, &mut stream);
        let died = binomial(gone, risk.death, &mut stream);
        let left = binomial(gone - died, risk.leaving, &mut stream);
        let flows = &mut self.flows;
        (flows.died[cell], flows.left[cell], flows.moved_out[cell]) = (died, left, gone - died - left);
        if let Some(origin) = self.destination_weights.from(&self.model.migration.destinations, area) {
            origin.send_newborn(&streams, sex, cell, flows);
        }
    }

    /// Year word of the streams: 0 is the part of a year before the first January.
    pub(super) fn stream_year(&self) -> u32 {
        if self.period.length < 1.0 { 0 } else { self.period.index as u32 + 1 }
    }

    /// Destinations of the year: new dwellings draw the movers who fill them.
    fn plan_moves(&mut self, context: &PeopleContext<'_>) {
        let (model, index) = (self.model, self.period.index);
        for area in 0..model.areas {
            let dwellings = occupied(model, &self.occupied, index, area);
            let inside = model.housing.as_ref().map_or(0.0, |h| h.from_inside(context.draw, index, area, dwellings));
            self.filling[area] = inside;
        }
        let by_name = &model.area_names.by_name;
        let filling: f64 = by_name.iter().map(|area| self.filling[*area]).sum();
        let all = || by_name.iter().map(|area| self.expected_movers(context, *area)).sum::<f64>();
        let pulled = if filling > 0.0 { (filling / all().max(1.0)).min(MOST_PULLED) } else { 0.0 };
        let (destinations, shares) = (&model.migration.destinations, &self.destination_shares);
        destinations.weigh(shares, pulled, &self.filling, &mut self.destination_weights);
    }

    /// Who goes for a project of renewal, and who returns: in whole years, not before the first January.
    fn plan_renewal(&mut self, context: &PeopleContext<'_>) {
        let model = self.model;
        if model.renewals.is_empty() || self.period.length < 1.0 {
            return;
        }
        let of = RenewalYear {
            projects: &model.renewals,
            mortality: &model.mortality,
            destinations: &model.migration.destinations,
            shares: &self.destination_shares,
            draw: context.draw,
            chance: &context.chance,
            first_year: model.first_year,
            index: self.period.index,
        };
        self.displaced.plan(&of, &self.start, self.hukou.as_deref());
    }

    /// Movers of an area in a year, as expected by its rates.
    fn expected_movers(&self, context: &PeopleContext<'_>, area: usize) -> f64 {
        let migration = &self.model.migration;
        if !migration.destinations.any(area) {
            return 0.0;
        }
        let of = |sex: usize| -> f64 {
            self.start
                .ages(area, sex)
                .iter()
                .zip(&migration.internal_rates[sex])
                .map(|(n, rate)| f64::from(*n) * rate)
                .sum()
        };
        context.draw.at(migration.internal_factor, self.period.index, area) * (0..SEXES).map(of).sum::<f64>()
    }

    /// Expected arrivals of an area by sex and cohort, with the year's gamma factors.
    fn plan_arrivals(&mut self, context: &PeopleContext<'_>, area: usize) {
        let model = self.model;
        for row in &mut self.means {
            row.fill(0.0);
        }
        if let Some(housing) = &model.housing {
            let dwellings = occupied(model, &self.occupied, self.period.index, area);
            housing.add_arrivals(context.draw, self.period.index, area, dwellings, &mut self.means);
            let cv = housing.overdispersion_cv;
            let factor = self.length_and_overdispersion(&context.chance, ARRIVALS_IN_DWELLINGS, area, cv);
            self.means.iter_mut().flatten().for_each(|mean| *mean *= factor);
        }
        if let Some(hukou) = &mut self.hukou {
            let share = model.housing.as_ref().and_then(|housing| housing.registered_share);
            let share = share.map_or(0.0, |share| context.draw.at(share, self.period.index, area));
            hukou.begin_arriving(share, &self.means);
        }
        for (index, driver) in model.migration.in_migration.iter().enumerate() {
            let people = context.draw.at(driver.people_per_year, self.period.index, area);
            let (purpose, cv) = (ARRIVALS_OF_AREA.with(driver.stream), driver.overdispersion_cv);
            let factor = self.length_and_overdispersion(&context.chance, purpose, area, cv);
            let expected = people * self.driver_areas[index * model.areas + area] * factor;
            for (row, shares) in self.means.iter_mut().zip(&self.profiles[index]) {
                for (mean, share) in row.iter_mut().zip(shares) {
                    *mean += expected * share;
                }
            }
            if let Some((share, hukou)) = driver.registered_share.zip(self.hukou.as_mut()) {
                let expected = expected * context.draw.at(share, self.period.index, area);
                hukou.add_arrivals(expected, &self.profiles[index]);
            }
        }
        let factor = self.factors(area).arrivals;
        if factor != 1.0 {
            self.means.iter_mut().flatten().for_each(|mean| *mean *= factor);
            if let Some(hukou) = &mut self.hukou {
                hukou.arriving.iter_mut().flatten().for_each(|mean| *mean *= factor);
            }
        }
    }

    /// Length of the period times a gamma factor of mean 1 and the given coefficient of variation.
    fn length_and_overdispersion(&self, chance: &RngSource, purpose: StreamKey, area: usize, cv: f64) -> f64 {
        if cv <= 0.0 {
            return self.period.length;
        }
        let shape = 1.0 / (cv * cv);
        let purpose = purpose.with(self.model.area_names.keys[area]);
        self.period.length * gamma(shape, 1.0 / shape, &mut chance.cell(purpose, self.stream_year(), 0))
    }

    /// Everyone alive in January grows a year older.
    fn age_cohorts(&mut self) {
        let (ends, starts) = (self.end.counts.as_chunks_mut::<AGES>().0, self.start.counts.as_chunks::<AGES>().0);
        for (row, (end, start)) in ends.iter_mut().zip(starts).enumerate() {
            let cells = row * WIDTH..row * WIDTH + SLOTS;
            let mut after = [0; SLOTS];
            self.flows.row_after(start, cells, &mut after);
            end[1..].copy_from_slice(&after[1..AGES]);
            end[AGES - 1] += after[AGES];
        }
        if let Some(hukou) = &mut self.hukou {
            hukou.age_cohorts();
        }
    }

    /// Births and the newborns' own exits and moves; their flows are complete for all areas afterwards.
    pub(super) fn draw_births(&mut self, context: &PeopleContext<'_>) {
        let (model, period) = (self.model, self.period);
        for area in 0..model.areas {
            let fertility = &model.fertility;
            let weighted_women = fertility.weighted_women(&self.start, &self.end, area);
            let expected = fertility.expected(context.draw, period, area, weighted_women);
            let expected = expected * self.factors(area).births;
            let name = model.area_names.keys[area];
            let births = poisson(expected, &mut context.chance.cell(BIRTHS.with(name), self.stream_year(), 0));
            let share = fertility.boy_share(context.draw, period.index, area);
            let boys = binomial(births, share, &mut context.chance.cell(BOYS.with(name), self.stream_year(), 0));
            self.births[area] = births;
            self.born[area] = [boys, births - boys];
            for sex in 0..SEXES {
                self.depart_newborn(context, area, sex);
            }
            self.draw_registered_births(context, area);
        }
    }

    /// Registered births of an area, and the exits of these children; those of everyone are drawn.
    fn draw_registered_births(&mut self, context: &PeopleContext<'_>, area: usize) {
        let share = self.registered_share_of_births(context, area);
        for sex in 0..SEXES {
            let streams = self.streams_of(&context.chance, area, sex);
            let (Some(rules), Some(hukou)) = (&self.model.hukou, &mut self.hukou) else { return };
            hukou.draw_births(&BirthsOfEveryone {
                streams,
                area,
                sex,
                born: self.born[area][sex],
                flows: &self.flows,
                share,
                odds: rules.odds(context.draw, self.period.index, area),
                destinations: self.destination_weights.from(&self.model.migration.destinations, area),
            });
        }
    }

    /// The share of an area's births that are registered: as the women whose exposure they come from.
    fn registered_share_of_births(&self, context: &PeopleContext<'_>, area: usize) -> f64 {
        let (Some(rules), Some(hukou)) = (&self.model.hukou, &self.hukou) else { return 0.0 };
        if let Some(share) = rules.newborn_share {
            return context.draw.at(share, self.period.index, area);
        }
        let fertility = &self.model.fertility;
        let all = fertility.weighted_women(&self.start, &self.end, area);
        if all > 0.0 { (fertility.weighted_women(&hukou.start, &hukou.end, area) / all).min(1.0) } else { 0.0 }
    }

    /// Residents with local registration, where the scenario tells them apart.
    pub fn hukou(&self) -> Option<&HukouState> {
        self.hukou.as_deref()
    }

    /// Forgets the exits of the last replication; `age_factors` are the path's on the rates of leaving.
    pub(super) fn reset_exits(&mut self, age_factors: &Row) {
        self.exits.reset(&self.model.migration, age_factors);
    }
}

/// The dwellings of an area that fill in a year, by type.
fn occupied<'a>(model: &PeopleModel, occupied: &'a [f64], year: usize, area: usize) -> &'a [f64] {
    let kinds = model.housing.as_ref().map_or(0, |h| h.types.len());
    let first = (year * model.areas + area) * kinds;
    &occupied[first..first + kinds]
}

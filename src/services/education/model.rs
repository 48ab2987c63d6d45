//! The order of a September over all stages, and the scratch of a thread.

use crate::metric::{BlockId, Record};
use crate::population::view::{People, YearView};
use crate::random::{StreamKey, binomial};
use crate::services::service::{ReplicationContext, Service, ServiceState};
use crate::services::service_signals::ServiceSignals;
use crate::uncertainty::Parameter;

use super::demand::children::Children;
use super::demand::inflow::DemandModel;
use super::metrics::{Limits, Reported, Staffing};
use super::placement::allocation::Seats;
use super::placement::capacity::Offer;
use super::placement::catchments::Catchments;
use super::placement::facility::Supply;
use super::placement::priority_groups::{Groups, Known, Right};
use super::placement::through_schools::{Continuing, GoingOn};
use super::placement::travel_distances::{Ways, WaysNow};
use super::record::catchment_metrics::Zoned;
use super::record::nearness::Nearness;
use super::streams::{September, cell};

const PRIVATE: StreamKey = StreamKey::named("education.private");

/// One stage as compiled from the scenario.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) block: BlockId,
    /// Position, among the stages of the scenario, of the one whose leavers enter.
    pub(crate) follows: Option<usize>,
    pub(crate) graded: bool,
    pub(crate) demand: DemandModel,
    pub(crate) supply: Supply,
    pub(crate) catchments: Catchments,
    /// What is reported of them, where the scenario names any.
    pub(crate) zoned: Option<Zoned>,
    pub(crate) private_share: Parameter,
    pub(crate) outside_share: Parameter,
    /// Kilometres over which the share that chooses a place falls to 1/e; `None` where nobody chooses.
    pub(crate) choice_km: Option<Parameter>,
    /// Who of new children has local registration, and their right to public places; `None` where groups are not told apart.
    pub(crate) registered: Option<(Registered, Right)>,
    /// Whether pupils placed in another area come back when their own has a place.
    pub(crate) return_home: bool,
    /// Metres between areas within the distance limit, `from x to`, and all of them.
    pub(crate) near: Vec<u32>,
    pub(crate) metres: Vec<u32>,
    /// Where homes and facilities are, if the scenario says so.
    pub(crate) nearness: Option<Nearness>,
    /// Kilometres beyond which nobody is placed in another area.
    pub(crate) limit_km: f64,
    /// Ways from homes to facilities, likewise.
    pub(crate) ways: Option<Ways>,
    pub(crate) limits: Limits,
    pub(crate) staffing: Staffing,
}

/// Who of new children has local registration.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Registered {
    /// This share of them.
    Share(Parameter),
    /// As the residents of their age, whom the people tell apart.
    AsResidents,
}

/// The education service: its stages in the order of age.
#[derive(Debug)]
pub(crate) struct Education {
    pub(crate) stages: Vec<Stage>,
    /// Nine-year schools, if there are any.
    pub(crate) continuing: Option<Continuing>,
}

#[derive(Debug)]
struct StageState {
    children: Children,
    offer: Offer,
    seats: Seats,
    choosers: Vec<u32>,
    outside_share: Vec<f64>,
    registered_share: Vec<f64>,
    ways: Option<WaysNow>,
    /// Registered and all residents of the ages of each grade, `grade x home`; empty where a share is given.
    residents: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct EducationState<'a> {
    model: &'a Education,
    stages: Vec<StageState>,
    /// Nine-year schools and who goes on in them.
    going_on: Option<(&'a Continuing, GoingOn)>,
    first: bool,
}

impl Stage {
    fn seats(&self) -> Seats {
        let (stage, grades) = (self.demand.stage, self.demand.grades);
        let groups = self.registered.map(|(_, right)| Groups::new(stage, grades, self.catchments.len(), right));
        Seats::new(
            (stage, grades, self.graded),
            self.catchments.clone(),
            &self.near,
            &self.metres,
            groups,
            self.choice_km.is_some(),
        )
    }
}

impl Service for Education {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        let stages = self
            .stages
            .iter()
            .map(|stage| StageState {
                children: Children::new(&stage.demand),
                offer: Offer::new(&stage.supply),
                seats: stage.seats(),
                choosers: vec![0; stage.demand.areas],
                outside_share: vec![0.0; stage.demand.areas],
                registered_share: vec![1.0; stage.demand.areas],
                ways: stage.ways.as_ref().map(Ways::now),
                residents: match stage.registered {
                    Some((Registered::AsResidents, _)) => vec![(0, 0); stage.demand.grades * stage.demand.areas],
                    _ => Vec::new(),
                },
            })
            .collect();
        let going_on = self.continuing.as_ref().map(|continuing| (continuing, continuing.state()));
        Box::new(EducationState { model: self, stages, going_on, first: true })
    }
}

impl ServiceState for EducationState<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        self.first = true;
        self.going_on.iter_mut().for_each(|(_, going_on)| going_on.clear());
        for (model, state) in self.model.stages.iter().zip(&mut self.stages) {
            state.children.open(&model.demand);
            state.offer.open(&model.supply, context);
            state.draw_registered(model, context, first);
            // The year before the first September names the lots of those who are there already.
            let before = September { chance: context.chance, year: (first.year - 1) as u32 };
            state.zone(model, context, (first.year - 1, first.index));
            let known = known(&state.registered_share, &state.residents);
            state.seats.open(&state.children.pupils, known, &before);
        }
    }

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        _: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let model = self.model;
        for (index, stage) in model.stages.iter().enumerate() {
            let (before, from_here) = self.stages.split_at_mut(index);
            let state = &mut from_here[0];
            let entrants_from = stage.follows.map(|at| &mut before[at].children);
            state.children.step(&stage.demand, entrants_from, context, year, self.first);
            state.prepare(stage, context, year);
            if let Some((continuing, going_on)) = &mut self.going_on
                && index == continuing.stages[1]
            {
                let children = (&before[continuing.stages[0]].children, &state.children);
                continuing.place(children, (&stage.supply, &state.offer, &mut state.seats), (context, year), going_on);
            }
            state.place(stage, context, year);
            if let Some((continuing, going_on)) = &mut self.going_on
                && index == continuing.stages[0]
            {
                continuing.look((&stage.supply, &state.offer, &state.seats), (context, year), going_on);
            }
            if let Some(reported) = year.reported {
                state.report(stage).record(reported, record);
                if let Some(zoned) = &stage.zoned {
                    zoned.record(reported, &state.seats, &state.offer, record);
                }
                if let Some(nearness) = &stage.nearness {
                    let children = |area| state.children.of_area(area);
                    nearness.record((year.year, reported), children, &state.offer, record);
                    if let Some(ways) = &state.ways {
                        nearness.record_placed(reported, &state.seats, ways, record);
                    }
                }
            }
            state.offer.close_private(&stage.supply, context, (year.year, year.index), &state.seats.load);
        }
        if let (Some((continuing, going_on)), Some(reported)) = (&self.going_on, year.reported) {
            continuing.record(reported, going_on, record);
        }
        self.first = false;
    }
}

impl StageState {
    fn draw_registered(&mut self, stage: &Stage, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        match stage.registered {
            Some((Registered::Share(share), _)) => {
                for (home, drawn) in self.registered_share.iter_mut().enumerate() {
                    *drawn = context.draw.at(share, year.index, home);
                }
            }
            Some((Registered::AsResidents, _)) => self.count_registered(&stage.demand, year),
            None => {}
        }
    }

    /// Which catchments new children live in, and where each is zoned to.
    fn zone(&mut self, stage: &Stage, context: &ReplicationContext<'_>, year: (i32, usize)) {
        stage.catchments.look(context.draw, year, (&stage.supply, &self.offer), &mut self.seats.zones);
    }

    /// Registered and all residents of the ages of each grade on 31 August.
    fn count_registered(&mut self, demand: &DemandModel, year: &YearView<'_>) {
        let Some(registered) = year.registered else { return };
        for (at, residents) in self.residents.iter_mut().enumerate() {
            let (grade, home) = (at / demand.areas, at % demand.areas);
            let from = demand.entry_age + grade * demand.ages_per_grade;
            let whole = |people: &People| {
                let ages = from..from + demand.ages_per_grade;
                libm::round(ages.map(|age| people.at_school_cutoff(home, age)).sum::<f64>()) as u32
            };
            *residents = (whole(registered.end), whole(year.end));
        }
    }

    /// Everything of a September up to the first new child that is placed.
    fn prepare(&mut self, stage: &Stage, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        let september = September { chance: context.chance, year: year.year as u32 };
        self.draw_registered(stage, context, year);
        self.zone(stage, context, (year.year, year.index));
        let known = known(&self.registered_share, &self.residents);
        self.seats.move_up(&self.children, known, &september);
        self.offer.fill(&stage.supply, context, (year.year, year.index), self.seats.pupils());
        if let Some((ways, now)) = stage.ways.as_ref().zip(self.ways.as_mut()) {
            ways.look(&self.offer, year.year, now);
            self.seats.look(ways, now);
        }
        if let Some(scale) = stage.choice_km {
            self.seats.look_around(|area| 1_000.0 * context.draw.at(scale, year.index, area));
        }
        self.seats.displace(&self.offer, &september);
        if stage.return_home {
            self.seats.bring_home(&self.offer);
        }
    }

    /// Places the children who look for a seat.
    fn place(&mut self, stage: &Stage, context: &ReplicationContext<'_>, year: &YearView<'_>) {
        let (areas, children) = (stage.demand.areas, &self.children);
        let september = September { chance: context.chance, year: year.year as u32 };
        for (home, share) in self.outside_share.iter_mut().enumerate() {
            *share = context.draw.at(stage.outside_share, year.index, home);
        }
        for grade in 0..stage.demand.grades {
            for home in 0..areas {
                let at = grade * areas + home;
                let share = context.draw.at(stage.private_share, year.index, home);
                let mut stream = context.chance.cell(PRIVATE, september.year, cell(stage.demand.stage, grade, home));
                self.choosers[home] = binomial(children.pupils[at] - children.stayed[at], share, &mut stream);
            }
            self.seats.place(grade, &self.offer, &self.choosers, &self.outside_share, &september);
        }
    }

    fn report<'a>(&'a self, stage: &Stage) -> Reported<'a> {
        Reported {
            block: stage.block,
            areas: stage.demand.areas,
            grades: stage.demand.grades,
            limits: stage.limits,
            staffing: stage.staffing,
            children: &self.children.pupils,
            seats: &self.seats,
            offer: &self.offer,
        }
    }
}

/// What is known of the registration of new children.
const fn known<'a>(shares: &'a [f64], residents: &'a [(u32, u32)]) -> Known<'a> {
    if residents.is_empty() { Known::Share(shares) } else { Known::Residents(residents) }
}

//! The order of a September over all stages, and the scratch of a thread.

use crate::metric::{BlockId, Record};
use crate::population::view::{People, YearView};
use crate::random::{StreamKey, binomial};
use crate::services::service::{GrowthPoint, ReplicationContext, Service, ServiceState};
use crate::services::service_signals::ServiceSignals;
use crate::site::Site;
use crate::uncertainty::Parameter;

use super::demand::children::Children;
use super::demand::inflow::DemandModel;
use super::growth::{self, StageClasses};
use super::metrics::{Reported, Staffing, TargetLimits};
use super::placement::allocation::{Allocation, AllocationRules};
use super::placement::capacity::CapacityYear;
use super::placement::catchments::Catchments;
use super::placement::facility::Supply;
use super::placement::priority_groups::{PriorityGroups, PublicPriority, RegisteredResidents, RegistrationSource};
use super::placement::priority_ladder::Applications;
use super::placement::through_schools::{EntrySchools, SittingSchools, ThroughSchools, ThroughState};
use super::placement::travel_distances::{TravelDistances, TravelYear};
use super::record::catchment_metrics::CatchmentMetrics;
use super::record::grades;
use super::record::nearness::Nearness;
use super::stage::StageId;
use super::streams::{SchoolYear, cell};

const PRIVATE: StreamKey = StreamKey::named("education.private");

/// The rules of a stage, as its section of the scenario says them.
#[derive(Debug)]
pub(crate) struct StageRules {
    pub(crate) stage: StageId,
    /// Position, among the stages of the scenario, of the one whose leavers enter.
    pub(crate) follows: Option<usize>,
    pub(crate) demand: DemandModel,
    pub(crate) private_share: Parameter,
    pub(crate) outside_share: Parameter,
    /// Kilometres over which the share that chooses a place falls to 1/e; `None` where nobody chooses.
    pub(crate) choice_decay_km: Option<Parameter>,
    /// Who of new children has local registration, and their right to public places; `None` where groups are not told apart.
    pub(crate) registered: Option<RegistrationRule>,
    /// Whether pupils placed in another area come back when their own has a place.
    pub(crate) transfer_back: bool,
    /// Kilometres beyond which nobody is placed in another area.
    pub(crate) max_placement_km: f64,
    pub(crate) staffing: Staffing,
}

/// Registration groups of a stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegistrationRule {
    pub(crate) registered: Registered,
    pub(crate) priority: PublicPriority,
}

/// Who of new children has local registration.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Registered {
    /// This share of them.
    Share(Parameter),
    /// As the residents of their age, whom the people tell apart.
    AsResidents,
}

/// Metres between areas, `from x to`.
#[derive(Debug)]
pub(crate) struct AreaDistances {
    /// Those within the distance limit; [`NO_WAY`](super::placement::transport::NO_WAY) beyond it.
    pub(crate) near: Vec<u32>,
    pub(crate) all: Vec<u32>,
}

/// One stage as compiled from the scenario.
#[derive(Debug)]
pub(crate) struct StageModel {
    pub(crate) block: BlockId,
    pub(crate) limits: TargetLimits,
    pub(crate) rules: StageRules,
    pub(crate) supply: Supply,
    pub(crate) catchments: Catchments,
    /// Where pupils by grade are reported, of stages with several.
    pub(crate) grades: Option<BlockId>,
    /// What is reported of them, where the scenario names any.
    pub(crate) catchment_metrics: Option<CatchmentMetrics>,
    pub(crate) distances: AreaDistances,
    /// Where homes and facilities are, if the scenario says so.
    pub(crate) nearness: Option<Nearness>,
    /// How far it is from homes to facilities, likewise.
    pub(crate) travel: Option<TravelDistances>,
}

/// The education service: its stages in the order of age.
#[derive(Debug)]
pub(crate) struct Education {
    pub(crate) stages: Vec<StageModel>,
    /// Through schools, if there are any.
    pub(crate) through: Option<ThroughSchools>,
}

#[derive(Debug)]
struct StageState {
    children: Children,
    capacity: CapacityYear,
    allocation: Allocation,
    applications: Applications,
    registered_share: Vec<f64>,
    travel: Option<TravelYear>,
    /// Registered and all residents of the ages of each grade, `grade x area`; empty where a share is given.
    residents: Vec<RegisteredResidents>,
}

#[derive(Debug)]
struct EducationState<'a> {
    model: &'a Education,
    stages: Vec<StageState>,
    /// Who goes on in through schools.
    through: Option<ThroughState>,
    first: bool,
}

impl StageModel {
    fn state(&self) -> StageState {
        let (areas, grades) = (self.rules.demand.areas, self.rules.demand.grades);
        let as_residents =
            matches!(&self.rules.registered, Some(rule) if matches!(rule.registered, Registered::AsResidents));
        StageState {
            children: Children::new(&self.rules.demand),
            capacity: CapacityYear::new(&self.supply.rules, self.supply.facilities.len()),
            allocation: self.allocation(),
            applications: Applications::new(areas),
            registered_share: vec![1.0; areas],
            travel: self.travel.as_ref().map(TravelDistances::year_state),
            residents: if as_residents { vec![RegisteredResidents::default(); grades * areas] } else { Vec::new() },
        }
    }

    fn allocation(&self) -> Allocation {
        let (stage, groups) = (self.rules.stage, self.rules.registered);
        let rules = AllocationRules {
            stage,
            groups: groups.map(|rule| PriorityGroups::new(stage, self.catchments.keys().to_vec(), rule.priority)),
            by_choice: self.rules.choice_decay_km.is_some(),
        };
        Allocation::new(rules, self.catchments.clone(), &self.distances.near, &self.distances.all)
    }
}

impl Service for Education {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        Box::new(EducationState {
            model: self,
            stages: self.stages.iter().map(StageModel::state).collect(),
            through: self.through.as_ref().map(ThroughSchools::state),
            first: true,
        })
    }

    fn growth(&self, site: &Site) -> Vec<GrowthPoint> {
        let classes = |stage: &'_ StageModel| {
            let (block, stage_id, catchments) = (stage.block, stage.rules.stage, &stage.catchments);
            growth::points(
                StageClasses { block, stage: stage_id, sizes: &stage.supply.rules.class_sizes, catchments },
                site,
            )
        };
        self.stages.iter().flat_map(classes).collect()
    }
}

impl ServiceState for EducationState<'_> {
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>) {
        self.first = true;
        self.through.iter_mut().for_each(ThroughState::reset);
        // The year before the first September names the lots of those who are there already.
        let before = SchoolYear { context, year: first.year - 1, index: first.index };
        for (model, state) in self.model.stages.iter().zip(&mut self.stages) {
            state.children.open(&model.rules.demand);
            state.capacity.start_replication(&model.supply, context);
            state.update_registration(&model.rules, &before, first);
            state.update_catchments(model, &before);
            let known = known(&state.registered_share, &state.residents);
            state.allocation.start_replication(&state.children.pupils, known, &before.september());
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
        let school_year = SchoolYear { context, year: year.year, index: year.index };
        for (index, stage) in model.stages.iter().enumerate() {
            let (before, from_here) = self.stages.split_at_mut(index);
            let state = &mut from_here[0];
            let entrants_from = stage.rules.follows.map(|at| &mut before[at].children);
            state.children.step(&stage.rules.demand, entrants_from, context, year, self.first);
            state.prepare(stage, &school_year, year);
            let through = self.model.through.as_ref().zip(self.through.as_mut());
            if let Some((through, going_on)) = through {
                if index == through.junior_stage() {
                    let children = EntrySchools {
                        primary: &before[through.primary_stage()].children,
                        junior: &state.children,
                        supply: &stage.supply,
                        capacity: &state.capacity,
                    };
                    through.place_by_right(&children, &mut state.allocation, &school_year, going_on);
                }
                state.place(stage, &school_year);
                if index == through.primary_stage() {
                    let schools = SittingSchools {
                        supply: &stage.supply,
                        capacity: &state.capacity,
                        allocation: &state.allocation,
                    };
                    through.record_sitting(&schools, &school_year, going_on);
                }
            } else {
                state.place(stage, &school_year);
            }
            if let Some(reported) = year.reported {
                state.record(stage, year.year, reported, record);
            }
            state.capacity.close_private(&stage.supply, &school_year, &state.allocation.load);
        }
        if let (Some(through), Some(going_on), Some(reported)) = (&model.through, &self.through, year.reported) {
            through.record(reported, going_on, record);
        }
        self.first = false;
    }
}

impl StageState {
    fn update_registration(&mut self, rules: &StageRules, school_year: &SchoolYear<'_>, year: &YearView<'_>) {
        match rules.registered.map(|rule| rule.registered) {
            Some(Registered::Share(share)) => {
                for (area, drawn) in self.registered_share.iter_mut().enumerate() {
                    *drawn = school_year.draw(share, area);
                }
            }
            Some(Registered::AsResidents) => self.count_registered(&rules.demand, year),
            None => {}
        }
    }

    /// Which catchments new children live in, and where each is zoned to.
    fn update_catchments(&mut self, stage: &StageModel, school_year: &SchoolYear<'_>) {
        stage.catchments.update(school_year, &stage.supply, &self.capacity, &mut self.allocation.zones);
    }

    /// Registered and all residents of the ages of each grade on 31 August.
    fn count_registered(&mut self, demand: &DemandModel, year: &YearView<'_>) {
        let Some(registered) = year.registered else { return };
        for (at, residents) in self.residents.iter_mut().enumerate() {
            let (grade, area) = (at / demand.areas, at % demand.areas);
            let from = demand.entry_age + grade * demand.ages_per_grade;
            let whole = |people: &People| {
                let ages = from..from + demand.ages_per_grade;
                libm::round(ages.map(|age| people.at_school_cutoff(area, age)).sum::<f64>()) as u32
            };
            *residents = RegisteredResidents { registered: whole(registered.end), all: whole(year.end) };
        }
    }

    /// Everything of a September up to the first new child that is placed.
    fn prepare(&mut self, stage: &StageModel, school_year: &SchoolYear<'_>, year: &YearView<'_>) {
        let september = school_year.september();
        self.update_registration(&stage.rules, school_year, year);
        self.update_catchments(stage, school_year);
        let known = known(&self.registered_share, &self.residents);
        self.allocation.roll_forward(&self.children, known, &september);
        if let Some((distances, now)) = stage.travel.as_ref().zip(self.travel.as_mut()) {
            distances.update(&self.capacity, school_year.year, now);
            self.allocation.update_travel(distances, now);
        }
        self.capacity.update(&stage.supply, school_year, self.allocation.pupils());
        if let Some(scale) = stage.rules.choice_decay_km {
            self.allocation.update_choice_scale(|area| 1_000.0 * school_year.draw(scale, area));
        }
        self.allocation.displace(&self.capacity, &september);
        if stage.rules.transfer_back {
            self.allocation.transfer_back(&self.capacity);
        }
    }

    /// Places the children who look for a seat.
    fn place(&mut self, stage: &StageModel, school_year: &SchoolYear<'_>) {
        let (demand, children) = (&stage.rules.demand, &self.children);
        let september = school_year.september();
        for (area, share) in self.applications.outside_share.iter_mut().enumerate() {
            *share = school_year.draw(stage.rules.outside_share, area);
        }
        for grade in 0..demand.grades {
            for area in 0..demand.areas {
                let at = grade * demand.areas + area;
                let share = school_year.draw(stage.rules.private_share, area);
                let mut stream = september.stream(PRIVATE.with(demand.keys[area]), cell(stage.rules.stage, grade));
                self.applications.private_first[area] =
                    binomial(children.pupils[at] - children.stayed[at], share, &mut stream);
            }
            self.allocation.place_grade(grade, &self.capacity, &self.applications, &september);
        }
        if !self.allocation.anyone_waits() {
            return;
        }
        if self.capacity.regroup(&stage.supply.rules, self.allocation.pupils()) {
            for grade in 0..demand.grades {
                self.allocation.place_in_freed_rooms(grade, &self.capacity, &september);
            }
        }
        for grade in 0..demand.grades {
            self.allocation.leave_district(grade, &self.applications, &september);
        }
    }

    /// Records a September, reported in this position.
    fn record(&self, stage: &StageModel, calendar: i32, reported: usize, record: &mut Record<'_>) {
        self.reported(stage).record(reported, record);
        if let Some(block) = stage.grades {
            grades::record(block, stage.rules.demand.areas, &self.allocation, reported, record);
        }
        if let Some(catchments) = &stage.catchment_metrics {
            catchments.record(reported, &self.allocation, &self.capacity, record);
        }
        let Some(nearness) = &stage.nearness else { return };
        let children = |area| self.children.of_area(area);
        nearness.record(calendar, reported, children, &self.capacity, record);
        if let Some(travel) = &self.travel {
            nearness.record_placed(reported, &self.allocation, travel, record);
        }
    }

    fn reported<'a>(&'a self, stage: &StageModel) -> Reported<'a> {
        Reported {
            block: stage.block,
            areas: stage.rules.demand.areas,
            grades: stage.rules.demand.grades,
            limits: stage.limits,
            staffing: stage.rules.staffing,
            children: &self.children.pupils,
            seats: &self.allocation,
            offer: &self.capacity,
        }
    }
}

/// What is known of the registration of new children.
const fn known<'a>(shares: &'a [f64], residents: &'a [RegisteredResidents]) -> RegistrationSource<'a> {
    if residents.is_empty() { RegistrationSource::Share(shares) } else { RegistrationSource::Residents(residents) }
}

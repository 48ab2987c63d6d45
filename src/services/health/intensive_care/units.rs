//! Intensive care inside a stay: beds of a block of their own, asked by patients who already have a bed in a ward.
//!
//! Of those whom the wards admit on a day, a binomial number needs intensive care, by specialty and class. The need begins
//! with the admission for a share of them, and else at a moment that is uniform over a stay of the ward's law. The ward bed
//! is held meanwhile, so that nothing flows back: intensive care is played after the wards, as a network of its own, and
//! neither couples specialties nor changes any number of theirs. Whoever finds no bed waits in the ward, first come first
//! served, up to a limit, and then does without.
//!
//! The hour of admission is drawn anew from its law (unannounced patients: any hour; from lists: between eight and twelve),
//! for pools played by the day know no other. Thinned and delayed by an independent time, the admissions of a ward with room
//! are again Poisson (Palm 1943).

use crate::metric::Record;
use crate::random::{StreamKey, binomial};
use crate::services::health::analytic::census::{CensusMoments, Memory, RequestRates, Staying, beds_for, busiest};
use crate::services::health::demand::arrivals::{LIST_FROM, LIST_HOURS, Today};
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::demand::request::BedRequest;
use crate::services::health::demand::season::Season;
use crate::services::health::engine::calendar::BedEpisode;
use crate::services::health::engine::component_state::{BEFORE, ComponentState};
use crate::services::health::engine::network::Network;
use crate::services::health::engine::open_beds::OpenBeds;
use crate::services::health::intensive_care::count::{ClosedFormBeside, UnitYear};
use crate::services::health::model::IntensiveCare;
use crate::services::health::model::{CLASSES, Class};
use crate::services::health::model::{Component, HealthModel};
use crate::services::health::record::midnight_census::MidnightCensus;
use crate::services::health::stay::draws::truncated_poisson;
use crate::services::health::time::DAY;

const NEED: StreamKey = StreamKey::named("health.intensive-care.need");
const CENSUS: StreamKey = StreamKey::named("health.intensive-care.opening-census");

/// Someone who will need intensive care.
#[derive(Clone, Copy, Debug)]
struct Need {
    /// When, and for how long, hours.
    time: f64,
    stay: f32,
}

/// One unit with what it needs while it runs.
#[derive(Debug)]
struct UnitState {
    network: Network,
    beds: OpenBeds,
    /// Who will ask, in no order until the year is played.
    needs: Vec<Need>,
    /// Scratch: who asks on a day.
    today: Vec<BedRequest>,
    midnights: MidnightCensus,
    /// Mean stay this year, hours.
    stay: f64,
    asked: u32,
    waiting_before: u32,
    /// The closed form of the year.
    beside: ClosedFormBeside,
    busiest: CensusMoments,
}

/// All units of one thread.
#[derive(Debug)]
pub(crate) struct IntensiveUnits {
    units: Vec<UnitState>,
    /// Scratch: admissions of a day by group and class; signed, for who waited yesterday is admitted without having asked today.
    admitted: Vec<[i32; CLASSES]>,
    memory: Memory,
}

impl UnitState {
    fn new(model: &IntensiveCare) -> Self {
        Self {
            network: Network::new(model.beds.pools.clone(), 1, 1, false),
            beds: OpenBeds::new(&model.beds, 1),
            needs: Vec::new(),
            today: Vec::new(),
            midnights: MidnightCensus::new(1),
            stay: 0.0,
            asked: 0,
            waiting_before: 0,
            beside: ClosedFormBeside::default(),
            busiest: CensusMoments::default(),
        }
    }

    /// Plays `days` days from day `from` of the simulation. Before the first year the beds are those of its first day.
    fn play(&mut self, model: &IntensiveCare, from: u32, days: u32, reported: bool) {
        self.needs.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
        self.midnights.clear();
        let mut waiting = [0];
        self.network.count_waiting(&mut waiting, 1);
        [self.waiting_before] = waiting;
        self.network.start_year(f64::from(from) * DAY, f64::from(from + days) * DAY);
        let mut played = 0;
        for day in 0..days {
            let starts = f64::from(from + day) * DAY;
            if day == 0 || (reported && self.beds.changes_on(day)) {
                self.beds.set_day(&model.beds, if reported { day } else { 0 });
                self.network.set_beds(0, self.beds.pools[0], starts);
            }
            let asking = self.needs[played..].iter().take_while(|need| need.time < starts + DAY);
            self.today.clear();
            self.today.extend(asking.map(|need| BedRequest::new(0, 0, need.time, need.stay)));
            played += self.today.len();
            self.network.day(&self.today);
            self.network.end_day(starts + DAY);
            if reported {
                self.midnights.note(day, &[0], &self.network.census, &self.beds.pools);
                if self.beds.pools[0] == 0 && self.beside.offered > 0.0 {
                    self.midnights.note_closed(day, 0);
                }
            }
        }
        self.needs.drain(..played);
        self.asked = played as u32;
        debug_assert!(
            self.network.conserves(&[self.asked], &[self.waiting_before], 1),
            "invariant: requests = admitted + waiting + refused + left"
        );
    }
}

impl IntensiveUnits {
    pub(crate) fn new(model: &HealthModel) -> Self {
        Self {
            units: model.intensive.iter().map(UnitState::new).collect(),
            admitted: vec![[0; CLASSES]; model.groups.len()],
            memory: Memory::new(),
        }
    }

    /// Whether there is any intensive care.
    pub(crate) const fn is_any(&self) -> bool {
        !self.units.is_empty()
    }

    /// Starts a year: beds and stays.
    pub(crate) fn start_year(&mut self, year: &HealthYear<'_>) {
        for (unit, care) in self.units.iter_mut().zip(&year.model.intensive) {
            unit.beds.start_year(&care.beds, &care.group, year);
            unit.stay = care.stay.mean * year.at(care.stay_level);
            (unit.beside, unit.busiest) = (ClosedFormBeside::default(), CensusMoments::default());
        }
    }

    /// Empties the units before time starts.
    pub(crate) fn clear(&mut self, model: &HealthModel) {
        for (unit, care) in self.units.iter_mut().zip(&model.intensive) {
            unit.network.clear();
            unit.network.limits.copy_from_slice(&[care.group[0].limits]);
            unit.needs.clear();
        }
    }

    /// Works out the closed form of a component's patients: thinned admissions, if wards turned nobody away.
    pub(crate) fn expect(&mut self, state: &ComponentState<'_>, year: &HealthYear<'_>, season: &Season) {
        let model = year.model;
        let (component, arrivals) = (state.component, &state.arrivals);
        let day_cv = year.context.draw.value(model.variation.day_cv);
        let (urgent, slots) = season.means(component.epidemic);
        let back = arrivals.after.returns / arrivals.after.first_share();
        for (unit, care) in self.units.iter_mut().zip(&model.intensive) {
            let mut requests = RequestRates { epidemic: component.epidemic, ..RequestRates::default() };
            let mut per_day = 0.0;
            for (stream, first) in arrivals.per_day(component) {
                let group = usize::from(stream.group);
                if !care.groups.contains(&group) {
                    continue;
                }
                let share = |class: Class| share_of(component, group, class, year);
                let (needs, again) = (first * share(stream.class), first * back * share(Class::Urgent));
                requests.even += again;
                let variation = !stream.listed && stream.class == Class::Urgent;
                *(if variation { &mut requests.urgent } else { &mut requests.even }) += needs;
                let swing = match (stream.listed, variation) {
                    (true, _) => slots,
                    (false, true) => urgent,
                    (false, false) => 1.0,
                };
                per_day += needs * swing + again;
            }
            if per_day > 0.0 {
                let staying = Staying { law: &care.stay, mean: unit.stay, discharge: None };
                let moments = busiest(requests, staying, season, day_cv, &mut self.memory);
                unit.busiest.mean += moments.mean;
                unit.busiest.variance += moments.variance;
                unit.beside.offered += per_day * unit.stay / DAY;
            }
        }
    }

    /// Fills the beds as they would be in the long run.
    pub(crate) fn fill_beds(&mut self, year: &HealthYear<'_>) {
        for (unit, care) in self.units.iter_mut().zip(&year.model.intensive) {
            let mut random = year.context.chance.cell(CENSUS.with(care.name), BEFORE, 0);
            for _ in 0..truncated_poisson(unit.beside.offered, unit.beds.pools[0], &mut random) {
                unit.network.occupy(BedEpisode::new(0, care.stay.draw_residual(unit.stay, &mut random)));
            }
        }
    }

    /// Finds out who of those whom a component admitted today needs intensive care, and when.
    pub(crate) fn note_day(&mut self, state: &mut ComponentState<'_>, year: &HealthYear<'_>, today: Today) {
        let model = year.model;
        self.count_admitted(state);
        let component = state.component;
        for (unit, care) in self.units.iter_mut().zip(&model.intensive) {
            for &group in &care.groups {
                let admitted = self.admitted[group];
                let Some(pool) = state.groups.iter().position(|of| usize::from(*of) == group) else { continue };
                if admitted == [0; CLASSES] {
                    continue;
                }
                let (law, mean) = (&component.stays[pool], state.arrivals.stays[pool]);
                let name = NEED.with(component.name).with(model.groups[group].name);
                let mut random = year.context.chance.cell(name, year.stream, today.cell());
                for class in Class::ALL {
                    let people = admitted[class.index()];
                    debug_assert!(people >= 0, "invariant: nobody is admitted less than never");
                    let share = share_of(component, group, class, year);
                    let needing = binomial(people.max(0).cast_unsigned(), share, &mut random);
                    let (from, hours) = if class == Class::Elective && model.demand.is_some() {
                        (LIST_FROM, LIST_HOURS)
                    } else {
                        (0.0, DAY)
                    };
                    for _ in 0..needing {
                        let admission = today.starts() + from + hours * random.uniform();
                        let at_once = random.uniform() < care.at_once;
                        let into = if at_once { 0.0 } else { random.uniform() * law.draw(mean, &mut random) };
                        let stay = care.stay.draw(unit.stay, &mut random) as f32;
                        unit.needs.push(Need { time: admission + into, stay });
                    }
                }
            }
        }
    }

    /// Counts the admissions of a day: those who asked, without those who got no bed then or another one than asked, and
    /// with those who got it there.
    fn count_admitted(&mut self, state: &mut ComponentState<'_>) {
        let detours = &mut state.network.tally.detours;
        self.admitted.copy_from_slice(detours);
        detours.fill([0; CLASSES]);
        for request in &state.arrivals.requests {
            self.admitted[usize::from(state.groups[usize::from(request.pool)])][request.class.index()] += 1;
        }
        if let Some(daily) = &state.network.daily {
            for (sum, count) in self.admitted[usize::from(state.groups[daily.pool])].iter_mut().zip(daily.admitted) {
                *sum += count.cast_signed();
            }
        }
    }

    /// Plays the days before the first reported one.
    pub(crate) fn warm_up(&mut self, model: &HealthModel, days: u32) {
        self.units.iter_mut().zip(&model.intensive).for_each(|(unit, care)| unit.play(care, 0, days, false));
    }

    /// Plays a year that starts on day `from` of the simulation, and writes it.
    pub(crate) fn serve(
        &mut self,
        model: &HealthModel,
        from: u32,
        year: &HealthYear<'_>,
        reported: usize,
        record: &mut Record<'_>,
    ) {
        for (unit, care) in self.units.iter_mut().zip(&model.intensive) {
            unit.play(care, from, year.days, true);
            unit.beside.needed = beds_for(unit.busiest, model.promise.refused);
            let counted = UnitYear {
                block: care.block,
                asked: unit.asked,
                waiting_before: unit.waiting_before,
                bed_days: unit.beds.bed_days.iter().sum(),
                days: year.days,
                network: &unit.network,
                midnights: &unit.midnights,
                beside: unit.beside,
            };
            counted.record(reported, record);
        }
    }
}

/// Share of those whom a group admits that need intensive care.
fn share_of(component: &Component, group: usize, class: Class, year: &HealthYear<'_>) -> f64 {
    let shares = component.intensive.get(group).or_else(|| component.intensive.first());
    shares.and_then(|shares| shares[class.index()]).map_or(0.0, |share| year.at(share))
}

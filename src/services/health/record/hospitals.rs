//! Hospitals: all beds of a facility, where the model says which of them are in use.
//!
//! A facility that fills its own beds (`pooling = "facility"`, or the only one with beds in a pool) is a hospital here. Where
//! a pool is filled by several, no patient of it lies in one of them rather than another, and none of these is reported.

use crate::metric::{Handle, Record};
use crate::services::health::analytic::closed_form::ClosedForm;
use crate::services::health::engine::component_state::ComponentState;
use crate::services::health::metrics::OfHospital;
use crate::services::health::model::HealthModel;
use crate::services::health::record::midnight_census::MidnightCensus;
use crate::services::health::time::DAY;

/// What is counted of a hospital in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    asked: u32,
    /// Who waits now, and who waited when the year began.
    waiting: u32,
    waiting_before: u32,
    sent_on: u32,
    taken_in: u32,
    turned_away: u32,
    waited_days: f64,
    bed_days: f64,
    occupied_days: f64,
    blocked_days: f64,
    late_days: f64,
    offered: f64,
    needed: f64,
}

/// The counts of all hospitals.
#[derive(Clone, Debug)]
pub(crate) struct HospitalCounts {
    counts: Vec<Count>,
    midnights: MidnightCensus,
}

impl HospitalCounts {
    pub(crate) fn new(model: &HealthModel) -> Self {
        let hospitals = model.hospitals.blocks.len();
        Self { counts: vec![Count::default(); hospitals], midnights: MidnightCensus::new(hospitals) }
    }

    /// Starts a year.
    pub(crate) fn start_year(&mut self) {
        for count in &mut self.counts {
            *count = Count { waiting_before: count.waiting, ..Count::default() };
        }
        self.midnights.clear();
    }

    /// Takes over who waits at the start of the first year.
    pub(crate) fn open<'a, 'm: 'a>(
        &mut self,
        model: &HealthModel,
        states: impl Iterator<Item = &'a ComponentState<'m>>,
    ) {
        self.counts.fill(Count::default());
        for (at, state) in states.enumerate() {
            for (pool, hospital) in model.hospitals.pools(at) {
                self.counts[hospital].waiting += state.network.queued[pool];
            }
        }
    }

    /// Adds the midnight of the component numbered `at`.
    #[inline]
    pub(crate) fn note_midnight(&mut self, model: &HealthModel, at: usize, day: u32, state: &ComponentState<'_>) {
        for (pool, hospital) in model.hospitals.pools(at) {
            self.midnights.note_of(day, hospital, state.network.census[pool], state.network.beds[pool]);
            if state.closed[usize::from(state.groups[pool])] {
                self.midnights.note_closed(day, hospital);
            }
        }
    }

    /// Adds the year of the component numbered `at`, which was the last to be added to the closed form.
    pub(crate) fn add(&mut self, model: &HealthModel, at: usize, state: &ComponentState<'_>, closed: &ClosedForm) {
        let tally = &state.network.tally;
        for (pool, hospital) in model.hospitals.pools(at) {
            let count = &mut self.counts[hospital];
            count.waiting += state.network.queued[pool];
            count.asked += state.arrivals.asked_of_pool[pool];
            count.sent_on += tally.sent_on[pool];
            count.taken_in += tally.taken_in[pool];
            count.turned_away += tally.turned_away[pool];
            count.waited_days += tally.waited_for[pool] / DAY;
            count.occupied_days += tally.occupied[pool] / DAY;
            count.blocked_days += tally.blocked_hours[pool] / DAY;
            count.late_days += tally.late_hours[pool] / DAY;
            count.offered += closed.last().offered[pool];
            count.needed += closed.needed_by(state, pool, model.promise.refused);
            count.bed_days += state.rows_of(pool).map(|(_, bed_days)| bed_days).sum::<f64>();
        }
    }

    /// Writes the year.
    pub(crate) fn record(&self, model: &HealthModel, days: f64, year: usize, record: &mut Record<'_>) {
        for (hospital, (block, count)) in model.hospitals.blocks.iter().zip(&self.counts).enumerate() {
            let ended = count.asked + count.waiting_before - count.waiting;
            let share = |part: f64, whole: u32| if whole > 0 { part / f64::from(whole) } else { f64::NAN };
            let counts = [
                (OfHospital::DEMAND, count.asked),
                (OfHospital::DIVERTED_OUT, count.sent_on),
                (OfHospital::DIVERTED_IN, count.taken_in),
                (OfHospital::REFUSED, count.turned_away),
            ];
            for (metric, value) in counts {
                record.set(*block, metric, 0, year, value);
            }
            let crowding = self.midnights.crowding(hospital, days as usize);
            let mut real = |metric: Handle<f64>, value: f64| record.set(*block, metric, 0, year, value);
            real(OfHospital::PLACES, count.bed_days / days);
            real(OfHospital::OCCUPIED_BEDS, count.occupied_days / days);
            real(OfHospital::REFUSED_SHARE, share(f64::from(count.turned_away), ended));
            real(OfHospital::MEAN_WAIT_DAYS, share(count.waited_days, if ended > 0 { count.asked } else { 0 }));
            real(OfHospital::DAYS_OVER_85, crowding.over_85);
            real(OfHospital::DAYS_OVER_92, crowding.over_92);
            real(OfHospital::WINTER_DAYS_OVER_92, crowding.winter_over_92);
            real(OfHospital::BLOCKED_BEDS, count.blocked_days / days);
            real(OfHospital::DELAYED_DISCHARGE_BEDS, count.late_days / days);
            real(OfHospital::OFFERED_LOAD, count.offered);
            real(OfHospital::BEDS_NEEDED, count.needed);
        }
    }
}

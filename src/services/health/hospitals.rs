//! Hospitals: all beds of a facility, where the model says which of them are in use.
//!
//! A facility that fills its own beds (`pooling = "facility"`, or the only one with beds in a pool) is a hospital here. Where
//! a pool is filled by several, no patient of it lies in one of them rather than another, and none of these is reported.

use super::closed_form::ClosedForm;
use super::metrics::OfHospital;
use super::midnights::Midnights;
use super::model::{Component, Model};
use super::read::DAY;
use super::state::Running;
use super::tables::Supply;
use crate::language::Text;
use crate::metric::{BlockId, Real, Record};

/// In place of a hospital: the pool belongs to several.
const NONE: u16 = u16::MAX;

/// A facility of a tier with beds of its own, not yet with a block.
#[derive(Clone, Debug)]
pub(super) struct Facility {
    pub(super) id: String,
    pub(super) label: Text,
    tier: usize,
    /// Its pools, as component and pool.
    pools: Vec<(usize, usize)>,
    /// Projects that open or close beds of it.
    pub(super) projects: Vec<usize>,
    own: bool,
}

/// The hospitals of a model.
#[derive(Clone, Debug, Default)]
pub(super) struct Hospitals {
    pub(super) blocks: Vec<BlockId>,
    /// The hospital of each pool, by component.
    of_pool: Vec<Vec<u16>>,
}

/// Finds the facilities that fill their own beds, lowest tier first, in the order of the table of beds. The rows of each
/// component are those of the table for its specialty, in the same order.
pub(super) fn facilities(components: &[Component], supply: &[Supply]) -> Vec<Facility> {
    let mut found: Vec<Facility> = Vec::new();
    let same = |facility: &Facility, row: &Supply| facility.tier == row.tier && facility.id == row.facility;
    for row in supply {
        if !found.iter().any(|facility| same(facility, row)) {
            let (id, label) = (row.facility.clone(), row.label.clone());
            found.push(Facility { id, label, tier: row.tier, pools: Vec::new(), projects: Vec::new(), own: true });
        }
    }
    for (at, component) in components.iter().enumerate() {
        let rows = supply.iter().filter(|row| row.specialty == at).zip(&component.rows);
        for (row, beds) in rows.clone() {
            let pool = usize::from(beds.pool);
            let alone =
                rows.clone().all(|(other, beds)| usize::from(beds.pool) != pool || other.facility == row.facility);
            let Some(facility) = found.iter_mut().find(|facility| same(facility, row)) else { continue };
            facility.own &= alone;
            if !facility.pools.contains(&(at, pool)) {
                facility.pools.push((at, pool));
            }
            facility.projects.extend(beds.project.map(|(project, _)| project));
        }
    }
    found.retain(|facility| facility.own);
    found.sort_by_key(|facility| facility.tier);
    found
}

impl Hospitals {
    /// The hospitals with their blocks, in the order of `facilities`.
    pub(super) fn new(facilities: &[Facility], blocks: Vec<BlockId>, components: &[Component]) -> Self {
        let mut of_pool: Vec<Vec<u16>> = components.iter().map(|c| vec![NONE; c.pools.len()]).collect();
        for (hospital, facility) in facilities.iter().enumerate() {
            for &(component, pool) in &facility.pools {
                of_pool[component][pool] = hospital as u16;
            }
        }
        Self { blocks, of_pool }
    }

    /// The pools of a component that are a hospital's, with the hospital.
    fn pools(&self, component: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let pools = self.of_pool.get(component).into_iter().flatten().enumerate();
        pools.filter(|(_, hospital)| **hospital != NONE).map(|(pool, hospital)| (pool, usize::from(*hospital)))
    }
}

/// What is counted of a hospital in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    asked: u32,
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
pub(super) struct HospitalCounts {
    counts: Vec<Count>,
    midnights: Midnights,
}

impl HospitalCounts {
    pub(super) fn new(model: &Model) -> Self {
        let hospitals = model.hospitals.blocks.len();
        Self { counts: vec![Count::default(); hospitals], midnights: Midnights::new(hospitals) }
    }

    /// Starts a year.
    pub(super) fn start_year(&mut self) {
        self.counts.fill(Count::default());
        self.midnights.clear();
    }

    /// Adds the midnight of the component numbered `at`.
    #[inline]
    pub(super) fn note_midnight(&mut self, day: u32, (model, at): (&Model, usize), running: &Running<'_>) {
        for (pool, hospital) in model.hospitals.pools(at) {
            self.midnights.note_of(day, hospital, running.network.census[pool], running.network.beds[pool]);
        }
    }

    /// Adds the year of the component numbered `at`, which was the last to be added to the closed form.
    pub(super) fn add(&mut self, (model, at): (&Model, usize), running: &Running<'_>, closed: &ClosedForm) {
        let tally = &running.network.tally;
        for (pool, hospital) in model.hospitals.pools(at) {
            let count = &mut self.counts[hospital];
            count.asked += running.arrivals.asked_of_pool[pool];
            count.sent_on += tally.sent_on[pool];
            count.taken_in += tally.taken_in[pool];
            count.turned_away += tally.turned_away[pool];
            count.waited_days += tally.waited_for[pool] / DAY;
            count.occupied_days += tally.occupied[pool] / DAY;
            count.blocked_days += tally.blocked_hours[pool] / DAY;
            count.late_days += tally.late_hours[pool] / DAY;
            count.offered += closed.last().0[pool];
            count.needed += closed.needed_by(running, pool, model.promise.refused);
            count.bed_days += running.rows_of(pool).map(|(_, bed_days)| bed_days).sum::<f64>();
        }
    }

    /// Writes the year.
    pub(super) fn record(&self, model: &Model, days: f64, year: usize, record: &mut Record<'_>) {
        for (hospital, (block, count)) in model.hospitals.blocks.iter().zip(&self.counts).enumerate() {
            let share = |part: f64| if count.asked > 0 { part / f64::from(count.asked) } else { f64::NAN };
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
            real(OfHospital::REFUSED_SHARE, share(f64::from(count.turned_away)));
            real(OfHospital::MEAN_WAIT_DAYS, share(count.waited_days));
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

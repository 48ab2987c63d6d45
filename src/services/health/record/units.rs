//! Units: the beds of one specialty in one tier, which the figures of the whole tier hide.

use crate::metric::{Handle, Record};
use crate::services::health::analytic::closed_form::ClosedForm;
use crate::services::health::engine::component_state::ComponentState;
use crate::services::health::metrics::OfUnit;
use crate::services::health::model::HealthModel;
use crate::services::health::record::midnight_census::{Crowding, MidnightCensus};
use crate::services::health::time::DAY;

/// What is counted of a unit in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    asked: u32,
    /// Requests that ended this year, with a bed or without.
    ended: u32,
    refused: u32,
    waited_days: f64,
    bed_days: f64,
    occupied_days: f64,
    offered: f64,
    needed: f64,
    crowding: Crowding,
}

/// The counts of all units.
#[derive(Clone, Debug)]
pub(crate) struct UnitCounts {
    counts: Vec<Count>,
}

impl UnitCounts {
    pub(crate) fn new(model: &HealthModel) -> Self {
        Self { counts: vec![Count::default(); model.units.len()] }
    }

    /// Takes the year of the component numbered `at`.
    pub(crate) fn take(
        &mut self,
        model: &HealthModel,
        at: usize,
        state: &ComponentState<'_>,
        midnights: &MidnightCensus,
        days: usize,
        closed: &ClosedForm,
    ) {
        let closed = closed.last();
        let (component, tally) = (state.component, &state.network.tally);
        for (unit, count) in model.units.iter().zip(&mut self.counts).filter(|(unit, _)| unit.component == at) {
            let labels = model.areas + 1;
            let cells = unit.group * labels..(unit.group + 1) * labels;
            let mut waiting = vec![0; model.groups.len() * labels];
            state.network.count_waiting(&mut waiting, labels);
            let waits = |of: &[u32]| of[cells.clone()].iter().sum::<u32>();
            *count = Count {
                asked: state.arrivals.asked[cells.clone()].iter().sum(),
                ended: waits(&state.arrivals.asked) + waits(&state.waiting_before) - waits(&waiting),
                refused: tally.refused[cells.clone()].iter().chain(&tally.left[cells]).sum(),
                waited_days: tally.waited[unit.group].iter().sum::<f64>() / DAY,
                needed: closed.needed[unit.group],
                crowding: midnights.crowding(unit.group, days),
                ..Count::default()
            };
            for (pool, _) in component.pools.iter().enumerate().filter(|(_, p)| usize::from(p.group) == unit.group) {
                count.occupied_days += tally.occupied[pool] / DAY;
                count.offered += closed.offered[pool];
            }
            let rows = component.rows.iter().zip(&state.beds.bed_days);
            let own = rows.filter(|(row, _)| usize::from(component.pools[usize::from(row.pool)].group) == unit.group);
            count.bed_days = own.map(|(_, bed_days)| bed_days).sum();
        }
    }

    /// Writes the year.
    pub(crate) fn record(&self, model: &HealthModel, days: f64, year: usize, record: &mut Record<'_>) {
        for (unit, count) in model.units.iter().zip(&self.counts) {
            let share = |part: f64, whole: u32| if whole > 0 { part / f64::from(whole) } else { f64::NAN };
            record.set(unit.block, OfUnit::DEMAND, 0, year, count.asked);
            let mut real = |metric: Handle<f64>, value: f64| record.set(unit.block, metric, 0, year, value);
            real(OfUnit::PLACES, count.bed_days / days);
            real(OfUnit::OCCUPIED_BEDS, count.occupied_days / days);
            real(OfUnit::REFUSED_SHARE, share(f64::from(count.refused), count.ended));
            real(OfUnit::MEAN_WAIT_DAYS, share(count.waited_days, if count.ended > 0 { count.asked } else { 0 }));
            real(OfUnit::DAYS_OVER_85, count.crowding.over_85);
            real(OfUnit::DAYS_OVER_92, count.crowding.over_92);
            real(OfUnit::WINTER_DAYS_OVER_92, count.crowding.winter_over_92);
            real(OfUnit::OFFERED_LOAD, count.offered);
            real(OfUnit::BEDS_NEEDED, count.needed);
        }
    }
}

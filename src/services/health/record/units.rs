//! Units: the beds of one specialty in one tier, which the figures of the whole tier hide.

use crate::metric::{Handle, Record};
use crate::services::health::engine::component_state::ComponentState;
use crate::services::health::metrics::OfUnit;
use crate::services::health::model::HealthModel;
use crate::services::health::record::midnight_census::{Crowding, MidnightCensus};
use crate::services::health::time::DAY;

/// What is counted of a unit in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    asked: u32,
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

    /// Takes the year of the component numbered `at`; `closed` are beds offered by pool and beds needed by group.
    pub(crate) fn take(
        &mut self,
        (model, at): (&HealthModel, usize),
        state: &ComponentState<'_>,
        midnights: &MidnightCensus,
        days: usize,
        closed: (&[f64], &[f64]),
    ) {
        let (component, tally) = (state.component, &state.network.tally);
        for (unit, count) in model.units.iter().zip(&mut self.counts).filter(|(unit, _)| unit.component == at) {
            let labels = model.areas + 1;
            let cells = unit.group * labels..(unit.group + 1) * labels;
            *count = Count {
                asked: state.arrivals.asked[cells.clone()].iter().sum(),
                refused: tally.refused[cells.clone()].iter().chain(&tally.left[cells]).sum(),
                waited_days: tally.waited[unit.group].iter().sum::<f64>() / DAY,
                needed: closed.1[unit.group],
                crowding: midnights.crowding(unit.group, days),
                ..Count::default()
            };
            for (pool, _) in component.pools.iter().enumerate().filter(|(_, p)| usize::from(p.group) == unit.group) {
                count.occupied_days += tally.occupied[pool] / DAY;
                count.offered += closed.0[pool];
            }
            let rows = component.rows.iter().zip(&state.beds.bed_days);
            let own = rows.filter(|(row, _)| usize::from(component.pools[usize::from(row.pool)].group) == unit.group);
            count.bed_days = own.map(|(_, bed_days)| bed_days).sum();
        }
    }

    /// Writes the year.
    pub(crate) fn record(&self, model: &HealthModel, days: f64, year: usize, record: &mut Record<'_>) {
        for (unit, count) in model.units.iter().zip(&self.counts) {
            let share = |part: f64| if count.asked > 0 { part / f64::from(count.asked) } else { f64::NAN };
            record.set(unit.block, OfUnit::DEMAND, 0, year, count.asked);
            let mut real = |metric: Handle<f64>, value: f64| record.set(unit.block, metric, 0, year, value);
            real(OfUnit::PLACES, count.bed_days / days);
            real(OfUnit::OCCUPIED_BEDS, count.occupied_days / days);
            real(OfUnit::REFUSED_SHARE, share(f64::from(count.refused)));
            real(OfUnit::MEAN_WAIT_DAYS, share(count.waited_days));
            real(OfUnit::DAYS_OVER_85, count.crowding.over_85);
            real(OfUnit::DAYS_OVER_92, count.crowding.over_92);
            real(OfUnit::WINTER_DAYS_OVER_92, count.crowding.winter_over_92);
            real(OfUnit::OFFERED_LOAD, count.offered);
            real(OfUnit::BEDS_NEEDED, count.needed);
        }
    }
}

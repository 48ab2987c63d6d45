//! What is counted of a unit of intensive care in a year.

use crate::metric::{BlockId, Handle, Record};
use crate::services::health::engine::network::Network;
use crate::services::health::metrics::OfIntensiveCare;
use crate::services::health::record::midnight_census::MidnightCensus;
use crate::services::health::time::DAY;

/// The closed form beside the simulation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ClosedFormBeside {
    /// Mean census if nobody were turned away, in the wards or here.
    pub(crate) offered: f64,
    /// Beds that the census of the busiest day exceeds with at most the promised share.
    pub(crate) needed: f64,
}

/// Writes a year: who asked in it and who waited before, bed-days, what happened, and the closed form.
pub(crate) fn record_year(
    block: BlockId,
    ((asked, waiting_before), bed_days): ((u32, u32), f64),
    (network, midnights, beside): (&Network, &MidnightCensus, ClosedFormBeside),
    days: u32,
    (year, record): (usize, &mut Record<'_>),
) {
    let tally = &network.tally;
    let mut waiting = [0];
    network.count_waiting(&mut waiting, 1);
    let [waiting] = waiting;
    let refused = tally.refused[0] + tally.left[0];
    let mut count = |metric: Handle<u32>, value: u32| record.set(block, metric, 0, year, value);
    count(OfIntensiveCare::DEMAND, asked);
    count(OfIntensiveCare::SERVED, asked + waiting_before - waiting - refused);
    count(OfIntensiveCare::REFUSED, refused);
    count(OfIntensiveCare::QUEUED, tally.waits[0]);
    count(OfIntensiveCare::WAITING, waiting);
    let share = |part: f64| if asked > 0 { part / f64::from(asked) } else { f64::NAN };
    let crowding = midnights.crowding(0, days as usize);
    let mut census: Vec<u32> = (0..days as usize).map(|day| midnights.census(day, 0)).collect();
    census.sort_unstable();
    let quantile = |p: f64| f64::from(census[((p * census.len() as f64).ceil() as usize).clamp(1, census.len()) - 1]);
    let mut real = |metric: Handle<f64>, value: f64| record.set(block, metric, 0, year, value);
    real(OfIntensiveCare::PLACES, bed_days / f64::from(days));
    real(OfIntensiveCare::OCCUPIED_BEDS, tally.occupied[0] / DAY / f64::from(days));
    real(OfIntensiveCare::REFUSED_SHARE, share(f64::from(refused)));
    real(OfIntensiveCare::MEAN_WAIT_HOURS, share(tally.waited[0].iter().sum()));
    real(OfIntensiveCare::CENSUS_P50, quantile(0.5));
    real(OfIntensiveCare::CENSUS_P95, quantile(0.95));
    real(OfIntensiveCare::DAYS_OVER_85, crowding.over_85);
    real(OfIntensiveCare::DAYS_OVER_92, crowding.over_92);
    real(OfIntensiveCare::WINTER_DAYS_OVER_92, crowding.winter_over_92);
    real(OfIntensiveCare::OFFERED_LOAD, beside.offered);
    real(OfIntensiveCare::BEDS_NEEDED, beside.needed);
}

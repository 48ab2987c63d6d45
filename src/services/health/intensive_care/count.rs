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

/// What a unit did in a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitYear<'a> {
    pub(crate) block: BlockId,
    pub(crate) asked: u32,
    pub(crate) waiting_before: u32,
    pub(crate) bed_days: f64,
    pub(crate) days: u32,
    pub(crate) network: &'a Network,
    pub(crate) midnights: &'a MidnightCensus,
    pub(crate) beside: ClosedFormBeside,
}

impl UnitYear<'_> {
    /// Writes it.
    pub(crate) fn record(&self, year: usize, record: &mut Record<'_>) {
        let tally = &self.network.tally;
        let mut waiting = [0];
        self.network.count_waiting(&mut waiting, 1);
        let [waiting] = waiting;
        let refused = tally.refused[0] + tally.left[0];
        // Those who asked last year may have given up this year: a share is of the requests that ended.
        let ended = self.asked + self.waiting_before - waiting;
        let mut count = |metric: Handle<u32>, value: u32| record.set(self.block, metric, 0, year, value);
        count(OfIntensiveCare::DEMAND, self.asked);
        count(OfIntensiveCare::SERVED, ended - refused);
        count(OfIntensiveCare::REFUSED, refused);
        count(OfIntensiveCare::QUEUED, tally.waits[0]);
        count(OfIntensiveCare::WAITING, waiting);
        let share = |part: f64| if ended > 0 { part / f64::from(ended) } else { f64::NAN };
        let crowding = self.midnights.crowding(0, self.days as usize);
        let mut census: Vec<u32> = (0..self.days as usize).map(|day| self.midnights.census(day, 0)).collect();
        census.sort_unstable();
        let quantile =
            |p: f64| f64::from(census[((p * census.len() as f64).ceil() as usize).clamp(1, census.len()) - 1]);
        let mut real = |metric: Handle<f64>, value: f64| record.set(self.block, metric, 0, year, value);
        real(OfIntensiveCare::PLACES, self.bed_days / f64::from(self.days));
        real(OfIntensiveCare::OCCUPIED_BEDS, tally.occupied[0] / DAY / f64::from(self.days));
        real(OfIntensiveCare::REFUSED_SHARE, share(f64::from(refused)));
        real(OfIntensiveCare::MEAN_WAIT_HOURS, share(tally.waited[0].iter().sum()));
        real(OfIntensiveCare::CENSUS_P50, quantile(0.5));
        real(OfIntensiveCare::CENSUS_P95, quantile(0.95));
        real(OfIntensiveCare::DAYS_OVER_85, crowding.over_85);
        real(OfIntensiveCare::DAYS_OVER_92, crowding.over_92);
        real(OfIntensiveCare::WINTER_DAYS_OVER_92, crowding.winter_over_92);
        real(OfIntensiveCare::OFFERED_LOAD, self.beside.offered);
        real(OfIntensiveCare::BEDS_NEEDED, self.beside.needed);
    }
}

//! The census without limits, in closed form: what beds would be needed if nobody were turned away.
//!
//! People in bed at midnight are those who came k days ago and are still there (M_t/G/infinity, Palm 1943):
//! m(d) = sum over k of U(d - k) G(k) + P(d - k) H(k), with U and P the means of urgent and listed requests and G, H the
//! probabilities of staying that long. Urgent requests add Poisson variance and that of the gamma effect of each day, listed
//! ones only that of who has left: v(d) = sum of U G + cv^2 (U G)^2 + P H (1 - H). The census then has the law with this mean
//! and variance among the negative binomial, Poisson and binomial (Panjer's class).

use crate::services::health::demand::season::Season;
use crate::services::health::stay::discharge::Discharge;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::time::DAY;

/// Mean and variance of a census.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CensusMoments {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
    /// What the effects of days add to the variance: pools of a specialty share them, so that they do not average out.
    pub(crate) of_days: f64,
}

impl CensusMoments {
    /// The census of a pool that gets this part of the requests.
    pub(crate) fn part(self, part: f64) -> Self {
        let of_days = part * part * self.of_days;
        Self { mean: part * self.mean, variance: part * (self.variance - self.of_days) + of_days, of_days }
    }
}

/// Stays longer than this many days count no more than one in ten thousand.
const NEGLIGIBLE: f64 = 1e-4;
/// Longest memory, days.
pub(crate) const LONGEST: usize = 1_200;
/// Listed patients come at ten o'clock on average.
const AFTER_TEN: f64 = 14.0;

/// Probabilities of still being there, the longest ago first.
#[derive(Clone, Debug, Default)]
struct Still {
    urgent: Vec<f64>,
    listed: Vec<f64>,
}

/// Scratch of the closed form: who is still there on an evening, or on that of each weekday where leaving depends on it.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    weekdays: Vec<Still>,
    by_weekday: bool,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self { weekdays: vec![Still::default(); 7], by_weekday: false }
    }

    /// Works out a law of stay with this mean, of patients who leave when `discharge` lets them.
    fn fill(&mut self, stay: &Stay, mean: f64, discharge: Option<Discharge>) {
        self.by_weekday = discharge.is_some();
        match discharge {
            None => self.weekdays[0].fill_open(stay, mean),
            Some(discharge) => {
                for (weekday, still) in self.weekdays.iter_mut().enumerate() {
                    still.fill_closed(stay, mean, discharge.closed_before_midnight(weekday));
                }
            }
        }
    }

    fn on(&self, weekday: usize) -> &Still {
        &self.weekdays[if self.by_weekday { weekday } else { 0 }]
    }
}

impl Still {
    fn clear(&mut self) {
        self.urgent.clear();
        self.listed.clear();
    }

    fn reverse(&mut self) {
        self.urgent.reverse();
        self.listed.reverse();
    }

    /// The probabilities of being in bed at the midnight k days after the day of arrival's own.
    fn fill_open(&mut self, stay: &Stay, mean: f64) {
        self.clear();
        let mut a = 1.0;
        for day in 0..LONGEST {
            let from = day as f64 * DAY;
            // Simpson's rule over the hour of arrival.
            let [b, c] = [0.5, 1.0].map(|part| stay.survivor(from + part * DAY, mean));
            self.urgent.push((a + 4.0 * b + c) / 6.0);
            self.listed.push(stay.survivor(from + AFTER_TEN, mean));
            if c < NEGLIGIBLE {
                break;
            }
            a = c;
        }
        self.reverse();
    }

    /// The same on an evening `closed` hours after the last moment at which anybody could leave: whoever was not ready
    /// then is still there.
    fn fill_closed(&mut self, stay: &Stay, mean: f64, closed: f64) {
        self.clear();
        let longer = |hours: f64| if hours <= 0.0 { 1.0 } else { stay.survivor(hours, mean) };
        for day in 0..LONGEST {
            let (from, to) = (day as f64 * DAY - closed, (day + 1) as f64 * DAY - closed);
            let smooth = from.max(0.0);
            let part = if to > smooth { (to - smooth) / DAY } else { 0.0 };
            let simpson = (longer(smooth) + 4.0 * longer(0.5 * (smooth + to)) + longer(to)) / 6.0;
            self.urgent.push(1.0 - part + part * simpson);
            self.listed.push(longer(from + AFTER_TEN));
            if longer(to) < NEGLIGIBLE {
                break;
            }
        }
        self.reverse();
    }
}

/// The sum of products, in eight sums side by side so that it runs in vector registers.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let ((a, last_a), (b, last_b)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    sums.iter().sum::<f64>() + last_a.iter().zip(last_b).map(|(a, b)| a * b).sum::<f64>()
}

/// Mean requests a day for the beds of one group.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RequestRates {
    /// Urgent ones, which swing with the season, and whether with the waves of an epidemic.
    pub(crate) urgent: f64,
    pub(crate) epidemic: bool,
    /// From lists.
    pub(crate) listed: f64,
    /// Poisson at an even rate.
    pub(crate) even: f64,
}

/// How long those who ask stay: the law with its mean in hours, and when they leave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Staying<'a> {
    pub(crate) law: &'a Stay,
    pub(crate) mean: f64,
    pub(crate) discharge: Option<Discharge>,
}

/// The census on the busiest day of a year; `day_cv` is that of the effect of a day.
pub(crate) fn busiest(
    requests: RequestRates,
    staying: Staying<'_>,
    season: &Season,
    day_cv: f64,
    memory: &mut Memory,
) -> CensusMoments {
    memory.fill(staying.law, staying.mean, staying.discharge);
    // The busiest day lies in the busiest month or shortly after, or in a wave; elsewhere every day need not be looked at.
    let window = |from: i32| from..(from + 28).min(season.last() + 1);
    let usual = window(season.top as i32 + 10);
    let wave = season.wave_top.filter(|_| requests.epidemic).map(|top| window(top as i32 - 7));
    let mut top = (usual.start, f64::NEG_INFINITY);
    for day in usual.chain(wave.into_iter().flatten()).filter(|day| *day >= 0) {
        let mean = mean_on(requests, season, memory, day);
        if mean > top.1 {
            top = (day, mean);
        }
    }
    let (day, mean) = top;
    let (variance, of_days) = variance_on(requests, season, memory, day, day_cv);
    CensusMoments { mean, variance, of_days }
}

/// The mean census of a midnight: who came on each day before and is still there.
fn mean_on(requests: RequestRates, season: &Season, memory: &Memory, day: i32) -> f64 {
    let still = memory.on(season.weekday(day));
    let (variation, slots) = season.up_to(day, still.urgent.len(), requests.epidemic);
    // Rounding apart, the even ones need a sum only where there are any.
    let even = if requests.even > 0.0 { requests.even * still.urgent.iter().sum::<f64>() } else { 0.0 };
    requests.urgent * product(variation, &still.urgent) + requests.listed * product(slots, &still.listed) + even
}

/// The variance of the census of a midnight, and the part of it that the gamma effects of days make.
fn variance_on(requests: RequestRates, season: &Season, memory: &Memory, day: i32, day_cv: f64) -> (f64, f64) {
    let still = memory.on(season.weekday(day));
    let (variation, slots) = season.up_to(day, still.urgent.len(), requests.epidemic);
    let (mut urgent, mut of_days) = (0.0, 0.0);
    for (swing, stays) in variation.iter().zip(&still.urgent) {
        let came = requests.urgent * swing * stays;
        let of_day = (day_cv * came).powi(2);
        urgent += came + of_day;
        of_days += of_day;
    }
    let lists = slots.iter().zip(&still.listed).map(|(slots, stays)| requests.listed * slots * stays * (1.0 - stays));
    let variance = urgent + lists.sum::<f64>() + requests.even * still.urgent.iter().sum::<f64>();
    (variance, of_days)
}

/// The smallest number of beds that a census with these moments exceeds with probability at most `risk`.
pub(crate) fn beds_for(moments: CensusMoments, risk: f64) -> f64 {
    const NOTHING: f64 = 1e-14;
    let CensusMoments { mean, variance, .. } = moments;
    if mean <= 0.0 {
        return 0.0;
    }
    // Panjer's recursion p(k) = (a + b / k) p(k - 1), from the middle outwards so that nothing underflows.
    let a = 1.0 - mean / variance.max(1e-9);
    let b = mean * (1.0 - a) - a;
    let factor = |k: f64| (a + b / k).max(0.0);
    let middle = mean.floor();
    let (mut below, mut weight, mut k) = (0.0, 1.0, middle);
    while k > 0.0 && weight > NOTHING {
        weight /= factor(k).max(1e-300);
        below += weight;
        k -= 1.0;
    }
    let (mut above, mut weight, mut k) = (0.0, 1.0, middle + 1.0);
    while weight > NOTHING {
        weight *= factor(k);
        above += weight;
        k += 1.0;
    }
    let total = below + 1.0 + above;
    let (mut tail, mut weight, mut beds) = (above, 1.0, middle);
    while tail > risk * total {
        beds += 1.0;
        weight *= factor(beds);
        tail -= weight;
    }
    beds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poisson(mean: f64) -> CensusMoments {
        CensusMoments { mean, variance: mean, of_days: 0.0 }
    }

    #[test]
    fn parts_of_a_census_share_the_effects_of_days() {
        let whole = CensusMoments { mean: 100.0, variance: 130.0, of_days: 30.0 };
        let (half, all) = (whole.part(0.5), whole.part(1.0));
        assert_eq!((half.mean, half.variance), (50.0, 57.5));
        assert_eq!((all.mean, all.variance), (100.0, 130.0));
        // Two halves whose day effects are one: the variances and twice the covariance are the whole's.
        assert_eq!(2.0 * half.variance + 2.0 * half.of_days, whole.variance);
    }

    #[test]
    fn beds_for_a_poisson_census_are_its_quantile() {
        // P(Poisson(100) <= 120) = .9773, <= 121 = .9818 (tables).
        assert_eq!(beds_for(poisson(100.0), 0.02), 121.0);
        assert_eq!(beds_for(poisson(2_700.0), 0.5).round(), 2_700.0);
    }

    #[test]
    fn more_spread_needs_more_beds_and_less_spread_fewer() {
        let need = |variance| beds_for(CensusMoments { mean: 100.0, variance, of_days: 0.0 }, 0.02);
        assert!(need(150.0) > need(100.0) && need(60.0) < need(100.0));
    }
}

//! What comes after a stay: back again before long, or a bed that is kept until there is a long-stay place elsewhere.
//!
//! *Readmission.* A share of those who go home ask for a bed again as urgent patients, after an exponential time with a
//! stated mean. The rates of the table count them: first requests are the rest, so that means stay what was stated.
//!
//! *Long-stay places.* A share of the residents of 65 and over whom hospitals discharge cannot go home. They are told to
//! elderly care, which puts them on its lists a year later; their beds are kept for as long as such people waited last year
//! (exponential with that mean, by area).

use crate::random::Stream;

/// The patient will ask again.
pub(crate) const RETURNS: u8 = 1;
/// The patient needs a long-stay place.
pub(crate) const NEEDS_PLACE: u8 = 2;

/// The chances of one specialty in one year.
#[derive(Clone, Debug)]
pub(crate) struct PostDischarge {
    /// Share of those who go home that come back, and mean days until then.
    pub(crate) returns: f64,
    pub(crate) return_days: f64,
    /// By label: share of patients who need a long-stay place, and the mean hours for which they keep the bed.
    pub(crate) needs_place: Vec<f64>,
    pub(crate) kept_hours: Vec<f64>,
    /// No patient has a larger chance that anything comes after the stay.
    bound: f64,
}

impl PostDischarge {
    pub(crate) fn new(labels: usize, return_days: f64) -> Self {
        Self { returns: 0.0, return_days, needs_place: vec![0.0; labels], kept_hours: vec![0.0; labels], bound: 0.0 }
    }

    /// Takes over the shares of the year.
    pub(crate) fn settle(&mut self) {
        let most = self.needs_place.iter().fold(0.0_f64, |most, share| most.max(*share));
        self.bound = (most + self.returns).min(1.0);
    }

    /// Whether anybody comes back or needs a place.
    pub(crate) fn matters(&self) -> bool {
        self.bound > 0.0
    }

    /// A number that no patient's chance of either exceeds.
    pub(crate) const fn bound(&self) -> f64 {
        self.bound
    }

    /// What becomes of a patient from `label`, by a uniform number. Whoever needs a place does not go home.
    #[inline]
    pub(crate) fn fate(&self, label: u16, uniform: f64) -> u8 {
        let need = self.needs_place[usize::from(label)];
        if uniform < need {
            NEEDS_PLACE
        } else if uniform < need + (1.0 - need) * self.returns {
            RETURNS
        } else {
            0
        }
    }

    /// Hours for which a patient who needs a place keeps the bed.
    pub(crate) fn kept(&self, label: u16, random: &mut Stream) -> f64 {
        -self.kept_hours[usize::from(label)] * libm::log(random.uniform())
    }

    /// Probability that one of those who will come back does so on a given day.
    pub(crate) fn back_in_a_day(&self) -> f64 {
        -libm::expm1(-1.0 / self.return_days)
    }

    /// First requests among all.
    pub(crate) fn first_share(&self) -> f64 {
        1.0 - self.returns
    }
}

/// The same where people are counted and not followed: everybody has the chances of the mean patient.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MeanPostDischarge {
    pub(crate) needs_place: f64,
    /// Probability that a kept bed is left on a given day.
    pub(crate) leaves: f64,
    pub(crate) returns: f64,
    pub(crate) back: f64,
}

impl MeanPostDischarge {
    /// The mean over labels whose requests are in proportion to `shares`.
    pub(crate) fn of(after: &PostDischarge, shares: &[f64]) -> Self {
        let total: f64 = shares.iter().sum();
        let need: f64 = shares.iter().zip(&after.needs_place).map(|(share, need)| share * need).sum();
        let kept = shares.iter().zip(&after.needs_place).zip(&after.kept_hours);
        let kept: f64 = kept.map(|((share, need), hours)| share * need * hours / 24.0).sum();
        let days = if need > 0.0 { kept / need } else { 0.0 };
        Self {
            needs_place: if total > 0.0 { need / total } else { 0.0 },
            // Leaving at the end of each day with probability 1 / (1 + days) keeps the bed for `days` midnights.
            leaves: 1.0 / (1.0 + days),
            returns: after.returns,
            back: after.back_in_a_day(),
        }
    }
}

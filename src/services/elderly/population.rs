//! Old people by area, sex, age and need: whole persons, always adding to the people engine's counts.
//!
//! Each year everybody of a cohort stays, moves to another level or dies (multinomials on the outcomes of `need`); then the
//! cohort is reconciled with the residents that the people engine left: who is too many moved away, whatever their need
//! (drawn without replacement), who is missing moved in and brings the shares of the table. So the people engine alone
//! decides how many there are, deaths select by need, and none is counted twice.

use super::need::{AGES, ARRANGEMENTS, FIRST_AGE, LEVELS, Need, Outcomes, Shares};
use crate::population::view::{People, SEXES};
use crate::random::{Purpose, Stream, Streams, binomial, multinomial, multivariate_hypergeometric};

const OPENING: Purpose = Purpose::named("elderly.opening-need");
const YEARLY: Purpose = Purpose::named("elderly.yearly-need");
const LIVING: Purpose = Purpose::named("elderly.living");

/// People of an area by level of need and living arrangement.
pub(super) type NeedAndLiving = [[u32; ARRANGEMENTS]; LEVELS];

/// Counts by area, sex, age and level of need.
#[derive(Clone, Debug)]
pub(super) struct Old {
    counts: Vec<[u32; LEVELS]>,
    areas: usize,
    outcomes: Vec<Outcomes>,
    shares: Vec<Shares>,
    /// Shape: area.
    living: Vec<NeedAndLiving>,
}

const fn cell(area: usize, sex: usize, age: usize) -> usize {
    (area * SEXES + sex) * AGES + age
}

impl Old {
    pub(super) fn new(areas: usize) -> Self {
        Self {
            counts: vec![[0; LEVELS]; areas * SEXES * AGES],
            areas,
            outcomes: Vec::new(),
            shares: Vec::new(),
            living: vec![[[0; ARRANGEMENTS]; LEVELS]; areas],
        }
    }

    /// Starts a path: its level of need, and the needs of the first residents.
    pub(super) fn open(&mut self, need: &Need, level: f64, people: &People, chance: Streams) {
        need.transitions(level, &mut self.outcomes);
        self.shares.clear();
        for sex in 0..SEXES {
            self.shares.extend((0..AGES).map(|age| need.shares(sex, age, level)));
        }
        for area in 0..self.areas {
            for sex in 0..SEXES {
                let mut stream = chance.cell(OPENING, 0, (area * SEXES + sex) as u32);
                for age in 0..AGES {
                    let count = people.at(area, sex, FIRST_AGE + age);
                    let counts = &mut self.counts[cell(area, sex, age)];
                    multinomial(count, &self.shares[sex * AGES + age], counts, &mut stream);
                }
            }
        }
        self.settle(need, 0, chance);
    }

    /// People of an area by level of need and living arrangement.
    pub(super) fn by_need(&self, area: usize) -> &NeedAndLiving {
        &self.living[area]
    }

    /// Lives through a year that ends with the residents `end`.
    pub(super) fn advance(&mut self, need: &Need, end: &People, year: usize, chance: Streams) {
        for area in 0..self.areas {
            for sex in 0..SEXES {
                let mut stream = chance.cell(YEARLY, year as u32, (area * SEXES + sex) as u32);
                self.advance_cohorts(end, area, sex, &mut stream);
            }
        }
        self.settle(need, year + 1, chance);
    }

    fn advance_cohorts(&mut self, end: &People, area: usize, sex: usize, stream: &mut Stream) {
        let first = cell(area, sex, 0);
        // From the oldest down, so that each cohort moves into a place already left.
        let mut oldest = [0; LEVELS];
        for age in (0..AGES).rev() {
            let mut cohort = survivors(&self.counts[first + age], &self.outcomes[sex * AGES + age], stream);
            if age == AGES - 1 {
                oldest = cohort;
                continue;
            }
            if age == AGES - 2 {
                for (count, more) in cohort.iter_mut().zip(oldest) {
                    *count += more;
                }
            }
            let residents = end.at(area, sex, FIRST_AGE + age + 1);
            reconcile(&mut cohort, residents, &self.shares[sex * AGES + age + 1], stream);
            self.counts[first + age + 1] = cohort;
        }
        let mut newcomers = [0; LEVELS];
        multinomial(end.at(area, sex, FIRST_AGE), &self.shares[sex * AGES], &mut newcomers, stream);
        self.counts[first] = newcomers;
    }

    /// Draws living arrangements for the people as they are, by sex, age group and need.
    fn settle(&mut self, need: &Need, year: usize, chance: Streams) {
        for area in 0..self.areas {
            let mut stream = chance.cell(LIVING, year as u32, area as u32);
            self.living[area] = [[0; ARRANGEMENTS]; LEVELS];
            for sex in 0..SEXES {
                let mut age = 0;
                for group in 0..need.groups(sex) {
                    let mut sum = [0; LEVELS];
                    while age < AGES && need.group_of(sex, age) == group {
                        for (total, count) in sum.iter_mut().zip(self.counts[cell(area, sex, age)]) {
                            *total += count;
                        }
                        age += 1;
                    }
                    for (level, &count) in sum.iter().enumerate() {
                        let mut parts = [0; ARRANGEMENTS];
                        multinomial(count, &need.living(sex, group, level), &mut parts, &mut stream);
                        for (total, part) in self.living[area][level].iter_mut().zip(parts) {
                            *total += part;
                        }
                    }
                }
            }
        }
    }
}

/// Beyond so many people one draw for all is quicker than one each; the law is the same.
const FEW: u32 = 40;

/// Who of a cohort is alive a year later, by level: a binomial number leaves a level, and each of the few who do goes
/// where the outcomes say (together a multinomial).
fn survivors(cohort: &[u32; LEVELS], outcomes: &Outcomes, stream: &mut Stream) -> [u32; LEVELS] {
    let mut after = [0; LEVELS];
    for (from, &count) in cohort.iter().enumerate() {
        let mut elsewhere = outcomes[from];
        elsewhere[from] = 0.0;
        let leaving = binomial(count, elsewhere.iter().sum(), stream);
        after[from] += count - leaving;
        let mut parts = [0; LEVELS + 1];
        split(leaving, &elsewhere, &mut parts, stream);
        for (sum, part) in after.iter_mut().zip(parts) {
            *sum += part;
        }
    }
    after
}

/// A uniform part of 1 in 32 bits: enough to pick one of a few people, at half the price of 53.
#[inline]
fn part(stream: &mut Stream) -> f64 {
    (f64::from(stream.word()) + 0.5) * (1.0 / 4_294_967_296.0)
}

/// Adds `count` people to `parts` in proportion to `weights`: a multinomial, person by person while they are few.
fn split<const N: usize>(count: u32, weights: &[f64; N], parts: &mut [u32; N], stream: &mut Stream) {
    if count > FEW {
        return multinomial(count, weights, parts, stream);
    }
    let all: f64 = weights.iter().sum();
    for _ in 0..count {
        let mut left = part(stream) * all;
        let mut at = 0;
        while at + 1 < N && left >= weights[at] {
            left -= weights[at];
            at += 1;
        }
        parts[at] += 1;
    }
}

/// Makes a cohort add to `residents`: the superfluous moved away at random, the missing came with the table's shares.
fn reconcile(cohort: &mut [u32; LEVELS], residents: u32, shares: &Shares, stream: &mut Stream) {
    let here: u32 = cohort.iter().sum();
    if residents >= here {
        let mut came = [0; LEVELS];
        split(residents - here, shares, &mut came, stream);
        for (count, more) in cohort.iter_mut().zip(came) {
            *count += more;
        }
    } else if here - residents > FEW {
        let mut gone = [0; LEVELS];
        multivariate_hypergeometric(cohort, here - residents, &mut gone, stream);
        for (count, less) in cohort.iter_mut().zip(gone) {
            *count -= less;
        }
    } else {
        for left in (residents + 1..=here).rev() {
            let mut who = (part(stream) * f64::from(left)) as u32;
            let at = cohort.iter().position(|&count| {
                let found = who < count;
                who = who.saturating_sub(count);
                found
            });
            cohort[at.unwrap_or(0)] -= 1;
        }
    }
    debug_assert_eq!(cohort.iter().sum::<u32>(), residents, "invariant: needs add to the residents");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of a multinomial chain: counts after n years are multinomial with the n-year probabilities (Pollard 1966).
    #[test]
    fn a_cohort_over_five_years_has_multinomial_moments() {
        let year: Outcomes = [
            [0.90, 0.05, 0.01, 0.005, 0.035],
            [0.10, 0.75, 0.08, 0.02, 0.05],
            [0.02, 0.08, 0.70, 0.12, 0.08],
            [0.01, 0.02, 0.05, 0.75, 0.17],
        ];
        let (n, runs) = (1000_u32, 20_000_u32);
        let mut p = [1.0, 0.0, 0.0, 0.0];
        for _ in 0..5 {
            p = std::array::from_fn(|to| (0..LEVELS).map(|from| p[from] * year[from][to]).sum::<f64>());
        }
        let mut mean = [0.0; LEVELS];
        let mut products = [[0.0; LEVELS]; LEVELS];
        for run in 0..runs {
            let mut cohort = [n, 0, 0, 0];
            for time in 0..5 {
                cohort = survivors(&cohort, &year, &mut Streams::new(7, run).cell(YEARLY, time, 0));
            }
            let off: [f64; LEVELS] = std::array::from_fn(|k| f64::from(cohort[k]) - f64::from(n) * p[k]);
            for i in 0..LEVELS {
                mean[i] += off[i];
                for j in 0..LEVELS {
                    products[i][j] += off[i] * off[j];
                }
            }
        }
        let runs = f64::from(runs);
        for i in 0..LEVELS {
            let sd = (f64::from(n) * p[i] * (1.0 - p[i])).sqrt();
            assert!((mean[i] / runs).abs() < 4.0 * sd / runs.sqrt(), "mean {i}");
            for j in 0..LEVELS {
                let other = (f64::from(n) * p[j] * (1.0 - p[j])).sqrt();
                let expected = f64::from(n) * (if i == j { p[i] } else { 0.0 } - p[i] * p[j]);
                let error = 4.0 * ((sd * other).powi(2) + expected * expected).sqrt() / runs.sqrt();
                assert!((products[i][j] / runs - expected).abs() < error, "covariance {i} {j}");
            }
        }
    }
}

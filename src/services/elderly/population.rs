//! Old people by area, sex, age and need: whole persons, always adding to the people engine's counts.
//!
//! Each year need moves among the survivors (multinomials on the matrices of `need`), then every cohort is reconciled with
//! the residents that the people engine left: whoever is missing is taken by need-weighted draws (the needy die sooner),
//! whoever is new brings the shares of the table. One source of deaths, none counted twice.

use super::need::{AGES, FIRST_AGE, LEVELS, Matrix, Need, Shares};
use crate::population::view::{People, SEXES};
use crate::random::{Purpose, Stream, Streams, multinomial, multivariate_hypergeometric};

const OPENING: Purpose = Purpose::named("elderly.opening-need");
const YEARLY: Purpose = Purpose::named("elderly.yearly-need");

/// Counts by area, sex, age and level of need.
#[derive(Clone, Debug)]
pub(super) struct Old {
    counts: Vec<[u32; LEVELS]>,
    areas: usize,
    matrices: Vec<Matrix>,
    shares: Vec<Shares>,
}

const fn cell(area: usize, sex: usize, age: usize) -> usize {
    (area * SEXES + sex) * AGES + age
}

impl Old {
    pub(super) fn new(areas: usize) -> Self {
        Self { counts: vec![[0; LEVELS]; areas * SEXES * AGES], areas, matrices: Vec::new(), shares: Vec::new() }
    }

    /// Starts a path: its level of need, and the needs of the first residents.
    pub(super) fn open(&mut self, need: &Need, level: f64, people: &People, chance: Streams) {
        need.transitions(level, &mut self.matrices);
        self.shares.clear();
        for sex in 0..SEXES {
            self.shares.extend((0..AGES).map(|age| need.shares(sex, age, level)));
        }
        for area in 0..self.areas {
            for sex in 0..SEXES {
                for age in 0..AGES {
                    let at = cell(area, sex, age);
                    let mut stream = chance.cell(OPENING, 0, at as u32);
                    let count = people.at(area, sex, FIRST_AGE + age);
                    multinomial(count, &self.shares[sex * AGES + age], &mut self.counts[at], &mut stream);
                }
            }
        }
    }

    /// People of an area by level of need.
    pub(super) fn by_need(&self, area: usize) -> [u32; LEVELS] {
        let mut sum = [0; LEVELS];
        for counts in &self.counts[cell(area, 0, 0)..cell(area + 1, 0, 0)] {
            for (total, count) in sum.iter_mut().zip(counts) {
                *total += count;
            }
        }
        sum
    }

    /// Lives through a year that ends with the residents `end`.
    pub(super) fn advance(&mut self, need: &Need, end: &People, year: usize, chance: Streams) {
        for area in 0..self.areas {
            for sex in 0..SEXES {
                let mut stream = chance.cell(YEARLY, year as u32, (area * SEXES + sex) as u32);
                self.advance_cohorts(need, end, area, sex, &mut stream);
            }
        }
    }

    fn advance_cohorts(&mut self, need: &Need, end: &People, area: usize, sex: usize, stream: &mut Stream) {
        let first = cell(area, sex, 0);
        // From the oldest down, so that each cohort moves into a place already left.
        let mut oldest = [0; LEVELS];
        for age in (0..AGES).rev() {
            let moved = self.moved(first + age, sex * AGES + age, stream);
            if age == AGES - 1 {
                oldest = moved;
                continue;
            }
            let mut cohort = moved;
            if age == AGES - 2 {
                for (count, more) in cohort.iter_mut().zip(oldest) {
                    *count += more;
                }
            }
            let residents = end.at(area, sex, FIRST_AGE + age + 1);
            reconcile(&mut cohort, residents, need.relative_mortality(), &self.shares[sex * AGES + age + 1], stream);
            self.counts[first + age + 1] = cohort;
        }
        let mut newcomers = [0; LEVELS];
        multinomial(end.at(area, sex, FIRST_AGE), &self.shares[sex * AGES], &mut newcomers, stream);
        self.counts[first] = newcomers;
    }

    /// The cohort of a cell after a year's changes of need.
    fn moved(&self, at: usize, matrix: usize, stream: &mut Stream) -> [u32; LEVELS] {
        let mut after = [0; LEVELS];
        for (from, &count) in self.counts[at].iter().enumerate() {
            if count > 0 {
                let mut parts = [0; LEVELS];
                multinomial(count, &self.matrices[matrix][from], &mut parts, stream);
                for (sum, part) in after.iter_mut().zip(parts) {
                    *sum += part;
                }
            }
        }
        after
    }
}

/// Makes a cohort add to `residents`: the missing are drawn by need-weighted mortality, the new have the table's shares.
fn reconcile(cohort: &mut [u32; LEVELS], residents: u32, mortality: &Shares, shares: &Shares, stream: &mut Stream) {
    let here: u32 = cohort.iter().sum();
    if residents > here {
        let mut new = [0; LEVELS];
        multinomial(residents - here, shares, &mut new, stream);
        for (count, more) in cohort.iter_mut().zip(new) {
            *count += more;
        }
    } else if residents < here {
        let weights: Shares = std::array::from_fn(|k| f64::from(cohort[k]) * mortality[k]);
        let mut gone = [0; LEVELS];
        multinomial(here - residents, &weights, &mut gone, stream);
        let mut excess = 0;
        for (count, loss) in cohort.iter_mut().zip(gone) {
            let taken = loss.min(*count);
            *count -= taken;
            excess += loss - taken;
        }
        // A level cannot lose more than it has: the rest is drawn from those who remain.
        let mut more = [0; LEVELS];
        multivariate_hypergeometric(cohort, excess, &mut more, stream);
        for (count, loss) in cohort.iter_mut().zip(more) {
            *count -= loss;
        }
    }
    debug_assert_eq!(cohort.iter().sum::<u32>(), residents);
}

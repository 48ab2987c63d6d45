//! Old people by area, sex, age and need: whole persons, always adding to the people engine's counts.
//!
//! Each year everybody of a cohort stays, moves to another level or dies (multinomials on the outcomes of `need`); then the
//! cohort is reconciled with the residents that the people engine left: who is too many moved away, whatever their need
//! (drawn without replacement), who is missing moved in and brings the shares of the table. So the people engine alone
//! decides how many there are, deaths select by need, and none is counted twice.

use super::need::levels::{AGES, ARRANGEMENTS, ExitRates, FIRST_AGE, LEVELS, Outcomes, SexAge};
use super::need::prevalence::Prevalence;
use super::need::transitions::{Transitions, YearlyTransitions};
use super::random_bits::RandomBits;
use crate::population::view::{People, SEXES};
use crate::random::{BinomialChance, RngSource, StreamKey, multinomial, multivariate_hypergeometric};

const OPENING: StreamKey = StreamKey::named("elderly.opening-need");
const YEARLY: StreamKey = StreamKey::named("elderly.yearly-need");
const TURNING: StreamKey = StreamKey::named("elderly.turning-60");
const LIVING: StreamKey = StreamKey::named("elderly.living");

/// People of an area by level of need and living arrangement.
pub(crate) type NeedAndLiving = [[u32; ARRANGEMENTS]; LEVELS];

/// Counts by area, sex, age and level of need.
#[derive(Clone, Debug)]
pub(crate) struct OlderPopulation {
    counts: Vec<[u32; LEVELS]>,
    areas: usize,
    year: YearlyTransitions,
    /// What becomes of people by sex, age and level.
    outcomes: Vec<[YearOutcome; LEVELS]>,
    /// Need of people who come, by sex and age.
    comers: Vec<Categorical<LEVELS>>,
    /// Shape: area.
    living: Vec<NeedAndLiving>,
}

/// Position of a cell of `counts`.
const fn cell(area: usize, at: SexAge) -> usize {
    area * SEXES * AGES + at.cell()
}

impl OlderPopulation {
    pub(crate) fn new(areas: usize) -> Self {
        Self {
            counts: vec![[0; LEVELS]; areas * SEXES * AGES],
            areas,
            year: YearlyTransitions::default(),
            outcomes: Vec::new(),
            comers: Vec::new(),
            living: vec![[[0; ARRANGEMENTS]; LEVELS]; areas],
        }
    }

    /// Starts a path at a factor on the odds of need, with the needs of the first residents.
    pub(crate) fn open(
        &mut self,
        prevalence: &Prevalence,
        transitions: &Transitions,
        factor: f64,
        people: &People,
        chance: RngSource,
    ) {
        transitions.of_year(prevalence, factor, &mut self.year);
        self.outcomes.clear();
        self.outcomes.extend(self.year.outcomes.iter().map(YearOutcome::of_levels));
        self.comers.clear();
        self.comers.extend(SexAge::all().map(|at| Categorical::new(prevalence.shares(at, factor))));
        for area in 0..self.areas {
            for sex in 0..SEXES {
                let mut stream = chance.cell(OPENING, 0, (area * SEXES + sex) as u32);
                for age in 0..AGES {
                    let at = SexAge { sex, age };
                    let count = people.at(area, sex, at.years());
                    let counts = &mut self.counts[cell(area, at)];
                    multinomial(count, &self.comers[at.cell()].weights, counts, &mut stream);
                }
            }
        }
        self.draw_living(prevalence, 0, chance);
    }

    /// People of an area by level of need and living arrangement.
    pub(crate) fn by_need(&self, area: usize) -> &NeedAndLiving {
        &self.living[area]
    }

    /// Mean yearly rates of death and of recovery of an area's people, by level; 0 where nobody is.
    pub(crate) fn exit_rates(&self, area: usize) -> [ExitRates; LEVELS] {
        let (mut sums, mut people) = ([[0.0; LEVELS]; LEVELS], [0.0; LEVELS]);
        let first = area * SEXES * AGES;
        for (counts, rates) in self.counts[first..first + SEXES * AGES].iter().zip(&self.year.exits) {
            for level in 0..LEVELS {
                let count = f64::from(counts[level]);
                people[level] += count;
                sums[level].iter_mut().zip(&rates[level]).for_each(|(sum, rate)| *sum += count * rate);
            }
        }
        std::array::from_fn(|level| sums[level].map(|sum| if people[level] > 0.0 { sum / people[level] } else { 0.0 }))
    }

    /// Lives through a year that ends with the residents `end`.
    pub(crate) fn advance(&mut self, prevalence: &Prevalence, end: &People, year: usize, chance: RngSource) {
        for area in 0..self.areas {
            for sex in 0..SEXES {
                self.advance_cohorts(end, area, sex, year as u32, chance);
            }
        }
        self.draw_living(prevalence, year + 1, chance);
    }

    fn advance_cohorts(&mut self, end: &People, area: usize, sex: usize, year: u32, chance: RngSource) {
        let first = cell(area, SexAge { sex, age: 0 });
        let bits = |age: usize| RandomBits::of(chance.cell(YEARLY, year, (first + age) as u32));
        // From the oldest down, so that each cohort moves into a place already left.
        let mut oldest = [0; LEVELS];
        for age in (0..AGES).rev() {
            let mut bits = bits(age);
            let mut cohort = survivors(&self.counts[first + age], &self.outcomes[sex * AGES + age], &mut bits);
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
            reconcile(&mut cohort, residents, &self.comers[sex * AGES + age + 1], &mut bits);
            self.counts[first + age + 1] = cohort;
        }
        let mut newcomers = [0; LEVELS];
        let mut stream = chance.cell(TURNING, year, (area * SEXES + sex) as u32);
        multinomial(end.at(area, sex, FIRST_AGE), &self.comers[sex * AGES].weights, &mut newcomers, &mut stream);
        self.counts[first] = newcomers;
    }

    /// Draws living arrangements for the people as they are, by sex, age group and need.
    fn draw_living(&mut self, prevalence: &Prevalence, year: usize, chance: RngSource) {
        for area in 0..self.areas {
            let mut bits = RandomBits::of(chance.cell(LIVING, year as u32, area as u32));
            self.living[area] = [[0; ARRANGEMENTS]; LEVELS];
            for sex in 0..SEXES {
                let mut age = 0;
                for group in 0..prevalence.groups(sex) {
                    let mut sum = [0; LEVELS];
                    while age < AGES && prevalence.group_of(SexAge { sex, age }) == group {
                        for (total, count) in sum.iter_mut().zip(self.counts[cell(area, SexAge { sex, age })]) {
                            *total += count;
                        }
                        age += 1;
                    }
                    for (level, &count) in sum.iter().enumerate() {
                        let [alone, couple] = prevalence.living(sex, group, level);
                        let mut draw = |chance: &BinomialChance, count: u32| {
                            let u = bits.uniform();
                            chance.draw(count, u, &mut bits.stream)
                        };
                        let living_alone = draw(alone, count);
                        let couples = draw(couple, count - living_alone);
                        let living = &mut self.living[area][level];
                        let parts = [living_alone, couples, count - living_alone - couples];
                        living.iter_mut().zip(parts).for_each(|(total, part)| *total += part);
                    }
                }
            }
        }
    }
}

/// Beyond so many people one draw for all is quicker than one each; the law is the same.
const FEW: u32 = 40;

/// Up to so many people of a level everybody is asked alone; beyond, only those who leave it.
const VERY_FEW: u32 = 12;

/// Where each of a few people goes: 16 random bits each, and 16 more where these do not decide. Exact to 2^-32.
#[derive(Clone, Copy, Debug)]
struct Categorical<const N: usize> {
    weights: [f64; N],
    /// Words of 32 bits below a bound go no further than its branch.
    bounds: [u64; N],
    /// The higher half of each bound.
    halves: [u32; N],
}

impl<const N: usize> Categorical<N> {
    fn new(weights: [f64; N]) -> Self {
        let all: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let bounds = weights.map(|weight| {
            sum += weight;
            if all > 0.0 { (sum / all * 4_294_967_296.0) as u64 } else { 0 }
        });
        Self { weights, bounds, halves: bounds.map(|bound| (bound >> 16) as u32) }
    }

    /// Where one person goes.
    #[inline]
    fn one(&self, bits: &mut RandomBits) -> usize {
        let piece = bits.piece();
        let (mut at, mut open) = (0, false);
        for half in &self.halves[..N - 1] {
            at += usize::from(piece >= *half);
            open |= piece == *half;
        }
        if open { self.decide(piece, bits) } else { at }
    }

    #[cold]
    fn decide(&self, piece: u32, bits: &mut RandomBits) -> usize {
        let word = u64::from(piece << 16 | bits.piece());
        self.bounds[..N - 1].iter().map(|bound| usize::from(word >= *bound)).sum()
    }

    /// Adds `count` people to `parts`: a multinomial, person by person while they are few.
    #[inline]
    fn split(&self, count: u32, parts: &mut [u32; N], bits: &mut RandomBits) {
        if count > FEW {
            let mut more = [0; N];
            multinomial(count, &self.weights, &mut more, &mut bits.stream);
            parts.iter_mut().zip(more).for_each(|(part, more)| *part += more);
            return;
        }
        for _ in 0..count {
            parts[self.one(bits)] += 1;
        }
    }
}

/// What becomes of the people of a level in a year.
#[derive(Clone, Copy, Debug)]
struct YearOutcome {
    leave: BinomialChance,
    /// Where those who leave go: the other levels in their order, then death.
    branches: Categorical<LEVELS>,
    /// Where everybody goes: stay, then as above.
    everybody: Categorical<{ LEVELS + 1 }>,
}

impl YearOutcome {
    fn of_levels(outcomes: &Outcomes) -> [Self; LEVELS] {
        std::array::from_fn(|from| {
            let branches = Categorical::new(std::array::from_fn(|k| outcomes[from][k + usize::from(k >= from)]));
            let stay = outcomes[from][from];
            let everybody =
                Categorical::new(std::array::from_fn(|k| if k == 0 { stay } else { branches.weights[k - 1] }));
            Self { leave: BinomialChance::new(branches.weights.iter().sum()), branches, everybody }
        })
    }
}

/// Who of a cohort is alive a year later, by level: a binomial number leaves a level, and each of the few who do goes
/// where the outcomes say; of very few, each goes or stays (a multinomial either way).
#[inline]
fn survivors(cohort: &[u32; LEVELS], outcomes: &[YearOutcome; LEVELS], bits: &mut RandomBits) -> [u32; LEVELS] {
    let mut after = [0; LEVELS];
    for (from, (&count, outcome)) in cohort.iter().zip(outcomes).enumerate() {
        let mut gone = [0; LEVELS];
        if count <= VERY_FEW {
            let mut all = [0; LEVELS + 1];
            (0..count).for_each(|_| all[outcome.everybody.one(bits)] += 1);
            after[from] += all[0];
            gone.copy_from_slice(&all[1..]);
        } else {
            let u = bits.uniform();
            let leaving = outcome.leave.draw(count, u, &mut bits.stream);
            after[from] += count - leaving;
            outcome.branches.split(leaving, &mut gone, bits);
        }
        // The last branch is death.
        for (k, people) in gone[..LEVELS - 1].iter().enumerate() {
            after[k + usize::from(k >= from)] += people;
        }
    }
    after
}

/// Makes a cohort add to `residents`: the superfluous moved away at random, the missing came with the table's shares.
#[inline]
fn reconcile(cohort: &mut [u32; LEVELS], residents: u32, comers: &Categorical<LEVELS>, bits: &mut RandomBits) {
    let here: u32 = cohort.iter().sum();
    if residents >= here {
        comers.split(residents - here, cohort, bits);
    } else if here - residents > FEW {
        let mut gone = [0; LEVELS];
        multivariate_hypergeometric(cohort, here - residents, &mut gone, &mut bits.stream);
        for (count, less) in cohort.iter_mut().zip(gone) {
            *count -= less;
        }
    } else {
        for left in (residents + 1..=here).rev() {
            let mut who = bits.below(left);
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
        let outcomes = YearOutcome::of_levels(&year);
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
                cohort =
                    survivors(&cohort, &outcomes, &mut RandomBits::of(RngSource::new(7, run).cell(YEARLY, time, 0)));
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

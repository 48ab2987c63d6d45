//! Old people by area, sex, age and need: whole persons, always adding to the people engine's counts.
//!
//! Each year everybody of a cohort stays, moves to another level or dies (multinomials on the outcomes of need). The people
//! engine alone decides how many die, leave and come; it does not know of need, so the two numbers of survivors differ by
//! chance. Where too many survived here, the superfluous are taken out at random; where too few did, the missing are drawn
//! from the needs that survivors of this cohort are *expected* to have, followed from year to year beside the counts:
//!
//! ```text
//! e' ~ e P (among survivors);   counts given the residents are multinomial(residents, e')
//! ```
//!
//! So a cohort of any size has the needs of the chain `P = expm(Q)` without bias: deaths select by need on the average, and
//! none is counted twice. (Filled up from the table of need instead, small cohorts are drawn to the table.) Who leaves the
//! area leaves whatever their need; who comes brings the shares of the table.

use super::need::levels::{AGES, ARRANGEMENTS, ExitRates, FIRST_AGE, LEVELS, Outcomes, SexAge, Shares};
use super::need::prevalence::Prevalence;
use super::need::transitions::{Transitions, YearlyTransitions};
use super::random_bits::RandomBits;
use crate::population::view::{CohortFlows, FlowsView, People, SEXES};
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
    /// Needs that each cohort is expected to have. Shape: as `counts`.
    expected: Vec<Shares>,
    /// Names of the areas.
    areas: Vec<StreamKey>,
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
    pub(crate) fn new(areas: &[StreamKey]) -> Self {
        let cells = areas.len() * SEXES * AGES;
        Self {
            counts: vec![[0; LEVELS]; cells],
            expected: vec![[0.0; LEVELS]; cells],
            areas: areas.to_vec(),
            year: YearlyTransitions::default(),
            outcomes: Vec::new(),
            comers: Vec::new(),
            living: vec![[[0; ARRANGEMENTS]; LEVELS]; areas.len()],
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
        for (area, &name) in self.areas.iter().enumerate() {
            for sex in 0..SEXES {
                let mut stream = chance.cell(OPENING.with(name), 0, sex as u32);
                for age in 0..AGES {
                    let at = SexAge { sex, age };
                    let count = people.at(area, sex, at.years());
                    let shares = self.comers[at.cell()].weights;
                    self.expected[cell(area, at)] = shares;
                    multinomial(count, &shares, &mut self.counts[cell(area, at)], &mut stream);
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

    /// Lives through a year of the people engine.
    pub(crate) fn advance(&mut self, prevalence: &Prevalence, year: &PeopleYear<'_>, chance: RngSource) {
        for area in 0..self.areas.len() {
            for sex in 0..SEXES {
                self.advance_cohorts(year, area, sex, chance);
            }
        }
        self.draw_living(prevalence, year.index + 1, chance);
    }

    fn advance_cohorts(&mut self, year: &PeopleYear<'_>, area: usize, sex: usize, chance: RngSource) {
        let first = cell(area, SexAge { sex, age: 0 });
        let (name, index) = (self.areas[area], year.index as u32);
        // From the oldest down, so that each cohort moves into a place already left.
        let mut oldest = Cohort::default();
        for age in (0..AGES).rev() {
            let at = SexAge { sex, age };
            let mut bits = RandomBits::of(chance.cell(YEARLY.with(name), index, at.cell() as u32));
            let mut cohort = self.survivors_of(area, at, &mut bits);
            let older = SexAge { sex, age: (age + 1).min(AGES - 1) };
            year.settle(&mut cohort, area, at, &self.comers[older.cell()], &mut bits);
            if age == AGES - 1 {
                oldest = cohort;
                continue;
            }
            if age == AGES - 2 {
                cohort.join(&oldest);
            }
            debug_assert_eq!(
                cohort.people(),
                year.end.at(area, sex, older.years()),
                "invariant: needs add to the residents"
            );
            self.counts[first + age + 1] = cohort.counts;
            self.expected[first + age + 1] = cohort.expected;
        }
        let at = SexAge { sex, age: 0 };
        let shares = self.comers[at.cell()].weights;
        let mut stream = chance.cell(TURNING.with(name), index, sex as u32);
        self.expected[first] = shares;
        self.counts[first] = [0; LEVELS];
        multinomial(year.end.at(area, sex, FIRST_AGE), &shares, &mut self.counts[first], &mut stream);
    }

    /// Who of a cohort is alive a year later, before the people engine is asked.
    fn survivors_of(&self, area: usize, at: SexAge, bits: &mut RandomBits) -> Cohort {
        let before = &self.counts[cell(area, at)];
        Cohort {
            before: before.iter().sum(),
            counts: survivors(before, &self.outcomes[at.cell()], bits),
            expected: expected_survivors(&self.expected[cell(area, at)], &self.year.outcomes[at.cell()]),
        }
    }

    /// Draws living arrangements for the people as they are, by sex, age group and need.
    fn draw_living(&mut self, prevalence: &Prevalence, year: usize, chance: RngSource) {
        for area in 0..self.areas.len() {
            let mut bits = RandomBits::of(chance.cell(LIVING.with(self.areas[area]), year as u32, 0));
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

/// A cohort on its way through a year.
#[derive(Clone, Copy, Debug, Default)]
struct Cohort {
    /// People at the start of the year.
    before: u32,
    counts: [u32; LEVELS],
    /// Needs that its people are expected to have.
    expected: Shares,
}

impl Cohort {
    fn people(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Makes the cohort `people` large: the superfluous are taken out at random, the missing have the expected needs.
    #[inline]
    fn fit_to(&mut self, people: u32, bits: &mut RandomBits) {
        let here = self.people();
        if people > here {
            Categorical::new(self.expected).split(people - here, &mut self.counts, bits);
        } else {
            take_out(&mut self.counts, here - people, bits);
        }
    }

    /// Adds people who come with the needs of `comers`.
    #[inline]
    fn add(&mut self, come: u32, comers: &Categorical<LEVELS>, bits: &mut RandomBits) {
        if come > 0 {
            self.mix(f64::from(self.people()), &comers.weights, f64::from(come));
            comers.split(come, &mut self.counts, bits);
        }
    }

    /// Joins another cohort of the same age.
    fn join(&mut self, other: &Self) {
        if other.people() > 0 {
            self.mix(f64::from(self.people()), &other.expected, f64::from(other.people()));
            self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        }
    }

    /// The expected needs of `here` people of this cohort and `more` others.
    fn mix(&mut self, here: f64, others: &Shares, more: f64) {
        let all = here + more;
        self.expected.iter_mut().zip(others).for_each(|(own, other)| *own = (*own * here + other * more) / all);
    }
}

/// The needs that survivors are expected to have of people with these needs.
#[inline]
fn expected_survivors(before: &Shares, outcomes: &Outcomes) -> Shares {
    let mut after = [0.0; LEVELS];
    for (share, row) in before.iter().zip(outcomes) {
        after.iter_mut().zip(row).for_each(|(sum, p)| *sum += share * p);
    }
    let alive: f64 = after.iter().sum();
    if alive > 0.0 { after.map(|share| share / alive) } else { *before }
}

/// Takes people out of a cohort at random, whatever their need.
#[inline]
fn take_out(cohort: &mut [u32; LEVELS], out: u32, bits: &mut RandomBits) {
    if out > FEW {
        let mut gone = [0; LEVELS];
        multivariate_hypergeometric(cohort, out, &mut gone, &mut bits.stream);
        cohort.iter_mut().zip(gone).for_each(|(count, less)| *count -= less);
        return;
    }
    let here: u32 = cohort.iter().sum();
    for left in (here - out + 1..=here).rev() {
        let mut who = bits.below(left);
        let at = cohort.iter().position(|&count| {
            let found = who < count;
            who = who.saturating_sub(count);
            found
        });
        cohort[at.unwrap_or(0)] -= 1;
    }
}

/// A year of the people engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeopleYear<'a> {
    /// Position among the simulated years.
    pub index: usize,
    /// Residents at its end.
    pub end: &'a People,
    /// Who died, left and came, if that is told.
    pub flows: Option<FlowsView<'a>>,
}

impl PeopleYear<'_> {
    /// Makes a cohort of an area and age add to the people engine's: survivors, who leaves, who comes.
    #[inline]
    fn settle(
        &self,
        cohort: &mut Cohort,
        area: usize,
        at: SexAge,
        comers: &Categorical<LEVELS>,
        bits: &mut RandomBits,
    ) {
        let flows = match self.flows {
            Some(flows) => flows.of(area, at.sex, at.years()),
            None => self.net_flows(cohort, area, at),
        };
        cohort.fit_to(cohort.before - flows.died - flows.gone, bits);
        cohort.add(flows.come, comers, bits);
    }

    /// Where only the residents at the end are known: nobody came where they are fewer, nobody died or left where they are
    /// more, and whoever was in the open group is replaced by those who enter it.
    fn net_flows(&self, cohort: &Cohort, area: usize, at: SexAge) -> CohortFlows {
        let after = if at.age + 1 < AGES { self.end.at(area, at.sex, at.years() + 1) } else { 0 };
        let (died, come) = (cohort.before.saturating_sub(after), after.saturating_sub(cohort.before));
        CohortFlows { died, come, ..CohortFlows::default() }
    }
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

//! What the way from one count to the next says: births per woman, and net migration by sex and age.
//!
//! Net migration is solved so that the mean over areas of the logarithm of counted over projected people is nought in every sex and
//! five-year group that was alive at the first count: the residual of a group is spread over the ages that its cohort passed,
//! a few times over (Landweber 1951; stopped early, so that the pattern stays smooth). Births per woman are solved for the
//! children born since.

use super::age_groups::{Ages, GROUPS};
use super::counts::Counts;
use super::estimated::Estimate;
use super::pair::Pair;
use super::projection::{ByAge, NetRates, Schedules};
use super::spreads::Spreads;
use super::strays::Strays;
use crate::population::view::{AGES, SEXES};

/// Rounds of correction; the residuals of noiseless cohorts are then below a thousandth.
const ROUNDS: usize = 40;

/// People added to both sides of a ratio, so that a small group has one.
const HALF_A_PERSON: f64 = 0.5;

/// Estimates on the way of a pair of counts, from some of the areas.
pub fn estimate(counts: &Counts, pair: Pair, areas: &[usize], schedules: &Schedules<'_>) -> Estimate {
    let problem = Problem::new(counts, pair, areas, schedules);
    let mut net = [[0.0; AGES]; SEXES];
    let mut births = problem.first_guess();
    let balance = problem.balance(births);
    for _ in 0..ROUNDS {
        let left = problem.residuals(&NetRates::new(births, &net));
        births *= libm::exp(problem.of_children(&left));
        problem.correct(&mut net, &left);
    }
    let strays = problem.strays(&NetRates::new(births, &net));
    let mut found = Estimate {
        pair,
        births_per_woman: births,
        net,
        out_rates: *schedules.out_rates(),
        arrivals: [[0.0; AGES]; SEXES],
        arrivals_of_areas: vec![0.0; areas.len()],
        balance,
        spreads: Spreads::default(),
    };
    found.take_gross_rates(counts, areas);
    found.spreads = strays.spreads(&found, counts, areas);
    found
}

/// The cohorts of a pair of counts.
struct Problem<'a> {
    counts: &'a Counts,
    pair: Pair,
    areas: &'a [usize],
    schedules: &'a Schedules<'a>,
    survival: Vec<[[f64; AGES + 1]; SEXES]>,
}

/// Mean logarithms of counted over projected, by sex and group.
type Residuals = [[f64; GROUPS.len()]; SEXES];

impl<'a> Problem<'a> {
    fn new(counts: &'a Counts, pair: Pair, areas: &'a [usize], schedules: &'a Schedules<'a>) -> Self {
        // The years that begin nearest to the day of the count.
        let first = libm::round(counts.dates[pair.from].0 / 12.0) as i32;
        Self { counts, pair, areas, schedules, survival: schedules.survival(first, pair.years) }
    }

    /// Births per woman at which one woman's children of the schedule are those counted, without migration.
    fn first_guess(&self) -> f64 {
        let still = NetRates::new(1.0, &[[0.0; AGES]; SEXES]);
        libm::exp(self.of_children(&self.residuals(&still)))
    }

    fn projected(&self, area: usize, rates: &NetRates) -> ByAge {
        self.schedules.project(&self.counts.by_age(self.pair.from, area), &self.survival, rates)
    }

    fn log_ratio(&self, area: usize, sex: usize, group: Ages, projected: &ByAge) -> f64 {
        let sum = |ages: &[f64]| group.sum(ages) + HALF_A_PERSON;
        libm::log(sum(self.counts.ages(self.pair.to, area, sex)) / sum(&projected[sex]))
    }

    fn residuals(&self, rates: &NetRates) -> Residuals {
        let mut sums = [[0.0; GROUPS.len()]; SEXES];
        for area in self.areas {
            let projected = self.projected(*area, rates);
            for (sex, sums) in sums.iter_mut().enumerate() {
                for (sum, group) in sums.iter_mut().zip(GROUPS) {
                    *sum += self.log_ratio(*area, sex, group, &projected);
                }
            }
        }
        sums.map(|row| row.map(|sum| sum / self.areas.len().max(1) as f64))
    }

    /// Whether a group was born since the first count, its youngest at least.
    fn is_of_children(&self, group: Ages) -> bool {
        group.from < self.pair.years
    }

    /// Mean residual of those born since the first count.
    fn of_children(&self, left: &Residuals) -> f64 {
        let groups = GROUPS.into_iter().enumerate().filter(|(_, group)| self.is_of_children(*group));
        let each: Vec<f64> = groups.flat_map(|(at, _)| left.iter().map(move |row| row[at])).collect();
        each.iter().sum::<f64>() / each.len().max(1) as f64
    }

    /// Spreads the residuals of cohorts over the ages that they passed.
    fn correct(&self, net: &mut ByAge, left: &Residuals) {
        let years = self.pair.years;
        for (net, left) in net.iter_mut().zip(left) {
            for (age, rate) in net.iter_mut().enumerate() {
                let (mut sum, mut weight) = (0.0, 0.0);
                for (at, group) in GROUPS.into_iter().enumerate().filter(|(_, group)| !self.is_of_children(*group)) {
                    let Ages { from, to } = group;
                    // Final ages whose cohort was of this age on the way.
                    let passed = (from.max(age)..to.min(age + years + 1)).len() as f64;
                    sum += passed * left[at] / years as f64;
                    weight += passed;
                }
                if weight > 0.0 {
                    *rate += sum / weight;
                }
            }
        }
    }

    /// Counted over survived without migration, by group, both sexes.
    fn balance(&self, births: f64) -> [f64; GROUPS.len()] {
        let left = self.residuals(&NetRates::new(births, &[[0.0; AGES]; SEXES]));
        std::array::from_fn(|at| left.iter().map(|row| row[at]).sum::<f64>() / SEXES as f64)
    }

    /// How each area strays from the mean: its total, and its groups beyond the total.
    fn strays(&self, rates: &NetRates) -> Strays {
        let mut strays = Strays::default();
        for area in self.areas {
            let projected = self.projected(*area, rates);
            let sum = |Ages { from, to }: Ages| projected.iter().flat_map(|ages| &ages[from..to]).sum::<f64>();
            let stray = |group: Ages| {
                let counted = self.counts.group(self.pair.to, *area, group);
                libm::log((counted + HALF_A_PERSON) / (sum(group) + HALF_A_PERSON))
            };
            strays.totals.push(stray(Ages { from: self.pair.years, to: AGES }));
            strays.children.push(stray(Ages { from: 0, to: self.pair.years }));
            strays.groups.push(GROUPS.map(stray));
        }
        strays
    }
}

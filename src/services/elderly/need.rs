//! Need for care: none, mild, moderate, severe, by sex and single age from 60.
//!
//! The cross-section of the table is graduated to single ages (tails linear on the logit between group midpoints). Each
//! year need moves by `P = expm(Q)` of a generator with onset between neighbouring levels, recovery and death by level.
//! Onset is solved so that a cohort with the table's shares at age x has, among survivors, the table's shares at x + 1:
//! the definition of need stays that of the table, and no root of a yearly matrix is taken. Deaths by level are scaled so
//! that all levels together have the death rate of the life table; where no table is given, people without need die as in
//! Fu, Sherris and Xu (2021, CEPAR working paper 2021/03, static model).

/// Levels of need: none, mild, moderate, severe.
pub(super) const LEVELS: usize = 4;

/// Living arrangements: alone, couple, with children or others.
pub(super) const ARRANGEMENTS: usize = 3;

/// First age of the service.
pub(super) const FIRST_AGE: usize = 60;

/// Single ages 60 to 99 and 100+.
pub(super) const AGES: usize = 41;

/// Living levels before (rows) and after (columns).
pub(super) type Matrix = [[f64; LEVELS]; LEVELS];

/// A year's outcomes by level before: level after, or death (last).
pub(super) type Outcomes = [[f64; LEVELS + 1]; LEVELS];

/// Shares by level.
pub(super) type Shares = [f64; LEVELS];

/// One row pair of the tables: an age group of one sex.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// First age.
    pub from: usize,
    /// Age for which the shares stand.
    pub midpoint: f64,
    /// Shares of the living arrangements.
    pub living: [f64; ARRANGEMENTS],
    /// Shares of need in each arrangement.
    pub need: [Shares; ARRANGEMENTS],
}

impl Group {
    /// Need averaged over living arrangements.
    fn average(&self) -> Shares {
        std::array::from_fn(|k| self.living.iter().zip(&self.need).map(|(w, need)| w * need[k]).sum())
    }
}

/// Factors on the odds of need for which onset is solved: powers of the fourth root of 2 from 1/8 to 8.
const SOLVED: usize = 25;

/// Onset hazards from each level to the next, a year.
type Onset = [f64; LEVELS - 1];

/// Need by sex and age, and how it moves.
#[derive(Clone, Debug)]
pub(super) struct Need {
    groups: [Vec<Group>; 2],
    /// Shape: sex x age.
    prevalence: Vec<Shares>,
    /// Shape: factor x sex x age.
    onset: Vec<Onset>,
    recovery: Onset,
    relative_mortality: Shares,
    /// Death rate of all levels together, if known. Shape: sex x age.
    deaths: Option<Vec<f64>>,
}

impl Need {
    /// Graduates the groups of each sex (at least one a sex, in order of age) and solves onset.
    pub(super) fn new(
        groups: &[Vec<Group>; 2],
        recovery: Onset,
        relative_mortality: Shares,
        deaths: Option<&[f64]>,
    ) -> Self {
        let mut need = Self {
            groups: groups.clone(),
            prevalence: Vec::new(),
            onset: Vec::new(),
            recovery,
            relative_mortality,
            deaths: deaths.map(<[f64]>::to_vec),
        };
        for group in groups {
            let known: Vec<(f64, Shares)> = group.iter().map(|g| (g.midpoint, g.average())).collect();
            need.prevalence.extend((0..AGES).map(|age| graduate(&known, (FIRST_AGE + age) as f64 + 0.5)));
        }
        for solved in 0..SOLVED {
            let level = level_of(solved);
            for sex in 0..2 {
                for age in 0..AGES {
                    let from = need.shares(sex, age, level);
                    let to = need.shares(sex, (age + 1).min(AGES - 1), level);
                    let onset = need.solve_onset(sex, age, &from, &to);
                    need.onset.push(onset);
                }
            }
        }
        need
    }

    /// Shares by level at an age when all tails of the table are multiplied by `level` on the odds.
    pub(super) fn shares(&self, sex: usize, age: usize, level: f64) -> Shares {
        let table = &self.prevalence[sex * AGES + age];
        let mut tails = [1.0; LEVELS];
        for (k, tail) in tails.iter_mut().enumerate().skip(1) {
            let share: f64 = table[k..].iter().sum();
            let odds = level * share / (1.0 - share).max(1e-12);
            *tail = odds / (1.0 + odds);
        }
        std::array::from_fn(|k| tails[k] - tails.get(k + 1).copied().unwrap_or(0.0))
    }

    /// The factor on the odds at which `share` of these people are at level `from` or worse. `people(sex, age)` counts.
    pub(super) fn level_for(&self, share: f64, from: usize, people: impl Fn(usize, usize) -> f64) -> f64 {
        let in_need = |level: f64| {
            let (mut some, mut all) = (0.0, 0.0);
            for sex in 0..2 {
                for age in 0..AGES {
                    let count = people(sex, age);
                    all += count;
                    some += count * self.shares(sex, age, level)[from..].iter().sum::<f64>();
                }
            }
            if all > 0.0 { some / all } else { share }
        };
        // Bisection on the logarithm: the share rises with the level.
        let (mut low, mut high) = (-12.0_f64, 12.0_f64);
        for _ in 0..50 {
            let middle = 0.5 * (low + high);
            if in_need(libm::exp(middle)) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        libm::exp(0.5 * (low + high))
    }

    /// Number of age groups of the tables of a sex.
    pub(super) const fn groups(&self, sex: usize) -> usize {
        self.groups[sex].len()
    }

    /// The age group of a sex that contains an age (0 = 60), the first or last beyond the table.
    pub(super) fn group_of(&self, sex: usize, age: usize) -> usize {
        self.groups[sex].iter().rposition(|g| g.from <= FIRST_AGE + age).unwrap_or(0)
    }

    /// Relative frequency of living arrangements among people of a group at a level of need (Bayes).
    pub(super) fn living(&self, sex: usize, group: usize, level: usize) -> [f64; ARRANGEMENTS] {
        let group = &self.groups[sex][group];
        std::array::from_fn(|l| group.living[l] * group.need[l][level])
    }

    /// One year's outcomes for odds multiplied by `level`. Shape: sex x age.
    pub(super) fn transitions(&self, level: f64, out: &mut Vec<Outcomes>) {
        out.clear();
        let at = ((libm::log2(level) + 3.0) * 4.0).clamp(0.0, (SOLVED - 1) as f64);
        let below = (at as usize).min(SOLVED - 2);
        // Between two solved factors onset is nearly proportional to the factor.
        let (lower, upper) = (level_of(below), level_of(below + 1));
        let part = ((level - lower) / (upper - lower)).clamp(0.0, 1.0);
        for cell in 0..2 * AGES {
            let (sex, age) = (cell / AGES, cell % AGES);
            let (low, high) = (self.onset[below * 2 * AGES + cell], self.onset[(below + 1) * 2 * AGES + cell]);
            let onset = std::array::from_fn(|k| low[k] + part * (high[k] - low[k]));
            let living = exponential(&self.generator(sex, age, &onset, &self.shares(sex, age, level)));
            out.push(std::array::from_fn(|from| {
                let alive: f64 = living[from].iter().sum();
                std::array::from_fn(|to| living[from].get(to).map_or(1.0 - alive, |p| p.max(0.0)))
            }));
        }
    }

    /// The living part of the generator of an age; deaths are scaled for people with these shares.
    fn generator(&self, sex: usize, age: usize, onset: &Onset, shares: &Shares) -> Matrix {
        let healthy = self.deaths.as_ref().map_or_else(
            || libm::exp(-3.6924 + 0.7669 * (age as f64 - 5.0) / 10.0 - 0.2473 * sex as f64),
            |table| {
                table[sex * AGES + age] / shares.iter().zip(self.relative_mortality).map(|(s, r)| s * r).sum::<f64>()
            },
        );
        let mut q = [[0.0; LEVELS]; LEVELS];
        for k in 0..LEVELS {
            if k + 1 < LEVELS {
                q[k][k + 1] = onset[k];
            }
            if k > 0 {
                q[k][k - 1] = self.recovery[k - 1];
            }
            q[k][k] = -q[k].iter().sum::<f64>() - healthy * self.relative_mortality[k];
        }
        q
    }

    /// Onset hazards under which shares `from` become `to` among survivors: fixed point on the tails.
    fn solve_onset(&self, sex: usize, age: usize, from: &Shares, to: &Shares) -> Onset {
        let mut onset: Onset =
            std::array::from_fn(|k| (self.recovery[k] * from[k + 1] / from[k].max(1e-9) + 0.01).max(1e-4));
        for _ in 0..100 {
            let p = survivors_mix(from, &exponential(&self.generator(sex, age, &onset, from)));
            let mut worst = 0.0_f64;
            for (k, hazard) in onset.iter_mut().enumerate() {
                let (wanted, got) = (to[k + 1..].iter().sum::<f64>(), p[k + 1..].iter().sum::<f64>());
                worst = worst.max((wanted - got).abs());
                let step = (wanted - got) / from[k].max(1e-6);
                *hazard = (*hazard + step).max(0.0);
            }
            if worst < 1e-11 {
                break;
            }
        }
        onset
    }
}

/// The factor on the odds at a position of the solved onsets.
fn level_of(solved: usize) -> f64 {
    libm::exp2(solved as f64 / 4.0 - 3.0)
}

/// Shares at an age by straight lines of the tails' log odds between (and beyond) group midpoints.
fn graduate(groups: &[(f64, Shares)], age: f64) -> Shares {
    let logit = |share: f64| libm::log(share.clamp(1e-6, 0.99) / (1.0 - share.clamp(1e-6, 0.99)));
    let tail = |shares: &Shares, k: usize| logit(shares[k..].iter().sum());
    let after = groups.partition_point(|(midpoint, _)| *midpoint <= age).clamp(1, groups.len().max(2) - 1);
    let mut tails = [1.0; LEVELS];
    for (k, out) in tails.iter_mut().enumerate().skip(1) {
        let value = match (groups.get(after - 1), groups.get(after)) {
            (Some((a, low)), Some((b, high))) => tail(low, k) + (tail(high, k) - tail(low, k)) * (age - a) / (b - a),
            (Some((_, only)), None) | (None, Some((_, only))) => tail(only, k),
            (None, None) => f64::NEG_INFINITY,
        };
        // Beyond the last group the line is held at 19 in 20: no table speaks of everybody.
        *out = 1.0 / (1.0 + libm::exp(-value.min(2.944)));
    }
    for k in (1..LEVELS - 1).rev() {
        tails[k] = tails[k].max(tails[k + 1]);
    }
    std::array::from_fn(|k| tails[k] - tails.get(k + 1).copied().unwrap_or(0.0))
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..LEVELS).map(|k| a[i][k] * b[k][j]).sum()))
}

/// Matrix exponential by scaling, a Taylor series of 12 terms, and squaring (Moler and Van Loan 2003, method 3).
pub(super) fn exponential(q: &Matrix) -> Matrix {
    let size = q.iter().map(|row| row.iter().map(|v| v.abs()).sum::<f64>()).fold(0.0, f64::max);
    let mut halvings = 0;
    while size / f64::from(1_u32 << halvings) > 0.5 && halvings < 30 {
        halvings += 1;
    }
    let step = q.map(|row| row.map(|v| v / f64::from(1_u32 << halvings)));
    let identity: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    let (mut sum, mut term) = (identity, identity);
    for n in 1..=12 {
        term = product(&term, &step).map(|row| row.map(|v| v / f64::from(n)));
        for (row, add) in sum.iter_mut().zip(&term) {
            for (value, a) in row.iter_mut().zip(add) {
                *value += a;
            }
        }
    }
    for _ in 0..halvings {
        sum = product(&sum, &sum);
    }
    sum
}

/// Shares among the survivors of people who start with shares `from`.
fn survivors_mix(from: &Shares, p: &Matrix) -> Shares {
    let mix: Shares = std::array::from_fn(|j| (0..LEVELS).map(|i| from[i] * p[i][j]).sum());
    let alive: f64 = mix.iter().sum();
    mix.map(|v| v / alive)
}

#[cfg(test)]
mod tests;

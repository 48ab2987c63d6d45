//! Need for care: none, mild, moderate, severe, by sex and single age from 60.
//!
//! The cross-section of the table is graduated to single ages (tails linear on the logit between group midpoints). Each
//! year a cohort's need moves by `P = expm(Q)` of a generator with onset between neighbouring levels, recovery and death
//! by level. Onset is solved so that a cohort that starts with the table's shares at age x has, among survivors, the
//! table's shares at x + 1: the definition of need stays that of the table, and no root of a yearly matrix is taken.
//! Death by level is relative only: the people engine decides how many die (Fu, Sherris and Xu 2021, CEPAR working
//! paper 2021/03, give the level and the age slope used for weighting).

/// Levels of need: none, mild, moderate, severe.
pub(super) const LEVELS: usize = 4;

/// First age of the service.
pub(super) const FIRST_AGE: usize = 60;

/// Single ages 60 to 99 and 100+.
pub(super) const AGES: usize = 41;

/// Rows by level before, columns by level after.
pub(super) type Matrix = [[f64; LEVELS]; LEVELS];

/// Shares by level.
pub(super) type Shares = [f64; LEVELS];

/// Need by sex and age, and how it moves.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// Shape: sex x age.
    prevalence: Vec<Shares>,
    /// Onset hazards from each level to the next, a year. Shape: sex x age.
    onset: Vec<[f64; LEVELS - 1]>,
    recovery: [f64; LEVELS - 1],
    relative_mortality: Shares,
}

impl Need {
    /// Graduates the groups `(midpoint age, shares)` of each sex (at least one a sex, in order of age) and solves onset.
    pub(super) fn new(
        groups: &[Vec<(f64, Shares)>; 2],
        recovery: [f64; LEVELS - 1],
        relative_mortality: Shares,
    ) -> Self {
        let mut need = Self { prevalence: Vec::new(), onset: Vec::new(), recovery, relative_mortality };
        for group in groups {
            need.prevalence.extend((0..AGES).map(|age| graduate(group, (FIRST_AGE + age) as f64 + 0.5)));
        }
        for sex in 0..2 {
            for age in 0..AGES {
                let from = need.prevalence[sex * AGES + age];
                let to = need.prevalence[sex * AGES + (age + 1).min(AGES - 1)];
                let onset = need.solve_onset(sex, age, &from, &to);
                need.onset.push(onset);
            }
        }
        need
    }

    /// How many times likelier to die than a person without need, by level.
    pub(super) const fn relative_mortality(&self) -> &Shares {
        &self.relative_mortality
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

    /// One year's transitions among survivors, for onset multiplied by `level`. Shape: sex x age.
    pub(super) fn transitions(&self, level: f64, out: &mut Vec<Matrix>) {
        out.clear();
        for sex in 0..2 {
            for age in 0..AGES {
                let onset = self.onset[sex * AGES + age].map(|hazard| hazard * level);
                out.push(survivors(&exponential(&self.generator(sex, age, &onset))));
            }
        }
    }

    fn generator(&self, sex: usize, age: usize, onset: &[f64; LEVELS - 1]) -> Matrix {
        // Deaths of people without need (Fu, Sherris and Xu 2021, static model, healthy to dead).
        let healthy = libm::exp(-3.6924 + 0.7669 * (age as f64 - 5.0) / 10.0 - 0.2473 * sex as f64);
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
    fn solve_onset(&self, sex: usize, age: usize, from: &Shares, to: &Shares) -> [f64; LEVELS - 1] {
        let mut onset: [f64; LEVELS - 1] =
            std::array::from_fn(|k| (self.recovery[k] * from[k + 1] / from[k].max(1e-9) + 0.01).max(1e-4));
        for _ in 0..200 {
            let p = survivors_mix(from, &exponential(&self.generator(sex, age, &onset)));
            let mut worst = 0.0_f64;
            for (k, hazard) in onset.iter_mut().enumerate() {
                let (wanted, got) = (to[k + 1..].iter().sum::<f64>(), p[k + 1..].iter().sum::<f64>());
                worst = worst.max((wanted - got).abs());
                let step = (wanted - got) / from[k].max(1e-6);
                *hazard = (*hazard + step).max(0.0);
            }
            if worst < 1e-12 {
                break;
            }
        }
        onset
    }
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

/// Rows made conditional on survival.
fn survivors(p: &Matrix) -> Matrix {
    p.map(|row| {
        let alive: f64 = row.iter().sum();
        row.map(|v| v.max(0.0) / alive)
    })
}

/// Shares among the survivors of people who start with shares `from`.
fn survivors_mix(from: &Shares, p: &Matrix) -> Shares {
    let mix: Shares = std::array::from_fn(|j| (0..LEVELS).map(|i| from[i] * p[i][j]).sum());
    let alive: f64 = mix.iter().sum();
    mix.map(|v| v / alive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Need {
        let men =
            vec![(62.5, [0.92, 0.05, 0.02, 0.01]), (82.5, [0.65, 0.17, 0.12, 0.06]), (88.0, [0.5, 0.2, 0.2, 0.1])];
        let women = men.clone();
        Need::new(&[men, women], [0.15, 0.08, 0.03], [1.0, 1.3, 1.9, 3.0])
    }

    #[test]
    fn a_cohort_grows_old_along_the_table() {
        let need = example();
        let mut p = Vec::new();
        need.transitions(1.0, &mut p);
        let (sex, mut shares) = (1, need.shares(1, 0, 1.0));
        for age in 0..30 {
            let q = exponential(&need.generator(sex, age, &need.onset[sex * AGES + age]));
            shares = survivors_mix(&shares, &q);
            let table = need.shares(sex, age + 1, 1.0);
            for k in 0..LEVELS {
                assert!((shares[k] - table[k]).abs() < 1e-6, "age {age} level {k}: {} {}", shares[k], table[k]);
            }
        }
        assert!(p.iter().all(|m| m.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12)));
    }

    /// One-year matrix of women of 85 in the two-state chain of Fu, Sherris and Xu (2021).
    #[test]
    fn the_exponential_gives_the_published_yearly_matrix() {
        let hazard = |b: f64, a: f64, f: f64| libm::exp(b + a * 2.0 + f);
        let (onset, recovery) = (hazard(-4.8152, 0.6012, 0.2054), hazard(-2.2187, -0.2496, 0.1180));
        let (death_well, death_ill) = (hazard(-3.6924, 0.7669, -0.2473), hazard(-2.2249, 0.4294, -0.1641));
        let mut q = [[0.0; LEVELS]; LEVELS];
        q[0][0] = -onset - death_well;
        q[0][1] = onset;
        q[1][0] = recovery;
        q[1][1] = -recovery - death_ill;
        let p = exponential(&q);
        for (found, expected) in
            [(p[0][0], 0.885_017_83), (p[0][1], 0.026_974_47), (p[1][0], 0.060_484_73), (p[1][1], 0.748_658_81)]
        {
            assert!((found - expected).abs() < 1e-8, "{found} {expected}");
        }
    }
}

//! Need: the table is kept by a cohort, deaths by the life table, published chains reproduced.

use super::*;

fn group(from: usize, midpoint: f64, shares: Shares) -> Group {
    Group { from, midpoint, living: [0.2, 0.5, 0.3], need: [shares; ARRANGEMENTS] }
}

fn example(deaths: Option<&[f64]>) -> Need {
    let men = vec![
        group(60, 62.5, [0.92, 0.05, 0.02, 0.01]),
        group(80, 82.5, [0.65, 0.17, 0.12, 0.06]),
        group(85, 88.0, [0.5, 0.2, 0.2, 0.1]),
    ];
    let women = men.clone();
    Need::new(&[men, women], [0.15, 0.08, 0.03], [1.0, 1.3, 1.9, 3.0], deaths)
}

#[test]
fn a_cohort_grows_old_along_the_table_at_every_level_of_need() {
    let need = example(None);
    for level in [0.5, 1.0, 1.3, 2.0] {
        let mut p = Vec::new();
        need.transitions(level, &mut p);
        let (sex, mut shares) = (1, need.shares(1, 0, level));
        for age in 0..30 {
            let mut after = [0.0; LEVELS];
            for (from, share) in shares.iter().enumerate() {
                for (sum, to) in after.iter_mut().zip(p[sex * AGES + age][from]) {
                    *sum += share * to;
                }
            }
            let alive: f64 = after.iter().sum();
            shares = after.map(|v| v / alive);
            let table = need.shares(sex, age + 1, level);
            // Solved factors are met exactly, those in between by interpolation (a tenth of a percentage point).
            let tolerance = if level == 1.3 { 1e-3 } else { 1e-7 };
            for k in 0..LEVELS {
                assert!((shares[k] - table[k]).abs() < tolerance, "age {age} level {k}: {} {}", shares[k], table[k]);
            }
        }
        assert!(p.iter().all(|m| m.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12)));
    }
}

#[test]
fn deaths_of_all_levels_together_are_those_of_the_life_table() {
    let table: Vec<f64> = (0..2 * AGES).map(|cell| 0.01 * libm::exp(0.09 * (cell % AGES) as f64)).collect();
    let need = example(Some(&table));
    for (sex, age, level) in [(0, 0, 1.0), (1, 20, 1.7), (0, 35, 0.4)] {
        let shares = need.shares(sex, age, level);
        let q = need.generator(sex, age, &[0.01, 0.02, 0.03], &shares);
        let deaths: f64 = (0..LEVELS).map(|k| -shares[k] * q[k].iter().sum::<f64>()).sum();
        assert!((deaths - table[sex * AGES + age]).abs() < 1e-12);
    }
}

#[test]
fn a_wanted_share_in_need_is_met_by_shifting_the_odds() {
    let need = example(None);
    let people = |sex: usize, age: usize| 100.0 + sex as f64 - age as f64;
    for share in [0.0235, 0.078, 0.183] {
        let level = need.level_for(share, 2, people);
        let (mut some, mut all) = (0.0, 0.0);
        for sex in 0..2 {
            for age in 0..AGES {
                all += people(sex, age);
                some += people(sex, age) * need.shares(sex, age, level)[2..].iter().sum::<f64>();
            }
        }
        assert!((some / all - share).abs() < 1e-9);
    }
}

/// The two-state hazards of Fu, Sherris and Xu (2021), static model: onset, recovery, death without and with disability.
fn hazards(age: f64, female: f64) -> [f64; 4] {
    let x = (age - 65.0) / 10.0;
    [(-4.8152, 0.6012, 0.2054), (-2.2187, -0.2496, 0.1180), (-3.6924, 0.7669, -0.2473), (-2.2249, 0.4294, -0.1641)]
        .map(|(b, slope, f)| libm::exp(b + slope * x + f * female))
}

/// `[Q, I; 0, 0]`: its exponential holds P beside the time spent in each state during the year (Van Loan 1978).
fn with_time_spent([onset, recovery, well, ill]: [f64; 4]) -> Matrix {
    [[-onset - well, onset, 1.0, 0.0], [recovery, -recovery - ill, 0.0, 1.0], [0.0; 4], [0.0; 4]]
}

#[test]
fn the_exponential_gives_the_published_yearly_matrix() {
    let p = exponential(&with_time_spent(hazards(85.0, 1.0)));
    for (found, expected) in
        [(p[0][0], 0.885_017_83), (p[0][1], 0.026_974_47), (p[1][0], 0.060_484_73), (p[1][1], 0.748_658_81)]
    {
        assert!((found - expected).abs() < 1e-8, "{found} {expected}");
    }
}

#[test]
fn the_smooth_chain_gives_the_published_life_expectancies_at_65() {
    let oracle =
        [(0.0, [[14.121_13, 0.754_47], [5.287_08, 4.692_59]]), (1.0, [[15.473_61, 1.128_16], [6.679_16, 5.043_97]])];
    for (female, expected) in oracle {
        for (start, expected) in expected.iter().enumerate() {
            let mut now = [0.0, 0.0];
            now[start] = 1.0;
            let mut lived = [0.0, 0.0];
            for age in 65..110 {
                let p = exponential(&with_time_spent(hazards(f64::from(age), female)));
                for state in 0..2 {
                    lived[state] += now[0] * p[0][2 + state] + now[1] * p[1][2 + state];
                }
                now = [now[0] * p[0][0] + now[1] * p[1][0], now[0] * p[0][1] + now[1] * p[1][1]];
            }
            for (found, expected) in lived.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-5, "{found} {expected}");
            }
        }
    }
}

//! Need: the table is kept by a cohort, deaths by the life table, published chains reproduced.

use super::embedding::{Embedding, NegativeRate, living};
use super::levels::{AGES, ARRANGEMENTS, FIRST_AGE, LEVELS, Rates, SexAge, Shares};
use super::matrix::{Matrix, distance, exponential, logarithm, product};
use super::prevalence::{Group, InNeed, Prevalence};
use super::published_rates::PublishedRates;
use super::transitions::{RateSource, Transitions, YearlyTransitions};

fn group(from: usize, midpoint: f64, shares: Shares) -> Group {
    Group { from, midpoint, living: [0.2, 0.5, 0.3], need: [shares; ARRANGEMENTS] }
}

const SOLVED: RateSource = RateSource::Solved { recovery: [0.15, 0.08, 0.03], mortality: [1.0, 1.3, 1.9, 3.0] };
const PUBLISHED: RateSource = RateSource::Published { recovery: [0.15, 0.08, 0.03] };

struct Need {
    prevalence: Prevalence,
    transitions: Transitions,
}

impl Need {
    fn shares(&self, sex: usize, age: usize, factor: f64) -> Shares {
        self.prevalence.shares(SexAge { sex, age }, factor)
    }

    fn year(&self, factor: f64) -> YearlyTransitions {
        let mut year = YearlyTransitions::default();
        self.transitions.of_year(&self.prevalence, factor, &mut year);
        year
    }
}

fn example(source: RateSource, deaths: Option<&[f64]>) -> Need {
    let men = vec![
        group(60, 62.5, [0.92, 0.05, 0.02, 0.01]),
        group(80, 82.5, [0.65, 0.17, 0.12, 0.06]),
        group(85, 88.0, [0.5, 0.2, 0.2, 0.1]),
    ];
    let women = men.clone();
    let prevalence = Prevalence::new(&[men, women]);
    let transitions = Transitions::new(&prevalence, source, deaths);
    Need { prevalence, transitions }
}

#[test]
fn a_cohort_grows_old_along_the_table_at_every_level_of_need() {
    let need = example(SOLVED, None);
    for level in [0.5, 1.0, 1.3, 2.0] {
        let p = need.year(level).outcomes;
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
    for source in [SOLVED, PUBLISHED] {
        let need = example(source, Some(&table));
        for (sex, age, level) in [(0, 0, 1.0), (1, 20, 1.7), (0, 35, 0.4)] {
            let shares = need.shares(sex, age, level);
            let rates = need.transitions.rates(SexAge { sex, age }, level, &[0.01, 0.02, 0.03], &shares);
            let deaths: f64 = (0..LEVELS).map(|k| shares[k] * rates[k][LEVELS]).sum();
            assert!((deaths - table[sex * AGES + age]).abs() < 1e-12);
        }
    }
}

#[test]
fn a_wanted_share_in_need_is_met_by_shifting_the_odds() {
    let need = example(SOLVED, None);
    let people: Vec<f64> = (0..2 * AGES).map(|cell| 100.0 + (cell / AGES) as f64 - (cell % AGES) as f64).collect();
    for (share, youngest) in [(0.0235, 60), (0.078, 65), (0.183, 60)] {
        let level = need.prevalence.odds_factor_for(share, InNeed { from: 2, youngest }, &people);
        let (mut some, mut all) = (0.0, 0.0);
        for cell in (0..2 * AGES).filter(|cell| FIRST_AGE + cell % AGES >= youngest) {
            all += people[cell];
            some += people[cell] * need.shares(cell / AGES, cell % AGES, level)[2..].iter().sum::<f64>();
        }
        assert!((some / all - share).abs() < 1e-9);
    }
}

/// Rates as `[onset, recovery, death without, death with disability]`.
fn two_state(age: usize, sex: usize) -> [f64; 4] {
    let PublishedRates { onset, recovery, death_able, death_disabled } = PublishedRates::at(age, sex);
    [onset, recovery, death_able, death_disabled]
}

/// `[Q, I; 0, 0]`: its exponential holds P beside the time spent in each state during the year (Van Loan 1978).
fn with_time_spent([onset, recovery, well, ill]: [f64; 4]) -> Matrix {
    [[-onset - well, onset, 1.0, 0.0], [recovery, -recovery - ill, 0.0, 1.0], [0.0; 4], [0.0; 4]]
}

#[test]
fn the_exponential_gives_the_published_yearly_matrix() {
    let p = exponential(&with_time_spent(two_state(85, 1)));
    for (found, expected) in
        [(p[0][0], 0.885_017_83), (p[0][1], 0.026_974_47), (p[1][0], 0.060_484_73), (p[1][1], 0.748_658_81)]
    {
        assert!((found - expected).abs() < 1e-8, "{found} {expected}");
    }
}

#[test]
fn the_smooth_chain_gives_the_published_life_expectancies_at_65() {
    let oracle =
        [(0, [[14.121_13, 0.754_47], [5.287_08, 4.692_59]]), (1, [[15.473_61, 1.128_16], [6.679_16, 5.043_97]])];
    for (sex, expected) in oracle {
        for (start, expected) in expected.iter().enumerate() {
            let mut now = [0.0_f64, 0.0];
            now[start] = 1.0;
            let mut lived = [0.0_f64, 0.0];
            for age in 65..110 {
                let p = exponential(&with_time_spent(two_state(age, sex)));
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

#[test]
fn daily_steps_of_the_published_chain_are_its_year() {
    let q = with_time_spent(two_state(85, 1)).map(|row| row.map(|rate| rate / 365.0));
    let day = exponential(&q);
    let year = (1..365).fold(day, |power, _| product(&power, &day));
    let exact = exponential(&with_time_spent(two_state(85, 1)));
    for (row, expected) in year.iter().zip(exact).take(2) {
        assert!((row[0] - expected[0]).abs() < 1e-12 && (row[1] - expected[1]).abs() < 1e-12);
    }
}

#[test]
fn four_levels_on_the_published_rates_are_disabled_as_the_two_state_chain_says() {
    let need = example(PUBLISHED, None);
    let outcomes = need.year(1.0).outcomes;
    for (sex, age) in [(0, 5), (1, 25), (1, 40)] {
        let p = exponential(&with_time_spent(two_state(FIRST_AGE + age, sex)));
        for (from, row) in outcomes[sex * AGES + age].iter().enumerate() {
            let exact = p[from / 2];
            assert!((row[0] + row[1] - exact[0]).abs() < 1e-12 && (row[2] + row[3] - exact[1]).abs() < 1e-12);
            assert!((row[LEVELS] - (1.0 - exact[0] - exact[1])).abs() < 1e-12);
        }
    }
}

#[test]
fn on_either_side_of_disability_the_published_chain_keeps_the_tables_shares() {
    let need = example(PUBLISHED, None);
    let outcomes = need.year(1.0).outcomes;
    for age in 5..30 {
        let (from, to) = (need.shares(1, age, 1.0), need.shares(1, age + 1, 1.0));
        let mix: Shares = std::array::from_fn(|k| (0..LEVELS).map(|i| from[i] * outcomes[AGES + age][i][k]).sum());
        for first in [0, 2] {
            let part = |shares: &Shares| shares[first + 1] / (shares[first] + shares[first + 1]);
            assert!((part(&mix) - part(&to)).abs() < 1e-9, "age {age}: {} {}", part(&mix), part(&to));
        }
    }
}

/// Rates that are all different, with death.
const RATES: Rates = [
    [0.0, 0.06, 0.02, 0.004, 0.01],
    [0.2, 0.0, 0.11, 0.02, 0.03],
    [0.03, 0.12, 0.0, 0.18, 0.07],
    [0.01, 0.02, 0.09, 0.0, 0.25],
];

#[test]
fn the_rates_behind_a_yearly_matrix_are_found_again() {
    let yearly = exponential(&living(&RATES));
    let found = Embedding::of(&yearly).unwrap();
    assert!(found.negative.is_none() && found.distance < 1e-12);
    for (from, row) in RATES.iter().enumerate() {
        for (to, rate) in row.iter().enumerate().filter(|(to, _)| *to != from) {
            assert!((found.rates[from][to] - rate).abs() < 1e-9, "{from} to {to}");
        }
    }
    let three = product(&product(&yearly, &yearly), &yearly);
    let log = logarithm(&three).unwrap();
    assert!(distance(&exponential(&log.map(|row| row.map(|v| v / 3.0))), &yearly) < 1e-10);
}

/// Two levels `[1 - a, a; b, 1 - b]` come from rates exactly when a + b < 1 (Kingman 1962).
#[test]
fn two_levels_are_embeddable_when_their_trace_says_so() {
    for (a, b) in [(0.3, 0.69), (0.05, 0.2), (0.5, 0.49), (0.5, 0.51), (0.9, 0.3)] {
        let mut p = [[0.0; LEVELS]; LEVELS];
        (p[0][0], p[0][1], p[1][0], p[1][1], p[2][2], p[3][3]) = (1.0 - a, a, b, 1.0 - b, 1.0, 1.0);
        let found = Embedding::of(&p);
        assert_eq!(found.is_some(), a + b < 1.0, "{a} {b}");
        if let Some(found) = found {
            // ln(1 - a - b) shared out in proportion.
            let rate = -libm::log(1.0 - a - b) * a / (a + b);
            assert!(found.negative.is_none() && (found.rates[0][1] - rate).abs() < 1e-9);
        }
    }
}

/// From none to severe by way of mild, but never within the year: no rates give that.
#[test]
fn a_matrix_with_a_way_but_a_zero_has_no_rates_and_the_nearest_are_valid() {
    let p = [[0.9, 0.1, 0.0, 0.0], [0.1, 0.8, 0.1, 0.0], [0.0, 0.1, 0.8, 0.1], [0.0, 0.0, 0.1, 0.85]];
    let found = Embedding::of(&p).unwrap();
    let NegativeRate { from, to, rate } = found.negative.unwrap();
    assert!(from.abs_diff(to) == 2 && rate < -0.001, "{from} {to} {rate}");
    assert!(found.rates.iter().flatten().all(|rate| *rate >= 0.0));
    assert!(found.distance > 0.0 && found.distance < 0.02, "{}", found.distance);
    // The distance is that of the yearly probabilities.
    assert!((distance(&exponential(&living(&found.rates)), &p) - found.distance).abs() < 1e-15);
}

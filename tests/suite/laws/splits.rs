//! Laws of splits: multinomial, competing exits, multivariate hypergeometric, alias table.

use super::{assert_follows, assert_mean, stream, streams};
use civicap::random::{AliasTable, binomial, competing_exits, multinomial, multivariate_hypergeometric};
use proptest::prelude::*;
use statrs::distribution::{Binomial, Discrete, Hypergeometric};

const DRAWS: usize = 100_000;

proptest! {
    #[test]
    fn every_split_adds_up_exactly(
        n in prop_oneof![0_u32..50, 0_u32..2_000_000_000],
        weights in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1.0, 1e-12..1e-9, 1.0..1e9], 1..12),
        case in 0_u32..1_000_000,
    ) {
        let mut out = vec![0; weights.len()];
        let someone = weights.iter().any(|&weight| weight > 0.0);
        multinomial(n, &weights, &mut out, &mut stream(case));
        prop_assert_eq!(out.iter().sum::<u32>(), n);
        let placed_well = out.iter().zip(&weights).all(|(&count, &weight)| count == 0 || weight > 0.0);
        prop_assert!(placed_well || !someone, "people in a class without weight: {:?}", out);
        let (first, second) = competing_exits(n, weights[0], weights[weights.len() - 1], &mut stream(case));
        prop_assert!(u64::from(first) + u64::from(second) <= u64::from(n));
    }

    #[test]
    fn a_sample_of_a_stock_never_exceeds_its_classes(
        counts in prop::collection::vec(0_u32..100_000, 1..12),
        draws in 0_u32..1_000_000,
        case in 0_u32..1_000_000,
    ) {
        let mut out = vec![0; counts.len()];
        multivariate_hypergeometric(&counts, draws, &mut out, &mut stream(case));
        prop_assert_eq!(out.iter().sum::<u32>(), draws.min(counts.iter().sum()));
        prop_assert!(out.iter().zip(&counts).all(|(taken, stock)| taken <= stock));
    }
}

#[test]
fn each_class_of_a_multinomial_is_binomial() {
    let weights = [3.0, 0.0, 1e-3, 5.0, 2.0, 0.5];
    let total: f64 = weights.iter().sum();
    let mut next = streams(500);
    let mut classes = vec![Vec::with_capacity(DRAWS); weights.len()];
    let mut out = [0; 6];
    for _ in 0..DRAWS {
        multinomial(90, &weights, &mut out, &mut next());
        classes.iter_mut().zip(out).for_each(|(class, count)| class.push(count));
    }
    for (i, class) in classes.iter().enumerate() {
        let law = Binomial::new(weights[i] / total, 90).unwrap();
        assert_follows(&format!("class {i}"), class, 0, 90, |k| law.pmf(k));
    }
    // covariance of two classes: -n p q
    let (p, q) = (weights[0] / total, weights[3] / total);
    let products: Vec<f64> = classes[0]
        .iter()
        .zip(&classes[3])
        .map(|(&a, &b)| (f64::from(a) - 90.0 * p) * (f64::from(b) - 90.0 * q))
        .collect();
    let spread = 90.0 * (p * (1.0 - p) * q * (1.0 - q) + p * p * q * q).sqrt();
    assert_mean("covariance", &products, -90.0 * p * q, spread * 1.02);
}

#[test]
fn competing_exits_are_trinomial() {
    for (case, (n, first, second)) in
        (510..).zip([(40, 0.01, 0.03), (300, 0.2, 0.1), (2_000, 0.002, 0.06), (50, 0.5, 0.5), (60, 0.9, 0.0999)])
    {
        let mut next = streams(case);
        let pairs: Vec<(u32, u32)> = (0..DRAWS).map(|_| competing_exits(n, first, second, &mut next())).collect();
        let marginal = |p: f64| Binomial::new(p, u64::from(n)).unwrap();
        for (name, p, draws) in [
            ("first", first, pairs.iter().map(|pair| pair.0).collect::<Vec<_>>()),
            ("second", second, pairs.iter().map(|pair| pair.1).collect()),
            ("both", first + second, pairs.iter().map(|pair| pair.0 + pair.1).collect()),
        ] {
            let law = marginal(p.min(1.0));
            assert_follows(&format!("{name} of {n}"), &draws, 0, n, |k| law.pmf(k));
        }
    }
    assert_eq!(competing_exits(9, 0.0, 0.0, &mut stream(1)), (0, 0));
    assert_eq!(competing_exits(9, 0.0, 1.0, &mut stream(1)), (0, 9));
    assert_eq!(competing_exits(9, 1.0, 0.0, &mut stream(1)), (9, 0));
    assert_eq!(competing_exits(0, 0.5, 0.2, &mut stream(1)), (0, 0));
}

#[test]
fn each_class_of_a_sample_is_hypergeometric() {
    let counts = [40_u32, 0, 7, 200, 13];
    let mut next = streams(520);
    let mut classes = vec![Vec::with_capacity(DRAWS); counts.len()];
    let mut out = [0; 5];
    for _ in 0..DRAWS {
        multivariate_hypergeometric(&counts, 60, &mut out, &mut next());
        classes.iter_mut().zip(out).for_each(|(class, count)| class.push(count));
    }
    for (i, class) in classes.iter().enumerate() {
        let law = Hypergeometric::new(260, u64::from(counts[i]), 60).unwrap();
        assert_follows(&format!("class {i}"), class, 0, counts[i].min(60), |k| law.pmf(k));
    }
}

#[test]
fn an_alias_table_draws_each_class_by_its_weight() {
    for (case, weights) in
        (530..).zip([vec![1.0], vec![0.0, 2.0, 0.0], vec![0.1, 0.2, 0.0, 30.0, 4.0, 4.0, 1e-3], vec![1.0; 101]])
    {
        let table = AliasTable::new(&weights).unwrap();
        let mut s = stream(case);
        let draws: Vec<u32> = (0..DRAWS).map(|_| table.draw(&mut s) as u32).collect();
        assert!(draws.iter().all(|&i| weights[i as usize] > 0.0));
        let total: f64 = weights.iter().sum();
        assert_follows("alias", &draws, 0, weights.len() as u32 - 1, |i| weights[i as usize] / total);
    }
}

#[test]
fn an_alias_table_refuses_weights_without_a_law() {
    for weights in [&[][..], &[0.0, 0.0], &[1.0, -0.5], &[1.0, f64::NAN], &[f64::INFINITY], &[f64::MAX, f64::MAX]] {
        assert!(AliasTable::new(weights).is_none());
    }
}

#[test]
fn a_split_into_two_is_a_binomial() {
    let mut out = [0; 2];
    multinomial(500, &[0.25, 0.75], &mut out, &mut stream(540));
    assert_eq!(out[0], binomial(500, 0.25, &mut stream(540)));
}

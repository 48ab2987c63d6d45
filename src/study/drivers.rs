//! How much of a headline's variance each driver brings: chance, fertility, mortality, migration, housing, the inputs of
//! each service ... and what is left, adding to the whole.
//!
//! Chance comes exactly from pairs of replications on one path ([`crate::summary::variance_shares`]). The rest is an
//! analysis of variance by regression: means of pairs on the district values of the parameters, each in the headline's
//! year and as its mean up to that year, and their squares, as far as chance would give such a correlation only once in a
//! hundred. Drivers are independent of each other, so
//! that the variance of a driver's part of the fit is its share, less what fitting noise adds (its residual variance
//! times its terms over the paths; Searle, Casella, McCulloch 1992). The remainder is what drivers do together, what no
//! such curve follows, and lasting differences between areas. Standard errors are those of a jackknife over ten
//! blocks of paths (Efron 1982).

use crate::language::Text;

/// Share of one driver.
#[derive(Clone, Debug)]
pub struct DriverShare {
    /// The driver.
    pub driver: Text,
    /// Share of the whole variance, 0 to 1.
    pub share: f64,
    /// Standard error of the share.
    pub error: f64,
}

/// Paths for each term of the regression.
const PATHS_A_TERM: usize = 12;
/// Most terms.
const MOST_TERMS: usize = 40;
/// Squared correlation times paths that chance exceeds once in a hundred (chi-square with one degree of freedom).
const CHANCE: f64 = 6.63;
/// Blocks of the jackknife.
const BLOCKS: usize = 10;

/// A possible term of the regression: its driver and its values by path.
pub(super) struct Term {
    pub(super) driver: usize,
    pub(super) values: Vec<f64>,
}

/// Shares of chance, of each driver and of the remainder: in this order, adding to 1, each with its standard error. `None`
/// where nothing varies. `pairs` are the values of the two replications of each path.
pub(super) fn shares(pairs: &[[f64; 2]], candidates: Vec<Term>, drivers: usize) -> Option<Vec<(f64, f64)>> {
    let means: Vec<f64> = pairs.iter().map(|[a, b]| 0.5 * (a + b)).collect();
    let terms = choose(candidates, &means);
    let all = split(pairs, &terms, drivers, |_| true)?;
    let without = |block: usize| split(pairs, &terms, drivers, |path| path * BLOCKS / pairs.len() != block);
    let parts: Vec<Vec<f64>> = (0..BLOCKS).filter_map(without).collect();
    let count = parts.len() as f64;
    let errors = (0..all.len()).map(|i| {
        let mean = parts.iter().map(|p| p[i]).sum::<f64>() / count;
        let squares: f64 = parts.iter().map(|p| (p[i] - mean).powi(2)).sum();
        ((count - 1.0) / count * squares).sqrt()
    });
    Some(all.iter().copied().zip(errors).collect())
}

/// The terms and their squares that are most correlated with the headline, standardised.
fn choose(candidates: Vec<Term>, means: &[f64]) -> Vec<Term> {
    let n = means.len() as f64;
    let Some(target) = standard(means) else { return Vec::new() };
    let mut ranked: Vec<(f64, Term)> = Vec::new();
    for Term { driver, values } in candidates {
        let Some(values) = standard(&values) else { continue };
        let squares = standard(&values.iter().map(|v| v * v).collect::<Vec<_>>());
        for values in squares.into_iter().chain([values]) {
            let correlation = dot(&target, &values) / n;
            ranked.push((correlation * correlation * n, Term { driver, values }));
        }
    }
    ranked.retain(|(strength, _)| *strength > CHANCE);
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate((means.len() / PATHS_A_TERM).clamp(1, MOST_TERMS));
    ranked.into_iter().map(|(_, term)| term).collect()
}

/// Values less their mean, over their standard deviation; `None` where they do not vary.
fn standard(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
    (sd > 1e-12 * mean.abs().max(1e-300)).then(|| values.iter().map(|v| (v - mean) / sd).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The shares over the paths that `keep` keeps.
fn split(pairs: &[[f64; 2]], terms: &[Term], drivers: usize, keep: impl Fn(usize) -> bool) -> Option<Vec<f64>> {
    let paths: Vec<usize> = (0..pairs.len()).filter(|path| keep(*path)).collect();
    let (n, p) = (paths.len() as f64, terms.len());
    let y: Vec<f64> = paths.iter().map(|&path| 0.5 * (pairs[path][0] + pairs[path][1])).collect();
    let within = paths.iter().map(|&path| 0.5 * (pairs[path][0] - pairs[path][1]).powi(2)).sum::<f64>() / n;
    let mean = y.iter().sum::<f64>() / n;
    let total = y.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let parameters = (total - 0.5 * within).max(0.0);
    let whole = within + parameters;
    if whole <= 0.0 || n <= p as f64 + 2.0 {
        return None;
    }
    let x: Vec<Vec<f64>> = terms
        .iter()
        .map(|term| {
            let mean = paths.iter().map(|&path| term.values[path]).sum::<f64>() / n;
            paths.iter().map(|&path| term.values[path] - mean).collect()
        })
        .collect();
    let y: Vec<f64> = y.iter().map(|v| v - mean).collect();
    let products: Vec<Vec<f64>> = x.iter().map(|a| x.iter().map(|b| dot(a, b) / n).collect()).collect();
    let beta = solve(products.clone(), x.iter().map(|a| dot(a, &y) / n).collect());
    let fitted: f64 = (0..p).map(|i| beta[i] * dot(&products[i], &beta)).sum();
    let residual = (total * (n - 1.0) / n - fitted).max(0.0) * n / (n - p as f64 - 1.0);
    let mut shares = vec![0.0; drivers + 2];
    for (driver, share) in shares[1..=drivers].iter_mut().enumerate() {
        let own: Vec<usize> = (0..p).filter(|&i| terms[i].driver == driver).collect();
        let variance: f64 = own
            .iter()
            .flat_map(|&i| own.iter().map(move |&j| (i, j)))
            .map(|(i, j)| beta[i] * beta[j] * products[i][j])
            .sum();
        *share = (variance - residual * own.len() as f64 / n).max(0.0) / whole;
    }
    shares[0] = within / whole;
    // Chance correlations of drivers can make the parts a little more than the whole they share.
    let explained: f64 = shares[1..=drivers].iter().sum();
    let parameters = parameters / whole;
    if explained > parameters {
        shares[1..=drivers].iter_mut().for_each(|share| *share *= parameters / explained);
    }
    shares[drivers + 1] = (parameters - shares[1..=drivers].iter().sum::<f64>()).max(0.0);
    Some(shares)
}

/// The solution of symmetric equations, by elimination down the diagonal (Cholesky without roots). A row that depends on
/// those before it gets the coefficient 0.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    const DEPENDENT: f64 = 1e-6;
    let n = b.len();
    let mut used = vec![true; n];
    for pivot in 0..n {
        if a[pivot][pivot] < DEPENDENT {
            used[pivot] = false;
            continue;
        }
        for row in pivot + 1..n {
            let factor = a[row][pivot] / a[pivot][pivot];
            if factor != 0.0 {
                let (above, below) = a.split_at_mut(row);
                below[0][pivot..].iter_mut().zip(&above[pivot][pivot..]).for_each(|(x, y)| *x -= factor * y);
                b[row] -= factor * b[pivot];
            }
        }
    }
    let mut solution = vec![0.0; n];
    for row in (0..n).rev().filter(|&row| used[row]) {
        let known = dot(&a[row][row + 1..], &solution[row + 1..]);
        solution[row] = (b[row] - known) / a[row][row];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey, normal_quantile};

    /// Known shares: y = 2 a + (b^2 - 1) / sqrt 2 x 1.5 + c d + chance of sd 1.5, with a, b, c, d and chance independent
    /// normals: variances 4, 2.25, 1 and 2.25 of 9.5.
    #[test]
    fn known_shares_are_found_and_add_to_one() {
        const PATHS: usize = 600;
        let normal = |path: usize, of: u32| {
            normal_quantile(RngSource::new(9, path as u32).cell(StreamKey::named("test"), 0, of).uniform())
        };
        let pairs: Vec<[f64; 2]> = (0..PATHS)
            .map(|path| {
                let [a, b, c, d] = [0, 1, 2, 3].map(|of| normal(path, of));
                let known = 2.0 * a + 1.5 * (b * b - 1.0) / 2.0_f64.sqrt() + c * d;
                [known + 1.5 * normal(path, 4), known + 1.5 * normal(path, 5)]
            })
            .collect();
        // Drivers: a with a copy of itself, b, c and d, and twenty that do nothing.
        let term = |driver: usize, of: u32| Term { driver, values: (0..PATHS).map(|path| normal(path, of)).collect() };
        let mut terms = vec![term(0, 0), term(0, 0), term(1, 1), term(2, 2), term(2, 3)];
        terms.extend((10..30).map(|of| term(3, of)));
        let found = shares(&pairs, terms, 4).unwrap();
        let sum: f64 = found.iter().map(|s| s.0).sum();
        assert!((sum - 1.0).abs() < 1e-12, "the shares add to {sum}");
        for ((share, error), exact) in found.iter().zip([2.25, 4.0, 2.25, 0.0, 0.0, 1.0]) {
            let exact = exact / 9.5;
            assert!((share - exact).abs() < 4.0 * error + 0.02, "{share} (error {error}) for {exact}");
            assert!(*error < 0.08, "standard error {error}");
        }
    }

    #[test]
    fn nothing_that_varies_has_no_shares() {
        assert!(shares(&[[3.0, 3.0]; 40], Vec::new(), 0).is_none());
    }
}

//! Small matrices of the living levels: product, exponential, inverse, square root and principal logarithm.

use super::levels::LEVELS;

/// Living levels before (rows) and after (columns).
pub(crate) type Matrix = [[f64; LEVELS]; LEVELS];

/// Largest difference between what a logarithm gives back and what it was taken of.
const GIVES_BACK: f64 = 1e-9;

fn identity() -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))))
}

/// The product of two matrices.
pub(crate) fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..LEVELS).map(|k| a[i][k] * b[k][j]).sum()))
}

fn combine(a: &Matrix, b: &Matrix, of: impl Fn(f64, f64) -> f64) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| of(a[i][j], b[i][j])))
}

/// Largest difference between two cells.
pub(crate) fn distance(a: &Matrix, b: &Matrix) -> f64 {
    combine(a, b, |x, y| (x - y).abs()).into_iter().flatten().fold(0.0, f64::max)
}

/// Matrix exponential by scaling, a Taylor series of 12 terms, and squaring (Moler and Van Loan 2003, method 3).
pub(crate) fn exponential(q: &Matrix) -> Matrix {
    let size = q.iter().map(|row| row.iter().map(|v| v.abs()).sum::<f64>()).fold(0.0, f64::max);
    let mut halvings = 0;
    while size / f64::from(1_u32 << halvings) > 0.5 && halvings < 30 {
        halvings += 1;
    }
    let step = q.map(|row| row.map(|v| v / f64::from(1_u32 << halvings)));
    let (mut sum, mut term) = (identity(), identity());
    for n in 1..=12 {
        term = product(&term, &step).map(|row| row.map(|v| v / f64::from(n)));
        sum = combine(&sum, &term, |a, b| a + b);
    }
    for _ in 0..halvings {
        sum = product(&sum, &sum);
    }
    sum
}

/// The inverse by Gauss and Jordan with the largest pivot of each column; `None` where a matrix has none.
fn inverse(a: &Matrix) -> Option<Matrix> {
    let (mut left, mut right) = (*a, identity());
    for column in 0..LEVELS {
        let best = (column..LEVELS).max_by(|&i, &j| left[i][column].abs().total_cmp(&left[j][column].abs()))?;
        left.swap(column, best);
        right.swap(column, best);
        let pivot = left[column][column];
        if pivot.is_nan() || pivot.abs() < 1e-200 {
            return None;
        }
        for j in 0..LEVELS {
            left[column][j] /= pivot;
            right[column][j] /= pivot;
        }
        for row in (0..LEVELS).filter(|row| *row != column) {
            let factor = left[row][column];
            for j in 0..LEVELS {
                left[row][j] -= factor * left[column][j];
                right[row][j] -= factor * right[column][j];
            }
        }
    }
    Some(right)
}

/// The principal square root (Denman and Beavers 1976); `None` where an eigenvalue is 0 or negative.
fn square_root(a: &Matrix) -> Option<Matrix> {
    let (mut y, mut z) = (*a, identity());
    for _ in 0..60 {
        let (of_z, of_y) = (inverse(&z)?, inverse(&y)?);
        let next = combine(&y, &of_z, |p, q| 0.5 * (p + q));
        z = combine(&z, &of_y, |p, q| 0.5 * (p + q));
        let moved = distance(&next, &y);
        y = next;
        if moved < 1e-14 {
            return Some(y);
        }
    }
    (distance(&product(&y, &y), a) < 1e-11).then_some(y)
}

/// The principal logarithm by inverse scaling and squaring: square roots until the matrix is near one, then the series of
/// `2 artanh` (Kenney and Laub 1989). `None` where no real one exists.
pub(crate) fn logarithm(p: &Matrix) -> Option<Matrix> {
    let mut root = *p;
    let mut doublings = 0;
    while distance(&root, &identity()) > 0.05 {
        if doublings == 40 {
            return None;
        }
        root = square_root(&root)?;
        doublings += 1;
    }
    let off = combine(&root, &identity(), |a, b| a - b);
    let z = product(&off, &inverse(&combine(&root, &identity(), |a, b| a + b))?);
    let squared = product(&z, &z);
    let (mut sum, mut power) = (z, z);
    for odd in (3..=17).step_by(2) {
        power = product(&power, &squared);
        sum = combine(&sum, &power, |a, b| a + b / f64::from(odd));
    }
    let scale = 2.0 * libm::exp2(f64::from(doublings));
    let log = sum.map(|row| row.map(|v| v * scale));
    (distance(&exponential(&log), p) < GIVES_BACK).then_some(log)
}

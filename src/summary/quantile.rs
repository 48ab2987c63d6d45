//! Quantiles of sorted values, interpolated between order statistics (Hyndman and Fan 1996, type 7).

/// The quantile at `p` of sorted values (type 7).
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

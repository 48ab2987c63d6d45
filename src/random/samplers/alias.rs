//! Drawing one of many classes in constant time.

use crate::random::Stream;

/// A discrete law with constant-time draws (Walker 1977; set-up by Vose 1991).
#[derive(Clone, Debug)]
pub struct AliasTable {
    /// Chance of staying in the column, as a 32-bit fraction, and the alias.
    columns: Vec<(u32, u32)>,
}

impl AliasTable {
    /// The law with these weights; `None` when there are none, some are negative or not finite, or all are 0.
    pub fn new(weights: &[f64]) -> Option<Self> {
        let total: f64 = weights.iter().sum();
        if weights.iter().any(|w| *w < 0.0) || !total.is_finite() || total <= 0.0 {
            return None;
        }
        let n = weights.len();
        let mut scaled: Vec<f64> = weights.iter().map(|w| w * n as f64 / total).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| scaled[i] < 1.0);
        let mut columns: Vec<(u32, u32)> = (0..n).map(|i| (u32::MAX, i as u32)).collect();
        while let (Some(&s), Some(&l)) = (small.last(), large.last()) {
            small.pop();
            columns[s] = ((scaled[s] * f64::from(u32::MAX)) as u32, l as u32);
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        Some(Self { columns })
    }

    /// One class. Draws: 64 bits; exact to 2^-32.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> usize {
        let bits = stream.bits();
        let at = (((bits >> 32) * self.columns.len() as u64) >> 32) as usize;
        let (stay, alias) = self.columns[at];
        if (bits as u32) <= stay { at } else { alias as usize }
    }
}

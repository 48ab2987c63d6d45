//! Choosing one of several by a single random word, and keeping what is left of the word.
//!
//! Walker's alias method (1977; set-up by Vose 1991): a word picks a column and a side of it. Its place within that side
//! is again uniform and independent of the choice, so it can serve for something else, such as the moment of the day.
//! The choice is exact to 2^-32.

const WORDS: f64 = 4_294_967_296.0;

/// A discrete law whose weights are set again from year to year without new memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct AliasDraw {
    columns: Vec<Column>,
    /// Scratch of the set-up.
    scaled: Vec<f64>,
    order: Vec<u16>,
}

/// A column, whose sides stand in rows: which side a word falls on is a coin's throw, which no processor foresees, so it
/// is looked up and not branched on.
#[derive(Clone, Copy, Debug)]
struct Column {
    /// Where the lower side ends.
    edge: u32,
    /// What the lower and the upper side choose.
    chosen: [u16; 2],
    /// One over the width of each.
    per_width: [f64; 2],
}

impl Column {
    /// A column that is `below` for the part `p` of it, and `above` for the rest.
    fn new(p: f64, below: usize, above: usize) -> Self {
        let edge = (p * WORDS) as u32;
        let (low, high) = (f64::from(edge), WORDS - f64::from(edge));
        Self { edge, chosen: [below as u16, above as u16], per_width: [1.0 / low, 1.0 / high] }
    }
}

impl AliasDraw {
    /// Sets the weights (none negative); if all are 0, any choice is as likely.
    pub(crate) fn set(&mut self, weights: impl Iterator<Item = f64>) {
        self.scaled.clear();
        self.scaled.extend(weights);
        let (n, total) = (self.scaled.len(), self.scaled.iter().sum::<f64>());
        let scale = if total > 0.0 { n as f64 / total } else { 0.0 };
        self.scaled.iter_mut().for_each(|weight| *weight = if scale > 0.0 { *weight * scale } else { 1.0 });
        self.order.resize(n, 0);
        self.columns.clear();
        self.columns.extend((0..n).map(|i| Column::new(1.0, i, i)));
        // Those below the mean stand at the front, the others at the back.
        let (mut small, mut large) = (0, n);
        for i in 0..n {
            if self.scaled[i] < 1.0 {
                self.order[small] = i as u16;
                small += 1;
            } else {
                large -= 1;
                self.order[large] = i as u16;
            }
        }
        while small > 0 && large < n {
            small -= 1;
            let (less, more) = (usize::from(self.order[small]), usize::from(self.order[large]));
            self.columns[less] = Column::new(self.scaled[less], less, more);
            self.scaled[more] -= 1.0 - self.scaled[less];
            if self.scaled[more] < 1.0 {
                large += 1;
                self.order[small] = more as u16;
                small += 1;
            }
        }
    }

    /// What a word chooses, and a uniform number in (0, 1) that does not depend on it.
    #[inline]
    pub(crate) fn draw(&self, word: u32) -> (usize, f64) {
        let wide = u64::from(word) * self.columns.len() as u64;
        let (column, within) = (&self.columns[(wide >> 32) as usize], wide as u32);
        let side = usize::from(within >= column.edge);
        let start = column.edge * side as u32;
        (usize::from(column.chosen[side]), (f64::from(within - start) + 0.5) * column.per_width[side])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word of an even grid, so that shares are the law's own, and the rest of the word is uniform.
    #[test]
    fn shares_are_the_weights_and_the_rest_of_the_word_is_uniform() {
        let weights = [3.0, 0.0, 1.5, 0.25, 5.25];
        let mut choice = AliasDraw::default();
        choice.set(weights.iter().copied());
        let n = 1_u32 << 20;
        let (mut counts, mut halves) = ([0.0; 5], [0.0; 5]);
        for k in 0..n {
            let (at, part) = choice.draw(k << 12 | 0x7ff);
            counts[at] += 1.0 / f64::from(n);
            halves[at] += f64::from(u32::from(part < 0.5)) / f64::from(n);
            assert!(part > 0.0 && part < 1.0);
        }
        for ((count, half), weight) in counts.iter().zip(halves).zip(weights) {
            assert!((count - weight / 10.0).abs() < 2e-5 && (half - weight / 20.0).abs() < 2e-5, "{counts:?}");
        }
    }

    #[test]
    fn weights_may_be_set_again() {
        let mut choice = AliasDraw::default();
        choice.set([1.0; 7].into_iter());
        choice.set([0.0, 2.0].into_iter());
        assert!((0..100_u32).all(|k| choice.draw(k << 25).0 == 1));
    }
}

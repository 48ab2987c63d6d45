//! Life tables: from death rates to the share of each birth cohort that is alive a year later.
//!
//! ```text
//! q(x) = m(x) / (1 + (1 - a(x)) m(x)),  l(x+1) = l(x) (1 - q(x)),  L(x) = l(x+1) + a(x) (l(x) - l(x+1))
//! alive a year later:  aged x      L(x+1) / L(x)
//!                      last two    T(w) / T(w-1)      (the group before the open one, and the open one)
//!                      newborns    L(0) / l(0)
//! ```
//!
//! The ratios are those of people *aged x last birthday*, not q(x), which belongs to people on their birthday
//! (Preston, Heuveline, Guillot 2001, chapters 3 and 6). a(0) follows Andreev and Kingkade 2015; a(x) is 0.5 elsewhere.

use crate::population::view::{AGES, MALE, SLOTS};

/// Survivors l(x) of one newborn at each birthday and person-years L(x); the last L is T(100).
#[derive(Clone, Debug)]
pub struct LifeTable {
    /// Survivors at exact age x.
    pub survivors: [f64; AGES],
    /// Person-years lived between x and x + 1; beyond 100 in the last.
    pub lived: [f64; AGES],
}

impl LifeTable {
    /// The table of death rates per person-year by single age, the last for 100 and over.
    pub fn new(rates: &[f64; AGES], sex: usize) -> Self {
        let mut table = Self { survivors: [0.0; AGES], lived: [0.0; AGES] };
        let mut alive = 1.0;
        for (age, rate) in rates[..AGES - 1].iter().enumerate() {
            let rate = rate.max(0.0);
            let a = if age == 0 { infant_share(rate, sex) } else { 0.5 };
            let dying = (rate / (1.0 + (1.0 - a) * rate)).min(1.0) * alive;
            table.survivors[age] = alive;
            table.lived[age] = alive - (1.0 - a) * dying;
            alive -= dying;
        }
        table.survivors[AGES - 1] = alive;
        // Nobody lives for ever, even in a table without deaths: a rate of 0 counts as one death in ten thousand years.
        table.lived[AGES - 1] = alive / rates[AGES - 1].max(1e-4);
        table
    }

    /// Life expectancy at birth in years.
    pub fn expectancy(&self) -> f64 {
        self.lived.iter().sum()
    }

    /// Share alive a year later, by [`SLOTS`].
    pub fn survival(&self) -> [f64; SLOTS] {
        let mut out = [0.0; SLOTS];
        survival_ratios(&self.lived, 1.0, &mut out);
        out
    }
}

/// Share alive one age step later: newborns of the step first, then each group; `lived` ends with the open group's T,
/// `born` is the number of births that the table's person-years of one step belong to (step x radix).
pub fn survival_ratios(lived: &[f64], born: f64, out: &mut [f64]) {
    let groups = lived.len();
    debug_assert!(groups >= 2 && out.len() == groups + 1);
    let ratio = |above: f64, below: f64| if below > 0.0 { (above / below).clamp(0.0, 1.0) } else { 0.0 };
    out[0] = ratio(lived[0], born);
    for group in 0..groups - 2 {
        out[group + 1] = ratio(lived[group + 1], lived[group]);
    }
    let open = ratio(lived[groups - 1], lived[groups - 2] + lived[groups - 1]);
    out[groups - 1] = open;
    out[groups] = open;
}

/// Mean part of the first year lived by those who die in it (Andreev and Kingkade 2015).
fn infant_share(rate: f64, sex: usize) -> f64 {
    let (low, high, falling, rising, flat) = if sex == MALE {
        (0.023, 0.083_07, (0.149_29, -1.995_45), (0.028_32, 3.260_21), 0.299_15)
    } else {
        (0.017_24, 0.068_91, (0.149_03, -2.055_27), (0.046_67, 3.880_89), 0.314_11)
    };
    match rate {
        m if m < low => falling.0 + falling.1 * m,
        m if m < high => rising.0 + rising.1 * m,
        _ => flat,
    }
}

//! How many of those enrolled come on a day: the binomial law as a table, searched on each of many days.

/// The law of how many enrolled people come on a day, as a table to be searched on each of many days. The same uniform
/// gives no fewer people when more are enrolled, so that plans stay paired.
#[derive(Clone, Debug)]
pub(crate) struct Attendance {
    /// Cumulative probabilities of 0, 1, ... people.
    cumulative: Vec<f64>,
    /// Where the search begins for each part of (0, 1).
    from: [u16; PARTS],
}

/// Parts of (0, 1) with a place of their own in a law of attendance.
const PARTS: usize = 128;

impl Default for Attendance {
    fn default() -> Self {
        Self { cumulative: Vec::new(), from: [0; PARTS] }
    }
}

impl Attendance {
    /// Sets the law of `enrolled` people who each come with `probability`.
    pub(crate) fn set(&mut self, enrolled: u32, probability: f64) {
        let law = &mut self.cumulative;
        law.clear();
        law.resize(enrolled as usize + 1, 0.0);
        let mode = (f64::from(enrolled + 1) * probability).min(f64::from(enrolled)) as usize;
        law[mode] = 1.0;
        let odds = probability / (1.0 - probability).max(1e-300);
        for k in mode + 1..law.len() {
            law[k] = law[k - 1] * (f64::from(enrolled) - k as f64 + 1.0) / k as f64 * odds;
        }
        for k in (0..mode).rev() {
            law[k] = law[k + 1] * (k as f64 + 1.0) / (f64::from(enrolled) - k as f64) / odds;
        }
        let all: f64 = law.iter().sum();
        let mut sum = 0.0;
        for mass in law.iter_mut() {
            sum += *mass / all;
            *mass = sum;
        }
        let mut at = 0;
        for (part, from) in self.from.iter_mut().enumerate() {
            while at + 1 < law.len() && law[at] < part as f64 / PARTS as f64 {
                at += 1;
            }
            *from = at.min(usize::from(u16::MAX)) as u16;
        }
    }

    /// The number of people for the uniform number `u`: the first whose cumulative probability reaches it.
    #[inline]
    pub(crate) fn draw(&self, u: f64) -> u32 {
        let mut at = usize::from(self.from[(u * PARTS as f64) as usize & (PARTS - 1)]);
        while at + 1 < self.cumulative.len() && self.cumulative[at] < u {
            at += 1;
        }
        at as u32
    }
}

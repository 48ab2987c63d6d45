//! What one service tells another, read one year late so that the order of services never changes a law.

/// Signals of the last year, by area.
#[derive(Clone, Debug, Default)]
pub struct Handover {
    /// People discharged from hospital last year who needed a long-stay place, by area; empty when no service tells.
    pub step_down: Vec<u32>,
    /// The same, of this year, being written.
    pub step_down_next: Vec<u32>,
}

impl Handover {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.step_down.clear();
        self.step_down_next.clear();
    }

    /// Makes this year's signals last year's.
    pub fn turn(&mut self) {
        std::mem::swap(&mut self.step_down, &mut self.step_down_next);
        self.step_down_next.clear();
    }
}

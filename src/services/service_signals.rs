//! What one service tells another, read one year late so that the order of services never changes a law.
//!
//! Hospitals write how many of those they discharged need a long-stay place; elderly care puts them on its lists a year
//! later and writes how long such people waited; hospitals read that a year later again and keep their beds for as long.

/// Signals of the last year, by area, and those of this year, being written. A list is empty when no service tells.
#[derive(Clone, Debug, Default)]
pub struct ServiceSignals {
    /// Residents discharged from hospital last year who need a long-stay place, by area. Written by health.
    pub step_down: Vec<u32>,
    /// The same, of this year.
    pub step_down_next: Vec<u32>,
    /// Mean days that people from hospital waited last year for a long-stay place, by area; 0 where nobody waited. Written
    /// by elderly care.
    pub step_down_wait_days: Vec<f64>,
    /// The same, of this year.
    pub step_down_wait_days_next: Vec<f64>,
}

impl ServiceSignals {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.step_down.clear();
        self.step_down_next.clear();
        self.step_down_wait_days.clear();
        self.step_down_wait_days_next.clear();
    }

    /// Makes this year's signals last year's.
    pub fn turn(&mut self) {
        std::mem::swap(&mut self.step_down, &mut self.step_down_next);
        self.step_down_next.clear();
        std::mem::swap(&mut self.step_down_wait_days, &mut self.step_down_wait_days_next);
        self.step_down_wait_days_next.clear();
    }
}

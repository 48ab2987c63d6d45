//! Delays of whole years, drawn from the probabilities of being 0, 1, 2, ... years late.

/// How many years late a uniform number says, by the probabilities of 0, 1, 2, ... years.
pub(crate) fn years_late(probabilities: &[f64], u: f64) -> i32 {
    let mut cumulated = 0.0;
    for (years, probability) in probabilities.iter().enumerate() {
        cumulated += probability;
        if u <= cumulated {
            return years as i32;
        }
    }
    probabilities.len() as i32 - 1
}

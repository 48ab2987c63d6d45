//! What the fits of the services have in common: shocks of a ratio over years and areas, and an uncertain number as a scenario
//! writes it.
//!
//! Each service fits its own inputs on its own data (`services/*/calibration`). Unit: natural logarithms.

/// Smallest standard deviation worth writing.
pub(crate) const SMALLEST: f64 = 5e-5;

/// Standard deviations of logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shocks {
    /// Of an area, lasting.
    pub area_lasting: f64,
    /// Of an area, each year's step.
    pub area_walk: f64,
    /// Common to all areas, lasting.
    pub common_lasting: f64,
    /// Common to all areas, each year's step.
    pub common_walk: f64,
}

impl Shocks {
    /// Variance of an area's sum of shocks, for its factor and these weights of the j-th year's shock.
    pub(crate) fn variance(self, factor: f64, weights: &[f64]) -> f64 {
        let lasting: f64 = weights.iter().sum();
        let walked: f64 = (1..weights.len()).map(|from| weights[from..].iter().sum::<f64>().powi(2)).sum();
        let squared = factor * factor;
        (self.area_lasting.powi(2) * squared + self.common_lasting.powi(2)) * lasting * lasting
            + (self.area_walk.powi(2) * squared + self.common_walk.powi(2)) * walked
    }
}

/// A source as it can stand between quotes of TOML.
pub(crate) fn quotable(source: &str) -> String {
    source.replace(['"', '\\'], "'")
}

/// One uncertain number in TOML.
pub(crate) fn uncertain(key: &str, level: f64, shocks: Shocks, areas: usize, source: &str) -> String {
    let mut text = format!("{key} = {{ value = {:.5}", libm::exp(level));
    let several = if areas > 1 { 1.0 } else { 0.0 };
    let parts = [
        ("sd", shocks.common_lasting),
        ("random_walk_sd", shocks.common_walk),
        ("between_areas_sd", shocks.area_lasting * several),
        ("areas_random_walk_sd", shocks.area_walk * several),
    ];
    let given: Vec<_> = parts.into_iter().filter(|(_, sd)| *sd >= SMALLEST).collect();
    if !given.is_empty() {
        text.push_str(", scale = \"log\"");
    }
    for (name, sd) in given {
        text.push_str(&format!(", {name} = {sd:.4}"));
    }
    text.push_str(&format!(", source = \"{source}\", status = \"derived\" }}\n"));
    text
}

//! Blips: years in which all grades of an area together did what they never did before and will hardly do again, such as
//! a flood, a strike, or a count by other rules. A level that took them at their word would carry them on for years.
//!
//! Robust exponential smoothing by cleaning beforehand (Gelper, Fried and Croux 2010): a year's surprise, the logarithm of
//! pupils of all grades of progression together over those that levels of the years before say, counts up to `BOUND`
//! standard deviations of the area's surprises so far; what it has beyond is a blip, and is taken off the ratios of all its
//! grades. All grades together, since a blip is common to them while chance is not; an area's own past, since some areas are
//! restless. What goes on is no blip: from the third year beyond the bound in the same direction, surprises count in full.
//!
//! Shape: `area x year`, logarithms; nought where there is none.

use crate::services::education::enrolment::Enrolment;

use super::area_scale::MEAN_SIZE;
use super::forecast::ExponentialSmoother;
use super::ratios::{Ratios, by_chance};
use super::requirements::SHORTEST_HISTORY;

/// Standard deviations up to which a surprise counts (Gelper, Fried and Croux 2010).
const BOUND: f64 = 2.0;

/// Weight of a year for each weight of the year after it, in the levels that say what is a surprise.
const MEMORY: f64 = 0.6;

/// Years in a row beyond the bound, to the same side, from which on they are no blip.
const LASTS: i32 = 3;

/// Fewest surprises, of all areas together, by which one is judged.
const FEWEST: f64 = 4.0;

/// Blips of a table, `area x year`.
pub(crate) fn blips(table: &Enrolment, ratios: &Ratios) -> Vec<f64> {
    let mut areas: Vec<Area> = vec![Area::new(ratios.grades()); ratios.areas];
    let mut found = vec![0.0; ratios.areas * ratios.years];
    for year in 0..ratios.years {
        let (sum, number) = areas.iter().fold((0.0, 0.0), |all, area| (all.0 + area.sizes, all.1 + area.number));
        for (at, area) in areas.iter_mut().enumerate() {
            let surprise = area.surprise(table, ratios, at, year);
            let blip = surprise.map_or(0.0, |surprise| {
                let least = if number < FEWEST { f64::INFINITY } else { surprise.least };
                area.blip(surprise.size, area.bound(sum / number).max(least))
            });
            area.learn(ratios, at, year, blip);
            found[at * ratios.years + year] = blip;
        }
    }
    found
}

fn progression(ratios: &Ratios) -> impl Iterator<Item = usize> {
    (0..ratios.grades()).filter(|grade| !ratios.is_entry(*grade))
}

/// What is known of an area so far: levels of its grades, and sizes of its surprises.
#[derive(Clone, Debug)]
struct Area {
    levels: Vec<ExponentialSmoother>,
    sizes: f64,
    number: f64,
    /// Years in a row up to now beyond the bound; below nought where under it.
    beyond: i32,
}

/// A surprise, and the least bound on it: chance alone, or one pupil.
struct Surprise {
    size: f64,
    least: f64,
}

impl Area {
    fn new(grades: usize) -> Self {
        Self { levels: vec![ExponentialSmoother::default(); grades], sizes: 0.0, number: 0.0, beyond: 0 }
    }

    /// Surprise of a year, in the grades that can be compared; `None` where there are none.
    fn surprise(&self, table: &Enrolment, ratios: &Ratios, area: usize, year: usize) -> Option<Surprise> {
        let calendar = table.first_year + year as i32;
        let (mut came, mut said, mut chance) = (0.0, 0.0, 1.0);
        for grade in progression(ratios) {
            let ratio = libm::exp(self.levels[grade].mean());
            let before = ratios.before(table, area, calendar, grade);
            let pupils = table.pupils(area, calendar, grade);
            if !ratio.is_nan() && !pupils.is_nan() && !before.is_nan() {
                came += pupils;
                said += before * ratio;
                chance += before * ratio * by_chance(ratio);
            }
        }
        let least = BOUND * libm::sqrt(chance) / said;
        (came > 0.0 && said > 0.0).then(|| Surprise { size: libm::log(came / said), least })
    }

    /// Bound on its surprises. Few of its own say little: the mean size of all areas counts as some more of them.
    fn bound(&self, mean_size: f64) -> f64 {
        let prior = SHORTEST_HISTORY as f64;
        BOUND * (self.sizes + prior * mean_size) / (self.number + prior) / MEAN_SIZE
    }

    /// What a surprise has beyond its bound, unless it goes on.
    fn blip(&mut self, surprise: f64, bound: f64) -> f64 {
        let counts = surprise.clamp(-bound, bound);
        let blip = surprise - counts;
        let side = if blip > 0.0 { 1 } else { -i32::from(blip < 0.0) };
        self.beyond = if side == self.beyond.signum() { self.beyond + side } else { side };
        self.sizes += counts.abs();
        self.number += 1.0;
        if self.beyond.abs() < LASTS { blip } else { 0.0 }
    }

    fn learn(&mut self, ratios: &Ratios, area: usize, year: usize, blip: f64) {
        for grade in progression(ratios) {
            self.levels[grade].add(MEMORY, ratios.log(area, year, grade) - blip);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_bound_is_a_blip_until_it_goes_on_for_a_third_year() {
        let mut area = Area::new(1);
        let blips: Vec<f64> =
            [0.125, 0.125, 0.125, 0.125, 0.0, 0.125, -0.125, 0.01].map(|surprise| area.blip(surprise, 0.0625)).to_vec();
        assert_eq!(blips, [0.0625, 0.0625, 0.0, 0.0, 0.0, 0.0625, -0.0625, 0.0]);
        // Sizes that count are bounded, so that a blip hardly widens the bound on the next.
        assert!((area.sizes - (6.0 * 0.0625 + 0.01)).abs() < 1e-12);
    }

    #[test]
    fn few_surprises_of_its_own_are_judged_by_those_of_all_areas() {
        let bound = |own: f64, number: f64| Area { sizes: own * number, number, ..Area::new(1) }.bound(0.01);
        // The mean size of a normal number is sqrt(2 / pi) of its deviation.
        assert!((bound(0.03, 0.0) - 2.0 * 0.01 / MEAN_SIZE).abs() < 1e-12);
        assert!((bound(0.03, 1e9) - 2.0 * 0.03 / MEAN_SIZE).abs() < 1e-9);
    }
}

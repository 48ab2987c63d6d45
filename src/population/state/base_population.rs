//! The people of the table, from whom every replication begins.
//!
//! The table is split into single ages when it is read. A path may doubt how the district divides into areas: each area
//! gets lognormal factors for all its people and for its children (0-14) and old people (60+), and every district total
//! by sex and single age is divided anew in these proportions, so that district totals stay exact.

use super::area_names::AreaNames;
use crate::population::view::{AGES, People, SEXES};
use crate::random::{RngSource, StreamKey, normal_quantile};

const SMALL_AREAS: StreamKey = StreamKey::named("people.split");

/// First age of the old, and one past the last of the children, in the uncertainty of small areas.
const CHILDREN_TO: usize = 15;
const OLD_FROM: usize = 60;

/// Who is there on the day of the table.
#[derive(Clone, Debug)]
pub struct BasePopulation {
    /// People of the table by area, sex and single age.
    pub people: People,
    /// Years from the day of the table to the first 1 January, 0 to below 1.
    pub years_before_start: f64,
    /// Standard deviation of the logarithm of an area's share of the district.
    pub areas_sd: f64,
    /// The same for its children and for its old people beyond that.
    pub ages_sd: f64,
}

impl BasePopulation {
    /// Whether paths differ in how the district divides into areas.
    pub(crate) fn is_uncertain(&self) -> bool {
        self.areas_sd > 0.0 || self.ages_sd > 0.0
    }

    /// Divides every district total by sex and age among the areas in the uncertain proportions of a path.
    pub(crate) fn divide_among_areas(&self, path: &RngSource, areas: &AreaNames, out: &mut People) {
        let factor = |area: usize, age: usize| {
            let normal = |part: u32| normal_quantile(path.cell(SMALL_AREAS.with(areas.keys[area]), part, 0).uniform());
            let tilt = match age {
                0..CHILDREN_TO => self.ages_sd * normal(1),
                OLD_FROM.. => self.ages_sd * normal(2),
                _ => 0.0,
            };
            libm::exp(self.areas_sd * normal(0) + tilt)
        };
        let bands = [0, CHILDREN_TO, OLD_FROM];
        let factors: Vec<[f64; 3]> = (0..areas.keys.len()).map(|area| bands.map(|age| factor(area, age))).collect();
        for sex in 0..SEXES {
            for age in 0..AGES {
                let band = usize::from(age >= CHILDREN_TO) + usize::from(age >= OLD_FROM);
                let count = |area: usize| f64::from(self.people.at(area, sex, age));
                let total: f64 = areas.by_name.iter().copied().map(count).sum();
                let weight: f64 = areas.by_name.iter().map(|&area| count(area) * factors[area][band]).sum();
                // Rounding the running total keeps the sum exact, and the table itself where nothing is uncertain.
                let (mut sum, mut given) = (0.0, 0);
                for &area in &areas.by_name {
                    sum += count(area) * factors[area][band];
                    let upto = if weight > 0.0 { libm::round(total * sum / weight) as u32 } else { 0 };
                    out.counts[People::cell(area, sex, age)] = upto - given;
                    given = upto;
                }
            }
        }
    }
}

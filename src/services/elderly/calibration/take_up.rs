//! Take-up of elderly care from places in use: the factor at which expected use equals observed use.
//!
//! `expected` is the use that the people of a scenario would make at take-up 1, the mean over its paths, by area and year.
//! The factor is the ratio of observed (in use and waiting) to expected, summed over everything counted. Its lasting spread is
//! the counting error of the figures (Poisson: 1 over the root of the people counted); the spread between areas and the
//! yearly steps are what differences between areas and years show beyond counting error (method of moments), where there are
//! enough of either. Need and use per need cannot be told apart by such figures: only their product is observed.

use super::occupancy::Figure;
use crate::calibration::{Shocks, quotable, uncertain};
use crate::services::elderly::care::Care;

/// Fewest areas (and years) whose differences are estimated.
const FEWEST: usize = 3;

/// Part of the places in use from which a service without a list counts as full.
const FULL: f64 = 0.97;

/// What one service's figures say.
#[derive(Clone, Debug)]
pub struct FittedTakeUp {
    /// The service.
    pub care: Care,
    /// People counted: in use and waiting, all years.
    pub observed: f64,
    /// Expected at take-up 1 of the same.
    pub expected: f64,
    /// Median factor.
    pub value: f64,
    /// Spread of its logarithm; `common_walk` and `area_lasting` are 0 where they could not be estimated.
    pub shocks: Shocks,
    /// Whether differences between areas were estimated.
    pub by_area: bool,
    /// Whether yearly steps were estimated.
    pub by_year: bool,
    /// Whether places were full: then use is limited by them, and the factor is a lower bound.
    pub full: bool,
}

impl FittedTakeUp {
    /// Observed over expected use.
    pub fn ratio(&self) -> f64 {
        self.observed / self.expected
    }
}

/// Fits a service on its figures; `expected` has the shape `area x year` from `first_year`. `None` when there are no figures
/// or nobody is expected.
pub fn take_up(figures: &[Figure], care: Care, first_year: i32, expected: &[Vec<f64>]) -> Option<FittedTakeUp> {
    let of_service: Vec<&Figure> = figures.iter().filter(|figure| figure.care == care).collect();
    let people = |figure: &Figure| figure.in_use + figure.waiting;
    let would = |figure: &Figure| {
        let year = usize::try_from(figure.year - first_year).unwrap_or(usize::MAX);
        let of_area = |area: &Vec<f64>| area.get(year).copied().unwrap_or(0.0);
        figure.area.map_or_else(|| expected.iter().map(of_area).sum(), |area| expected.get(area).map_or(0.0, of_area))
    };
    let observed: f64 = of_service.iter().map(|figure| people(figure)).sum();
    let whole: f64 = of_service.iter().map(|figure| would(figure)).sum();
    if of_service.is_empty() || whole <= 0.0 || observed <= 0.0 {
        return None;
    }
    let level = libm::log(observed / whole);
    let mut years: Vec<i32> = of_service.iter().map(|figure| figure.year).collect();
    years.sort_unstable();
    years.dedup();
    let by_year = years.iter().map(|&year| {
        let of_year = of_service.iter().filter(|figure| figure.year == year);
        let none = YearOfUse { year, observed: 0.0, expected: 0.0 };
        of_year.fold(none, |sum, figure| YearOfUse {
            observed: sum.observed + people(figure),
            expected: sum.expected + would(figure),
            ..sum
        })
    });
    let walk = walk(&by_year.filter(|year| year.observed > 0.0 && year.expected > 0.0).collect::<Vec<_>>());
    let areas = between_areas(&of_service, &years, level, people, would);
    let shocks = Shocks {
        common_lasting: 1.0 / libm::sqrt(observed),
        common_walk: walk.unwrap_or(0.0),
        area_lasting: areas.unwrap_or(0.0),
        area_walk: 0.0,
    };
    // The mean of the factor, not its median, must give the observed use.
    let variance = shocks.common_lasting * shocks.common_lasting + shocks.area_lasting * shocks.area_lasting;
    Some(FittedTakeUp {
        care,
        observed,
        expected: whole,
        value: libm::exp(level - 0.5 * variance),
        shocks,
        by_area: areas.is_some(),
        by_year: walk.is_some(),
        full: of_service.iter().any(|f| f.waiting <= 0.0 && f.places.is_some_and(|p| p > 0.0 && f.in_use >= FULL * p)),
    })
}

/// Use of a service in one year, all areas together.
#[derive(Clone, Copy)]
struct YearOfUse {
    year: i32,
    observed: f64,
    expected: f64,
}

/// Standard deviation of yearly steps of the log factor beyond counting error.
fn walk(years: &[YearOfUse]) -> Option<f64> {
    if years.len() < FEWEST {
        return None;
    }
    let steps = years.windows(2).map(|pair| {
        let [a, b] = [pair[0], pair[1]];
        let step = libm::log(b.observed / b.expected) - libm::log(a.observed / a.expected);
        (step * step - 1.0 / a.observed - 1.0 / b.observed) / f64::from(b.year - a.year)
    });
    let variance = steps.sum::<f64>() / (years.len() - 1) as f64;
    Some(libm::sqrt(variance.max(0.0)))
}

/// Standard deviation of the log factors of areas beyond counting error.
fn between_areas(
    figures: &[&Figure],
    years: &[i32],
    level: f64,
    people: impl Fn(&Figure) -> f64,
    would: impl Fn(&Figure) -> f64,
) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for year in years {
        let of_year =
            figures.iter().filter(|f| f.year == *year && f.area.is_some() && people(f) > 0.0 && would(f) > 0.0);
        let areas: Vec<(f64, f64)> =
            of_year.map(|f| (libm::log(people(f) / would(f)) - level, 1.0 / people(f))).collect();
        if areas.len() >= FEWEST {
            let n = areas.len() as f64;
            let mean = areas.iter().map(|(off, _)| off).sum::<f64>() / n;
            let spread = areas.iter().map(|(off, _)| (off - mean) * (off - mean)).sum::<f64>() / (n - 1.0);
            sum += spread - areas.iter().map(|(_, error)| error).sum::<f64>() / n;
            count += 1.0;
        }
    }
    (count > 0.0).then(|| libm::sqrt((sum / count).max(0.0)))
}

/// The fragment of fitted services, of a scenario with `areas` areas. `kept` gives the yearly steps that a scenario has where
/// none could be estimated.
pub fn take_up_fragment(fits: &[FittedTakeUp], areas: usize, source: &str, kept: impl Fn(Care) -> f64) -> String {
    let source = quotable(source);
    let mut toml = format!(
        "# 由 civicap calibrate elderly 生成；数据：{source}。用法：粘贴到方案中，或新建变体：extends = \"原方案\"，再附上下列各节。\n\
         # Made by `civicap calibrate elderly` from {source}. Use: paste into the scenario, or make a variant that extends it.\n"
    );
    for fit in fits {
        let from_scenario = if fit.by_year { 0.0 } else { kept(fit.care) };
        let shocks = Shocks { common_walk: fit.shocks.common_walk + from_scenario, ..fit.shocks };
        let note = if fit.full { "\n# 位数已满，为下限。Places were full: a lower bound." } else { "" };
        toml.push_str(&format!("{note}\n[elderly.services.{}]\n", fit.care.key()));
        toml.push_str(&uncertain("take_up", libm::log(fit.value), shocks, areas, &source));
    }
    toml
}

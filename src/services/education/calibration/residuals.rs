//! What is left in progression ratios once each grade of each area has its own mean: how large, how alike in the grades and
//! areas of a year, and how lasting from year to year.
//!
//! With `e(a, t, g)` the ratio less its mean over years: `sd^2` is their variance; the correlation of grades (of areas)
//! compares the product of two different grades of an area and year (areas of a grade and year) with it; persistence is
//! the regression of the mean over an area's grades on itself a year before, with Kendall's (1954) correction for the
//! length of the series.

use super::ratios::Ratios;

/// Moments of residuals of progression, in logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Residuals {
    /// Standard deviation of a grade's residual in an area and year.
    pub sd: f64,
    /// Correlation between grades of the same area and year; not a number with one grade.
    pub between_grades: f64,
    /// Correlation between areas in the same grade and year; not a number with one area.
    pub between_areas: f64,
    /// Persistence of an area's mean residual from one year to the next; not a number with fewer than four years.
    pub persistence: f64,
}

impl Residuals {
    /// Residuals of a table's progression ratios.
    pub fn of(ratios: &Ratios) -> Self {
        let grades: Vec<usize> = (0..ratios.grades()).filter(|grade| !ratios.is_entry(*grade)).collect();
        let left = left_over(ratios, &grades);
        let at = |area: usize, year: usize, grade: usize| left[(area * ratios.years + year) * grades.len() + grade];
        let (mut squares, mut number) = (0.0, 0.0);
        for error in left.iter().filter(|error| !error.is_nan()) {
            squares += error * error;
            number += 1.0;
        }
        // Each cell's mean has taken one of its years.
        let means = (ratios.areas * grades.len()) as f64;
        let variance = squares / (number - means).max(1.0);
        let whole = squares / number;
        let mut grade_pairs = Pairs::default();
        let mut area_pairs = Pairs::default();
        for year in 0..ratios.years {
            for area in 0..ratios.areas {
                grade_pairs.add((0..grades.len()).map(|grade| at(area, year, grade)));
            }
            for grade in 0..grades.len() {
                area_pairs.add((0..ratios.areas).map(|area| at(area, year, grade)));
            }
        }
        Self {
            sd: libm::sqrt(variance),
            between_grades: grade_pairs.mean() / whole,
            between_areas: area_pairs.mean() / whole,
            persistence: persistence(ratios, grades.len(), at),
        }
    }
}

/// Mean product of different numbers of the same set.
#[derive(Clone, Copy, Debug, Default)]
struct Pairs {
    products: f64,
    number: f64,
}

impl Pairs {
    fn add(&mut self, set: impl Iterator<Item = f64>) {
        let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
        for number in set.filter(|number| !number.is_nan()) {
            sum += number;
            squares += number * number;
            n += 1.0;
        }
        self.products += sum * sum - squares;
        self.number += n * (n - 1.0);
    }

    fn mean(self) -> f64 {
        self.products / self.number
    }
}

fn left_over(ratios: &Ratios, grades: &[usize]) -> Vec<f64> {
    let mut left = Vec::with_capacity(ratios.areas * ratios.years * grades.len());
    for area in 0..ratios.areas {
        let means: Vec<f64> = grades
            .iter()
            .map(|grade| {
                let known = (0..ratios.years).map(|year| ratios.log(area, year, *grade)).filter(|log| !log.is_nan());
                let (sum, n) = known.fold((0.0, 0.0), |(sum, n), log| (sum + log, n + 1.0));
                sum / n
            })
            .collect();
        for year in 0..ratios.years {
            left.extend(grades.iter().zip(&means).map(|(grade, mean)| ratios.log(area, year, *grade) - mean));
        }
    }
    left
}

fn persistence(ratios: &Ratios, grades: usize, at: impl Fn(usize, usize, usize) -> f64) -> f64 {
    let (mut product, mut square, mut years) = (0.0, 0.0, 0.0_f64);
    for area in 0..ratios.areas {
        let mean = |year: usize| (0..grades).map(|grade| at(area, year, grade)).sum::<f64>() / grades as f64;
        let mut known = 0.0;
        for year in 1..ratios.years {
            let (before, now) = (mean(year - 1), mean(year));
            if !before.is_nan() && !now.is_nan() {
                product += before * now;
                square += before * before;
                known += 1.0;
            }
        }
        years = years.max(known);
    }
    let raw = product / square;
    if years < 3.0 { f64::NAN } else { (raw + (1.0 + 3.0 * raw) / years).min(1.0) }
}

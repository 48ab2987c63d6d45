//! Waves of an epidemic, such as influenza: extra urgent requests that rise and fall within some weeks.
//!
//! In a year at most one wave starts, with a stated chance, in one of the stated weeks, each as likely. On a day at the part
//! x of its length the requests are 1 + p sin(pi x) of the usual; the height p is gamma with the stated mean and spread. A
//! wave that starts late in the year runs on into the next one.

use crate::dates::days_of_year;
use crate::random::StreamKey;
use crate::services::health::demand::health_year::HealthYear;
use crate::services::health::model::Epidemic;
use crate::services::health::stay::draws::day_effect;

const WAVE: StreamKey = StreamKey::named("health.epidemic.wave");

/// One wave: days are those of a year, which may lie outside it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wave {
    starts: f64,
    days: f64,
    /// Extra requests at its height, relative to the usual; 0 if there is no wave.
    pub(crate) peak: f64,
}

impl Wave {
    /// The extra requests of a day, relative to the usual.
    pub(crate) fn on(&self, day: i32) -> f64 {
        let part = (f64::from(day) + 0.5 - self.starts) / self.days;
        if self.peak > 0.0 && part > 0.0 && part < 1.0 {
            self.peak * libm::sin(std::f64::consts::PI * part)
        } else {
            0.0
        }
    }

    /// The day on which it is highest.
    pub(crate) fn top(&self) -> i32 {
        (self.starts + 0.5 * self.days) as i32
    }
}

/// The waves that started in the year before a year of the simulation, and in it.
pub(crate) fn waves(epidemic: &Epidemic, year: &HealthYear<'_>) -> [Wave; 2] {
    let mut last = wave(epidemic, year, year.index.checked_sub(1));
    last.starts -= f64::from(days_of_year(year.calendar - 1));
    [last, wave(epidemic, year, Some(year.index))]
}

/// The wave of the year `index`, or of the year before the first.
fn wave(epidemic: &Epidemic, year: &HealthYear<'_>, index: Option<usize>) -> Wave {
    let at = |parameter| year.context.draw.at(parameter, index.unwrap_or(0), 0);
    let mut random = year.context.chance.cell(WAVE, index.map_or(u32::MAX, |index| index as u32), 0);
    let comes = random.uniform() < at(epidemic.chance);
    let (first, last) = epidemic.starts;
    let week = f64::from(first - 1) + libm::floor(random.uniform() * f64::from(last - first + 1));
    let height = day_effect(epidemic.peak_cv, &mut random);
    let peak = if comes { at(epidemic.peak) * height } else { 0.0 };
    Wave { starts: 7.0 * week, days: 7.0 * at(epidemic.weeks), peak }
}

//! Rolling origins: at the end of every year a forecast from what was known then, scored against what came.
//!
//! Memory, pull and shocks are chosen anew at every origin from the years before it alone; only births are taken as they
//! were counted, also of years after the origin where a long lead needs them (their forecast is the people model's).
//! A path draws the shocks of progression (common, and of each area) and of each yield, and then whole children, as the
//! education service does.

use crate::random::{RngSource, Stream, StreamKey, standard_normal};
use crate::services::education::enrolment::Enrolment;
use crate::services::education::streams::around;
use crate::summary::Score;

use super::history::{History, LONGEST_LEAD};
use super::model_averaging::ModelAverager;
use super::ratios::Source;
use super::requirements::{SHORTEST_HISTORY, TooShort};
use super::shock_variance::ShockVariance;

/// Leads that are scored.
pub const LEADS: [usize; 5] = [1, 2, 3, 5, 10];

/// Trial forecasts before the first that is scored.
const WARMING: usize = 4;

const COMMON: StreamKey = StreamKey::named("calibration.common");
const AREA: StreamKey = StreamKey::named("calibration.area");
const CHANCE: StreamKey = StreamKey::named("calibration.chance");

/// What is asked of a backtest.
#[derive(Clone, Copy, Debug)]
pub struct BacktestOptions {
    /// Number of paths of each forecast.
    pub paths: usize,
    /// Seed of their shocks.
    pub seed: u64,
}

/// Grades that are scored together.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredGrades {
    /// Key of the stage; `None` for all grades together.
    pub stage: Option<&'static str>,
    grades: Vec<usize>,
    /// Scores of areas, by position in [`LEADS`].
    pub areas: [Score; LEADS.len()],
    /// Scores of the district as a whole; empty with one area.
    pub whole: [Score; LEADS.len()],
    /// Those of [`Self::areas`] before which births fell.
    pub areas_falling: [Score; LEADS.len()],
    /// Those of [`Self::whole`] before which births fell.
    pub whole_falling: [Score; LEADS.len()],
}

/// Scores on rolling origins.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// All grades together, then each stage.
    pub groups: Vec<ScoredGrades>,
    /// First and last calendar year from which forecasts were made.
    pub origins: (i32, i32),
    /// Number of areas.
    pub areas: usize,
}

/// Scores forecasts from every year that leaves enough years before it.
///
/// # Errors
/// When no origin has enough years before it and one after it.
pub fn backtest(table: &Enrolment, asked: BacktestOptions) -> Result<Backtest, TooShort> {
    let needed = SHORTEST_HISTORY + WARMING + 1;
    let history = History::new(table).ok_or(TooShort { years: 0, needed: needed + 1 })?;
    let first = history.first_origin + WARMING;
    if first >= history.last_year {
        return Err(TooShort { years: history.years() + 1, needed: needed + 1 });
    }
    let chooser = ModelAverager::new(&history);
    let mut groups = groups(table);
    for origin in first..history.last_year {
        let choice = chooser.at(origin);
        let trial = Trial {
            history: &history,
            origin,
            levels: history.levels(origin, choice),
            spread: ShockVariance::at(&history, choice, origin),
            leads: history.leads_from(origin),
        };
        trial.score(&mut groups, asked);
    }
    let year = |at: usize| table.first_year + at as i32;
    Ok(Backtest { groups, origins: (year(first), year(history.last_year - 1)), areas: table.areas.len() })
}

fn groups(table: &Enrolment) -> Vec<ScoredGrades> {
    let group = |stage: Option<&'static str>| ScoredGrades {
        stage,
        grades: (0..table.grades.len()).filter(|g| stage.is_none_or(|stage| table.grades[*g].stage == stage)).collect(),
        areas: Default::default(),
        whole: Default::default(),
        areas_falling: Default::default(),
        whole_falling: Default::default(),
    };
    let mut stages: Vec<&'static str> = table.grades.iter().map(|grade| grade.stage).collect();
    stages.dedup();
    let each = stages.iter().filter(|_| stages.len() > 1).map(|stage| group(Some(stage)));
    std::iter::once(group(None)).chain(each).collect()
}

/// Forecasts from one origin.
struct Trial<'a> {
    history: &'a History<'a>,
    origin: usize,
    levels: Vec<f64>,
    spread: ShockVariance,
    leads: usize,
}

/// Sums over the grades of each group: `lead x group x path`.
struct Totals {
    groups: usize,
    paths: usize,
    pupils: Vec<f64>,
}

impl Totals {
    fn new(leads: usize, groups: usize, paths: usize) -> Self {
        Self { groups, paths, pupils: vec![0.0; leads * groups * paths] }
    }

    fn paths_of(&mut self, lead: usize, group: usize) -> &mut [f64] {
        let at = ((lead - 1) * self.groups + group) * self.paths;
        &mut self.pupils[at..at + self.paths]
    }
}

impl Trial<'_> {
    fn score(&self, groups: &mut [ScoredGrades], asked: BacktestOptions) {
        let areas = self.history.ratios.areas;
        let mut whole = Totals::new(self.leads, groups.len(), asked.paths);
        // The last path has no shocks: it is the forecast.
        let mut sure = Totals::new(self.leads, groups.len(), 1);
        for area in 0..areas {
            let mut paths = Totals::new(self.leads, groups.len(), asked.paths);
            let mut said = Totals::new(self.leads, groups.len(), 1);
            for path in 0..asked.paths {
                self.play(groups, area, path, Some(asked.seed), &mut paths);
            }
            self.play(groups, area, 0, None, &mut said);
            for (sum, pupils) in whole.pupils.iter_mut().zip(&paths.pupils) {
                *sum += pupils;
            }
            for (sum, pupils) in sure.pupils.iter_mut().zip(&said.pupils) {
                *sum += pupils;
            }
            self.compare(groups, area..area + 1, &mut said, &mut paths);
        }
        if areas > 1 {
            self.compare(groups, 0..areas, &mut sure, &mut whole);
        }
    }

    /// Adds the scores of some areas together.
    fn compare(
        &self,
        groups: &mut [ScoredGrades],
        areas: std::ops::Range<usize>,
        said: &mut Totals,
        paths: &mut Totals,
    ) {
        let (table, alone) = (self.history.table, areas.len() == 1);
        for (at, lead) in LEADS.into_iter().enumerate().filter(|(_, lead)| *lead <= self.leads) {
            let year = table.first_year + (self.origin + lead) as i32;
            let falling = self.births_fall(areas.clone(), lead);
            for (index, group) in groups.iter_mut().enumerate() {
                let of_area = |area: usize| group.grades.iter().map(move |grade| table.pupils(area, year, *grade));
                let actual: f64 = areas.clone().flat_map(of_area).sum();
                let forecast = said.paths_of(lead, index)[0];
                let drawn = paths.paths_of(lead, index);
                if actual > 0.0 && forecast > 0.0 {
                    drawn.sort_by(f64::total_cmp);
                    let (score, of_falling) = if alone {
                        (&mut group.areas[at], &mut group.areas_falling[at])
                    } else {
                        (&mut group.whole[at], &mut group.whole_falling[at])
                    };
                    score.add(forecast, drawn, actual);
                    if falling {
                        of_falling.add(forecast, drawn, actual);
                    }
                }
            }
        }
    }

    /// Whether the cohorts that enter on the way are smaller, on average, than the one that has entered last.
    fn births_fall(&self, areas: std::ops::Range<usize>, lead: usize) -> bool {
        let table = self.history.table;
        let year = table.first_year + self.origin as i32;
        let ages = self.history.ratios.sources.iter().filter_map(|source| match source {
            Source::Births(age) => Some(*age),
            Source::Below(_) => None,
        });
        ages.min().is_some_and(|age| {
            let cohort = |year: i32| areas.clone().map(|area| table.cohort(area, year, age)).sum::<f64>();
            let coming = (1..=lead as i32).map(|ahead| cohort(year + ahead)).sum::<f64>() / lead as f64;
            coming < cohort(year)
        })
    }

    /// One path of one area, added to the totals; without a seed, without shocks and chance.
    fn play(&self, groups: &[ScoredGrades], area: usize, path: usize, seed: Option<u64>, totals: &mut Totals) {
        let ratios = &self.history.ratios;
        let (grades, stages) = (ratios.grades(), self.history.stages.len());
        let shocks = seed.map(|seed| self.draw(area, path, seed));
        let table = self.history.table;
        let start = table.first_year + self.origin as i32;
        let mut now: Vec<f64> = (0..grades).map(|grade| table.pupils(area, start, grade)).collect();
        let mut next = now.clone();
        for lead in 1..=self.leads {
            let mut chance = seed.map(|seed| {
                RngSource::new(seed, path as u32).cell(CHANCE, (start as u32) << 8 | lead as u32, area as u32)
            });
            for (grade, next) in next.iter_mut().enumerate() {
                let (before, process) = match ratios.sources[grade] {
                    Source::Births(age) => (table.cohort(area, start + lead as i32, age), stages + grade),
                    Source::Below(below) => (now[below], self.history.stage_of[grade]),
                };
                let shock = shocks.as_ref().map_or(0.0, |shocks| shocks[process * LONGEST_LEAD + lead - 1]);
                let ratio = libm::exp(self.levels[area * grades + grade] + shock);
                *next = match &mut chance {
                    Some(stream) if before.is_finite() && ratio.is_finite() => f64::from(around(before, ratio, stream)),
                    _ => before * ratio,
                };
            }
            std::mem::swap(&mut now, &mut next);
            for (index, group) in groups.iter().enumerate() {
                totals.paths_of(lead, index)[path] = group.grades.iter().map(|grade| now[*grade]).sum();
            }
        }
    }

    /// Shocks by process (progression of each stage, then the yield of each grade) and lead.
    fn draw(&self, area: usize, path: usize, seed: u64) -> Vec<f64> {
        let (ratios, stages) = (&self.history.ratios, self.history.stages.len());
        let streams = RngSource::new(seed, path as u32);
        let year = (self.history.table.first_year + self.origin as i32) as u32;
        let normals = |process: usize| Normals {
            common: streams.cell(COMMON, year, process as u32),
            own: streams.cell(AREA, year, ((process << 20) + area) as u32),
        };
        let mut shocks = vec![0.0; (stages + ratios.grades()) * LONGEST_LEAD];
        for (process, walk) in shocks.chunks_mut(LONGEST_LEAD).enumerate() {
            let entry = process.checked_sub(stages);
            if entry.is_some_and(|grade| !ratios.is_entry(grade)) {
                continue;
            }
            // Stages share one draw as far as they go together; yields have their own.
            let together = if entry.is_none() { self.spread.together } else { 0.0 };
            let (size, factor) = if entry.is_none() {
                (self.spread.progression[process], self.spread.progression_factors[area])
            } else {
                (self.spread.entry, self.spread.entry_factors[area])
            };
            let (mut alone, mut shared) = (normals(1 + process), normals(0));
            let mut sum = 0.0;
            for (lead, shock) in walk.iter_mut().enumerate().take(self.leads) {
                let (common, own) = if lead == 0 {
                    (size.common_lasting, size.area_lasting * factor)
                } else {
                    (size.common_walk, size.area_walk * factor)
                };
                sum += libm::sqrt(together) * shared.step(common, own)
                    + libm::sqrt(1.0 - together) * alone.step(common, own);
                *shock = sum;
            }
        }
        shocks
    }
}

/// Streams of the shocks of a process.
struct Normals {
    common: Stream,
    own: Stream,
}

impl Normals {
    fn step(&mut self, common: f64, own: f64) -> f64 {
        common * standard_normal(&mut self.common) + own * standard_normal(&mut self.own)
    }
}

//! A finished run whose scenario is gone or changed: what its summary still says.
//!
//! A metric that had another name when the summary was written is read under its present one.
//!
//! Only statistics are left, no replications: nothing can be paired with it, and verdicts are known as far as risks by
//! year tell them.

use std::collections::BTreeMap;

use crate::dates::YEARS;
use crate::scenario::Plan;
use crate::services::declared_metric;
use crate::study::RunSummary;
use crate::summary::Statistic;

/// Where a number of a summary stands: service, stage, metric, area (`all` for the district), year.
pub type Address = (String, String, String, String, i32);

/// What the last digit of a summary can hide: it has six after the point.
const LAST_DIGIT: f64 = 6e-7;

/// How far a run made again is from what was recorded of it, in means that were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Means that differ.
    pub differing: usize,
    /// Means that were compared.
    pub all: usize,
}

/// The summary of a finished run.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    statistics: BTreeMap<Address, Statistic>,
    /// Service, stage, and the ids and units of its metrics, in the order of the table.
    stages: Vec<RecordedStage>,
    areas: Vec<String>,
    years: Option<(i32, i32)>,
}

/// A stage of a summary.
#[derive(Clone, Debug)]
pub struct RecordedStage {
    /// Key of the service.
    pub service: String,
    /// Key of the stage.
    pub stage: String,
    /// Metrics: id and unit.
    pub metrics: Vec<(String, String)>,
    /// Whether areas have their own rows.
    pub by_area: bool,
}

impl Recorded {
    /// Reads the text of a `summary.csv`; `None` when it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().ok()?.clone();
        let at = |name: &str| headings.iter().position(|h| h == name);
        let names = [at("service")?, at("stage")?, at("metric")?, at("area")?, at("year")?, at("unit")?];
        let quantiles = ["p05", "p10", "p25", "p50", "p75", "p90", "p95"].map(at);
        let columns = Columns { names, mean: at("mean")?, sd: at("sd")?, mcse: at("mcse")?, quantiles };
        let mut recorded = Self::default();
        for record in reader.records() {
            recorded.add(&columns, &record.ok()?)?;
        }
        recorded.years.is_some().then_some(recorded)
    }

    fn add(&mut self, columns: &Columns, record: &csv::StringRecord) -> Option<()> {
        let [service, stage, metric, area, year, unit] = columns.names.map(|i| record.get(i).unwrap_or("").to_owned());
        let year: i32 = year.parse().ok().filter(|year| YEARS.contains(year))?;
        let (from, to) = self.years.unwrap_or((year, year));
        self.years = Some((from.min(year), to.max(year)));
        let metric = declared_metric(&service, &metric).map_or(metric, |known| known.id.to_owned());
        let at = self.stages.iter().position(|s| s.service == service && s.stage == stage).unwrap_or_else(|| {
            let (service, stage) = (service.clone(), stage.clone());
            self.stages.push(RecordedStage { service, stage, metrics: Vec::new(), by_area: false });
            self.stages.len() - 1
        });
        let known = &mut self.stages[at];
        known.by_area |= area != "all";
        if !known.metrics.iter().any(|(id, _)| *id == metric) {
            known.metrics.push((metric.clone(), unit));
        }
        if area != "all" && !self.areas.contains(&area) {
            self.areas.push(area.clone());
        }
        let number = |i: usize| record.get(i).and_then(|cell| cell.parse::<f64>().ok());
        if let Some(mean) = number(columns.mean) {
            let sd = number(columns.sd).unwrap_or(f64::NAN);
            let mcse = number(columns.mcse).unwrap_or(f64::NAN);
            let quantiles = columns.quantiles.map(|i| i.and_then(number).unwrap_or(f64::NAN));
            let statistic = Statistic { defined: 1, mean, sd, mcse, quantiles };
            self.statistics.insert((service, stage, metric, area, year), statistic);
        }
        Some(())
    }

    /// First and last year.
    pub fn years(&self) -> (i32, i32) {
        self.years.unwrap_or((0, -1))
    }

    /// The keys of the areas.
    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// The stages in the order of the table.
    pub fn stages(&self) -> &[RecordedStage] {
        &self.stages
    }

    /// How far a run made again is from what was recorded of it.
    pub fn drift(&self, plan: &Plan, summary: &RunSummary) -> Drift {
        let mut drift = Drift { differing: 0, all: 0 };
        for (id, block) in plan.catalogue.blocks() {
            let rows = if block.by_area { plan.catalogue.areas() + 1 } else { 1 };
            for (metric, def) in block.metrics.iter().enumerate() {
                for row in 0..rows {
                    let district = row == plan.catalogue.district(id);
                    let area = if district { "all" } else { plan.site.areas[row].id.as_str() };
                    for year in 0..plan.catalogue.years() {
                        let calendar = plan.site.start + year as i32;
                        let address = (
                            block.service.to_owned(),
                            block.stage.clone(),
                            def.id.to_owned(),
                            area.to_owned(),
                            calendar,
                        );
                        let Some(recorded) = self.at(&address) else { continue };
                        let again = summary.at(plan, id, metric, row, year);
                        drift.all += 1;
                        drift.differing +=
                            usize::from(again.is_none_or(|s| (s.mean - recorded.mean).abs() > LAST_DIGIT));
                    }
                }
            }
        }
        drift
    }

    /// The statistic at an address.
    pub fn at(&self, address: &Address) -> Option<Statistic> {
        self.statistics.get(address).copied()
    }
}

struct Columns {
    names: [usize; 6],
    mean: usize,
    sd: usize,
    mcse: usize,
    quantiles: [Option<usize>; 7],
}

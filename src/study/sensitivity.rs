//! Where the uncertainty of a headline comes from: chance, and which inputs.
//!
//! The share of the parameters is split by each parameter's squared correlation with the headline over paths (the
//! first-order share of a linear response; Saltelli et al. 2008, section 1.2.5). What no parameter explains alone
//! (interactions, curvature, area patterns) is reported as joint. Parameters are redrawn by path number, not kept.

use super::Digest;
use crate::metric::BlockId;
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{VarianceShares, variance_shares};
use crate::uncertainty::{Parameter, Status};

/// A headline: one number of one block that planners will quote, with what drives its spread.
#[derive(Clone, Debug)]
pub struct Headline {
    /// The block.
    pub block: BlockId,
    /// Its metric, by position.
    pub metric: usize,
    /// The year.
    pub year: i32,
    /// Chance and parameters.
    pub shares: VarianceShares,
    /// Parameters by falling share of the whole variance; only those that matter.
    pub influences: Vec<Influence>,
    /// Share of the whole that parameters explain only jointly.
    pub joint: f64,
    /// Share of the whole that comes from assumed inputs taken one by one.
    pub assumed: f64,
}

/// What one parameter contributes.
#[derive(Clone, Copy, Debug)]
pub struct Influence {
    /// The parameter.
    pub parameter: Parameter,
    /// Share of the whole variance, 0 to 1.
    pub share: f64,
    /// Correlation with the headline: does more of it mean more?
    pub correlation: f64,
}

/// Correlations are only trusted with this many paths.
const FEWEST_PATHS: usize = 30;

/// The headline of every block that promises something: people unserved in the worst year where that varies, otherwise
/// demand in the last year.
pub fn headlines(plan: &Plan, results: &Results, digest: &Digest, worst_years: &[(BlockId, i32)]) -> Vec<Headline> {
    let paths = results.replications() / 2;
    if paths < FEWEST_PATHS {
        return Vec::new();
    }
    let draws = Draws::new(plan, results.seed(), paths);
    worst_years.iter().filter_map(|&(block, year)| headline(plan, results, digest, &draws, block, year)).collect()
}

fn headline(
    plan: &Plan,
    results: &Results,
    digest: &Digest,
    draws: &Draws,
    block: BlockId,
    worst: i32,
) -> Option<Headline> {
    let district = plan.catalogue.district(block);
    let varies = |metric: &str, year: i32| {
        let index = (year - plan.site.start) as usize;
        // A rare event has a spread but no shape: fall back on demand unless at least a twentieth of replications differ.
        let statistic = digest.of(plan, block, metric, district, index)?;
        (statistic.sd > 0.0 && statistic.quantiles[6] > statistic.quantiles[0])
            .then(|| plan.catalogue.metric(block, metric))?
            .map(|metric| (metric, year))
    };
    let (metric, year) = varies("unmet", worst).or_else(|| varies("demand", plan.site.end))?;
    let index = (year - plan.site.start) as usize;
    let mut values = Vec::new();
    results.column(&plan.catalogue, (block, metric, district, index), &mut values);
    let shares = variance_shares(&values)?;
    let means: Vec<f64> = values.chunks_exact(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    // Means of pairs hold all of the parameters' variance and half of chance's: relate squares to the whole.
    let whole = shares.parameters + 0.5 * shares.chance;
    let mut influences = draws.influences(&means, index + plan.site.lead_years(), whole);
    let explained: f64 = influences.iter().map(|i| i.share).sum();
    // Correlated parameters would count the same variance twice: scale back to the whole they share.
    if explained > shares.parameters && explained > 0.0 {
        for influence in &mut influences {
            influence.share *= shares.parameters / explained;
        }
    }
    let explained: f64 = influences.iter().map(|i| i.share).sum();
    let assumed = influences
        .iter()
        .filter(|i| plan.parameters.defs()[i.parameter.index()].provenance.status == Status::Assumed)
        .map(|i| i.share)
        .sum();
    influences.sort_by(|a, b| b.share.total_cmp(&a.share));
    Some(Headline { block, metric, year, shares, joint: (shares.parameters - explained).max(0.0), assumed, influences })
}

/// District means of every uncertain parameter by year and path.
struct Draws {
    parameters: Vec<Parameter>,
    /// Shape: parameter x year x path.
    values: Vec<f64>,
    years: usize,
    paths: usize,
}

impl Draws {
    fn new(plan: &Plan, seed: u64, paths: usize) -> Self {
        let defs = plan.parameters.defs();
        let parameters: Vec<Parameter> =
            (0..defs.len()).filter(|&i| defs[i].is_uncertain()).map(Parameter::at).collect();
        let (years, areas) = (plan.site.years(), plan.site.areas.len());
        let mut values = vec![0.0; parameters.len() * years * paths];
        let mut draw = plan.parameters.blank();
        for path in 0..paths {
            plan.parameters.draw(seed, path as u32, &mut draw);
            for (i, &parameter) in parameters.iter().enumerate() {
                for year in 0..years {
                    let sum: f64 = (0..areas).map(|area| draw.at(parameter, year, area)).sum();
                    values[(i * years + year) * paths + path] = sum / areas as f64;
                }
            }
        }
        Self { parameters, values, years, paths }
    }

    fn influences(&self, headline: &[f64], year: usize, whole: f64) -> Vec<Influence> {
        // A correlation this small is what chance alone gives (two standard errors).
        let noise = 4.0 / self.paths as f64;
        self.parameters
            .iter()
            .enumerate()
            .filter_map(|(i, &parameter)| {
                let from = (i * self.years + year) * self.paths;
                let correlation = correlation(&self.values[from..from + self.paths], headline)?;
                let square = correlation * correlation;
                (square > noise).then_some(Influence { parameter, share: square * whole, correlation })
            })
            .collect()
    }
}

fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

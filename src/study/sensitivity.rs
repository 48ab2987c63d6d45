//! Where the uncertainty of a headline comes from: chance, which drivers ([`super::drivers`]), and which inputs.
//!
//! The share of the parameters is split by each parameter's squared correlation with the headline over paths (the
//! first-order share of a linear response; Saltelli et al. 2008, section 1.2.5), less what chance alone gives a square
//! (Ezekiel 1930). Of a hundred inputs that do nothing, several correlate by chance: only those count whose correlation
//! chance would give to any of them once in twenty runs (Bonferroni's bound). What no parameter explains alone
//! (interactions, curvature, area patterns) is reported as joint. Parameters are redrawn by path number, not kept.
//!
//! The swing of an input (the bars of a tornado) is the mean of the headline over the paths in which the input is in its
//! lowest fifth, and in its highest: conditional means, so curvature is in them and no model of the response is needed.

use super::RunSummary;
use super::drivers::{self, DriverShare, Term};
use super::reach::reaches;
use crate::language::Text;
use crate::metric::{BlockId, CellAddress, MetricKey, Prominence, Role};
use crate::random::{RngSource, normal_quantile};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{VarianceShares, variance_shares};
use crate::uncertainty::{InputKind, Parameter};

/// A headline: one number of one block that planners will quote, with what drives its spread.
#[derive(Clone, Debug)]
pub struct Headline {
    /// The block.
    pub block: BlockId,
    /// Its metric, by position.
    pub metric: usize,
    /// The year.
    pub year: i32,
    /// Its mean over replications.
    pub mean: f64,
    /// Chance and parameters.
    pub shares: VarianceShares,
    /// Parameters by falling share of the whole variance; only those that matter.
    pub influences: Vec<Influence>,
    /// Share of the whole that parameters explain only jointly.
    pub joint: f64,
    /// Share of the whole that comes from judgements taken one by one.
    pub judgement: f64,
    /// Chance, each driver that matters, and what they do together: adding to 1, largest first.
    pub drivers: Vec<DriverShare>,
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
    /// How far it moves the headline.
    pub swing: Swing,
}

/// A headline while an input is low and while it is high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// Mean of the input (over areas) in its lowest and in its highest fifth of the paths.
    pub input: [f64; 2],
    /// Mean of the headline over the same paths.
    pub headline: [f64; 2],
}

/// Correlations are only trusted with this many paths.
const FEWEST_PATHS: usize = 30;

/// What planners quote of the people in the last year, then the headline of every block that promises something: people unserved in
/// the worst year where that varies, otherwise demand in the last year.
pub fn headlines(
    plan: &Plan,
    results: &Results,
    summary: &RunSummary,
    worst_years: &[(BlockId, i32)],
) -> Vec<Headline> {
    let paths = results.replications() / 2;
    if paths < FEWEST_PATHS {
        return Vec::new();
    }
    let draws = Draws::new(plan, results.seed(), paths);
    let quoted = plan.catalogue.blocks().flat_map(|(id, block)| {
        let metrics = block.metrics.iter().filter(|metric| metric.prominence == Prominence::Headline);
        metrics.map(move |metric| (id, metric.id))
    });
    let quoted = quoted.filter_map(|(id, metric)| {
        varying(plan, summary, id, metric, plan.site.end)
            .and_then(|(metric, year)| explain(plan, results, &draws, id, metric, year))
    });
    let services = worst_years.iter().filter_map(|&(block, worst)| {
        let varies = |role: Role, year: i32| varying(plan, summary, block, role, year);
        let at = varies(Role::Unmet, worst).or_else(|| varies(Role::Demand, plan.site.end))?;
        explain(plan, results, &draws, block, at.0, at.1)
    });
    quoted.chain(services).collect()
}

/// The position of a metric and the year, if the metric varies there.
fn varying(plan: &Plan, summary: &RunSummary, block: BlockId, key: impl MetricKey, year: i32) -> Option<(usize, i32)> {
    let index = (year - plan.site.start) as usize;
    // A rare event has a spread but no shape: take nothing unless at least a twentieth of replications differ.
    let metric = plan.catalogue.metric(block, key)?;
    let statistic = summary.at(plan, block, metric, plan.catalogue.district(block), index)?;
    (statistic.sd > 0.0 && statistic.quantiles[6] > statistic.quantiles[0]).then_some((metric, year))
}

fn explain(
    plan: &Plan,
    results: &Results,
    draws: &Draws,
    block: BlockId,
    metric: usize,
    year: i32,
) -> Option<Headline> {
    let district = plan.catalogue.district(block);
    let index = (year - plan.site.start) as usize;
    let mut values = Vec::new();
    results.column(&plan.catalogue, CellAddress { block, metric, row: district, year: index }, &mut values);
    let shares = variance_shares(&values)?;
    let means: Vec<f64> = values.chunks_exact(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    // Means of pairs hold all of the parameters' variance and half of chance's: relate squares to the whole.
    let whole = shares.parameters + 0.5 * shares.chance;
    let reaching = draws.reaching(plan, block);
    let mut influences = draws.influences(&means, index + plan.site.lead_years(), whole, &reaching);
    let explained: f64 = influences.iter().map(|i| i.share).sum();
    // Correlated parameters would count the same variance twice: scale back to the whole they share.
    if explained > shares.parameters && explained > 0.0 {
        for influence in &mut influences {
            influence.share *= shares.parameters / explained;
        }
    }
    let explained: f64 = influences.iter().map(|i| i.share).sum();
    let judgement = influences
        .iter()
        .filter(|i| plan.parameters.defs()[i.parameter.index()].provenance.kind() == InputKind::Judgement)
        .map(|i| i.share)
        .sum();
    influences.sort_by(|a, b| b.share.total_cmp(&a.share));
    let drivers = draws.drivers(plan, &values, index + plan.site.lead_years(), &reaching);
    let joint = (shares.parameters - explained).max(0.0);
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    Some(Headline { block, metric, year, mean, shares, influences, joint, judgement, drivers })
}

/// The last of the drivers: what they do only together, what no curve follows, and what is not told apart from noise.
pub static UNEXPLAINED: Text = Text::new("several together, or unexplained", "多项共同或未能解释");

const MIGRATION: Text = Text::new("migration", "迁移");

/// What a parameter belongs to, from the first words of its key. Services are their own drivers.
fn driver(plan: &Plan, path: &str) -> Text {
    const OF_PEOPLE: [(&str, Text); 7] = [
        ("people.births", Text::new("fertility", "生育")),
        ("people.deaths", Text::new("mortality", "死亡")),
        ("people.migration", MIGRATION),
        ("people.in_migration", MIGRATION),
        ("people.housing", Text::new("new dwellings", "新建住房")),
        ("people.", Text::new("opening population", "起始人口")),
        ("", Text::new("delays of projects", "项目延期")),
    ];
    let service = plan.services.iter().find(|(kind, _)| path.split('.').next() == Some(kind.name));
    let of_people = || OF_PEOPLE.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, label)| label.clone());
    let of_service =
        |(en, zh): (&str, &str)| Text::owned(format!("inputs of {}", en.to_lowercase()), format!("{zh}参数"));
    service
        .map(|(kind, _)| of_service((&kind.label.en, &kind.label.zh)))
        .or_else(of_people)
        .expect("invariant: every key begins with nothing")
}

/// District means of every uncertain parameter by year and path.
struct Draws {
    parameters: Vec<Parameter>,
    /// Shape: parameter x year x path.
    values: Vec<f64>,
    /// What paths hold of the ages of migrants, beside the parameters. Shape: number x path.
    lasting: Vec<Vec<f64>>,
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
        let uncertainties = |path: usize| {
            plan.people
                .as_ref()
                .map_or(Vec::new(), |p| p.migration.age_uncertainties(&RngSource::new(seed, path as u32)))
        };
        let by_path: Vec<Vec<f64>> = (0..paths).map(uncertainties).collect();
        let numbers = by_path.first().map_or(0, Vec::len);
        let lasting = (0..numbers).map(|i| by_path.iter().map(|path| path[i]).collect()).collect();
        Self { parameters, values, lasting, years, paths }
    }

    /// Positions of the parameters that can move a number of a block.
    fn reaching(&self, plan: &Plan, block: BlockId) -> Vec<usize> {
        let path = |i: usize| &plan.parameters.defs()[self.parameters[i].index()].path;
        (0..self.parameters.len()).filter(|i| reaches(plan, path(*i), block)).collect()
    }

    /// Values of parameter `i` in a year, by path.
    fn of_year(&self, i: usize, year: usize) -> &[f64] {
        let from = (i * self.years + year) * self.paths;
        &self.values[from..from + self.paths]
    }

    /// Each parameter in the headline's year and as its mean up to it, with its driver.
    fn terms(&self, driver: impl Fn(Parameter) -> usize, year: usize, reaching: &[usize]) -> Vec<Term> {
        let mut terms = Vec::with_capacity(2 * reaching.len());
        for &i in reaching {
            let (driver, now) = (driver(self.parameters[i]), self.of_year(i, year).to_vec());
            let mean = |path: usize| (0..=year).map(|y| self.of_year(i, y)[path]).sum::<f64>() / (year + 1) as f64;
            let upto: Vec<f64> = (0..self.paths).map(mean).collect();
            if correlation(&now, &upto).is_some_and(|c| c < 0.999) {
                terms.push(Term { driver, values: upto });
            }
            terms.push(Term { driver, values: now });
        }
        terms
    }

    fn drivers(&self, plan: &Plan, values: &[f64], year: usize, reaching: &[usize]) -> Vec<DriverShare> {
        let mut labels: Vec<Text> = Vec::new();
        for i in reaching {
            let label = driver(plan, &plan.parameters.defs()[self.parameters[*i].index()].path);
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
        let of = |parameter: Parameter| {
            let label = driver(plan, &plan.parameters.defs()[parameter.index()].path);
            labels.iter().position(|l| *l == label).expect("invariant: every parameter's driver is listed")
        };
        let mut terms = self.terms(of, year, reaching);
        if !self.lasting.is_empty() {
            let migration = labels.iter().position(|l| *l == MIGRATION).unwrap_or_else(|| {
                labels.push(MIGRATION);
                labels.len() - 1
            });
            terms.extend(self.lasting.iter().map(|values| Term { driver: migration, values: values.clone() }));
        }
        let pairs: Vec<[f64; 2]> = values.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        if pairs.iter().flatten().any(|value| value.is_nan()) {
            return Vec::new();
        }
        let Some(mut shares) = drivers::shares(&pairs, terms, labels.len()) else { return Vec::new() };
        into_rest_what_is_noise(&mut shares);
        let mut names = vec![Text::new("chance", "偶然")];
        names.append(&mut labels);
        names.push(UNEXPLAINED.clone());
        let mut list: Vec<DriverShare> = names
            .into_iter()
            .zip(shares)
            .map(|(driver, (share, error))| DriverShare { driver, share, error })
            .collect();
        list.retain(|driver| driver.share > 0.0);
        list.sort_by(|a, b| b.share.total_cmp(&a.share));
        list
    }

    fn influences(&self, headline: &[f64], year: usize, whole: f64, reaching: &[usize]) -> Vec<Influence> {
        let paths = self.paths as f64;
        let noise = by_chance(reaching.len(), paths);
        reaching
            .iter()
            .filter_map(|&i| {
                let (parameter, values) = (self.parameters[i], self.of_year(i, year));
                let correlation = correlation(values, headline)?;
                let square = correlation * correlation;
                let share = (1.0 - (1.0 - square) * (paths - 1.0) / (paths - 2.0)) * whole;
                (square > noise).then(|| Influence { parameter, share, correlation, swing: swing(values, headline) })
            })
            .collect()
    }
}

/// Squared correlation over `paths` that the strongest of `inputs` without any effect exceeds once in twenty runs.
fn by_chance(inputs: usize, paths: f64) -> f64 {
    const ALPHA: f64 = 0.05;
    let z = normal_quantile(1.0 - 0.5 * ALPHA / inputs.max(1) as f64);
    (z * z / paths).min(1.0)
}

/// A driver's share within two standard errors of nothing is not told apart from noise: it goes to what is unexplained.
/// The first share (chance) is measured without a model and stays.
fn into_rest_what_is_noise(shares: &mut [(f64, f64)]) {
    let Some(((rest, _), drivers)) = shares.split_last_mut() else { return };
    for (share, error) in drivers.iter_mut().skip(1).filter(|(share, error)| *share <= 2.0 * error) {
        *rest += *share;
        (*share, *error) = (0.0, 0.0);
    }
}

/// The headline over the paths with the lowest and with the highest fifth of an input's values; equal values stay together.
fn swing(input: &[f64], headline: &[f64]) -> Swing {
    let mut sorted = input.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let (low, high) = (at(0.2), at(0.8));
    let mean = |chosen: &dyn Fn(f64) -> bool| {
        let paths = input.iter().zip(headline).filter(|(value, _)| chosen(**value));
        let (n, input, headline) = paths.fold((0.0, 0.0, 0.0), |(n, a, b), (x, y)| (n + 1.0, a + x, b + y));
        (input / n, headline / n)
    };
    let below = mean(&|value| value <= low);
    // An input that is mostly one value (a delay that is mostly none) is high wherever it is above that value.
    let above = if high > low { mean(&|value| value >= high) } else { mean(&|value| value > low) };
    Swing { input: [below.0, above.0], headline: [below.1, above.1] }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;

    fn noise(input: u32, paths: usize) -> Vec<f64> {
        let purpose = StreamKey::named("sensitivity test");
        (0..paths)
            .map(|path| normal_quantile(RngSource::new(7, path as u32).cell(purpose, 0, input).uniform()))
            .collect()
    }

    #[test]
    fn inputs_that_do_nothing_are_seldom_called_influential() {
        let (inputs, paths, runs) = (150, 50, 200);
        let limit = by_chance(inputs, paths as f64);
        let alarms = (0..runs).filter(|run| {
            let first = run * (inputs as u32 + 1);
            let headline = noise(first, paths);
            let strongest = (1..=inputs as u32).filter_map(|i| correlation(&noise(first + i, paths), &headline));
            strongest.map(|c| c * c).fold(0.0, f64::max) > limit
        });
        // Once in twenty at most: 10 of 200 expected, 4 standard errors above are 23.
        let alarms = alarms.count();
        assert!(alarms <= 23, "{alarms} of {runs} runs name an input that does nothing");
    }

    #[test]
    fn the_swing_of_a_straight_line_is_its_slope_times_the_input() {
        let input: Vec<f64> = (0..=100).map(f64::from).collect();
        let headline: Vec<f64> = input.iter().map(|x| 5.0 - 2.0 * x).collect();
        let swing = swing(&input, &headline);
        assert_eq!(swing.input, [10.0, 90.0]);
        assert_eq!(swing.headline, [-15.0, -175.0]);
    }

    #[test]
    fn an_input_that_is_mostly_one_value_swings_between_it_and_the_rest() {
        let input = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 12.0];
        let mut headline = [1.0; 10];
        headline[9] = 4.0;
        let swing = swing(&input, &headline);
        assert_eq!((swing.input, swing.headline), ([0.0, 12.0], [1.0, 4.0]));
    }

    #[test]
    fn shares_that_are_noise_go_to_what_is_unexplained_and_the_whole_stays() {
        let mut shares = [(0.0625, 0.1), (0.5, 0.1), (0.25, 0.15), (0.1875, 0.2)];
        into_rest_what_is_noise(&mut shares);
        let left: Vec<f64> = shares.iter().map(|(share, _)| *share).collect();
        assert_eq!(left, [0.0625, 0.5, 0.0, 0.4375]);
    }
}

//! How many: every target's least number of lumps, all targets at the same time.

use super::judge::{Kept, is_kept, tightest};
use super::search::{Next, Search};
use super::target::{Target, additions_of};
use super::trial::{NeedError, Outcome, Trials};
use super::variant::Addition;
use crate::metric::{BlockId, Role};

/// So many lumps were tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Lumps.
    pub lumps: u32,
    /// How the target was kept with them.
    pub kept: Vec<Kept>,
}

/// How many lumps a target needs.
#[derive(Clone, Debug)]
pub struct Size {
    /// Lumps; `None` where no number keeps it.
    pub lumps: Option<u32>,
    /// Everything that was tried, the fewest first; of equal numbers the last, with most of the others settled.
    pub tried: Vec<Tried>,
    /// How it is kept with all that is added, in the end.
    pub with: Vec<Kept>,
    /// How it would be with a lump less at every target.
    pub with_one_less: Option<Vec<Kept>>,
    /// Probability that use is below the surplus line in the last year with all that is added.
    pub low_use: Option<f64>,
    /// Whether more places once kept it less.
    pub is_torn: bool,
}

impl Size {
    /// Lumps that are added: none where no number is enough.
    pub(super) fn built(&self) -> u32 {
        self.lumps.unwrap_or(0)
    }

    /// The least number tried that keeps a year and that no larger one misses; `None` where none does.
    pub fn lumps_of_year(&self, year: i32, confidence: f64) -> Option<u32> {
        let keeps = |tried: &&Tried| tried.kept.iter().any(|k| k.year == year && k.is_enough(confidence));
        self.tried.iter().rev().take_while(keeps).last().map(|tried| tried.lumps)
    }

    /// Probability of the most that was tried, where no number is enough.
    pub fn at_most(&self) -> f64 {
        self.tried.iter().filter_map(|tried| tightest(&tried.kept)).map(|kept| kept.share).fold(0.0, f64::max)
    }
}

/// Rounds in which a plan that is not enough yet is mended, and in which lumps are spared.
const ROUNDS: usize = 8;

struct Work {
    search: Search,
    tried: Vec<Tried>,
    lumps: u32,
    never: bool,
}

impl Work {
    fn note(&mut self, lumps: u32, kept: Vec<Kept>) {
        self.search.note(lumps, tightest(&kept).map_or(1.0, |year| year.share));
        self.tried.retain(|tried| tried.lumps != lumps);
        self.tried.push(Tried { lumps, kept });
    }
}

/// Finds the sizes.
pub(super) fn find(trials: &mut Trials<'_>, base: &Outcome, targets: &[Target]) -> Result<Vec<Size>, NeedError> {
    let mut work: Vec<Work> = targets.iter().map(begin).collect();
    loop {
        let asked: Vec<usize> = (0..targets.len()).filter(|&at| set_trial(&mut work[at])).collect();
        if asked.is_empty() {
            break;
        }
        let services: Vec<&str> = asked.iter().map(|&at| service(trials, targets[at].block)).collect();
        let outcome = trials.run_of(&together(targets, &work), &coupled(&services))?;
        for at in asked {
            let lumps = work[at].lumps;
            work[at].note(lumps, trials.kept(&outcome, targets[at].block, targets[at].row));
        }
    }
    let outcome = mend(trials, base, targets, &mut work)?;
    let (outcome, less) = spare(trials, targets, &mut work, outcome)?;
    Ok(conclude(trials, targets, work, outcome.as_ref(), less))
}

fn begin(target: &Target) -> Work {
    let guess = target.missing.iter().map(|missing| missing.max(0.0)).sum::<f64>();
    let mut work = Work { search: Search::new(guess, target.confidence), tried: Vec::new(), lumps: 0, never: false };
    work.note(0, target.base.clone());
    work
}

/// Sets what is tried next at a target; whether anything is.
fn set_trial(work: &mut Work) -> bool {
    match work.search.next() {
        Next::Try(lumps) | Next::Found(lumps) => work.lumps = lumps,
        Next::Never => (work.lumps, work.never) = (0, true),
    }
    matches!(work.search.next(), Next::Try(_))
}

fn service<'a>(trials: &Trials<'a>, block: BlockId) -> &'a str {
    trials.plan.catalogue.block(block).service
}

/// The services to be run for these: those that tell each other something run together.
pub(super) fn coupled<'a>(asked: &'a [&'a str]) -> impl Fn(&str) -> bool + 'a {
    const CARE: [&str; 2] = ["health", "elderly"];
    move |service| asked.contains(&service) || (CARE.contains(&service) && asked.iter().any(|one| CARE.contains(one)))
}

fn together(targets: &[Target], work: &[Work]) -> Vec<Addition> {
    additions_of(targets, work.iter().map(|work| work.lumps), std::iter::repeat(None))
}

/// Runs the plan with everything, and adds lumps until every target is kept that can be, and every district with areas' targets.
fn mend(
    trials: &mut Trials<'_>,
    base: &Outcome,
    targets: &[Target],
    work: &mut [Work],
) -> Result<Option<Outcome>, NeedError> {
    if work.iter().all(|work| work.lumps == 0) {
        return Ok(None);
    }
    let mut outcome = trials.run(&together(targets, work))?;
    for _ in 0..ROUNDS {
        let mut changed = false;
        for (target, work) in targets.iter().zip(work.iter_mut()).filter(|(_, work)| !work.never) {
            let kept = trials.kept(&outcome, target.block, target.row);
            let enough = is_kept(&kept, target.confidence);
            work.note(work.lumps, kept);
            if !enough && !target.is_kept_already() {
                (work.lumps, changed) = (work.lumps + 1, true);
            }
        }
        changed |= !changed && add_for_districts(trials, base, &outcome, targets, work);
        if !changed {
            break;
        }
        outcome = trials.run(&together(targets, work))?;
    }
    Ok(Some(outcome))
}

/// Adds a lump where most are unserved in each district that is not kept although its areas are; whether any was added.
fn add_for_districts(
    trials: &Trials<'_>,
    base: &Outcome,
    outcome: &Outcome,
    targets: &[Target],
    work: &mut [Work],
) -> bool {
    let catalogue = &trials.plan.catalogue;
    let mut any = false;
    for (block, _) in catalogue.blocks() {
        let district = catalogue.district(block);
        let own: Vec<usize> = (0..targets.len()).filter(|&at| targets[at].block == block).collect();
        let Some(first) = own.first().filter(|&&at| targets[at].row != district) else { continue };
        let confidence = targets[*first].confidence;
        let kept = trials.kept(outcome, block, district);
        let was = trials.kept(base, block, district);
        let worst = tightest(&kept).filter(|_| !is_kept(&kept, confidence));
        // Who was never kept and is no better off has another cause than places.
        let Some(worst) = worst.filter(|worst| was.iter().any(|k| k.year == worst.year)) else { continue };
        let unserved = |at: usize| {
            let sum =
                |role| trials.column(outcome, block, role, targets[at].row, worst.year).map_or(0.0, |v| v.iter().sum());
            sum(Role::Unmet) + sum(Role::OverNorm)
        };
        let most = own.into_iter().filter(|&at| !work[at].never);
        let most = most.reduce(|most, at| if unserved(at) > unserved(most) { at } else { most });
        if let Some(at) = most {
            work[at].lumps += 1;
            any = true;
        }
    }
    any
}

/// How each target is kept with a lump less at every one.
type WithOneLess = Vec<Option<Vec<Kept>>>;

/// Takes a lump from every target at once; those still kept can spare it. Ends with the run of what is left.
fn spare(
    trials: &mut Trials<'_>,
    targets: &[Target],
    work: &mut [Work],
    outcome: Option<Outcome>,
) -> Result<(Option<Outcome>, WithOneLess), NeedError> {
    let Some(mut whole) = outcome else { return Ok((None, vec![None; targets.len()])) };
    let mut less: WithOneLess = vec![None; targets.len()];
    for _ in 0..ROUNDS {
        work.iter_mut().for_each(|work| work.lumps = work.lumps.saturating_sub(1));
        let outcome = trials.run(&together(targets, work))?;
        let mut spared = false;
        for (at, (target, work)) in targets.iter().zip(work.iter_mut()).enumerate() {
            if work.tried.iter().all(|tried| tried.lumps <= work.lumps) {
                continue;
            }
            let kept = trials.kept(&outcome, target.block, target.row);
            let district = trials.plan.catalogue.district(target.block);
            let all = trials.kept(&outcome, target.block, district);
            let had = work.tried.iter().any(|tried| tried.lumps == work.lumps + 1);
            if had && is_kept(&kept, target.confidence) && is_kept(&all, target.confidence) {
                spared = true;
            } else if had {
                work.lumps += 1;
            }
            less[at] = had.then_some(kept);
        }
        if !spared {
            break;
        }
        whole = trials.run(&together(targets, work))?;
        for (target, work) in targets.iter().zip(work.iter_mut()).filter(|(_, work)| !work.never) {
            work.note(work.lumps, trials.kept(&whole, target.block, target.row));
        }
    }
    Ok((Some(whole), less))
}

fn conclude(
    trials: &Trials<'_>,
    targets: &[Target],
    work: Vec<Work>,
    outcome: Option<&Outcome>,
    less: WithOneLess,
) -> Vec<Size> {
    let sizes = targets.iter().zip(work).zip(less);
    let size = |((target, mut work), less): ((&Target, Work), Option<Vec<Kept>>)| {
        work.tried.sort_by_key(|tried| tried.lumps);
        let with = outcome.map_or_else(|| target.base.clone(), |o| trials.kept(o, target.block, target.row));
        Size {
            lumps: (!work.never).then_some(work.lumps),
            is_torn: work.search.is_torn(),
            low_use: outcome.and_then(|outcome| low_use(trials, outcome, target)),
            with_one_less: less.filter(|_| work.lumps > 0),
            tried: work.tried,
            with,
        }
    };
    sizes.map(size).collect()
}

/// Probability that less is used in the last year than the surplus line.
fn low_use(trials: &Trials<'_>, outcome: &Outcome, target: &Target) -> Option<f64> {
    let promise = trials.plan.catalogue.block(target.block).promise.as_ref()?;
    let shares = trials.column(outcome, target.block, Role::Utilisation, target.row, trials.plan.site.end)?;
    let below = shares.iter().filter(|share| **share < promise.surplus_below).count();
    Some(below as f64 / shares.len().max(1) as f64)
}

/// Everything that is added, as if it stood from the first year.
pub(super) fn additions(targets: &[Target], sizes: &[Size]) -> Vec<Addition> {
    additions_of(targets, sizes.iter().map(Size::built), std::iter::repeat(None))
}

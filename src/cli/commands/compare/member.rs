//! What is compared: a scenario file, or the folder of a finished run.
//!
//! A finished run is simulated again, so that it can be paired: from its scenario while that is unchanged, else from the
//! copy of its inputs that it keeps. Where neither gives the inputs of that run, its summary is all that is left of it.

use std::path::{Path, PathBuf};

use crate::cli::loading::{Shown, sound};
use crate::cli::manifest::Earlier;
use crate::cli::run_folder::{FinishedRun, open_finished};
use crate::cli::talk::{Done, Failure};
use crate::cli::visible;
use crate::language::Text;
use crate::report::{Member, Origin};
use crate::scenario::{Plan, Request, Source, load};
use crate::study::comparison::Recorded;
use crate::text;

/// What a finished run says in numbers.
const SUMMARY: &str = "summary.csv";

/// One of the plans to be compared.
pub(in crate::cli::commands) struct Entry {
    /// What reports say of it.
    pub member: Member,
    /// What its numbers come from.
    pub numbers: Numbers,
    /// Its scenario file, as far as it is known and readable.
    pub file: Option<PathBuf>,
    /// The manifest, when it is a finished run.
    pub earlier: Option<Earlier>,
    /// What was recorded of that run, when it is simulated again.
    pub recorded: Option<Recorded>,
    /// The files that were read, which results must not take the place of.
    pub reads: Vec<PathBuf>,
}

impl Entry {
    /// First and last year that it shows.
    pub(super) fn years(&self) -> (i32, i32) {
        match &self.numbers {
            Numbers::Plan(plan, _) => (plan.shown_from, plan.site.end),
            Numbers::Summary(recorded) => recorded.years(),
        }
    }
}

/// Where numbers come from.
pub(in crate::cli::commands) enum Numbers {
    /// A plan to be simulated, with the request it was loaded by.
    Plan(Box<Plan>, Request),
    /// The summary of a finished run.
    Summary(Recorded),
}

impl Entry {
    /// The scenario file with what was set beside it.
    pub(super) fn source(&self) -> Option<Source<'_>> {
        let settings = match &self.numbers {
            Numbers::Plan(plan, _) => plan.settings.as_slice(),
            Numbers::Summary(_) => &[],
        };
        Some(Source { file: self.file.as_deref()?, settings })
    }
}

/// Looks up what was typed.
pub(in crate::cli::commands) fn resolve(typed: &Path, request: &Request, shown: Shown) -> Done<Entry> {
    if typed.is_dir() {
        if !request.settings.is_empty() {
            let shown = visible::path(typed);
            return Err(Failure::bad_input(text!(
                "{shown} is a finished run, in which nothing can be set\nhelp: name its scenario file in place of the folder",
                "{shown} 是已完成的运行，不能再设定\n改法：请改写其方案文件名"
            )));
        }
        return finished(typed).map_err(Failure::bad_input);
    }
    let scenario = sound(typed, request.clone(), shown)?;
    let reads = scenario.paths();
    Ok(Entry {
        member: member(&scenario.plan, typed, Origin::Simulated),
        numbers: Numbers::Plan(Box::new(scenario.plan), request.clone()),
        file: Some(typed.to_owned()),
        earlier: None,
        recorded: None,
        reads,
    })
}

fn member(plan: &Plan, typed: &Path, origin: Origin) -> Member {
    Member {
        name: plan.name.clone(),
        label: plan.label.clone(),
        file: visible::path(typed),
        origin,
        drift: None,
        made_with: None,
    }
}

fn finished(folder: &Path) -> Result<Entry, Text> {
    let run = open_finished(folder)?;
    let Some(earlier) = Earlier::read(&run.manifest) else {
        let shown = visible::path(folder);
        return Err(text!(
            "{shown} is not the folder of a finished run\nhelp: name a scenario file, or the folder of `civicap run`",
            "{shown} 不是一次运行的结果文件夹\n改法：请指定方案文件，或 `civicap run` 生成的文件夹"
        ));
    };
    let recorded = recorded(&run)?;
    let years = Some((earlier.horizon.start, earlier.horizon.end));
    let request = Request { years, settings: earlier.settings.clone() };
    let file = earlier.file().filter(|file| file.is_file()).map(Path::to_owned);
    let own = |below: &&PathBuf| run.names().iter().any(|name| Path::new(name) == below.as_path());
    let copy = earlier.inputs.as_ref().filter(own).map(|below| folder.join(below)).filter(|copy| copy.is_file());
    let sources = [(file.clone(), Origin::Again), (copy, Origin::Kept)];
    for (source, origin) in sources.into_iter().filter_map(|(source, origin)| Some((source?, origin))) {
        let loaded = load(&source, request.clone());
        let reads = loaded.diagnostics.files.iter().map(|file| file.path.clone()).collect();
        if let Some(mut plan) = loaded.plan.filter(|plan| plan.hash == earlier.scenario_hash) {
            // A copy lies in another folder.
            plan.name.clone_from(&earlier.scenario);
            return Ok(Entry {
                member: member(&plan, folder, origin),
                numbers: Numbers::Plan(Box::new(plan), request),
                file: Some(source),
                earlier: Some(earlier),
                recorded: Some(recorded),
                reads,
            });
        }
    }
    Ok(summary(folder, file.is_some(), earlier, recorded))
}

/// A run of which only the summary is left.
fn summary(folder: &Path, changed: bool, earlier: Earlier, recorded: Recorded) -> Entry {
    let label = Text::owned(earlier.label_en.clone(), earlier.label_zh.clone());
    let origin = if changed { Origin::SummaryOfChanged } else { Origin::SummaryOfMissing };
    let file = visible::path(folder);
    let member = Member { name: earlier.scenario.clone(), label, file, origin, drift: None, made_with: None };
    let numbers = Numbers::Summary(recorded);
    Entry { member, numbers, file: None, earlier: Some(earlier), recorded: None, reads: Vec::new() }
}

fn recorded(run: &FinishedRun) -> Result<Recorded, Text> {
    let bytes = run.read(SUMMARY)?;
    let text = String::from_utf8_lossy(&bytes);
    Recorded::read(text.trim_start_matches('\u{feff}')).ok_or_else(|| {
        let shown = visible::path(&run.path.join(SUMMARY));
        text!(
            "{shown} is no summary of a run\nhelp: simulate once more with --overwrite",
            "{shown} 不是运行的汇总表\n改法：加 --overwrite 重新运行一次"
        )
    })
}

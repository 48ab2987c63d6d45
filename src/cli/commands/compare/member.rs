//! What is compared: a scenario file, or the folder of a finished run.
//!
//! A finished run is simulated again, so that it can be paired: from its scenario while that is unchanged, else from the
//! copy of its inputs that it keeps. Where neither gives the inputs of that run, its summary is all that is left of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::plan_of;
use crate::cli::manifest::Earlier;
use crate::cli::output::MANIFEST;
use crate::language::{Language, Text};
use crate::report::{Member, Origin};
use crate::scenario::{Plan, Request, load};
use crate::study::comparison::Recorded;
use crate::text;

/// What a finished run says in numbers.
const SUMMARY: &str = "summary.csv";

/// One of the plans to be compared.
pub(super) struct Entry {
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
}

/// Where numbers come from.
pub(super) enum Numbers {
    /// A plan to be simulated, with the request it was loaded by.
    Plan(Box<Plan>, Request),
    /// The summary of a finished run.
    Summary(Recorded),
}

/// Looks up what was typed. `Err` when it cannot be used: what to say, or nothing when the faults were shown.
pub(super) fn resolve(typed: &Path, language: Language, quiet: bool) -> Result<Entry, Option<Text>> {
    if typed.is_dir() {
        return finished(typed).map_err(Some);
    }
    let plan = plan_of(typed, Request::default(), language, quiet).ok_or(None)?;
    Ok(Entry {
        member: member(&plan, typed, Origin::Simulated),
        numbers: Numbers::Plan(Box::new(plan), Request::default()),
        file: Some(typed.to_owned()),
        earlier: None,
        recorded: None,
    })
}

fn member(plan: &Plan, typed: &Path, origin: Origin) -> Member {
    Member {
        name: plan.name.clone(),
        label: plan.label.clone(),
        file: typed.display().to_string(),
        origin,
        drift: None,
    }
}

fn finished(folder: &Path) -> Result<Entry, Text> {
    let shown = folder.display();
    let manifest = fs::read_to_string(folder.join(MANIFEST)).ok().and_then(|text| Earlier::read(&text));
    let Some(earlier) = manifest else {
        return Err(text!(
            "{shown} holds no finished run\nhelp: name a scenario file, or the folder of `civicap run` with its manifest.json",
            "{shown} 中没有已完成的运行\n改法：请指定方案文件，或 `civicap run` 生成的含 manifest.json 的文件夹"
        ));
    };
    let request = Request { years: Some((earlier.horizon.start, earlier.horizon.end)) };
    let file = earlier.file().filter(|file| file.is_file()).map(Path::to_owned);
    let copy = earlier.inputs.as_ref().map(|below| folder.join(below)).filter(|copy| copy.is_file());
    let sources = [(file.clone(), Origin::Again), (copy, Origin::Kept)];
    for (source, origin) in sources.into_iter().filter_map(|(source, origin)| Some((source?, origin))) {
        let plan = load(&source, request).plan.filter(|plan| plan.hash == earlier.scenario_hash);
        if let Some(mut plan) = plan {
            // A copy lies in another folder.
            plan.name.clone_from(&earlier.scenario);
            return Ok(Entry {
                member: member(&plan, folder, origin),
                numbers: Numbers::Plan(Box::new(plan), request),
                file: Some(source),
                earlier: Some(earlier),
                recorded: recorded(folder),
            });
        }
    }
    summary(folder, file.is_some(), earlier)
}

fn summary(folder: &Path, changed: bool, earlier: Earlier) -> Result<Entry, Text> {
    let recorded = recorded(folder).ok_or_else(|| {
        let shown = folder.join(SUMMARY);
        let shown = shown.display();
        text!(
            "{shown} cannot be read, and the scenario of that run is gone or changed",
            "无法读取 {shown}，且该运行的方案文件已不存在或已改动"
        )
    })?;
    let label = Text::owned(earlier.label_en.clone(), earlier.label_zh.clone());
    let origin = if changed { Origin::SummaryOfChanged } else { Origin::SummaryOfMissing };
    let file = folder.display().to_string();
    let member = Member { name: earlier.scenario.clone(), label, file, origin, drift: None };
    Ok(Entry { member, numbers: Numbers::Summary(recorded), file: None, earlier: Some(earlier), recorded: None })
}

fn recorded(folder: &Path) -> Option<Recorded> {
    fs::read_to_string(folder.join(SUMMARY)).ok().as_deref().and_then(Recorded::read)
}

//! `civicap check`: reads a scenario and says what was understood.

use std::path::PathBuf;

use clap::Args;

use crate::cli::bilingual::both;
use crate::cli::json;
use crate::cli::loading::{Shown, plan_of};
use crate::cli::output_args::OutputArgs;
use crate::cli::setting_args::SettingArgs;
use crate::cli::talk::{Done, Failure, print};
use crate::report;
use crate::scenario::load;

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(help = both("The scenario file (.toml)", "方案文件（.toml）"))]
    pub file: PathBuf,
    #[arg(long, help = both("Print faults and what was understood as JSON", "以 JSON 输出错误和读懂的内容"))]
    pub json: bool,
    #[command(flatten)]
    pub setting: SettingArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `civicap check`.
pub(crate) fn check(options: &Options) -> Done {
    let language = options.output.language();
    let loaded = load(&options.file, options.setting.request());
    if options.json {
        print(&json::checked(&loaded.diagnostics, loaded.plan.as_ref(), language))?;
        return loaded.plan.map(|_| ()).ok_or_else(Failure::shown);
    }
    let quiet = options.output.quiet;
    let plan = plan_of(loaded, Shown { language, quiet, json: false })?;
    if quiet { Ok(()) } else { print(&report::understood(&plan, language)) }
}

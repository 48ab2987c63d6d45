//! `civicap calibrate`: estimates inputs on a table, says them, and writes them as a piece of a scenario.

pub(super) mod education;
mod elderly;
mod fragment;
pub(super) mod people;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use self::fragment::Place;
use crate::cli::bilingual::both;
use crate::cli::output_args::OutputArgs;
use crate::cli::talk::{Done, print};

/// Options of `calibrate`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[arg(value_enum, help = both("What to estimate",
        "估计什么：education 为入学率与年级递进率，elderly 为养老服务使用系数，people 为生育、迁移及其不确定性"))]
    pub what: What,
    #[arg(help = both(
        "Table (.csv): births and enrolment by year, area and grade (education); places in use by service (elderly); counts by date, area, sex and age (people)",
        "数据表（.csv）：education 用分年、区域、年级的出生与在校生数；elderly 用各服务的在用位数；people 用分时点、区域、性别、年龄的人数"))]
    pub file: PathBuf,
    #[arg(long, value_name = "FILE", required_if_eq_any([("what", "elderly"), ("what", "people")]),
        help = both(
            "Scenario whose people and shares of use the take-up belongs to (elderly), or whose death rates and age patterns are used (people)",
            "使用系数所属的方案（elderly），或采用其死亡率与年龄模式的方案（people）"))]
    pub scenario: Option<PathBuf>,
    #[arg(long, value_name = "DIR", help = both("Folder for a scenario fragment with the estimates", "把估计结果写成方案片段的文件夹"))]
    pub out: Option<PathBuf>,
    #[arg(long, help = both("Replace an earlier fragment in the folder", "替换文件夹中原有的片段"))]
    pub overwrite: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What can be estimated.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum What {
    /// Yields and grade progression (入学率与年级递进率)
    Education,
    /// Take-up of elderly care from places in use (由在用位数估计养老服务使用系数)
    Elderly,
    /// Fertility, migration by age and their spreads, from two or more counts (由两次以上统计估计生育、分年龄迁移及其离散)
    People,
}

/// `civicap calibrate`.
pub(crate) fn calibrate(options: &Options) -> Done {
    let language = options.output.language();
    let place = options.out.as_deref().map(|folder| Place {
        folder,
        overwrite: options.overwrite,
        table: &options.file,
        scenario: options.scenario.as_deref(),
    });
    let said = match (options.what, &options.scenario) {
        (What::Education, _) => education::calibrate(&options.file, place.as_ref(), language)?,
        (What::Elderly, Some(scenario)) => elderly::calibrate(&options.file, scenario, place.as_ref(), language)?,
        (What::People, Some(scenario)) => people::calibrate(&options.file, scenario, place.as_ref(), language)?,
        // The reader of arguments asks for the scenario.
        (What::Elderly | What::People, None) => String::new(),
    };
    if options.output.quiet { Ok(()) } else { print(&said) }
}

//! Keys set on the command line, for every command that reads a scenario.

use clap::Args;

use super::bilingual::both;
use crate::scenario::Request;

/// Keys set beside the file.
#[derive(Clone, Debug, Args)]
pub(super) struct SettingArgs {
    #[arg(long = "set", value_name = "KEY=VALUE", help = both(
        "Set a key of the scenario for this once, by its dotted path, such as people.births.births_per_woman=1.1; may be repeated",
        "仅本次设定方案中的一个键（写完整路径），例如 people.births.births_per_woman=1.1；可重复使用"))]
    pub settings: Vec<String>,
}

impl SettingArgs {
    /// The scenario under these settings, with all of its years.
    pub(super) fn request(&self) -> Request {
        Request { years: None, settings: self.settings.clone() }
    }
}

//! `civicap run --shard I/N`: the replications of one shard, for `civicap merge`.

use std::path::{Path, PathBuf};

use crate::cli::interrupt;
use crate::cli::loading::stopped;
use crate::cli::memory;
use crate::cli::progress::{self, Bar};
use crate::cli::run_folder::{MANIFEST, SingleFile, safe_name};
use crate::cli::talk::{Done, Failure, print};
use crate::cli::values::Shard;
use crate::cli::visible;
use crate::language::{Language, Text};
use crate::run::{RunOptions, ShardResults, simulate_range};
use crate::scenario::Plan;
use crate::text;

/// Ending of the name of a shard.
pub(super) const ENDING: &str = "civicap";

/// Which shard of which run is to be made.
pub(super) struct Asked {
    /// The whole run.
    pub run: RunOptions,
    /// The shard of it.
    pub shard: Shard,
    /// How shards are called in the name of the file.
    pub word: &'static str,
    /// The folder that was named.
    pub out: Option<PathBuf>,
    /// Whether nothing is to be said.
    pub quiet: bool,
    /// The language.
    pub language: Language,
}

/// Simulates the replications of one shard and writes them to one file.
pub(super) fn make(plan: &Plan, asked: &Asked) -> Done {
    let Asked { run, shard, word, out, quiet, language } = asked;
    let range = ShardResults::range(shard.number, shard.of, run.replications);
    memory::ask(plan, &memory::Needs { replications: range.len(), held_at_once: 2 })?;
    let folder =
        out.clone().unwrap_or_else(|| PathBuf::from("runs").join(format!("{}-{word}s", safe_name(&plan.name))));
    if folder.join(MANIFEST).exists() {
        let shown = visible::path(&folder);
        return Err(Failure::bad_input(text!(
            "{shown} holds the results of a run\nhelp: name another folder for the shards with --out",
            "{shown} 中已有一次运行的结果\n改法：请用 --out 为各部分另选文件夹"
        )));
    }
    let name = format!("{word}-{}-of-{}.{ENDING}", shard.number, shard.of);
    let file = SingleFile::claim(&folder, &name, is_shard)?;
    let bar = Bar::new(
        plan,
        progress::Shown { replications: range.len(), target_mcse: None, quiet: *quiet, language: *language },
    );
    let results = simulate_range(plan, range.clone(), *run, &bar, interrupt::watch());
    bar.finish();
    let results = results.map_err(|failure| stopped(&failure, &bar, None))?;
    let part = ShardResults::new(plan, &results, &range, run.replications);
    let bytes = part.to_bytes().map_err(|failure| Failure::failed(Text::name(failure.to_string())))?;
    let written = file.write(&bytes).map_err(Failure::failed)?;
    if *quiet { Ok(()) } else { print(&format!("{}\n", visible::path(&written))) }
}

/// Whether a file is a shard that civicap has made, which may be made again.
fn is_shard(file: &Path) -> bool {
    use std::io::Read;
    let mut begin = [0; 16];
    let plain = std::fs::symlink_metadata(file).is_ok_and(|it| it.is_file());
    plain
        && std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut begin)).is_ok()
        && begin.starts_with(b"{\"civicap_part\":")
}

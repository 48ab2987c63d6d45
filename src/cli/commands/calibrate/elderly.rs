//! `civicap calibrate elderly`: take-up from places in use, for the people and shares of use of a scenario.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::fragment::{self, Piece, Place};
use crate::cli::diagnostics;
use crate::cli::loading::{Shown, failed, sound};
use crate::cli::talk::{Done, Failure};
use crate::input::{LoadSession, open_table};
use crate::language::{Language, Text};
use crate::metric::{BlockId, Role};
use crate::report::scores;
use crate::run::{RunOptions, simulate};
use crate::scenario::{Plan, Request};
use crate::services::elderly::calibration::occupancy::{self, COLUMNS, Figure};
use crate::services::elderly::calibration::{FittedTakeUp, take_up, take_up_fragment};
use crate::services::elderly::care::Care;
use crate::study::per_unit;
use crate::text;
use crate::uncertainty::Parameter;

/// Name of the fragment in its folder.
const FRAGMENT: &str = "elderly-fit.toml";

/// Paths of the people over which expected use is a mean: its error is then well below that of any figure.
const REPLICATIONS: usize = 256;

const SEED: u64 = 1;

/// Estimates take-up, says it, and writes it as a piece of a scenario.
pub(super) fn calibrate(table: &Path, scenario: &Path, place: Option<&Place<'_>>, language: Language) -> Done<String> {
    let shown = Shown { language, quiet: true, json: false };
    let mut plan = sound(scenario, Request::default(), shown)?.plan;
    plan.services.retain(|(kind, _)| kind.name == "elderly");
    if used(&plan).next().is_none() {
        return Err(Failure::bad_input(Text::new(
            "the scenario has no [elderly.services] whose take-up could be fitted\nhelp: give --scenario a scenario with people and [elderly.services]",
            "方案中没有可估计使用系数的 [elderly.services]\n改法：--scenario 请指定含人口与 [elderly.services] 的方案",
        )));
    }
    let figures = read(table, &plan, language)?;
    let run = RunOptions { replications: REPLICATIONS, seed: SEED, threads: 0 };
    let results = simulate(&plan, run, &(), &AtomicBool::new(false)).map_err(|failure| failed(&failure))?;
    let fits: Vec<FittedTakeUp> = used(&plan)
        .filter_map(|used| {
            let expected = per_unit(&plan, &results, used.block, Role::ExpectedUsers, used.take_up)?;
            take_up(&figures, used.care, plan.site.start, &expected)
        })
        .collect();
    let mut said = scores::take_up(&fits, language);
    said.push_str(left_out(&figures, &fits).get(language));
    if let Some(place) = place {
        let walk = |care: Care| {
            let parameter = used(&plan).find(|used| used.care == care).map(|used| used.take_up);
            parameter.map_or(0.0, |p| plan.parameters.defs()[p.index()].variation.walk_sd)
        };
        let text = take_up_fragment(&fits, plan.site.areas.len(), &fragment::name_of(place.table), walk);
        said.push_str(fragment::write(place, &[Piece { name: FRAGMENT, text: &text }])?.get(language));
    }
    Ok(said)
}

/// A service of the network with its block and its take-up.
struct Used {
    care: Care,
    block: BlockId,
    take_up: Parameter,
}

/// The services of the network.
fn used(plan: &Plan) -> impl Iterator<Item = Used> {
    Care::ALL.into_iter().filter_map(|care| {
        let key = care.key();
        let path = format!("elderly.services.{key}.take_up");
        let input = plan.inputs.iter().find(|input| input.path == path)?;
        let (block, _) =
            plan.catalogue.blocks().find(|(_, b)| b.service == "elderly" && b.stage == key && b.by_area)?;
        Some(Used { care, block, take_up: input.parameter? })
    })
}

/// Figures that belong to no service of the scenario, or to one that nobody is expected to use.
fn left_out(figures: &[Figure], fits: &[FittedTakeUp]) -> Text {
    let mut keys: Vec<&str> = figures
        .iter()
        .filter(|figure| fits.iter().all(|fit| fit.care != figure.care))
        .map(|figure| figure.care.key())
        .collect();
    keys.dedup();
    if keys.is_empty() {
        return Text::new("", "");
    }
    let list = keys.join(", ");
    text!(
        "! not fitted, since nobody is counted or nobody is expected by the scenario: {list}\n",
        "! 下列服务无人使用或方案中无人使用，未估计：{list}\n"
    )
}

/// The figures of a file, or the failure after its faults were shown.
fn read(path: &Path, plan: &Plan, language: Language) -> Done<Vec<Figure>> {
    let session = LoadSession::default();
    let years = plan.site.start..=plan.site.end;
    let figures =
        open_table(&session, path, COLUMNS).and_then(|sheet| occupancy::read(&sheet, &plan.site.area_ids(), years));
    let errors = session.diagnostics.errors();
    let found = session.diagnostics.finish();
    if !found.list.is_empty() {
        diagnostics::show(&found, language);
    }
    figures.filter(|_| errors == 0).ok_or_else(Failure::shown)
}

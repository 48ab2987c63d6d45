//! What should be built, as long tables for machines.

use std::fmt::Write;

use super::tidy::{number, quote};
use crate::need::{Kept, Need, Needed};
use crate::scenario::Plan;

const NEED: &str = "service,stage,area,year,confidence,kept_as_planned,kept_as_planned_mcse,least_units,least_places,\
                    kept_with_all_added,kept_with_all_added_mcse,kept_with_one_lump_less,kept_on_dates";

const CURVE: &str = "service,stage,area,added_units,added_places,year,kept,kept_mcse";

/// Every target and year: how it is kept as planned, the least that keeps that year, and how it is kept in the end.
pub fn need_csv(plan: &Plan, need: &Need) -> String {
    let mut csv = format!("{NEED}\n");
    for row in &need.rows {
        for base in &row.target.base {
            names(&mut csv, plan, row);
            let of = |kept: &[Kept]| kept.iter().find(|kept| kept.year == base.year).copied();
            let with = of(&row.size.with);
            let lumps = row.size.lumps_of_year(base.year, row.target.confidence);
            let units = lumps.map(|lumps| f64::from(lumps * row.target.lump));
            let less = row.size.with_one_less.as_deref().and_then(of);
            let dated = row.opening.as_ref().and_then(|opening| of(&opening.kept));
            let _ = write!(csv, "{}", base.year);
            let share = |kept: Option<Kept>| kept.map_or(f64::NAN, |kept| kept.share);
            for value in [
                row.target.confidence,
                base.share,
                base.error,
                units.unwrap_or(f64::NAN),
                units.map_or(f64::NAN, |units| units * need.room(row)),
                share(with),
                with.map_or(f64::NAN, |kept| kept.error),
                share(less),
                share(dated),
            ] {
                csv.push(',');
                number(&mut csv, value);
            }
            csv.push('\n');
        }
    }
    csv
}

/// How surely each target is kept with each number that was tried.
pub fn curve_csv(plan: &Plan, need: &Need) -> String {
    let mut csv = format!("{CURVE}\n");
    for row in &need.rows {
        for tried in &row.size.tried {
            for kept in &tried.kept {
                names(&mut csv, plan, row);
                let units = tried.lumps * row.target.lump;
                let _ = write!(csv, "{units},");
                number(&mut csv, f64::from(units) * need.room(row));
                let _ = write!(csv, ",{}", kept.year);
                for value in [kept.share, kept.error] {
                    csv.push(',');
                    number(&mut csv, value);
                }
                csv.push('\n');
            }
        }
    }
    csv
}

fn names(csv: &mut String, plan: &Plan, row: &Needed) {
    let block = plan.catalogue.block(row.target.block);
    let area = plan.site.areas.get(row.target.row).filter(|_| block.by_area && plan.catalogue.areas() > 1);
    for name in [block.service, block.stage.as_str(), area.map_or("", |area| area.id.as_str())] {
        quote(csv, name);
        csv.push(',');
    }
}

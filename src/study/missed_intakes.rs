//! Projects and the first of September: how often a project that is planned in time for an intake opens too late for it.
//!
//! A school takes pupils on the first 1 September on or after its opening; a day late is a year late. The opening is a draw of
//! the path alone (common delay and the project's own), so its probability is counted over the very paths of the run.

use crate::metric::{BlockId, Role};
use crate::run::Results;
use crate::scenario::Plan;

/// Month of the intake, from 0.
const SEPTEMBER: f64 = 8.0;

/// A project against the intake that it is planned for.
#[derive(Clone, Debug, PartialEq)]
pub struct Intake {
    /// Position among the projects of the plan.
    pub project: usize,
    /// Planned opening, months since year 0.
    pub planned: f64,
    /// Year of the first intake by plan.
    pub year: i32,
    /// Probability that it misses that intake.
    pub missed: f64,
    /// Mean years between the planned and the true first intake; below zero where it opens early.
    pub years_late: f64,
}

/// The projects of a block that takes its users in September, in the order of their planned opening; those left out are
/// not late.
pub fn intakes(plan: &Plan, results: &Results, block: BlockId) -> Vec<Intake> {
    if plan.catalogue.metric(block, Role::OpeningMissedIntake).is_none() {
        return Vec::new();
    }
    let projects = plan.catalogue.projects(block).iter().copied().filter(|p| !plan.site.projects[*p].left_out);
    let mut intakes: Vec<Intake> = projects.map(|project| intake(plan, project)).collect();
    let paths = results.replications().div_ceil(2);
    let mut draw = plan.parameters.blank();
    for path in 0..paths {
        plan.parameters.draw(results.seed(), path as u32, &mut draw);
        for intake in &mut intakes {
            let late = first(plan.site.opening(intake.project, &draw)) - intake.year;
            intake.missed += f64::from(u8::from(late > 0));
            intake.years_late += f64::from(late);
        }
    }
    for intake in &mut intakes {
        intake.missed /= paths as f64;
        intake.years_late /= paths as f64;
    }
    intakes.sort_by(|a, b| a.planned.total_cmp(&b.planned));
    intakes
}

fn intake(plan: &Plan, project: usize) -> Intake {
    let planned = plan.site.projects[project].opens;
    Intake { project, planned, year: first(planned), missed: 0.0, years_late: 0.0 }
}

/// Year of the first 1 September on or after a month.
fn first(month: f64) -> i32 {
    libm::ceil((month - SEPTEMBER) / 12.0 - 1e-9) as i32
}

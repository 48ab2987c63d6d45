//! Which inputs can reach a number at all.
//!
//! Of a hundred inputs several correlate with a headline by chance; those that cannot reach it are never named. People reach every service;
//! a service's inputs reach its own numbers, and hospitals and elderly care reach each other by the patients who wait for a
//! long-stay place ([`crate::services::service_signals`]); a project reaches the services whose places it changes.

use crate::metric::BlockId;
use crate::scenario::Plan;

/// Services that tell each other something.
const EXCHANGE: [[&str; 2]; 1] = [["health", "elderly"]];

/// Whether the input of this key can move a number of a block.
pub(super) fn reaches(plan: &Plan, path: &str, block: BlockId) -> bool {
    let target = plan.catalogue.block(block).service;
    let mut words = path.split('.');
    match words.next() {
        Some("projects") => words.next().is_none_or(|project| project_reaches(plan, project, target)),
        Some("openings") => plan.services.iter().any(|(kind, _)| kind.name == target),
        Some(service) if plan.services.iter().any(|(kind, _)| kind.name == service) => speaks_to(service, target),
        _ => true,
    }
}

/// A project of which no block knows may be anywhere.
fn project_reaches(plan: &Plan, id: &str, target: &str) -> bool {
    let Some(project) = plan.site.projects.iter().position(|project| project.id == id) else { return true };
    let mut changed = plan.catalogue.blocks().filter(|(block, _)| plan.catalogue.projects(*block).contains(&project));
    let services: Vec<&str> = changed.by_ref().map(|(_, block)| block.service).collect();
    services.is_empty() || services.into_iter().any(|service| speaks_to(service, target))
}

fn speaks_to(service: &str, target: &str) -> bool {
    let pair = |[a, b]: [&str; 2]| (service, target) == (a, b) || (service, target) == (b, a);
    service == target || EXCHANGE.into_iter().any(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schools_do_not_reach_hospitals_and_homes_do() {
        assert!(
            speaks_to("education", "education") && speaks_to("elderly", "health") && speaks_to("health", "elderly")
        );
        assert!(
            !speaks_to("education", "health") && !speaks_to("health", "people") && !speaks_to("elderly", "education")
        );
    }
}

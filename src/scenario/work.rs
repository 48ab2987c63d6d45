//! What a plan asks of a machine: counted before it starts, from the middle of every parameter.

use super::plan::Plan;
use crate::language::Text;
use crate::population::PeopleModel;
use crate::services::service::Surroundings;

/// Seconds in which one person who is followed one by one comes and goes, on a core of an ordinary machine: queues and beds
/// take .2 to .6 microseconds for each.
const SECONDS_A_REQUEST: f64 = 5e-7;

/// What one replication follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Residents who are carried forward.
    pub persons: u64,
    /// Years through which they are.
    pub years: usize,
    /// About how many people ask for a bed or a place of their own in all years, followed one by one.
    pub requests: f64,
}

impl Work {
    /// About how many seconds those take who are followed one by one, in so many replications on so many cores.
    pub fn seconds(&self, replications: usize, cores: usize) -> f64 {
        self.requests * SECONDS_A_REQUEST * replications as f64 / cores.max(1) as f64
    }
}

impl Plan {
    /// Calls `look` with what surrounds the services before anything is drawn.
    fn with_surroundings<T>(&self, look: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let mut middle = self.parameters.blank();
        self.parameters.at_median(&mut middle);
        let residents = self.people.as_ref().map(|people| &people.base.people);
        look(&Surroundings { residents, middle: &middle })
    }

    /// What planners should know of how the inputs of the services were understood.
    pub fn notes(&self) -> Vec<Text> {
        self.with_surroundings(|at| self.services.iter().flat_map(|(_, service)| service.notes(at)).collect())
    }

    /// What one replication follows.
    pub fn work(&self) -> Work {
        let a_year = self.with_surroundings(|at| -> f64 {
            self.services.iter().map(|(_, service)| service.requests_a_year(at)).sum()
        });
        Work {
            persons: self.people.as_ref().map_or(0, PeopleModel::persons),
            years: self.site.years(),
            requests: a_year * self.site.reported_years() as f64,
        }
    }
}

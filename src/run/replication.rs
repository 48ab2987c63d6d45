//! One replication: the yearly order of events.
//!
//! 1. The parameters of the path are drawn.
//! 2. The people take their places on 1 January of the first year.
//! 3. Each year, the people live through it,
//! 4. every service serves the people it sees,
//! 5. and signals between services turn.

use crate::metric::Record;
use crate::population::view::{People, YearView};
use crate::population::{self, PeopleState};
use crate::random::RngSource;
use crate::scenario::Plan;
use crate::services::service::{ReplicationContext, ServiceState};
use crate::services::service_signals::ServiceSignals;
use crate::uncertainty::ParameterDraw;

/// Everything a thread reuses from one replication to the next.
pub struct ReplicationWorkspace<'p> {
    plan: &'p Plan,
    draw: ParameterDraw,
    /// Seed and path that `draw` holds: the second replication of a pair finds it there.
    drawn: Option<(u64, u32)>,
    people: Option<PeopleState<'p>>,
    services: Vec<Box<dyn ServiceState + 'p>>,
    signals: ServiceSignals,
    nobody: People,
    no_births: Vec<u32>,
}

impl std::fmt::Debug for ReplicationWorkspace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplicationWorkspace").field("plan", &self.plan.name).finish_non_exhaustive()
    }
}

impl<'p> ReplicationWorkspace<'p> {
    /// ReplicationWorkspace for one thread.
    pub fn new(plan: &'p Plan) -> Self {
        let areas = plan.site.areas.len();
        Self {
            plan,
            draw: plan.parameters.blank(),
            drawn: None,
            people: plan.people.as_ref().map(|people| people.state()),
            services: plan.services.iter().map(|(_, service)| service.state()).collect(),
            signals: ServiceSignals::default(),
            nobody: People::nobody(areas),
            no_births: vec![0; areas],
        }
    }

    /// Runs replication `number` under `seed` and writes its values into `cells`.
    pub fn replicate(&mut self, seed: u64, number: u32, cells: &mut [u32]) {
        let path = number / 2;
        if self.drawn.replace((seed, path)) != Some((seed, path)) {
            self.plan.parameters.draw(seed, path, &mut self.draw);
        }
        let site = &self.plan.site;
        let context = ReplicationContext { site, draw: &self.draw, chance: RngSource::new(seed, number) };
        let mut record = Record::new(&self.plan.catalogue, cells);
        self.signals.clear();
        let living =
            population::PeopleContext { draw: &self.draw, path: RngSource::new(seed, path), chance: context.chance };
        if let Some(people) = &mut self.people {
            people.open(&living);
        }
        for index in 0..site.years() {
            if let Some(people) = &mut self.people {
                people.advance(&living, index);
                people.record(&mut record);
            }
            let Some(reported) = index.checked_sub(site.lead_years()) else { continue };
            let year = match &self.people {
                Some(people) => people.view(),
                None => YearView {
                    year: site.first_year + index as i32,
                    index,
                    reported: Some(reported),
                    start: &self.nobody,
                    end: &self.nobody,
                    group_quarters: &self.nobody,
                    births: &self.no_births,
                    registered: None,
                    flows: None,
                },
            };
            for service in &mut self.services {
                if reported == 0 {
                    service.open(&context, &year);
                }
                service.serve(&context, &year, &mut self.signals, &mut record);
            }
            self.signals.turn();
        }
        record.close();
    }
}

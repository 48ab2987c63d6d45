//! Queues of their own, with requests given directly; some send on to each other when they are full.

use super::pools::{CLASSES, PoolGrid, chain_layout, routes_of_queue};
use super::reneging::{self, Causes, Hazards};
use super::requests::{self, RequestProfile};
use crate::context::ReplicationContext;
use crate::queue::waiting_line::{Stays, Tally, WaitingLine};
use crate::random::{StreamKey, poisson};
use crate::services::elderly::care::PriceClass;
use crate::services::elderly::standalone::{QueuePatience, StandaloneQueue, Start};

const REQUESTS: StreamKey = StreamKey::named("elderly.lines");
const FIRST: StreamKey = StreamKey::named("elderly.lines.first");
const WARM_UP: StreamKey = StreamKey::named("elderly.lines.warm-up");
const STAY: StreamKey = StreamKey::named("elderly.lines.stay");
const CAUSE: StreamKey = StreamKey::named("elderly.lines.causes");

/// Where a scenario does not tell causes apart.
const UNTOLD: Hazards = [0.0, 0.0, 0.0, 1.0];

/// Queues that send on to each other, by their numbers; most stand alone. Every queue is in one chain.
pub(crate) fn chains(queues: &[StandaloneQueue]) -> Vec<Vec<usize>> {
    let mut chain_of: Vec<usize> = (0..queues.len()).collect();
    for (number, queue) in queues.iter().enumerate() {
        if let Some(then) = queue.then {
            let (from, to) = (chain_of[number], chain_of[then]);
            chain_of.iter_mut().filter(|chain| **chain == to).for_each(|chain| *chain = from);
        }
    }
    let members =
        |chain: usize| -> Vec<usize> { (0..queues.len()).filter(|queue| chain_of[*queue] == chain).collect() };
    (0..queues.len()).map(members).filter(|members| !members.is_empty()).collect()
}

/// A chain during one replication.
pub(crate) struct ChainState<'m> {
    queues: &'m [StandaloneQueue],
    members: &'m [usize],
    line: WaitingLine,
}

/// Requests of a period: which stream they are drawn from.
#[derive(Clone, Copy)]
struct Period {
    /// Position of the year among the simulated ones, for parameters.
    index: usize,
    key: StreamKey,
    stream_year: u32,
}

/// People who would be in a place if there were enough: requests x stay.
fn load(queue: &StandaloneQueue, context: &ReplicationContext<'_>, year: usize) -> f64 {
    context.draw.at(queue.requests, year, 0) * context.draw.at(queue.stay, year, 0) / 12.0
}

impl<'m> ChainState<'m> {
    pub(crate) fn new(queues: &'m [StandaloneQueue], members: &'m [usize]) -> Self {
        let route = |&first: &usize| {
            let mut route = vec![first];
            while let Some(next) = queues[route[route.len() - 1]].then.filter(|next| !route.contains(next)) {
                route.push(next);
            }
            let pool = |queue: usize| members.iter().position(|member| *member == queue).unwrap_or(0) as u32;
            route.into_iter().map(pool).collect()
        };
        let names = members.iter().map(|&queue| queues[queue].key()).collect();
        let line = WaitingLine::new(chain_layout(&members.iter().map(route).collect::<Vec<_>>(), names));
        Self { queues, members, line }
    }

    /// The queues of the chain by their pools, with their numbers in the scenario.
    pub(crate) fn queues(&self) -> impl Iterator<Item = (usize, usize)> + 'm {
        self.members.iter().copied().enumerate()
    }

    fn profile(&self, queue: &StandaloneQueue, context: &ReplicationContext<'_>, year: usize) -> RequestProfile {
        let patience = match queue.patience {
            QueuePatience::Endless => f64::INFINITY,
            QueuePatience::Months(months) => context.draw.at(months, year, 0) / 12.0,
            QueuePatience::ByCause(hazards) => 1.0 / hazards.iter().sum::<f64>(),
        };
        RequestProfile {
            grid: PoolGrid { areas: self.members.len(), prices: 1 },
            patience: [patience; CLASSES],
            district_first: 0.0,
            transfer_back: 0.0,
            outside: context.draw.at(queue.outside, year, 0),
            urgent: context.draw.at(queue.urgent, year, 0),
            can_pay: [0.0; PriceClass::ALL.len() - 1],
        }
    }

    /// Sets the stays of a year: each queue has its own mean.
    fn set_stays(&mut self, context: &ReplicationContext<'_>, year: usize) -> Stays {
        for (pool, number) in self.queues() {
            self.line.set_stay(pool, context.draw.at(self.queues[number].stay, year, 0) / 12.0);
        }
        Stays { mean: 1.0, chance: context.chance, purpose: STAY, promised_wait: 0.0 }
    }

    /// The requests of a period to come.
    fn expect(&mut self, context: &ReplicationContext<'_>, period: Period) {
        for (pool, number) in self.queues() {
            let queue = &self.queues[number];
            let rate = context.draw.at(queue.requests, period.index, 0);
            let mut stream = context.chance.cell(period.key.with(queue.key()), period.stream_year, 0);
            let profile = self.profile(queue, context, period.index);
            profile.expect(&mut self.line, pool, rate, u32::MAX, &mut stream);
        }
    }

    /// Opens as the scenario says and lives through the warm-up.
    pub(crate) fn open(&mut self, context: &ReplicationContext<'_>, year: usize) {
        self.line.clear();
        let stays = self.set_stays(context, year);
        let mut all = Vec::new();
        for (pool, number) in self.queues() {
            let queue = &self.queues[number];
            self.line.change_places(0.0, pool, queue.places as i32);
            let mut stream = context.chance.cell(FIRST.with(queue.key()), 0, 0);
            let count = match queue.start {
                Start::Empty => 0,
                Start::OfferedLoad => poisson(load(queue, context, year), &mut stream),
                Start::Counted(people) => people,
            };
            self.profile(queue, context, year).first(pool, count, &mut stream, &mut all);
        }
        requests::open(&mut self.line, &mut all, &stays);
        let warm_up = self.members.iter().map(|number| self.queues[*number].warm_up).max().unwrap_or(0);
        for past in 0..warm_up {
            self.expect(context, Period { index: year, key: WARM_UP, stream_year: past });
            self.line.live(1.0, &stays);
        }
    }

    /// Lives through a year.
    pub(crate) fn live(&mut self, context: &ReplicationContext<'_>, year: usize) -> &Tally {
        let stays = self.set_stays(context, year);
        self.expect(context, Period { index: year, key: REQUESTS, stream_year: year as u32 });
        self.line.live(1.0, &stays)
    }

    /// Why people left the queue `number`, at `pool`, in the year lived through.
    pub(crate) fn causes(&self, pool: usize, number: usize, context: &ReplicationContext<'_>, year: usize) -> Causes {
        let left = reneging::who_left(self.line.tally(), &routes_of_queue(pool).into_iter());
        if left == [0; CLASSES] {
            return Causes::default();
        }
        let queue = &self.queues[number];
        let hazards = match queue.patience {
            QueuePatience::ByCause(hazards) => hazards,
            QueuePatience::Endless | QueuePatience::Months(_) => UNTOLD,
        };
        let mut stream = context.chance.cell(CAUSE.with(queue.key()), year as u32, 0);
        reneging::causes(left, &[hazards; CLASSES], &mut stream)
    }

    /// Whether the chain has no long run: nobody ever leaves its queues without a place, and the load is not below the places.
    pub(crate) fn is_unstable(&self, context: &ReplicationContext<'_>, year: usize) -> bool {
        let queues = || self.members.iter().map(|&number| &self.queues[number]);
        let endless = queues().all(|queue| {
            matches!(queue.patience, QueuePatience::Endless) && context.draw.at(queue.outside, year, 0) <= 0.0
        });
        let places: f64 = queues().map(|queue| f64::from(queue.places)).sum();
        let asked: f64 = queues().map(|queue| load(queue, context, year)).sum();
        endless && asked > 0.0 && asked >= places
    }

    /// What happened in the year lived through.
    pub(crate) fn tally(&self) -> &Tally {
        self.line.tally()
    }
}

//! Waiting lines and day-care stations of their own, with demand given directly.

use super::beds::{self, CLASSES, Grid, Habits, PRICES, Place};
use super::community::{self, Days, Levels, Served, day_year};
use super::leaving::{self, Causes, Hazards};
use super::spec::{Alone, Station};
use crate::context::ReplicationContext;
use crate::metric::{BlockId, Record};
use crate::queue::line::{Line, Stays};
use crate::random::{StreamKey, poisson};

const REQUESTS: StreamKey = StreamKey::named("elderly.lines");
const FIRST: StreamKey = StreamKey::named("elderly.lines.first");
const WARM_UP: StreamKey = StreamKey::named("elderly.lines.warm-up");
const STAY: StreamKey = StreamKey::named("elderly.lines.stay");
const CAUSE: StreamKey = StreamKey::named("elderly.lines.causes");
const DAYS: StreamKey = StreamKey::named("elderly.stations");

/// Lines that send on to each other, by their numbers; most stand alone. Every line is in one chain.
pub(super) fn chains(lines: &[Alone]) -> Vec<Vec<usize>> {
    let mut chain_of: Vec<usize> = (0..lines.len()).collect();
    for (number, line) in lines.iter().enumerate() {
        if let Some(then) = line.then {
            let (from, to) = (chain_of[number], chain_of[then]);
            chain_of.iter_mut().filter(|chain| **chain == to).for_each(|chain| *chain = from);
        }
    }
    let members = |chain: usize| -> Vec<usize> { (0..lines.len()).filter(|line| chain_of[*line] == chain).collect() };
    (0..lines.len()).map(members).filter(|members| !members.is_empty()).collect()
}

/// The queue of a chain.
pub(super) fn queue(lines: &[Alone], members: &[usize]) -> Line {
    let route = |&first: &usize| {
        let mut route = vec![first];
        while let Some(next) = lines[route[route.len() - 1]].then.filter(|next| !route.contains(next)) {
            route.push(next);
        }
        let place = |line: usize| members.iter().position(|member| *member == line).unwrap_or(0) as u32;
        route.into_iter().map(place).collect()
    };
    Line::new(beds::chain(&members.iter().map(route).collect::<Vec<_>>()))
}

/// Mean patience at a line.
fn patience(line: &Alone, context: &ReplicationContext<'_>, year: usize) -> f64 {
    let by_cause = line.leave_by.map(|hazards| 1.0 / hazards.iter().sum::<f64>());
    let total = line.patience.map(|p| context.draw.at(p, year, 0) / 12.0);
    by_cause.or(total).unwrap_or(f64::INFINITY)
}

/// Where a scenario does not tell causes apart.
const UNTOLD: Hazards = [0.0, 0.0, 1.0];

fn habits(line: &Alone, lines: usize, context: &ReplicationContext<'_>, year: usize) -> Habits {
    Habits {
        grid: Grid { areas: lines, prices: 1 },
        patience: [patience(line, context, year); CLASSES],
        district_first: 0.0,
        returns: 0.0,
        outside: context.draw.at(line.outside, year, 0),
        urgent: context.draw.at(line.urgent, year, 0),
        can_pay: [0.0; PRICES - 1],
    }
}

/// Sets the stays of a chain for a year: each line has its own mean.
fn stays(lines: &[Alone], members: &[usize], queue: &mut Line, context: &ReplicationContext<'_>, year: usize) -> Stays {
    for (pool, &number) in members.iter().enumerate() {
        queue.set_stay(pool, context.draw.at(lines[number].stay, year, 0) / 12.0);
    }
    Stays { mean: 1.0, chance: context.chance, purpose: STAY, line: members[0] as u32, promised_wait: 0.0 }
}

/// The requests of a chain in the period to come.
fn expect(
    lines: &[Alone],
    members: &[usize],
    queue: &mut Line,
    context: &ReplicationContext<'_>,
    (year, purpose, stream_year): (usize, StreamKey, u32),
) {
    for (pool, &number) in members.iter().enumerate() {
        let rate = context.draw.at(lines[number].requests, year, 0);
        let mut stream = context.chance.cell(purpose, stream_year, number as u32);
        habits(&lines[number], members.len(), context, year).expect(queue, pool, (rate, 1.0), &mut stream);
    }
}

/// Opens a chain as its scenario says and lives through its warm-up.
pub(super) fn open(
    lines: &[Alone],
    members: &[usize],
    queue: &mut Line,
    context: &ReplicationContext<'_>,
    year: usize,
) {
    queue.clear();
    let stays = stays(lines, members, queue, context, year);
    let mut all = Vec::new();
    for (pool, &number) in members.iter().enumerate() {
        let line = &lines[number];
        queue.change_places(0.0, pool, line.places as i32);
        if !line.empty {
            let load = context.draw.at(line.requests, year, 0) * context.draw.at(line.stay, year, 0) / 12.0;
            let mut stream = context.chance.cell(FIRST, 0, number as u32);
            let count = poisson(load, &mut stream);
            habits(line, members.len(), context, year).first(pool, count, &mut stream, &mut all);
        }
    }
    beds::open(queue, &mut all, &stays);
    let warm_up = members.iter().map(|number| lines[*number].warm_up).max().unwrap_or(0);
    for past in 0..warm_up {
        expect(lines, members, queue, context, (year, WARM_UP, past));
        queue.live(1.0, &stays);
    }
}

/// Lives through a year of a chain and writes it, each line in its place.
pub(super) fn serve(
    lines: &[Alone],
    members: &[usize],
    queue: &mut Line,
    context: &ReplicationContext<'_>,
    year: usize,
    record: &mut Record<'_>,
    place: impl Fn(usize) -> Place,
) {
    let stays = stays(lines, members, queue, context, year);
    expect(lines, members, queue, context, (year, REQUESTS, year as u32));
    let tally = queue.live(1.0, &stays);
    for (pool, &number) in members.iter().enumerate() {
        let left = leaving::who_left(tally, &beds::routes_of_line(pool).into_iter());
        let mut causes = Causes::default();
        if left != [0; CLASSES] {
            let mut stream = context.chance.cell(CAUSE, year as u32, number as u32);
            causes = leaving::causes(left, &[lines[number].leave_by.unwrap_or(UNTOLD); CLASSES], &mut stream);
        }
        beds::record_alone(tally, record, place(number), pool, &causes);
    }
}

/// Scratch of stations.
#[derive(Debug, Default)]
pub(super) struct StationState {
    served: Served,
    levels: Levels,
    days: Days,
}

impl StationState {
    /// Lives through a year of station `number` and writes it.
    pub(super) fn serve(
        &mut self,
        station: &Station,
        (number, block): (usize, BlockId),
        context: &ReplicationContext<'_>,
        year: (usize, usize),
        tolerated: f64,
        record: &mut Record<'_>,
    ) {
        let (index, reported) = year;
        self.levels.clear(1);
        self.levels.station[0] = station.places;
        self.served.clear(1);
        let attendance = context.draw.at(station.attendance, index, 0);
        self.days.streams.clear();
        self.days.streams.push(context.chance.cell(DAYS, index as u32, number as u32));
        let enrolled = [station.enrolled];
        let days = station.days;
        let near = [vec![0]];
        day_year(&mut self.served, &enrolled, attendance, days, (&self.levels, &near), &mut self.days);
        let place = Place { block, year: reported, tolerated, places_per_carer: None };
        let year = community::Year {
            levels: &self.levels,
            days,
            users: &enrolled,
            old: &[0],
            near: &near,
            needs: &[],
            hours: None,
            by_area: false,
        };
        community::record(&mut self.served, record, place, year);
    }
}

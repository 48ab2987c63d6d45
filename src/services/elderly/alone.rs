//! Waiting lines and day-care stations of their own, with demand given directly.

use super::beds::{self, Habits, Place};
use super::community::{self, Days, Levels, Served, day_year};
use super::spec::{Alone, Station};
use crate::context::Context;
use crate::metric::{BlockId, Record};
use crate::population::view::YearView;
use crate::queue::line::{Line, Stays};
use crate::random::{Purpose, poisson};

const REQUESTS: Purpose = Purpose::named("elderly.lines");
const FIRST: Purpose = Purpose::named("elderly.lines.first");
const WARM_UP: Purpose = Purpose::named("elderly.lines.warm-up");
const STAY: Purpose = Purpose::named("elderly.lines.stay");
const DAYS: Purpose = Purpose::named("elderly.stations");

fn habits(line: &Alone, context: &Context<'_>, year: usize) -> Habits {
    Habits {
        patience: line.patience.map_or(f64::INFINITY, |p| context.draw.at(p, year, 0) / 12.0),
        district_first: 0.0,
        returns: 0.0,
        outside: 0.0,
        urgent: context.draw.at(line.urgent, year, 0),
    }
}

fn stays(line: &Alone, number: usize, context: &Context<'_>, year: usize) -> Stays {
    Stays {
        mean: context.draw.at(line.stay, year, 0) / 12.0,
        chance: context.chance,
        purpose: STAY,
        line: number as u32,
        promised_wait: 0.0,
    }
}

/// Opens line `number` as its scenario says and lives through its warm-up.
pub(super) fn open(line: &Alone, number: usize, queue: &mut Line, context: &Context<'_>, year: usize) {
    queue.clear();
    queue.change_places(0.0, 0, line.places as i32);
    let (habits, stays) = (habits(line, context, year), stays(line, number, context, year));
    let rate = context.draw.at(line.requests, year, 0);
    if !line.empty {
        let mut stream = context.chance.cell(FIRST, 0, number as u32);
        let count = poisson(rate * stays.mean, &mut stream);
        let mut all = Vec::with_capacity(count as usize);
        habits.first(0, count, &mut stream, &mut all);
        beds::open(queue, &mut all, &stays);
    }
    for past in 0..line.warm_up {
        let mut stream = context.chance.cell(WARM_UP, past, number as u32);
        habits.expect(queue, 0, (rate, 1.0), &mut stream);
        queue.live(1.0, &stays);
    }
}

/// Lives through a year of line `number` and writes it.
pub(super) fn serve_line(
    line: &Alone,
    number: usize,
    queue: &mut Line,
    context: &Context<'_>,
    year: &YearView<'_>,
    record: &mut Record<'_>,
    place: Place,
) {
    let mut stream = context.chance.cell(REQUESTS, year.index as u32, number as u32);
    let rate = context.draw.at(line.requests, year.index, 0);
    habits(line, context, year.index).expect(queue, 0, (rate, 1.0), &mut stream);
    let tally = queue.live(1.0, &stays(line, number, context, year.index));
    beds::record_alone(tally, record, place);
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
        context: &Context<'_>,
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
        day_year(&mut self.served, &enrolled, attendance, days, &self.levels, &mut self.days);
        let place = Place { block, year: reported, tolerated, places_per_carer: None };
        let year = community::Year { levels: &self.levels, days, users: &enrolled, old: &[0], by_area: false };
        community::record(&mut self.served, record, place, year);
    }
}

//! One replication of elderly care, year by year.
//!
//! 1. People of 1 January by need make this year's requests.
//! 2. Beds live through the year in continuous time, day places day by day, home visits as a whole.
//! 3. Need moves on to the next 1 January.

use super::beds::{BedYear, Beds, Rates};
use super::community::{Levels, Served, day_year};
use super::metrics::{at, need_at};
use super::need::LEVELS;
use super::population::Old;
use super::spec::{Facility, Line, Network, Spec, Use};
use crate::context::Context;
use crate::metric::{BlockId, Record};
use crate::population::view::YearView;
use crate::random::{Purpose, Stream, binomial, poisson};
use crate::services::handover::Handover;
use crate::services::service::{Service, ServiceState};

const RESIDENTS: Purpose = Purpose::named("elderly.first-residents");
const REQUESTS: Purpose = Purpose::named("elderly.requests");
const ENROLLED: Purpose = Purpose::named("elderly.enrolled");
const DAYS: Purpose = Purpose::named("elderly.days");
const LINES: Purpose = Purpose::named("elderly.lines");

/// Index of day places among the services of the network.
const DAY: usize = 1;

/// First service of the network that is a bed.
const FIRST_BED: usize = 2;

/// First service whose beds count as nursing beds.
const FIRST_NURSING: usize = 4;

/// The compiled service.
#[derive(Debug)]
pub(super) struct Elderly {
    pub spec: Spec,
    pub areas: usize,
    pub nearness: Vec<Vec<u32>>,
    /// Block of each used service of the network, in the order of `spec.network.uses`.
    pub blocks: Vec<BlockId>,
    pub need_block: Option<BlockId>,
    pub line_blocks: Vec<BlockId>,
}

impl Service for Elderly {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        let uses = self.spec.network.as_ref().map_or(&[][..], |n| &n.uses[..]);
        Box::new(State {
            model: self,
            old: Old::new(self.areas),
            beds: uses.iter().map(|_| Beds::new(self.nearness.clone())).collect(),
            lines: self.spec.lines.iter().map(|_| Beds::new(vec![Vec::new()])).collect(),
            openings: Vec::new(),
            levels: Levels::default(),
            served: Served::default(),
            enrolled: Vec::new(),
            streams: Vec::new(),
            come: Vec::new(),
        })
    }
}

struct State<'m> {
    model: &'m Elderly,
    old: Old,
    beds: Vec<Beds>,
    lines: Vec<Beds>,
    /// When each facility opens and closes on this path, years since the first reported year.
    openings: Vec<(f64, f64)>,
    levels: Levels,
    served: Served,
    enrolled: Vec<u32>,
    streams: Vec<Stream>,
    come: Vec<u32>,
}

impl ServiceState for State<'_> {
    fn open(&mut self, context: &Context<'_>, first: &YearView<'_>) {
        if let Some(network) = &self.model.spec.network {
            self.open_network(network, context, first);
        }
        for (line, beds) in self.model.spec.lines.iter().zip(&mut self.lines) {
            open_line(line, beds, context, first.index);
        }
    }

    fn serve(&mut self, context: &Context<'_>, year: &YearView<'_>, _: &mut Handover, record: &mut Record<'_>) {
        let Some(reported) = year.reported else { return };
        if let Some(network) = &self.model.spec.network {
            self.serve_network(network, context, year, reported, record);
            self.old.advance(&network.need, year.end, year.index, context.chance);
        }
        for (index, line) in self.model.spec.lines.iter().enumerate() {
            let beds = &mut self.lines[index];
            let rates = line_rates(line, context, year.index);
            let mut stream = context.chance.cell(LINES, year.index as u32 + 1, index as u32);
            beds.expect(0, context.draw.at(line.requests, year.index, 0), &rates, &mut stream);
            let tolerated = self.model.spec.tolerated;
            record_beds(record, self.model.line_blocks[index], beds.live(), tolerated, reported, false);
        }
    }
}

impl State<'_> {
    fn open_network(&mut self, network: &Network, context: &Context<'_>, first: &YearView<'_>) {
        self.old.open(&network.need, context.draw.value(network.need_level), first.start, context.chance);
        let origin = f64::from(first.year) * 12.0;
        self.openings.clear();
        self.openings.extend(network.facilities.iter().map(|facility| {
            let opens = context.site.opening_of(facility.opens, facility.project, context.draw);
            ((opens - origin) / 12.0, (facility.closes - origin) / 12.0)
        }));
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            let beds = &mut self.beds[index];
            beds.clear();
            if *service < FIRST_BED {
                continue;
            }
            for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
                if facility.service == *service {
                    let pool = if facility.level == 2 { beds.district() } else { facility.area };
                    schedule(beds, pool, facility.places, opens, closes);
                }
            }
            let rates = bed_rates(network, usage, context, first.index);
            let take_up = context.draw.at(usage.take_up, first.index, 0);
            for area in 0..self.model.areas {
                let cell = (*service * self.model.areas + area) as u32;
                let mut stream = context.chance.cell(RESIDENTS, 0, cell);
                let count = users(&self.old.by_need(area), usage, take_up, &mut stream);
                beds.open_with(area, count, &rates, &mut stream);
            }
        }
    }

    fn serve_network(
        &mut self,
        network: &Network,
        context: &Context<'_>,
        year: &YearView<'_>,
        reported: usize,
        record: &mut Record<'_>,
    ) {
        self.record_need(reported, record);
        let tolerated = self.model.spec.tolerated;
        for (index, (service, usage)) in network.uses.iter().enumerate() {
            let block = self.model.blocks[index];
            let take_up = context.draw.at(usage.take_up, year.index, 0);
            if *service < FIRST_BED {
                self.community_year(network, (*service, usage), take_up, context, year);
                self.record_community(record, block, reported, if *service == DAY { network.days } else { 1 });
                continue;
            }
            let rates = bed_rates(network, usage, context, year.index);
            for area in 0..self.model.areas {
                let cell = (*service * self.model.areas + area) as u32;
                let mut stream = context.chance.cell(REQUESTS, year.index as u32, cell);
                let need = self.old.by_need(area);
                let stock: f64 = need.iter().zip(usage.share).map(|(n, share)| f64::from(*n) * share * take_up).sum();
                self.beds[index].expect(area, stock / rates.stay, &rates, &mut stream);
            }
            record_beds(record, block, self.beds[index].live(), tolerated, reported, true);
            self.record_bed_stock(record, *service, reported);
        }
    }

    /// A year of home visits or day places of the network.
    fn community_year(
        &mut self,
        network: &Network,
        (service, usage): (usize, &Use),
        take_up: f64,
        context: &Context<'_>,
        year: &YearView<'_>,
    ) {
        let areas = self.model.areas;
        self.set_levels(network, service, f64::from(year.year - context.site.start));
        self.enrolled.clear();
        self.streams.clear();
        for area in 0..areas {
            let cell = (service * areas + area) as u32;
            let mut stream = context.chance.cell(ENROLLED, year.index as u32, cell);
            self.enrolled.push(users(&self.old.by_need(area), usage, take_up, &mut stream));
            self.streams.push(context.chance.cell(DAYS, year.index as u32, cell));
        }
        self.served.clear(areas);
        if service == DAY {
            let attendance = context.draw.at(network.attendance, year.index, 0);
            let (served, streams) = (&mut self.served, &mut self.streams);
            day_year(served, &self.enrolled, attendance, network.days, &self.levels, streams, &mut self.come);
        } else {
            self.served.round(&self.enrolled, &self.levels, year.index % areas);
        }
    }

    /// Usable places of a community service in the year that begins `from` years after the first.
    fn set_levels(&mut self, network: &Network, service: usize, from: f64) {
        let areas = self.model.areas;
        let levels = &mut self.levels;
        for places in [&mut levels.station, &mut levels.subdistrict] {
            places.clear();
            places.resize(areas, 0);
        }
        levels.district = 0;
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service == service {
                let open = open_places(facility, opens, closes, from);
                match facility.level {
                    0 => levels.station[facility.area] += open,
                    1 => levels.subdistrict[facility.area] += open,
                    _ => levels.district += open,
                }
            }
        }
    }

    fn record_need(&self, reported: usize, record: &mut Record<'_>) {
        let Some(block) = self.model.need_block else { return };
        for area in 0..self.model.areas {
            let need = self.old.by_need(area);
            record.count(block, need_at::OLD, area, reported, need.iter().sum());
            for (k, &count) in need.iter().enumerate().skip(1) {
                record.count(block, need_at::MILD + k - 1, area, reported, count);
            }
        }
    }

    /// Adds the open beds of a service to the beds of the areas they stand in.
    fn record_bed_stock(&self, record: &mut Record<'_>, service: usize, reported: usize) {
        let (Some(block), Some(network)) = (self.model.need_block, &self.model.spec.network) else { return };
        let from = reported as f64;
        for (facility, &(opens, closes)) in network.facilities.iter().zip(&self.openings) {
            if facility.service != service {
                continue;
            }
            let open = f64::from(facility.places) * open_share(opens, closes, from);
            for metric in
                [need_at::BEDS, need_at::NURSING].into_iter().take(if service >= FIRST_NURSING { 2 } else { 1 })
            {
                let so_far = record.get(block, metric, facility.area, reported);
                record.real(block, metric, facility.area, reported, so_far + open);
            }
        }
    }

    fn record_community(&self, record: &mut Record<'_>, block: BlockId, year: usize, days: u32) {
        let (areas, served, levels) = (self.model.areas, &self.served, &self.levels);
        let mut near_use = 0_u32;
        let (mut district_use, mut asked, mut total) = (0_u32, 0_u32, 0_u32);
        for area in 0..areas {
            let near = served.station[area] + served.subdistrict[area];
            let places = levels.station[area] + levels.subdistrict[area];
            put(record, block, area, year, served.asked[area], served.total(area), self.model.spec.tolerated);
            record.count(block, at::REQUESTS, area, year, served.asked[area]);
            record.count(block, at::DELAYED, area, year, served.asked[area] - served.total(area));
            record.count(block, at::OWN_AREA, area, year, near);
            record.count(block, at::SUBDISTRICT, area, year, served.subdistrict[area]);
            record.count(block, at::DISTRICT, area, year, served.district[area]);
            record.real(block, at::PLACES, area, year, f64::from(places));
            let usage = share(f64::from(near), f64::from(places * days));
            record.real(block, at::IN_USE, area, year, f64::from(near) / f64::from(days));
            record.real(block, at::UTILISATION, area, year, usage);
            record.real(block, at::SUBDISTRICT_USE, area, year, usage);
            record.real(block, at::DISTRICT_USE, area, year, f64::NAN);
            near_use += near;
            district_use += served.district[area];
            asked += served.asked[area];
            total += served.total(area);
        }
        let near: u32 = levels.station.iter().sum::<u32>() + levels.subdistrict.iter().sum::<u32>();
        let places = near + levels.district;
        record.real(block, at::PLACES, areas, year, f64::from(places));
        record.real(block, at::IN_USE, areas, year, f64::from(total) / f64::from(days));
        record.real(block, at::UTILISATION, areas, year, share(f64::from(total), f64::from(places * days)));
        record.real(block, at::SUBDISTRICT_USE, areas, year, share(f64::from(near_use), f64::from(near * days)));
        let district = share(f64::from(district_use), f64::from(levels.district * days));
        record.real(block, at::DISTRICT_USE, areas, year, district);
        let short = u32::from(f64::from(asked - total) > self.model.spec.tolerated * f64::from(asked));
        record.count(block, at::SHORT, areas, year, short);
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

/// Writes what every service has in common, for an area.
fn put(record: &mut Record<'_>, block: BlockId, area: usize, year: usize, asked: u32, served: u32, tolerated: f64) {
    record.count(block, at::DEMAND, area, year, asked);
    record.count(block, at::SERVED, area, year, served);
    record.count(block, at::UNMET, area, year, asked - served);
    let short = f64::from(asked - served) > tolerated * f64::from(asked);
    record.count(block, at::SHORT, area, year, u32::from(short));
}

/// People who use a service: each with the probability of their need.
fn users(need: &[u32; LEVELS], usage: &Use, take_up: f64, stream: &mut Stream) -> u32 {
    need.iter().zip(usage.share).map(|(count, share)| binomial(*count, (share * take_up).min(1.0), stream)).sum()
}

fn bed_rates(network: &Network, usage: &Use, context: &Context<'_>, year: usize) -> Rates {
    let years = |months: f64| months / 12.0;
    Rates {
        stay: usage.stay.map_or(1.0, |p| years(context.draw.at(p, year, 0))),
        patience: usage.patience.map_or(f64::INFINITY, |p| years(context.draw.at(p, year, 0))),
        district_first: context.draw.at(network.district_first, year, 0),
    }
}

fn line_rates(line: &Line, context: &Context<'_>, year: usize) -> Rates {
    Rates {
        stay: context.draw.at(line.stay, year, 0) / 12.0,
        patience: line.patience.map_or(f64::INFINITY, |p| context.draw.at(p, year, 0) / 12.0),
        district_first: 0.0,
    }
}

fn open_line(line: &Line, beds: &mut Beds, context: &Context<'_>, year: usize) {
    beds.clear();
    beds.change_beds(0.0, 0, line.places as i32);
    if !line.empty {
        let rates = line_rates(line, context, year);
        let mut stream = context.chance.cell(LINES, 0, line.places);
        let count = poisson(context.draw.at(line.requests, year, 0) * rates.stay, &mut stream);
        beds.open_with(0, count, &rates, &mut stream);
    }
}

fn schedule(beds: &mut Beds, pool: usize, places: u32, opens: f64, closes: f64) {
    if opens < closes && opens.is_finite() || opens == f64::NEG_INFINITY {
        beds.change_beds(opens, pool, places as i32);
        if closes.is_finite() {
            beds.change_beds(closes, pool, -(places as i32));
        }
    }
}

/// Share of the year that begins at `from` in which a facility is open.
fn open_share(opens: f64, closes: f64, from: f64) -> f64 {
    (closes.min(from + 1.0) - opens.max(from)).clamp(0.0, 1.0)
}

/// Whole places of a facility, as the yearly mean rounded down.
fn open_places(facility: &Facility, opens: f64, closes: f64, from: f64) -> u32 {
    (f64::from(facility.places) * open_share(opens, closes, from)) as u32
}

/// Records a year of beds. `by_area` blocks hold a row for each subdistrict's centre and the district as the last row.
fn record_beds(
    record: &mut Record<'_>,
    block: BlockId,
    year: &BedYear,
    tolerated: f64,
    reported: usize,
    by_area: bool,
) {
    let areas = year.requests.len();
    let (mut unmet, mut demand) = (0, 0);
    for area in 0..areas {
        let asked = year.requests[area] + year.waiting_before[area];
        record.count(block, at::DEMAND, area, reported, asked);
        record.count(block, at::SERVED, area, reported, year.admitted[area]);
        record.count(block, at::UNMET, area, reported, year.gave_up[area]);
        record.count(block, at::WAITING, area, reported, year.waiting_after[area]);
        record.count(block, at::REQUESTS, area, reported, year.requests[area]);
        record.count(block, at::DELAYED, area, reported, year.waited[area]);
        record.count(block, at::OWN_AREA, area, reported, year.admitted[area] - year.admitted_elsewhere[area]);
        let centre = year.admitted[area] - year.admitted_district[area];
        record.count(block, at::SUBDISTRICT, area, reported, centre);
        record.count(block, at::DISTRICT, area, reported, year.admitted_district[area]);
        let missed = year.gave_up[area] + year.waiting_after[area];
        record.count(block, at::SHORT, area, reported, u32::from(f64::from(missed) > tolerated * f64::from(asked)));
        let usage = share(year.occupied[area], year.open[area]);
        record.real(block, at::PLACES, area, reported, year.open[area]);
        record.real(block, at::IN_USE, area, reported, year.occupied[area]);
        record.real(block, at::UTILISATION, area, reported, usage);
        record.real(block, at::SUBDISTRICT_USE, area, reported, usage);
        record.real(block, at::DISTRICT_USE, area, reported, f64::NAN);
        record.real(block, at::LISTED, area, reported, if by_area { f64::NAN } else { year.listed });
        unmet += missed;
        demand += asked;
    }
    if by_area {
        let sum = |pools: &[f64]| pools.iter().sum::<f64>();
        let (occupied, open) = (&year.occupied, &year.open);
        record.real(block, at::PLACES, areas, reported, sum(open));
        record.real(block, at::IN_USE, areas, reported, sum(occupied));
        record.real(block, at::UTILISATION, areas, reported, share(sum(occupied), sum(open)));
        let near = share(sum(&occupied[..areas]), sum(&open[..areas]));
        record.real(block, at::SUBDISTRICT_USE, areas, reported, near);
        record.real(block, at::DISTRICT_USE, areas, reported, share(occupied[areas], open[areas]));
        record.real(block, at::LISTED, areas, reported, year.listed);
        record.count(block, at::SHORT, areas, reported, u32::from(f64::from(unmet) > tolerated * f64::from(demand)));
    }
}

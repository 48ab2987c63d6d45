//! Requests for beds: when people ask, along which route, how long they wait.

use super::pools::{CLASSES, PoolGrid, Priority};
use crate::queue::waiting_line::{Request, Stays, WaitingLine};
use crate::random::{Stream, poisson, unit};
use crate::services::elderly::care::PriceClass;
use crate::services::elderly::demand::happens;

/// What chance decides about a request, from the parameters of a year. Years and shares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestProfile {
    pub grid: PoolGrid,
    /// Mean patience by priority class; infinite when nobody gives up.
    pub patience: [f64; CLASSES],
    /// Share who try the district first.
    pub district_first: f64,
    /// Share who would move back to their first choice.
    pub transfer_back: f64,
    /// Of those who find no free bed, share who go outside.
    pub outside: f64,
    /// Share of requests that go before others.
    pub urgent: f64,
    /// Share of people who can pay more than basic prices, and more than ordinary ones.
    pub can_pay: [f64; PriceClass::ALL.len() - 1],
}

/// A time in which people ask, years.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: f64,
    length: f64,
}

impl RequestProfile {
    /// A person of an area who asks some time in a span: one block of random bits, whatever happens, so that plans stay
    /// paired.
    fn request(&self, span: Span, area: usize, stream: &mut Stream) -> Request {
        let [time, patience, first, second] = stream.wide_block();
        let halves = [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32];
        let [district_first, urgent, returns, outside] = halves;
        // The moments use 53 bits of each 64; what they leave says what the person can pay.
        let purse = ((time & 0x7ff) as u32) << 21 | ((patience & 0x7ff) as u32) << 10;
        let priority = if happens(urgent, self.urgent) { Priority::Severe } else { Priority::Others };
        let mean = self.patience[priority.class()];
        let payer = self.can_pay[..self.grid.prices - 1].iter().filter(|share| happens(purse, **share)).count();
        Request {
            time: span.start + span.length * unit(time),
            patience: if mean.is_finite() { -mean * libm::log(unit(patience)) } else { f64::INFINITY },
            route: self.grid.route(payer, area, happens(district_first, self.district_first)) as u32,
            class: priority.class() as u8,
            returns: happens(returns, self.transfer_back),
            outside: happens(outside, self.outside),
        }
    }

    /// Requests of an area over the next year: Poisson at `rate` a year, at uniform times, and never more than `most`: who
    /// waits or has a place does not ask again.
    pub(crate) fn expect(&self, line: &mut WaitingLine, area: usize, rate: f64, most: u32, stream: &mut Stream) {
        let year = Span { start: line.clock(), length: 1.0 };
        for _ in 0..poisson(rate, stream).min(most) {
            line.expect(self.request(year, area, stream));
        }
    }

    /// People of an area whom hospitals sent, at uniform times of the next year; they go before all others and wait in
    /// their hospital.
    pub(crate) fn sent_by_hospital(&self, line: &mut WaitingLine, area: usize, count: u32, stream: &mut Stream) {
        let year = Span { start: line.clock(), length: 1.0 };
        let class = Priority::FromHospital.class();
        let patient = Self { patience: [self.patience[class]; CLASSES], ..*self };
        for _ in 0..count {
            let person = patient.request(year, area, stream);
            line.expect(Request { class: class as u8, outside: false, ..person });
        }
    }

    /// People of an area who are here from the start, in a random order among all areas.
    pub(crate) fn first(&self, area: usize, count: u32, stream: &mut Stream, all: &mut Vec<Request>) {
        let year = Span { start: 0.0, length: 1.0 };
        for _ in 0..count {
            all.push(Request { outside: false, ..self.request(year, area, stream) });
        }
    }
}

/// What the number of requests of an area depends on. People, and rates a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    /// People who would be in a place now, and a year ago.
    pub stock: f64,
    pub stock_before: f64,
    pub in_place: f64,
    pub waiting: f64,
    /// Rate at which stays end, and at which waits end without a place.
    pub leaving: f64,
    pub reneging: f64,
}

impl Demand {
    /// Requests a year that keep those in a place and on the list together at the number who would use one: they replace whose
    /// stay or wait ends, and follow that number.
    ///
    /// ```text
    /// rate = e (S' + (S - S') / (1 - exp(-e))),   e = (leaving U + min(reneging, leaving) W) / (U + W)
    /// ```
    ///
    /// for U people in a place and W on the list who leave at the mean rate e; S' becomes S within the year. Who gives up
    /// sooner than a stay would last is not replaced the sooner.
    pub(crate) fn requests(&self) -> f64 {
        let here = self.in_place + self.waiting;
        let ended = self.leaving * self.in_place + self.reneging.min(self.leaving) * self.waiting;
        let rate = if here > 0.0 { ended / here } else { self.leaving };
        if rate <= 0.0 {
            return (self.stock - self.stock_before).max(0.0);
        }
        let within_year = -libm::expm1(-rate);
        (rate * (self.stock_before + (self.stock - self.stock_before) / within_year)).max(0.0)
    }
}

/// Opens a queue with everybody in `all`, in the order of their times, and forgets the list.
pub(crate) fn open(line: &mut WaitingLine, all: &mut Vec<Request>, stays: &Stays) {
    all.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    for request in all.drain(..) {
        line.open_with(request, stays);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYBODY_HAS_A_PLACE: Demand =
        Demand { stock: 100.0, stock_before: 100.0, in_place: 100.0, waiting: 0.0, leaving: 0.5, reneging: 0.2 };

    #[test]
    fn where_everybody_has_a_place_requests_are_the_stock_over_the_mean_stay() {
        assert!((EVERYBODY_HAS_A_PLACE.requests() - 50.0).abs() < 1e-12);
        let empty = Demand { in_place: 0.0, ..EVERYBODY_HAS_A_PLACE };
        assert!((empty.requests() - 50.0).abs() < 1e-12);
    }

    /// dN/dt = r - e N: those in a place and on the list, leaving at their own rates, are the new stock after a year.
    #[test]
    fn people_in_a_place_and_on_the_list_become_the_number_who_would_use_one() {
        for (stock, in_place, reneging) in
            [(100.0, 40.0, 0.2), (80.0, 40.0, 0.2), (130.0, 90.0, 0.05), (60.0, 0.0, 0.1)]
        {
            let demand = Demand { stock, in_place, waiting: 100.0 - in_place, reneging, ..EVERYBODY_HAS_A_PLACE };
            let rate = (0.5 * in_place + reneging * (100.0 - in_place)) / 100.0;
            let after = 100.0 * libm::exp(-rate) + demand.requests() / rate * (1.0 - libm::exp(-rate));
            // With no request at all the number cannot fall faster than people leave.
            let least = 100.0 * libm::exp(-rate);
            assert!((after - f64::max(stock, least)).abs() < 1e-9, "{after} {stock}");
        }
    }
}

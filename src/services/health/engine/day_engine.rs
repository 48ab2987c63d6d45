//! A pool played by the day, for a large tier at the top of the network: people are counted, not followed.
//!
//! Order of a day: those whose day has come leave; urgent requests of the day; those who wait from a list, first come
//! first served; today's requests from lists. A request may use any bed that falls free on its day. Urgent ones without
//! a bed are refused; listed ones wait up to their limit. Patients sent up from other tiers find the beds that are left,
//! and keep their own clock.
//!
//! Of those admitted on a day, the number who leave on each later day is multinomial with the probabilities of the stay's
//! law, integrated over the hour of arrival (urgent: any hour; listed: ten o'clock). The mean number of midnights spent is
//! the mean stay exactly, and hours in bed are counted by midnights.
//!
//! Where the people live matters for no bed. All have the same law of it, so it is settled when the year is over: a
//! multinomial of those who ended in the same way. Only those who wait across New Year carry theirs along.

use std::collections::VecDeque;

use crate::random::{Stream, Xoroshiro128PlusPlus, binomial, multinomial, poisson};
use crate::services::health::demand::post_discharge::{MeanPostDischarge, PostDischarge};
use crate::services::health::engine::tally::{AskedPool, NetworkTally};
use crate::services::health::model::{CLASSES, Class};
use crate::services::health::stay::alias_draw::AliasDraw;
use crate::services::health::stay::discharge_spread::DischargeSpread;
use crate::services::health::stay::length_of_stay::Stay;
use crate::services::health::time::DAY;

/// Longest stay, days; less than one in a million lies beyond, and leaves on that day.
const LONGEST: usize = 730;
const NEGLIGIBLE: f64 = 1e-6;
/// Days for which the account of departures is shifted at once.
const SHIFT: usize = 512;
/// Listed patients come at ten o'clock on average.
const AFTER_TEN: f64 = 14.0;

/// People who joined the list on one day.
#[derive(Clone, Copy, Debug)]
struct WaitingCohort {
    day: u32,
    count: u32,
}

/// The requests of a day, counted from the start of the simulation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayRequests {
    pub(crate) day: u32,
    pub(crate) by_class: [u32; CLASSES],
}

/// A pool played by the day.
#[derive(Clone, Debug)]
pub(crate) struct DayEngine {
    pub(crate) pool: usize,
    group: u8,
    /// Departures by day; today is at `today`.
    leaving: Vec<u32>,
    today: usize,
    /// People in bed, without those who keep their own clock.
    people: u32,
    list: VecDeque<WaitingCohort>,
    /// Where the first on the list live, as far as it is settled.
    carried: VecDeque<u16>,
    /// The laws of departure of urgent and listed patients.
    spreads: [DischargeSpread; CLASSES],
    /// What comes after the stay, people at home who will come back, and people who wait for a long-stay place.
    after: MeanPostDischarge,
    at_home: u32,
    kept: u32,
    /// This year's requests, and those of them that were refused or left the list in vain.
    asked: u32,
    refused: u32,
    left: u32,
    /// Those of them who came back, and people who were found to need a long-stay place.
    pub(crate) readmissions: u32,
    need_place: u32,
    /// Admitted today, by class.
    pub(crate) admitted: [u32; CLASSES],
    /// Where people live, and those who need a place: shares; and the former for drawing one by one.
    shares: Vec<f64>,
    needing: Vec<f64>,
    homes: AliasDraw,
    /// Scratch.
    beyond: [Vec<f64>; CLASSES],
    parts: Vec<u32>,
}

/// The pool of a day engine on one day.
pub(crate) struct DayPool<'a> {
    /// People in its beds.
    pub(crate) census: &'a mut u32,
    /// Open beds.
    pub(crate) beds: u32,
    /// How long listed patients wait at most, in hours.
    pub(crate) limit: f64,
    /// Whether people are discharged today.
    pub(crate) open: bool,
}

/// The random bits of one day.
pub(crate) struct DayChance<'a> {
    /// For lengths of stay, of which there are many.
    pub(crate) random: &'a mut Xoroshiro128PlusPlus,
    /// For what comes after the stay.
    pub(crate) after: &'a mut Stream,
}

impl DayEngine {
    pub(crate) fn new(pool: usize, group: u8, labels: usize) -> Self {
        Self {
            pool,
            group,
            leaving: vec![0; 2 * SHIFT + LONGEST + 1],
            today: 0,
            people: 0,
            list: VecDeque::new(),
            carried: VecDeque::new(),
            spreads: [DischargeSpread::new(), DischargeSpread::new()],
            after: MeanPostDischarge::default(),
            at_home: 0,
            kept: 0,
            asked: 0,
            refused: 0,
            left: 0,
            readmissions: 0,
            need_place: 0,
            admitted: [0; CLASSES],
            shares: vec![0.0; labels],
            needing: vec![0.0; labels],
            homes: AliasDraw::default(),
            beyond: [Vec::new(), Vec::new()],
            parts: vec![0; labels],
        }
    }

    /// Forgets everybody.
    pub(crate) fn clear(&mut self) {
        self.leaving.fill(0);
        self.list.clear();
        self.carried.clear();
        (self.today, self.people, self.at_home, self.kept) = (0, 0, 0, 0);
        (self.asked, self.refused, self.left) = (0, 0, 0);
        (self.readmissions, self.need_place) = (0, 0);
    }

    /// People in bed who are counted by midnights, which the account by hours must leave out.
    pub(crate) const fn people(&self) -> u32 {
        self.people
    }

    /// Sets the law of stay of a year.
    pub(crate) fn set_stay(&mut self, stay: &Stay, mean: f64) {
        let [urgent, listed] = &mut self.beyond;
        urgent.clear();
        listed.clear();
        let mut from = 1.0;
        for day in 0..LONGEST {
            let midnight = (day + 1) as f64 * DAY;
            let (middle, to) = (stay.survivor(midnight - 0.5 * DAY, mean), stay.survivor(midnight, mean));
            // In bed at the next midnight: Simpson's rule over the hour of arrival.
            urgent.push((from + 4.0 * middle + to) / 6.0);
            listed.push(stay.survivor(day as f64 * DAY + AFTER_TEN, mean));
            if to < NEGLIGIBLE {
                break;
            }
            from = to;
        }
        for (spread, beyond) in self.spreads.iter_mut().zip(&self.beyond) {
            spread.set(beyond);
        }
    }

    /// Sets the shares of the places where people live, and what comes after the stay.
    pub(crate) fn set_homes(&mut self, shares: impl Iterator<Item = (usize, f64)>, after: &PostDischarge) {
        self.shares.fill(0.0);
        shares.for_each(|(label, share)| self.shares[label] += share);
        self.homes.set(self.shares.iter().copied());
        for ((needing, share), need) in self.needing.iter_mut().zip(&self.shares).zip(&after.needs_place) {
            *needing = share * need;
        }
        self.after = MeanPostDischarge::of(after, &self.shares);
    }

    /// Puts people at home before time starts, so many in the mean, who will come back.
    pub(crate) fn fill_homes(&mut self, mean: f64, random: &mut Stream) {
        self.at_home = poisson(mean, random);
    }

    /// Puts someone into bed before time starts, for `hours` from the first midnight.
    pub(crate) fn occupy(&mut self, hours: f64) {
        self.leaving[self.today + ((hours / DAY) as usize).min(LONGEST)] += 1;
        self.people += 1;
    }

    const fn asked_pool(&self) -> AskedPool {
        AskedPool { group: self.group, pool: self.pool }
    }

    /// Simulates the requests and departures of a day.
    pub(crate) fn simulate_day(
        &mut self,
        asking: DayRequests,
        pool: DayPool<'_>,
        tally: &mut NetworkTally,
        chance: DayChance<'_>,
    ) {
        let DayPool { census, beds, limit, open } = pool;
        let DayChance { random, after } = chance;
        let DayRequests { day, by_class: [first, listed] } = asking;
        let (before, back) = (self.people, self.come_back(after));
        self.people -= self.go(open, tally, after);
        *census -= before - self.people;
        let urgent = first + back;
        let mut free = beds.saturating_sub(*census);
        let urgent_in = urgent.min(free);
        free -= urgent_in;
        let from_list = self.serve_list(day, free, tally);
        let listed_in = listed.min(free - from_list);
        self.asked += urgent + listed;
        self.refused += urgent - urgent_in;
        if listed > listed_in {
            self.list.push_back(WaitingCohort { day, count: listed - listed_in });
            tally.note_many_wait(self.group, listed - listed_in);
        }
        self.give_up(day, limit, tally);
        let future = &mut self.leaving[self.today..];
        self.spreads[Class::Urgent.index()].add(urgent_in, future, random);
        self.spreads[Class::Elective.index()].add(from_list + listed_in, future, random);
        self.admitted[Class::Urgent.index()] = urgent_in;
        self.admitted[Class::Elective.index()] = from_list + listed_in;
        self.people += urgent_in + from_list + listed_in;
        *census += urgent_in + from_list + listed_in;
        if open {
            self.go_tonight(tally, after);
        } else {
            self.put_off(tally);
        }
    }

    /// Those whose day has come leave, if people are discharged today; returns how many beds fall free. Some of them need a
    /// long-stay place and keep the bed; some will come back.
    fn go(&mut self, open: bool, tally: &mut NetworkTally, random: &mut Stream) -> u32 {
        if !open {
            self.put_off(tally);
            tally.late_hours[self.pool] += f64::from(self.kept) * DAY;
            return 0;
        }
        let ready = std::mem::take(&mut self.leaving[self.today]);
        let need = self.part(ready, random);
        let placed = if self.kept + need > 0 { binomial(self.kept + need, self.after.leaves, random) } else { 0 };
        self.kept = self.kept + need - placed;
        tally.late_hours[self.pool] += f64::from(self.kept) * DAY;
        ready - need + placed
    }

    /// Those who came today and are ready by midnight: they leave then, but for some who need a long-stay place.
    fn go_tonight(&mut self, tally: &mut NetworkTally, random: &mut Stream) {
        let need = self.part(self.leaving[self.today], random);
        let kept = if need > 0 { need - binomial(need, self.after.leaves, random) } else { 0 };
        self.leaving[self.today] -= kept;
        self.kept += kept;
        tally.late_hours[self.pool] += f64::from(kept) * DAY;
    }

    /// Of so many who are ready, some need a long-stay place, who are returned; the others go home, some to come back.
    fn part(&mut self, ready: u32, random: &mut Stream) -> u32 {
        let MeanPostDischarge { needs_place, returns, .. } = self.after;
        let need = if needs_place > 0.0 { binomial(ready, needs_place, random) } else { 0 };
        self.need_place += need;
        self.at_home += if returns > 0.0 { binomial(ready - need, returns, random) } else { 0 };
        need
    }

    /// Nobody is discharged today: those who are ready leave tomorrow.
    fn put_off(&mut self, tally: &mut NetworkTally) {
        let ready = std::mem::take(&mut self.leaving[self.today]);
        self.leaving[self.today + 1] += ready;
        tally.late_hours[self.pool] += f64::from(ready) * DAY;
    }

    /// Those at home who ask again today.
    fn come_back(&mut self, random: &mut Stream) -> u32 {
        if self.at_home == 0 {
            return 0;
        }
        let back = binomial(self.at_home, self.after.back, random);
        self.at_home -= back;
        self.readmissions += back;
        back
    }

    /// Gives `free` beds to those on the list, and returns how many were taken.
    fn serve_list(&mut self, day: u32, free: u32, tally: &mut NetworkTally) -> u32 {
        let asked = self.asked_pool();
        let mut left = free;
        while left > 0
            && let Some(lot) = self.list.front_mut()
        {
            let served = lot.count.min(left);
            let hours = f64::from(day - lot.day) * DAY;
            lot.count -= served;
            left -= served;
            tally.note_waited(asked, Class::Elective, f64::from(served) * hours);
            for _ in 0..served.min(self.carried.len() as u32) {
                self.carried.pop_front().into_iter().for_each(|label| tally.note_admitted(self.group, label));
            }
            if lot.count == 0 {
                self.list.pop_front();
            }
        }
        free - left
    }

    /// Takes those off the list who would wait beyond their limit by tomorrow.
    fn give_up(&mut self, day: u32, limit: f64, tally: &mut NetworkTally) {
        while let Some(&lot) = self.list.front()
            && f64::from(day - lot.day + 1) * DAY > limit
        {
            self.list.pop_front();
            let hours = limit.min(f64::from(day - lot.day) * DAY);
            tally.note_waited(self.asked_pool(), Class::Elective, f64::from(lot.count) * hours);
            let known = lot.count.min(self.carried.len() as u32);
            for _ in 0..known {
                let asked = self.asked_pool();
                self.carried.pop_front().into_iter().for_each(|label| tally.note_left(asked, label));
            }
            self.left += lot.count - known;
        }
    }

    /// Midnight: those who came and left today have gone. Returns the bed-hours of the day.
    pub(crate) fn end_day(&mut self, census: &mut u32) -> f64 {
        let tonight = std::mem::take(&mut self.leaving[self.today]);
        self.people -= tonight;
        *census -= tonight;
        self.today += 1;
        if self.today == SHIFT {
            self.leaving.copy_within(SHIFT.., 0);
            let kept = self.leaving.len() - SHIFT;
            self.leaving[kept..].fill(0);
            self.today = 0;
        }
        f64::from(self.people) * DAY
    }

    /// The year is over: settles where those who asked in it live, and notes their requests in `asked`.
    pub(crate) fn settle(&mut self, asked: &mut [u32], tally: &mut NetworkTally, random: &mut Stream) {
        let waiting = self.list.iter().map(|lot| lot.count).sum::<u32>() - self.carried.len() as u32;
        let admitted = self.asked - self.refused - self.left - waiting;
        tally.turned_away[self.pool] += self.refused + self.left;
        let labels = usize::from(self.group) * asked.len()..(usize::from(self.group) + 1) * asked.len();
        let ends = [
            (admitted, &mut tally.admitted[labels.clone()]),
            (self.refused, &mut tally.refused[labels.clone()]),
            (self.left, &mut tally.left[labels.clone()]),
        ];
        for (count, ended) in ends {
            multinomial(count, &self.shares, &mut self.parts, random);
            for ((asked, ended), part) in asked.iter_mut().zip(ended).zip(&self.parts) {
                *asked += part;
                *ended += part;
            }
        }
        for _ in 0..waiting {
            let (label, _) = self.homes.draw(random.word());
            asked[label] += 1;
            self.carried.push_back(label as u16);
        }
        if self.need_place > 0 {
            multinomial(self.need_place, &self.needing, &mut self.parts, random);
            tally.need_place.iter_mut().zip(&self.parts).for_each(|(count, part)| *count += part);
        }
        (self.asked, self.refused, self.left) = (0, 0, 0);
        (self.readmissions, self.need_place) = (0, 0);
    }

    /// People on the list, as far as it is settled where they live.
    pub(crate) fn waiting(&self) -> u32 {
        self.carried.len() as u32
    }

    /// Adds those on the list, as far as it is settled where they live, to `counts` (`group x label`).
    pub(crate) fn count_waiting(&self, counts: &mut [u32], labels: usize) {
        for label in &self.carried {
            counts[usize::from(self.group) * labels + usize::from(*label)] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};
    use crate::services::health::stay::law::Family;

    /// The mean number of midnights spent is the mean stay, whatever its law.
    #[test]
    fn midnights_spent_are_the_mean_stay() {
        for (family, cv) in [(Family::Lognormal, 1.2), (Family::Gamma, 0.8), (Family::Exponential, 1.0)] {
            let stay = Stay::new(family, 8.4 * DAY, cv);
            let mut daily = DayEngine::new(0, 0, 1);
            daily.set_stay(&stay, 8.4 * DAY);
            let midnights: f64 = daily.beyond[0].iter().sum();
            assert!((midnights - 8.4).abs() < 2e-3, "{family:?}: {midnights}");
        }
    }

    /// Without limits the census is Poisson with mean arrivals x stay.
    #[test]
    fn a_census_without_limits_is_poisson() {
        let family = Family::Lognormal;
        let mut daily = DayEngine::new(0, 0, 1);
        daily.set_stay(&Stay::new(family, 5.0 * DAY, 1.2), 5.0 * DAY);
        let mut tally = NetworkTally::new(1, 1, 1);
        let (mut census, mut sum, mut squares, mut n) = (0, 0.0, 0.0, 0.0);
        for day in 0..60_000 {
            let streams = RngSource::new(5, 0);
            let mut random = streams.cell(StreamKey::named("test.daily"), 0, day);
            let asking = DayRequests { day, by_class: [poisson(20.0, &mut random), 0] };
            let pool = DayPool { census: &mut census, beds: u32::MAX, limit: 0.0, open: true };
            let chance = DayChance { random: &mut random.swift(), after: &mut random };
            daily.simulate_day(asking, pool, &mut tally, chance);
            daily.end_day(&mut census);
            if day > 400 && day % 20 == 0 {
                (sum, squares, n) = (sum + f64::from(census), squares + f64::from(census).powi(2), n + 1.0);
            }
        }
        let mean = sum / n;
        let variance = squares / n - mean * mean;
        // Every twentieth midnight is all but independent of the last.
        assert!((mean - 100.0).abs() < 4.0 * (110.0 / n).sqrt(), "{mean}");
        assert!((variance - 100.0).abs() < 4.0 * 100.0 * (2.2 / n).sqrt(), "{variance}");
    }

    /// Requests = admitted + refused + gave up + waiting, for every place of residence, over years with a full house.
    #[test]
    fn requests_end_in_one_way_wherever_people_live() {
        let family = Family::Gamma;
        let mut daily = DayEngine::new(0, 0, 3);
        daily.set_stay(&Stay::new(family, 6.0 * DAY, 0.9), 6.0 * DAY);
        daily.set_homes([(0, 0.5), (1, 0.3), (2, 0.2)].into_iter(), &PostDischarge::new(3, 1.0));
        let mut tally = NetworkTally::new(1, 1, 3);
        let (mut census, mut before) = (0, vec![0; 3]);
        for year in 0..3 {
            let mut asked = vec![0; 3];
            tally.clear(0.0);
            for day in 0..365 {
                let mut random = RngSource::new(6, 0).cell(StreamKey::named("test.daily"), year, day);
                let by_class = [0, 1].map(|_| poisson(10.0, &mut random));
                let asking = DayRequests { day: year * 365 + day, by_class };
                let pool = DayPool { census: &mut census, beds: 110, limit: 120.0, open: true };
                let chance = DayChance { random: &mut random.swift(), after: &mut random };
                daily.simulate_day(asking, pool, &mut tally, chance);
                daily.end_day(&mut census);
                assert!(census <= 110);
            }
            daily.settle(
                &mut asked,
                &mut tally,
                &mut RngSource::new(6, 0).cell(StreamKey::named("test.settle"), year, 0),
            );
            let mut after = vec![0; 3];
            daily.count_waiting(&mut after, 3);
            for label in 0..3 {
                let ended = tally.admitted[label] + tally.refused[label] + tally.left[label] + after[label];
                assert_eq!(asked[label] + before[label], ended, "year {year}, home {label}");
                assert!(tally.refused[label] > 0 && tally.left[label] > 0 && after[label] > 0);
            }
            before = after;
        }
    }
}

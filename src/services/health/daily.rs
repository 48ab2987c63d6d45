//! A pool played by the day, for a large tier at the top of the network: people are counted, not followed.
//!
//! Order of a day: those whose day has come leave; urgent requests of the day; those who wait from a list, first come
//! first served; today's requests from lists. A request may use any bed that falls free on its day. Urgent ones without
//! a bed are refused; listed ones wait up to their limit. Patients sent up from tiers played by the hour find the beds
//! that are left, and keep their own clock.
//!
//! Of those admitted on a day, the number who leave on each later day is multinomial with the probabilities of the stay's
//! law, integrated over the hour of arrival (urgent: any hour; listed: ten o'clock), drawn by conditional binomials. The
//! mean number of midnights spent is the mean stay exactly, and hours in bed are counted by midnights.

use std::collections::VecDeque;

use super::network::{PLANNED, URGENT};
use super::read::DAY;
use super::stay::Stay;
use super::tally::Tally;
use crate::random::{Stream, binomial, hypergeometric};

/// Days on the ring of departures: a power of two, longer than the longest stay kept.
const RING: usize = 1_024;
/// Longest stay, days; less than one in a million lies beyond, and leaves on that day.
const LONGEST: usize = 730;
const NEGLIGIBLE: f64 = 1e-6;
/// Listed patients come at ten o'clock on average.
const AFTER_TEN: f64 = 14.0;

/// Requests of a day of one class: residents by area, and people from outside.
#[derive(Clone, Debug, Default)]
pub(super) struct Asking {
    /// Where each resident lives.
    pub(super) residents: Vec<u16>,
    /// How many come from outside.
    pub(super) others: u32,
}

impl Asking {
    fn count(&self) -> u32 {
        self.residents.len() as u32 + self.others
    }
}

/// Someone on the list: day of the request, and where they live.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    day: u32,
    label: u16,
}

/// A pool played by the day.
#[derive(Clone, Debug)]
pub(super) struct Daily {
    pub(super) pool: usize,
    group: u8,
    /// Label of people from outside the district.
    outside: u16,
    /// Departures by day.
    leaving: Vec<u32>,
    /// Departures before the coming midnight.
    tonight: u32,
    /// People in bed, without those who keep their own clock.
    people: u32,
    list: VecDeque<Waiting>,
    /// Probability of leaving on the k-th day among those still there, for urgent and listed patients.
    hazards: [Vec<f64>; 2],
    /// Probability of being there beyond the k-th day, falling from above 0 to 0.
    beyond: [Vec<f64>; 2],
}

/// So few people are followed one by one instead of day by day.
const FEW: u32 = 12;

impl Daily {
    pub(super) fn new(pool: usize, group: u8, outside: u16) -> Self {
        Self {
            pool,
            group,
            outside,
            leaving: vec![0; RING],
            tonight: 0,
            people: 0,
            list: VecDeque::new(),
            hazards: [Vec::new(), Vec::new()],
            beyond: [Vec::new(), Vec::new()],
        }
    }

    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        self.leaving.fill(0);
        self.list.clear();
        (self.tonight, self.people) = (0, 0);
    }

    /// Bed-hours of people who are counted by midnights, which the hour-by-hour account must leave out.
    pub(super) const fn people(&self) -> u32 {
        self.people
    }

    /// Sets the law of stay of a year.
    pub(super) fn set_stay(&mut self, stay: &Stay, mean: f64) {
        let [urgent, listed] = &mut self.hazards;
        urgent.clear();
        listed.clear();
        let (mut staying, mut staying_listed, mut from) = (1.0, 1.0, 1.0);
        for day in 0..LONGEST {
            let midnight = (day + 1) as f64 * DAY;
            let (middle, to) = (stay.survivor(midnight - 0.5 * DAY, mean), stay.survivor(midnight, mean));
            // In bed at the next midnight: Simpson's rule over the hour of arrival.
            let next = (from + 4.0 * middle + to) / 6.0;
            let next_listed = stay.survivor(day as f64 * DAY + AFTER_TEN, mean);
            urgent.push(1.0 - next / staying);
            listed.push(1.0 - next_listed / staying_listed);
            (staying, staying_listed, from) = (next, next_listed, to);
            if next < NEGLIGIBLE || next_listed < NEGLIGIBLE {
                break;
            }
        }
        for (hazards, beyond) in self.hazards.iter_mut().zip(&mut self.beyond) {
            if let Some(last) = hazards.last_mut() {
                *last = 1.0;
            }
            beyond.clear();
            let mut staying = 1.0;
            beyond.extend(hazards.iter().map(|hazard| {
                staying *= 1.0 - hazard;
                staying
            }));
        }
    }

    /// Puts someone into bed before time starts, for `hours` from the midnight at which `day` starts.
    pub(super) fn occupy(&mut self, day: u32, hours: f64) {
        let days = ((hours / DAY) as usize).min(LONGEST);
        self.leaving[(day as usize + days) & (RING - 1)] += 1;
        self.people += 1;
    }

    /// Plays the requests of `day`; `census` and `beds` are the pool's, `limit` the listed patients' in hours.
    pub(super) fn play(
        &mut self,
        day: u32,
        asking: &[Asking; 2],
        (census, beds): (&mut u32, u32),
        limit: f64,
        tally: &mut Tally,
        random: &mut Stream,
    ) {
        let gone = std::mem::take(&mut self.leaving[day as usize & (RING - 1)]);
        self.people -= gone;
        *census -= gone;
        let [urgent, listed] = [&asking[usize::from(URGENT)], &asking[usize::from(PLANNED)]];
        let mut free = beds.saturating_sub(*census);
        let urgent_in = urgent.count().min(free);
        free -= urgent_in;
        let from_list = (self.list.len() as u32).min(free);
        free -= from_list;
        let listed_in = listed.count().min(free);
        self.turn_away(urgent, urgent.count() - urgent_in, random, tally, |_, tally, group, label| {
            tally.note_refused(group, label);
        });
        for waiting in self.list.drain(..from_list as usize) {
            tally.note_waited(self.group, PLANNED, f64::from(day - waiting.day) * DAY);
            tally.note_admitted(self.group, waiting.label);
        }
        self.turn_away(listed, listed.count() - listed_in, random, tally, |list, tally, group, label| {
            list.push_back(Waiting { day, label });
            tally.note_waits(group);
        });
        while self.list.front().is_some_and(|waiting| f64::from(day - waiting.day + 1) * DAY > limit) {
            let Some(waiting) = self.list.pop_front() else { break };
            tally.note_gave_up(self.group, waiting.label, PLANNED, limit.min(f64::from(day - waiting.day) * DAY));
        }
        self.admit(day, usize::from(URGENT), urgent_in, random);
        self.admit(day, usize::from(PLANNED), from_list + listed_in, random);
        *census += urgent_in + from_list + listed_in;
    }

    /// Chooses who of a day's requests gets no bed (`count` of them, anybody alike) and notes the others as admitted.
    fn turn_away(
        &mut self,
        asking: &Asking,
        count: u32,
        random: &mut Stream,
        tally: &mut Tally,
        mut each: impl FnMut(&mut VecDeque<Waiting>, &mut Tally, u8, u16),
    ) {
        let residents = asking.residents.len();
        let away = hypergeometric(residents as u32, asking.others, count, random);
        let (inside, outside) = asking.residents.split_at(residents - away as usize);
        let others = count - away;
        // In random order: whoever comes first to a list is served first.
        let mut left = outside.iter();
        for behind in (1..=count).rev() {
            let resident = random.uniform() * f64::from(behind) < left.len() as f64;
            let label = if resident { left.next().copied() } else { None };
            each(&mut self.list, tally, self.group, label.unwrap_or(self.outside));
        }
        if cfg!(debug_assertions) {
            inside.iter().for_each(|label| tally.note_admitted(self.group, *label));
            (others..asking.others).for_each(|_| tally.note_admitted(self.group, self.outside));
        }
    }

    /// Puts `count` people of a class into bed and draws on which days they leave.
    fn admit(&mut self, day: u32, class: usize, count: u32, random: &mut Stream) {
        self.people += count;
        let mut left = count;
        let mut days = 0;
        while left > FEW {
            let leaving = binomial(left, self.hazards[class][days], random);
            left -= leaving;
            self.book(day, days, leaving);
            days += 1;
        }
        let beyond = &self.beyond[class];
        let now = if days == 0 { 1.0 } else { beyond[days - 1] };
        for _ in 0..left {
            let level = now * random.uniform();
            let leaves = days + self.beyond[class][days..].partition_point(|staying| *staying > level);
            self.book(day, leaves, 1);
        }
    }

    /// Books `count` departures `days` days after `day`.
    fn book(&mut self, day: u32, days: usize, count: u32) {
        if days == 0 {
            self.tonight += count;
        } else {
            self.leaving[(day as usize + days) & (RING - 1)] += count;
        }
    }

    /// Midnight: those who came and left today have gone. Returns the bed-hours of the day.
    pub(super) fn end_day(&mut self, census: &mut u32) -> f64 {
        self.people -= self.tonight;
        *census -= self.tonight;
        self.tonight = 0;
        f64::from(self.people) * DAY
    }

    /// Adds those on the list to `counts` (`group x label`).
    pub(super) fn count_waiting(&self, counts: &mut [u32], labels: usize) {
        for waiting in &self.list {
            counts[usize::from(self.group) * labels + usize::from(waiting.label)] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stay::LAWS;
    use super::*;
    use crate::random::{Purpose, Streams};

    /// The mean number of midnights spent is the mean stay, whatever its law, and the hazards leave nobody behind.
    #[test]
    fn midnights_spent_are_the_mean_stay() {
        for (law, cv) in [("lognormal", 1.2), ("gamma", 0.8), ("exponential", 1.0)] {
            let family = LAWS.iter().position(|known| *known == law).unwrap();
            let stay = Stay::new(family, 8.4 * DAY, cv);
            let mut daily = Daily::new(0, 0, 0);
            daily.set_stay(&stay, 8.4 * DAY);
            let (mut staying, mut midnights) = (1.0, 0.0);
            for hazard in &daily.hazards[0] {
                staying *= 1.0 - hazard;
                midnights += staying;
            }
            assert_eq!(staying, 0.0);
            assert!((midnights - 8.4).abs() < 2e-3, "{law}: {midnights}");
        }
    }

    /// Without limits the census is Poisson with mean arrivals x stay.
    #[test]
    fn a_census_without_limits_is_poisson() {
        let family = LAWS.iter().position(|known| *known == "lognormal").unwrap();
        let mut daily = Daily::new(0, 0, 0);
        daily.set_stay(&Stay::new(family, 5.0 * DAY, 1.2), 5.0 * DAY);
        let mut tally = Tally::new(1, 1, 1);
        let (mut census, mut sum, mut squares, mut n) = (0, 0.0, 0.0, 0.0);
        for day in 0..60_000 {
            let streams = Streams::new(5, 0);
            let mut random = streams.cell(Purpose::named("test.daily"), 0, day);
            let others = crate::random::poisson(20.0, &mut random);
            let asking = [Asking { residents: Vec::new(), others }, Asking::default()];
            daily.play(day, &asking, (&mut census, u32::MAX), 0.0, &mut tally, &mut random);
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
}

//! Who is in bed and which beds are open at each midnight of a year, and on how many days that is too many.

/// Midnights of the longest year.
const DAYS: usize = 366;
/// Winter is January and February, and December: the first days of the year, and the last.
const WINTER_UNTIL: usize = 59;
const WINTER_FROM_LAST: usize = 31;

/// Percent of open beds that must not be in use.
const LEVELS: [u64; 2] = [85, 92];

/// Counts by group and midnight.
#[derive(Clone, Debug)]
pub(crate) struct MidnightCensus {
    census: Vec<u32>,
    beds: Vec<u32>,
    /// Whether the group had requests on the day but no bed: as full as can be.
    closed: Vec<bool>,
}

/// How full a group is over a year: shares of days.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Crowding {
    /// Mean census.
    pub(crate) census: f64,
    /// Days with more than 85 % and 92 % of open beds in use, of the year and of its winter.
    pub(crate) over_85: f64,
    pub(crate) over_92: f64,
    pub(crate) winter_over_85: f64,
    pub(crate) winter_over_92: f64,
}

impl MidnightCensus {
    pub(crate) fn new(groups: usize) -> Self {
        Self { census: vec![0; groups * DAYS], beds: vec![0; groups * DAYS], closed: vec![false; groups * DAYS] }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.census.fill(0);
        self.beds.fill(0);
        self.closed.fill(false);
    }

    /// Adds people in bed by pool, of which `groups` are the groups, and open beds by group.
    #[inline]
    pub(crate) fn note(&mut self, day: u32, groups: &[u8], census: &[u32], open: &[u32]) {
        for (group, count) in groups.iter().zip(census) {
            self.census[usize::from(*group) * DAYS + day as usize] += count;
        }
        for (beds, open) in self.beds.chunks_exact_mut(DAYS).zip(open) {
            beds[day as usize] += open;
        }
    }

    /// Notes that beds of a group are asked for on a day on which none is open.
    pub(crate) fn note_closed(&mut self, day: u32, group: usize) {
        self.closed[group * DAYS + day as usize] = true;
    }

    /// Adds people in bed and open beds of one group.
    #[inline]
    pub(crate) fn note_of(&mut self, day: u32, group: usize, census: u32, open: u32) {
        let at = group * DAYS + day as usize;
        self.census[at] += census;
        self.beds[at] += open;
    }

    /// Adds those of another.
    pub(crate) fn add(&mut self, other: &Self) {
        self.census.iter_mut().zip(&other.census).for_each(|(sum, count)| *sum += count);
        self.beds.iter_mut().zip(&other.beds).for_each(|(sum, count)| *sum += count);
        self.closed.iter_mut().zip(&other.closed).for_each(|(any, closed)| *any |= closed);
    }

    /// People in bed of a group at the midnight that ends a day, counted from 0.
    pub(crate) fn census(&self, day: usize, group: usize) -> u32 {
        self.census[group * DAYS + day]
    }

    /// How full a group was in a year of so many days.
    pub(crate) fn crowding(&self, group: usize, days: usize) -> Crowding {
        let year = group * DAYS..group * DAYS + days;
        let (census, beds, closed) = (&self.census[year.clone()], &self.beds[year.clone()], &self.closed[year]);
        let share = |count: u32, of: usize| f64::from(count) / of as f64;
        let above = |level: u64, of: std::ops::Range<usize>| -> u32 {
            of.map(|day| u32::from(is_above(census[day], beds[day], level) || (beds[day] == 0 && closed[day]))).sum()
        };
        let (from, to) = (days - WINTER_FROM_LAST, WINTER_UNTIL);
        let [over_85, over_92] = LEVELS.map(|level| above(level, 0..days));
        let [winter_over_85, winter_over_92] = LEVELS
            .map(|level| above(level, 0..to) + above(level, from..days))
            .map(|count| share(count, WINTER_UNTIL + WINTER_FROM_LAST));
        let [over_85, over_92] = [over_85, over_92].map(|count| share(count, days));
        let census = share(census.iter().sum(), days);
        Crowding { census, over_85, over_92, winter_over_85, winter_over_92 }
    }
}

/// Whether more than `level` percent of the open beds are in use.
fn is_above(census: u32, beds: u32, level: u64) -> bool {
    100 * u64::from(census) > level * u64::from(beds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_crowded_above_their_level_and_winter_has_its_own() {
        let mut midnights = MidnightCensus::new(2);
        for (day, census) in [(0, 93), (100, 86), (200, 85), (364, 92)] {
            midnights.note(day, &[1, 1, 0], &[census - 40, 40, 7], &[20, 100]);
        }
        let crowding = midnights.crowding(1, 365);
        assert_eq!((crowding.over_85, crowding.over_92), (3.0 / 365.0, 1.0 / 365.0), "93, 86, 92; and 93");
        assert_eq!((crowding.winter_over_85, crowding.winter_over_92), (2.0 / 90.0, 1.0 / 90.0));
        assert_eq!(crowding.census, 356.0 / 365.0);
        assert_eq!(midnights.crowding(0, 365).over_85, 0.0, "7 of 20");
        assert_eq!((midnights.census(100, 1), midnights.census(100, 0)), (86, 7));
    }
}

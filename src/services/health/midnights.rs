//! Who is in bed and which beds are open at each midnight of a year, and on how many days that is too many.

/// Midnights of the longest year.
const DAYS: usize = 366;
/// Winter is January and February, and December: the first days of the year, and the last.
const WINTER_UNTIL: usize = 59;
const WINTER_FROM_LAST: usize = 31;

/// Counts by midnight and group.
#[derive(Clone, Debug)]
pub(super) struct Midnights {
    groups: usize,
    census: Vec<u32>,
    beds: Vec<u32>,
}

/// How full a group is over a year: shares of days.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Crowding {
    /// Mean census.
    pub(super) census: f64,
    /// Days with more than 85 % and 92 % of open beds in use, of the year and of its winter.
    pub(super) over_85: f64,
    pub(super) over_92: f64,
    pub(super) winter_over_85: f64,
    pub(super) winter_over_92: f64,
}

impl Midnights {
    pub(super) fn new(groups: usize) -> Self {
        Self { groups, census: vec![0; groups * DAYS], beds: vec![0; groups * DAYS] }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.census.fill(0);
        self.beds.fill(0);
    }

    /// Adds people in bed by pool, of which `groups` are the groups, and open beds by group.
    #[inline]
    pub(super) fn note(&mut self, day: u32, groups: &[u8], census: &[u32], open: &[u32]) {
        let at = day as usize * self.groups;
        let (total, beds) = (&mut self.census[at..at + self.groups], &mut self.beds[at..at + self.groups]);
        for (group, count) in groups.iter().zip(census) {
            total[usize::from(*group)] += count;
        }
        for (beds, open) in beds.iter_mut().zip(open) {
            *beds += open;
        }
    }

    /// Adds people in bed and open beds of one group.
    #[inline]
    pub(super) fn note_of(&mut self, day: u32, group: usize, census: u32, open: u32) {
        let at = day as usize * self.groups + group;
        self.census[at] += census;
        self.beds[at] += open;
    }

    /// Adds those of another.
    pub(super) fn add(&mut self, other: &Self) {
        self.census.iter_mut().zip(&other.census).for_each(|(sum, count)| *sum += count);
        self.beds.iter_mut().zip(&other.beds).for_each(|(sum, count)| *sum += count);
    }

    /// People in bed of a group at the midnight that ends a day, counted from 0.
    pub(super) fn census(&self, day: usize, group: usize) -> u32 {
        self.census[day * self.groups + group]
    }

    /// How full a group was in a year of so many days.
    pub(super) fn crowding(&self, group: usize, days: usize) -> Crowding {
        let (mut sum, mut over, mut winter, mut winter_days) = (0_u32, [0_u32; 2], [0_u32; 2], 0_u32);
        for day in 0..days {
            let (census, beds) = (self.census(day, group), f64::from(self.beds[day * self.groups + group]));
            let is_winter = day < WINTER_UNTIL || day + WINTER_FROM_LAST >= days;
            sum += census;
            winter_days += u32::from(is_winter);
            for (at, level) in [0.85, 0.92].into_iter().enumerate() {
                let above = f64::from(census) > level * beds;
                over[at] += u32::from(above);
                winter[at] += u32::from(above && is_winter);
            }
        }
        let [over_85, over_92] = over.map(|count| f64::from(count) / days as f64);
        let [winter_over_85, winter_over_92] = winter.map(|count| f64::from(count) / f64::from(winter_days));
        Crowding { census: f64::from(sum) / days as f64, over_85, over_92, winter_over_85, winter_over_92 }
    }
}

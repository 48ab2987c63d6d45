//! What is counted in one component in one year.

use crate::services::health::model::{CLASSES, Class};

/// A pool of beds with the group (tier or ward) that it is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AskedPool {
    pub(crate) group: u8,
    pub(crate) pool: usize,
}

/// Counts and hours of one year. Counts by the group (tier or ward) first asked; hours by pool.
#[derive(Clone, Debug)]
pub(crate) struct NetworkTally {
    labels: usize,
    /// When the year ends, hours.
    pub(crate) year_end: f64,
    /// Bed-hours used within the year, by pool.
    pub(crate) occupied: Vec<f64>,
    /// Hours for which patients kept other beds because this pool was full, by pool.
    pub(crate) blocked_hours: Vec<f64>,
    /// Patients who had to keep another bed because this pool was full, by pool.
    pub(crate) blocked: Vec<u32>,
    /// Refused on arrival, by group and label.
    pub(crate) refused: Vec<u32>,
    /// Left after waiting in vain, by group and label.
    pub(crate) left: Vec<u32>,
    /// Admitted anywhere in the network, by group and label; kept in debug builds and tests only, to check conservation.
    pub(crate) admitted: Vec<u32>,
    /// Admitted elsewhere than asked, by group, and those of them who were sent to a higher one.
    pub(crate) diverted: Vec<u32>,
    pub(crate) sent_up: Vec<u32>,
    /// Admissions of the present day beyond those of its requests to the pools asked, by group and class: fewer where a
    /// request waits, is refused or goes elsewhere, more where it goes to or ends its wait.
    pub(crate) detours: Vec<[i32; CLASSES]>,
    /// Bed-hours kept by patients who were ready and left within the year, by pool.
    pub(crate) late_hours: Vec<f64>,
    /// Patients admitted who will need a long-stay place, by label.
    pub(crate) need_place: Vec<u32>,
    /// By the pool asked: admitted at another, without a bed in time, and the hours waited; and, by pool, admitted after having
    /// asked another.
    pub(crate) sent_on: Vec<u32>,
    pub(crate) turned_away: Vec<u32>,
    pub(crate) waited_for: Vec<f64>,
    pub(crate) taken_in: Vec<u32>,
    /// Did not get a bed at once and waited, by group.
    pub(crate) waits: Vec<u32>,
    /// Hours waited by those who were admitted or left this year, by group and class.
    pub(crate) waited: Vec<[f64; CLASSES]>,
}

impl NetworkTally {
    pub(crate) fn new(pools: usize, groups: usize, labels: usize) -> Self {
        Self {
            labels,
            year_end: 0.0,
            occupied: vec![0.0; pools],
            blocked_hours: vec![0.0; pools],
            blocked: vec![0; pools],
            refused: vec![0; groups * labels],
            left: vec![0; groups * labels],
            admitted: vec![0; groups * labels],
            diverted: vec![0; groups],
            sent_up: vec![0; groups],
            detours: vec![[0; CLASSES]; groups],
            late_hours: vec![0.0; pools],
            need_place: vec![0; labels],
            sent_on: vec![0; pools],
            turned_away: vec![0; pools],
            waited_for: vec![0.0; pools],
            taken_in: vec![0; pools],
            waits: vec![0; groups],
            waited: vec![[0.0; CLASSES]; groups],
        }
    }

    /// Starts a year that ends at `end` hours.
    pub(crate) fn clear(&mut self, end: f64) {
        self.year_end = end;
        for counts in [&mut self.refused, &mut self.left, &mut self.admitted] {
            counts.fill(0);
        }
        for counts in [&mut self.diverted, &mut self.sent_up, &mut self.waits, &mut self.blocked, &mut self.need_place]
        {
            counts.fill(0);
        }
        for counts in [&mut self.sent_on, &mut self.turned_away, &mut self.taken_in] {
            counts.fill(0);
        }
        self.detours.fill([0; CLASSES]);
        self.late_hours.fill(0.0);
        self.waited_for.fill(0.0);
        self.waited.fill([0.0; CLASSES]);
    }

    fn at(&self, group: u8, label: u16) -> usize {
        usize::from(group) * self.labels + usize::from(label)
    }

    #[inline]
    pub(crate) fn note_admitted(&mut self, group: u8, label: u16) {
        if cfg!(any(debug_assertions, test)) {
            let at = self.at(group, label);
            self.admitted[at] += 1;
        }
    }

    /// A request to a pool of a group ends on arrival.
    pub(crate) fn note_refused(&mut self, asked: AskedPool, label: u16) {
        let at = self.at(asked.group, label);
        self.refused[at] += 1;
        self.turned_away[asked.pool] += 1;
    }

    /// Somebody on the list of a pool of a group leaves it.
    pub(crate) fn note_left(&mut self, asked: AskedPool, label: u16) {
        let at = self.at(asked.group, label);
        self.left[at] += 1;
        self.turned_away[asked.pool] += 1;
    }

    /// Whoever asked one pool of a group is admitted at another.
    pub(crate) fn note_diverted(&mut self, asked: AskedPool, admitted: AskedPool) {
        self.diverted[usize::from(asked.group)] += 1;
        self.sent_up[usize::from(asked.group)] += u32::from(admitted.group > asked.group);
        self.sent_on[asked.pool] += 1;
        self.taken_in[admitted.pool] += 1;
    }

    /// Somebody is admitted to a group today (`by` is 1), or does not get the bed asked for (-1).
    pub(crate) fn note_detour(&mut self, group: u8, class: Class, by: i32) {
        self.detours[usize::from(group)][class.index()] += by;
    }

    pub(crate) fn note_waits(&mut self, group: u8) {
        self.note_many_wait(group, 1);
    }

    pub(crate) fn note_many_wait(&mut self, group: u8, count: u32) {
        self.waits[usize::from(group)] += count;
    }

    pub(crate) fn note_waited(&mut self, asked: AskedPool, class: Class, hours: f64) {
        self.waited[usize::from(asked.group)][class.index()] += hours;
        self.waited_for[asked.pool] += hours;
    }

    pub(crate) fn note_blocked(&mut self, pool: usize, now: f64) {
        self.blocked[pool] += 1;
        self.blocked_hours[pool] += self.year_end - now;
    }

    pub(crate) fn note_unblocked(&mut self, pool: usize, now: f64) {
        self.blocked_hours[pool] -= self.year_end - now;
    }
}

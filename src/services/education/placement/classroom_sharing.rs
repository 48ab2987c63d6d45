//! Rooms that the grades of a catchment share.
//!
//! Classes keep their rooms as they move up, as far as their pupils still fill them at the norm; free rooms go one by one to the
//! grade that lacks most seats, then to the grade with the fewest rooms.

use super::facility::{Facility, Sizes, SupplyRules};

/// Rooms of one catchment that its grades share.
#[derive(Clone, Debug)]
pub(crate) struct RoomPool {
    pub(crate) rooms: u32,
    /// Rooms among them whose classes have the sizes of the stage, not yet among the seats.
    pub(crate) plain: u32,
    /// Seats, were all rooms given to one grade, by grade.
    pub(crate) seats: Vec<Sizes>,
    /// Places of a room at the norm, by grade.
    pub(crate) norms: Vec<u32>,
    /// Rooms of each grade a year ago.
    pub(crate) held: Vec<u32>,
}

impl RoomPool {
    pub(crate) fn new(grades: usize) -> Self {
        Self {
            rooms: 0,
            plain: 0,
            seats: vec![Sizes::default(); grades],
            norms: vec![1; grades],
            held: vec![0; grades],
        }
    }

    /// No rooms yet; what grades held stays known.
    pub(crate) fn empty(&mut self) {
        (self.rooms, self.plain) = (0, 0);
        self.seats.fill(Sizes::default());
    }

    /// Counts the seats of rooms of the stage's sizes, and a room's mean places.
    pub(crate) fn measure(&mut self, rules: &SupplyRules) {
        for (seats, norm) in self.seats.iter_mut().zip(&rules.class_sizes) {
            *seats += rules.public_sizes(*norm).map(|size| self.plain * size);
        }
        for (norm, seats) in self.norms.iter_mut().zip(&self.seats) {
            *norm = (seats.norm / self.rooms).max(1);
        }
    }

    /// Shares the rooms among grades. `parts` holds on entry the rooms that classes keep, `lacking` the children of each
    /// grade who have no seat outside the pool.
    pub(crate) fn share(&mut self, first: bool, parts: &mut [u32], lacking: &mut [i64]) {
        if parts.iter().sum::<u32>() > self.rooms {
            parts.fill(0);
        }
        for (grade, (part, lacking)) in parts.iter().zip(lacking.iter_mut()).enumerate() {
            *lacking -= i64::from(*part) * i64::from(self.norms[grade]);
        }
        let mut free = self.rooms - parts.iter().sum::<u32>();
        while free > 0 {
            // Ties go to the lower grade.
            let most = (1..parts.len()).fold(0, |best, g| if lacking[g] > lacking[best] { g } else { best });
            if !first && lacking[most] <= 0 {
                break;
            }
            parts[most] += 1;
            lacking[most] -= i64::from(self.norms[most]);
            free -= 1;
        }
        level(parts, free);
        self.held.copy_from_slice(parts);
    }

    /// Adds the classes of a facility.
    pub(crate) fn add(&mut self, rules: &SupplyRules, facility: &Facility, classes: u32) {
        self.rooms += classes;
        if facility.class_size.is_none() {
            self.plain += classes;
            return;
        }
        for (grade, seats) in self.seats.iter_mut().enumerate() {
            *seats += rules.sizes(facility, grade).map(|size| classes * size);
        }
    }
}

/// Gives `free` rooms one by one to the grade with the fewest, the lower one first; many at a time.
fn level(parts: &mut [u32], mut free: u32) {
    while free > 0 {
        let fewest = parts.iter().copied().min().unwrap_or(0);
        let next = parts.iter().copied().filter(|part| *part > fewest).min().unwrap_or(u32::MAX);
        let grades = parts.iter().filter(|part| **part == fewest).count() as u32;
        let each = (next - fewest).min(free / grades);
        for part in parts.iter_mut().filter(|part| **part == fewest) {
            let more = if each > 0 { each } else { free.min(1) };
            *part += more;
            free -= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(rooms: u32, first: bool, held: [u32; 3], children: [i64; 3]) -> [u32; 3] {
        let mut pool = RoomPool {
            rooms,
            plain: 0,
            seats: vec![Sizes { norm: rooms * 10, max: rooms * 10, surge: rooms * 10 }; 3],
            norms: vec![10; 3],
            held: vec![0; 3],
        };
        let (mut parts, mut lacking) = (held, children);
        pool.share(first, &mut parts, &mut lacking);
        assert_eq!(parts.iter().sum::<u32>(), rooms);
        parts
    }

    #[test]
    fn rooms_are_levelled_as_if_given_one_by_one() {
        for free in 0..60 {
            let (mut parts, mut single) = ([3, 0, 7, 3], [3_u32, 0, 7, 3]);
            level(&mut parts, free);
            for _ in 0..free {
                let fewest = (1..4).fold(0, |best, g| if single[g] < single[best] { g } else { best });
                single[fewest] += 1;
            }
            assert_eq!(parts, single, "{free}");
        }
    }

    #[test]
    fn in_the_first_september_a_room_more_takes_no_room_from_a_grade() {
        for rooms in 1..200 {
            let (before, after) =
                (shared(rooms, true, [0; 3], [130, 0, 555]), shared(rooms + 1, true, [0; 3], [130, 0, 555]));
            assert!(before.iter().zip(&after).all(|(b, a)| b <= a), "{rooms}");
        }
    }

    #[test]
    fn classes_keep_their_rooms_and_free_rooms_go_where_seats_are_lacking() {
        // Nobody holds a room: each grade is housed, and what is over is shared evenly.
        assert_eq!(shared(9, true, [0; 3], [10, 20, 30]), [2, 3, 4]);
        // Two grades keep theirs; one of them lacks a room, the entry grade two; the last goes to whoever has fewest.
        assert_eq!(shared(9, false, [0, 3, 2], [15, 30, 25]), [3, 3, 3]);
        // Fewer rooms than are held: all are shared anew.
        assert_eq!(shared(4, false, [0, 3, 3], [0, 30, 30]), [0, 2, 2]);
    }
}

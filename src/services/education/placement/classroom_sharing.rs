//! Flexible classrooms: how the full public schools of a catchment share their rooms among grades.
//!
//! Each September the rooms are dealt anew; no grade owns one. In this order:
//!
//! 1. every grade has the rooms that its children need at the largest class size, up to its equal share (what it would have if
//!    each cohort had its own part of the rooms). Its children are those who sit there, wherever they live, those who look for a
//!    place in the catchment, and those whom other catchments within reach cannot hold themselves;
//! 2. rooms that are over go one by one to the grade in which a room seats most of those who would have no seat: first pupils who
//!    sit there already, then who looks for a place, then who may come from elsewhere; then likewise at the stretched size;
//! 3. classes that move up keep their rooms, as far as their pupils fill them at the norm;
//! 4. rooms go to the grade that lacks most seats at the norm, and what is left to the grade with the fewest rooms;
//! 5. where whole rooms leave a grade short while rooms of another have free seats, a room is shared by both grades, the nearest
//!    grade first. It is done once more when all children have been placed ([`RoomPool::regroup`]): then it is known who came.
//!
//! # What holds
//!
//! A pool of `R` rooms with `s` seats each at the largest size seats any children of its grades up to `R s`, by step 5; whatever
//! the other steps do. So, replication by replication: (a) if every grade fits into its equal share, `R s / grades`, all fit, and
//! nobody is without a place; (b) the children of a catchment of whom nobody is sent elsewhere are short by
//! `max(0, children beyond unshared seats - R s)`, whatever was dealt in earlier years: one more room never raises it in any year,
//! and parts fixed by cohort, which seat at most `s` times the part of each grade, never leave fewer without a place; (c) by
//! step 1 a grade has at least the lesser of its fixed part and of what could be asked of it, so that the other catchments find
//! there what fixed parts would give them. Checked by enumeration below and on generated schools in `tests/suite/classrooms.rs`.
//!
//! Shape: by grade. Unit: rooms, and seats in them.

use super::facility::{Facility, Sizes, SupplyRules};

/// Children of one grade who may need seats of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GradeNeed {
    /// Pupils who sit in the catchment's public schools, wherever they live.
    pub(crate) seated: u32,
    /// Children zoned to it who look for a place.
    pub(crate) looking: u32,
    /// Children of other catchments within reach whom these cannot hold.
    pub(crate) coming: u32,
    /// Seats in rooms that are not shared, of schools that still grow; they are filled first.
    pub(crate) unshared: Sizes,
}

/// Whom a step of the rule counts.
#[derive(Clone, Copy, Debug)]
enum Children {
    Seated,
    Certain,
    Possible,
}

/// How full a room may be in a step of the rule.
#[derive(Clone, Copy, Debug)]
enum Filled {
    Norm,
    Max,
    Surge,
}

impl Filled {
    const fn of(self, sizes: Sizes) -> u32 {
        match self {
            Self::Norm => sizes.norm,
            Self::Max => sizes.max,
            Self::Surge => sizes.surge,
        }
    }
}

impl GradeNeed {
    /// Children who find no seat outside the pool.
    const fn beyond(&self, children: Children, filled: Filled) -> u32 {
        let all = match children {
            Children::Seated => self.seated,
            Children::Certain => self.seated.saturating_add(self.looking),
            Children::Possible => self.seated.saturating_add(self.looking).saturating_add(self.coming),
        };
        all.saturating_sub(filled.of(self.unshared))
    }
}

/// Rooms of one catchment that its grades share.
#[derive(Clone, Debug)]
pub(crate) struct RoomPool {
    pub(crate) rooms: u32,
    /// Rooms among them whose classes have the sizes of the stage, not yet among the seats.
    plain: u32,
    /// Seats, were all rooms given to one grade.
    seats: Vec<Sizes>,
    /// Rooms that each grade would have if every cohort had its part; they add up to all.
    equal: Vec<u32>,
    /// Rooms of each grade; until they are shared, those of a year ago.
    pub(crate) held: Vec<u32>,
    /// Seats given to each grade.
    pub(crate) given: Vec<Sizes>,
    pub(crate) needs: Vec<GradeNeed>,
    dealt: Vec<u32>,
}

impl RoomPool {
    pub(crate) fn new(grades: usize) -> Self {
        Self {
            rooms: 0,
            plain: 0,
            seats: vec![Sizes::default(); grades],
            equal: vec![0; grades],
            held: vec![0; grades],
            given: vec![Sizes::default(); grades],
            needs: vec![GradeNeed::default(); grades],
            dealt: vec![0; grades],
        }
    }

    /// No rooms yet; what grades held stays known.
    pub(crate) fn empty(&mut self) {
        (self.rooms, self.plain) = (0, 0);
        self.seats.fill(Sizes::default());
        self.equal.fill(0);
        self.given.fill(Sizes::default());
        self.needs.fill(GradeNeed::default());
    }

    /// Adds the classes of a facility, of which each grade would have the part that `part` tells.
    pub(crate) fn add(&mut self, rules: &SupplyRules, facility: &Facility, classes: u32, part: impl Fn(usize) -> u32) {
        self.rooms += classes;
        self.equal.iter_mut().enumerate().for_each(|(grade, equal)| *equal += part(grade));
        if facility.class_size.is_none() {
            self.plain += classes;
            return;
        }
        for (grade, seats) in self.seats.iter_mut().enumerate() {
            *seats += rules.sizes(facility, grade).map(|size| classes * size);
        }
    }

    /// Counts the seats of rooms of the stage's sizes, once all facilities are added.
    pub(crate) fn measure(&mut self, rules: &SupplyRules) {
        for (seats, norm) in self.seats.iter_mut().zip(&rules.class_sizes) {
            *seats += rules.public_sizes(*norm).map(|size| self.plain * size);
        }
        self.plain = 0;
    }

    /// Seats that a grade has for certain when classes are stretched, unshared rooms apart.
    pub(crate) fn equal_seats(&self, grade: usize) -> u32 {
        self.seats_in(grade, self.equal[grade], Filled::Max)
    }

    /// Shares the rooms among the grades by their needs.
    pub(crate) fn share(&mut self) {
        if self.rooms == 0 {
            self.held.fill(0);
            return;
        }
        for grade in 0..self.needs.len() {
            let needed =
                self.rooms_for(grade, self.needs[grade].beyond(Children::Possible, Filled::Surge), Filled::Surge);
            self.dealt[grade] = needed.min(self.equal[grade]);
        }
        let mut free = self.rooms - self.dealt.iter().sum::<u32>();
        free = self.deal(free, Children::Seated, Filled::Surge);
        free = self.deal(free, Children::Certain, Filled::Surge);
        free = self.deal(free, Children::Possible, Filled::Surge);
        free = self.deal(free, Children::Certain, Filled::Max);
        free = self.keep_classes(free);
        free = self.deal(free, Children::Certain, Filled::Norm);
        level(&mut self.dealt, free);
        self.held.copy_from_slice(&self.dealt);
        for grade in 0..self.given.len() {
            self.given[grade] = self.seats[grade].map(|seats| self.part(seats, self.dealt[grade]));
        }
        self.regroup();
    }

    /// Shares rooms between two grades where one has children without a seat and the other free seats.
    pub(crate) fn regroup(&mut self) {
        for children in [Children::Seated, Children::Certain, Children::Possible] {
            for grade in 0..self.needs.len() {
                let needed = self.needs[grade].beyond(children, Filled::Surge);
                for apart in 1..self.needs.len() {
                    for giver in [grade.checked_sub(apart), Some(grade + apart)].into_iter().flatten() {
                        if giver < self.needs.len() && needed > self.given[grade].surge {
                            self.move_seats(giver, grade, needed - self.given[grade].surge);
                        }
                    }
                }
            }
        }
    }

    /// Moves up to `wanted` seats that the one grade does not need to the other.
    fn move_seats(&mut self, from: usize, to: usize, wanted: u32) {
        let needed = self.needs[from].beyond(Children::Possible, Filled::Surge);
        let spare = self.given[from].surge.saturating_sub(needed);
        let (here, there) = (u64::from(self.seats[from].surge), u64::from(self.seats[to].surge));
        if spare == 0 || here == 0 || there == 0 {
            return;
        }
        // A seat of the one grade is as much of a room as `there / here` of the other.
        let moved = u64::from(wanted).min(u64::from(spare) * there / here);
        let taken = (moved * here).div_ceil(there) as u32;
        let before = self.given[from];
        let surge = before.surge - taken;
        let after = before.map(|seats| seats.min(surge));
        self.given[from] = after;
        self.given[to] += Sizes { norm: before.norm - after.norm, max: before.max - after.max, surge: moved as u32 };
        let gained = &mut self.given[to];
        gained.max = gained.max.min(gained.surge);
        gained.norm = gained.norm.min(gained.max);
    }

    fn part(&self, seats: u32, rooms: u32) -> u32 {
        (u64::from(seats) * u64::from(rooms) / u64::from(self.rooms.max(1))) as u32
    }

    fn seats_in(&self, grade: usize, rooms: u32, filled: Filled) -> u32 {
        self.part(filled.of(self.seats[grade]), rooms)
    }

    /// Rooms of a grade that seat so many children.
    fn rooms_for(&self, grade: usize, children: u32, filled: Filled) -> u32 {
        let seats = u64::from(filled.of(self.seats[grade])).max(1);
        u32::try_from((u64::from(children) * u64::from(self.rooms)).div_ceil(seats)).unwrap_or(u32::MAX)
    }

    /// Deals rooms one by one to the grade in which one seats most of those without a seat; then to the one that lacks most, and to
    /// the lower one. Gives back how many are left.
    fn deal(&mut self, mut free: u32, children: Children, filled: Filled) -> u32 {
        while free > 0 {
            let gain = |grade: usize| {
                let seats = self.seats_in(grade, self.dealt[grade], filled);
                let lacking = self.needs[grade].beyond(children, filled).saturating_sub(seats);
                let more = self.seats_in(grade, self.dealt[grade] + 1, filled) - seats;
                (lacking.min(more), lacking)
            };
            let grades = (0..self.dealt.len()).map(|grade| (gain(grade), grade));
            let Some((most, grade)) = grades.rev().max_by_key(|(gain, _)| *gain) else { break };
            if most.0 == 0 {
                break;
            }
            self.dealt[grade] += 1;
            free -= 1;
        }
        free
    }

    /// Lets classes that have moved up keep their rooms, as far as their pupils fill them at the norm.
    fn keep_classes(&mut self, mut free: u32) -> u32 {
        for grade in 1..self.dealt.len() {
            let seated = self.needs[grade].beyond(Children::Seated, Filled::Norm);
            let kept = self.rooms_for(grade, seated, Filled::Norm).min(self.held[grade - 1]);
            let more = kept.saturating_sub(self.dealt[grade]).min(free);
            self.dealt[grade] += more;
            free -= more;
        }
        free
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

    /// Rooms of 3 seats at the norm, 4 stretched and 5 as the last resort, shared by three grades; what each may seat.
    fn shared(rooms: u32, held: [u32; 3], needs: [[u32; 3]; 3]) -> RoomPool {
        let mut pool = RoomPool::new(3);
        pool.rooms = rooms;
        pool.seats = vec![Sizes { norm: 3 * rooms, max: 4 * rooms, surge: 5 * rooms }; 3];
        pool.equal = (0..3).map(|grade| rooms / 3 + u32::from(grade < rooms % 3)).collect();
        pool.held = held.to_vec();
        for (need, [seated, looking, coming]) in pool.needs.iter_mut().zip(needs) {
            *need = GradeNeed { seated, looking, coming, unshared: Sizes::default() };
        }
        pool.share();
        assert_eq!(pool.held.iter().sum::<u32>(), rooms);
        pool
    }

    fn seated(pool: &RoomPool) -> u32 {
        pool.given.iter().zip(&pool.needs).map(|(given, need)| given.surge.min(need.seated + need.looking)).sum()
    }

    #[test]
    fn as_many_sit_as_there_are_seats_whoever_comes_and_whatever_was_held() {
        // Every small case: up to 6 rooms, and up to 12 children in each of three grades who sit there or look for a place.
        for rooms in 0..=6 {
            for case in 0..13_u32.pow(3) {
                let children = [case % 13, case / 13 % 13, case / 169];
                for split in [0, 1, 3] {
                    let needs = children.map(|all| [all * split / 3, all - all * split / 3, 0]);
                    let pool = shared(rooms, [2, 0, 1], needs);
                    let all: u32 = children.iter().sum();
                    assert_eq!(seated(&pool), all.min(5 * rooms), "{rooms} rooms for {children:?}");
                    for given in &pool.given {
                        assert!(given.norm <= given.max && given.max <= given.surge);
                    }
                    assert_eq!(pool.given.iter().map(|given| given.surge).sum::<u32>(), 5 * rooms);
                }
            }
        }
    }

    #[test]
    fn a_grade_has_at_least_its_equal_share_of_what_may_be_asked_of_it() {
        for rooms in 0..=7 {
            for case in 0..6_u32.pow(3) {
                let children = [case % 6, case / 6 % 6, case / 36].map(|n| 4 * n);
                let pool = shared(rooms, [1, 1, 1], children.map(|all| [all / 4, all / 4, all / 2]));
                for (grade, given) in pool.given.iter().enumerate() {
                    let equal = 5 * (rooms / 3 + u32::from((grade as u32) < rooms % 3));
                    assert!(given.surge >= equal.min(children[grade]), "{rooms} {children:?} {given:?}");
                }
            }
        }
    }

    #[test]
    fn classes_keep_their_rooms_and_free_rooms_go_where_seats_are_lacking() {
        // Each grade is housed at the norm, and what is over goes to the grade with the fewest rooms.
        assert_eq!(shared(9, [0; 3], [[0, 3, 0], [0, 6, 0], [0, 9, 0]]).held, [3, 3, 3]);
        // A class that moves up keeps its third room, half empty, unless another grade would have children without a seat.
        assert_eq!(shared(6, [3, 0, 0], [[0, 6, 0], [7, 0, 0], [0, 0, 0]]).held, [2, 3, 1]);
        assert_eq!(shared(5, [3, 0, 0], [[0, 12, 0], [7, 0, 0], [0, 0, 0]]).held, [3, 2, 0]);
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
}

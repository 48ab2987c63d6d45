//! Registration groups: how many of the children of an area have the local registration that comes first (户籍优先), and how
//! many of those are without a place.
//!
//! New children are registered with a probability the scenario gives, or, where its people tell registered residents apart,
//! as the residents of their age and area are: of those who enter a grade, as many as are registered among so many of the
//! residents of the age taken without regard to group (hypergeometric; those beyond them, who come from elsewhere,
//! with the same share); later, joiners and pupils who take it up are so many that a grade follows the residents' share. In public schools registered children of an area are placed before its
//! others, or, where all have equal rights, at random; the two groups among those who choose a private place, leave, lose
//! their seat or go outside are at random always. A lot is exact: `k` of the children of an area and grade without regard to
//! group is hypergeometric. Children of a group in an area and grade are alike, so nothing else need be known of them.
//!
//! Shape: `grade x origin`, origins being catchments, whole children; `among` all of them, `waiting` those without a seat.

use crate::random::{Stream, StreamKey, binomial, hypergeometric};

use crate::services::education::demand::children::Children;
use crate::services::education::stage::StageId;
use crate::services::education::streams::{September, lot_cell};

const NEW: StreamKey = StreamKey::named("education.registered");
const LOT: StreamKey = StreamKey::named("education.lottery");
const GONE: StreamKey = StreamKey::named("education.registered-gone");
const DISPLACED: StreamKey = StreamKey::named("education.registered-displaced");

/// How a place is given to one of two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicPriority {
    /// Registered children first.
    First,
    /// At random.
    Equal,
}

/// Registered children of one stage.
#[derive(Debug)]
pub(crate) struct PriorityGroups {
    stage: StageId,
    origins: usize,
    /// Name the random streams of each origin.
    keys: Vec<StreamKey>,
    /// Right to public places.
    public: PublicPriority,
    among: Vec<u32>,
    waiting: Vec<u32>,
}

/// Children of a origin and grade before some of them are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applicants {
    pub(crate) grade: usize,
    pub(crate) origin: usize,
    /// Those without a seat.
    pub(crate) waiting: u32,
    /// Those with one.
    pub(crate) seated: u32,
}

/// How many of new children are registered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RegistrationSource<'a> {
    /// A share by area.
    Share(&'a [f64]),
    /// As the residents of their age, `grade x area`.
    Residents(&'a [RegisteredResidents]),
}

/// The same of one area and grade.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RegistrationOfArea {
    /// A share.
    Share(f64),
    /// Residents of whom the share is known, and of whom so many are not taken for new children yet.
    Residents {
        /// Share of all of them who are registered.
        share: f64,
        /// Those of them who are left.
        left: RegisteredResidents,
    },
}

/// Residents of an age and area.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RegisteredResidents {
    /// Those with local registration.
    pub(crate) registered: u32,
    /// All of whom it is known.
    pub(crate) all: u32,
}

impl RegistrationSource<'_> {
    /// Of an area, at this position of `grade x area`.
    pub(crate) fn of(&self, at: usize, area: usize) -> RegistrationOfArea {
        match self {
            RegistrationSource::Share(shares) => RegistrationOfArea::Share(shares[area]),
            RegistrationSource::Residents(residents) => {
                RegistrationOfArea::Residents { share: residents[at].share(), left: residents[at] }
            }
        }
    }
}

impl PriorityGroups {
    pub(crate) fn new(stage: StageId, keys: Vec<StreamKey>, public: PublicPriority) -> Self {
        let (origins, cells) = (keys.len(), stage.grades() * keys.len());
        Self { stage, origins, keys, public, among: vec![0; cells], waiting: vec![0; cells] }
    }

    /// The stream of an origin and grade; `lot` tells apart those of the same purpose and September.
    fn stream(&self, september: &September, purpose: StreamKey, applicants: Applicants, lot: u32) -> Stream {
        september.stream(purpose.with(self.keys[applicants.origin]), lot_cell(self.stage, applicants.grade, lot))
    }

    /// Registered children of an origin, all grades, and those of them without a place.
    pub(crate) fn of(&self, origin: usize) -> (u32, u32) {
        let sum = |grid: &[u32]| grid.iter().skip(origin).step_by(self.origins).sum();
        (sum(&self.among), sum(&self.waiting))
    }

    /// Whether they have the better right to public places.
    pub(crate) fn come_first(&self) -> bool {
        self.public == PublicPriority::First
    }

    /// Those of a grade and origin without a seat.
    pub(crate) fn waiting(&self, grade: usize, origin: usize) -> u32 {
        self.waiting[grade * self.origins + origin]
    }

    /// Nobody is there yet.
    pub(crate) fn clear(&mut self) {
        self.among.fill(0);
        self.waiting.fill(0);
    }

    /// Everyone is a grade older; the entry grade is empty.
    pub(crate) fn roll_forward(&mut self) {
        let kept = self.among.len() - self.origins;
        for grid in [&mut self.among, &mut self.waiting] {
            grid.copy_within(..kept, self.origins);
            grid[..self.origins].fill(0);
        }
    }

    /// New children without a seat, beside those of the pool who were there before. Residents taken for them are taken from
    /// those of `known` who are left.
    pub(crate) fn join(
        &mut self,
        applicants: Applicants,
        children: u32,
        known: &mut RegistrationOfArea,
        september: &September,
    ) {
        let at = applicants.grade * self.origins + applicants.origin;
        let lots = &mut self.stream(september, NEW, applicants, 0);
        let registered = match known {
            RegistrationOfArea::Share(share) => binomial(children, *share, lots),
            RegistrationOfArea::Residents { share, left } if applicants.waiting + applicants.seated == 0 => {
                as_residents(children, left, *share, lots)
            }
            RegistrationOfArea::Residents { share, .. } => self.follow(applicants, children, *share, lots),
        };
        self.among[at] += registered;
        self.waiting[at] += registered;
    }

    /// How many of new children are registered where all pupils of the grade are to have this share; if even all of them would
    /// be too few, some of those who were there before have taken it up.
    fn follow(&mut self, applicants: Applicants, children: u32, share: f64, lots: &mut Stream) -> u32 {
        let at = applicants.grade * self.origins + applicants.origin;
        let before = applicants.waiting + applicants.seated;
        let lacking = share * f64::from(before + children) - f64::from(self.among[at]);
        let registered = binomial(children, lacking / f64::from(children.max(1)), lots);
        let others = before - self.among[at];
        let rest = lacking - f64::from(children);
        let taken_up = binomial(others, rest / f64::from(others.max(1)), lots);
        let without_seat = applicants.waiting - self.waiting[at];
        self.waiting[at] += hypergeometric(without_seat, others - without_seat, taken_up, lots);
        self.among[at] += taken_up;
        registered
    }

    /// Of the children of an area and grade, so many of those without and with a seat are gone, at random.
    pub(crate) fn gone(&mut self, applicants: Applicants, waiting: u32, seated: u32, september: &September) {
        let at = applicants.grade * self.origins + applicants.origin;
        let mut lots = self.stream(september, GONE, applicants, 0);
        let out = hypergeometric(self.waiting[at], applicants.waiting - self.waiting[at], waiting, &mut lots);
        let sits = self.among[at] - self.waiting[at];
        self.waiting[at] -= out;
        self.among[at] -= out + hypergeometric(sits, applicants.seated - sits, seated, &mut lots);
    }

    /// So many of those with a seat lose it, at random.
    pub(crate) fn displaced(&mut self, applicants: Applicants, seated: u32, september: &September) {
        let at = applicants.grade * self.origins + applicants.origin;
        let sits = self.among[at] - self.waiting[at];
        let mut lots = self.stream(september, DISPLACED, applicants, 0);
        self.waiting[at] += hypergeometric(sits, applicants.seated - sits, seated, &mut lots);
    }

    /// So many registered children of a grade and origin get a seat.
    pub(crate) fn seat(&mut self, grade: usize, origin: usize, registered: u32) {
        self.waiting[grade * self.origins + origin] -= registered;
    }

    /// So many of those without a seat get one: in public schools by right, elsewhere at random.
    pub(crate) fn placed(
        &mut self,
        applicants: Applicants,
        children: u32,
        public: bool,
        september: &September,
        lot: u32,
    ) {
        let at = applicants.grade * self.origins + applicants.origin;
        let registered = self.waiting[at];
        let by_right = public && self.public == PublicPriority::First;
        self.waiting[at] -= if by_right {
            registered.min(children)
        } else {
            let mut lots = self.stream(september, LOT, applicants, lot);
            hypergeometric(registered, applicants.waiting - registered, children, &mut lots)
        };
    }
}

impl RegisteredResidents {
    /// The share of residents who are registered.
    fn share(self) -> f64 {
        if self.all > 0 { f64::from(self.registered) / f64::from(self.all) } else { 0.0 }
    }
}

/// Registered children of so many, taken from the residents of their age who are left without regard to group.
fn as_residents(children: u32, left: &mut RegisteredResidents, share: f64, lots: &mut Stream) -> u32 {
    let resident = children.min(left.all);
    let taken = hypergeometric(left.registered, left.all - left.registered, resident, lots);
    *left = RegisteredResidents { registered: left.registered - taken, all: left.all - resident };
    taken + binomial(children - resident, share, lots)
}

/// New children of every grade and origin: those of the September who were not there a year ago.
pub(crate) fn joiners(children: &Children, at: usize) -> u32 {
    children.pupils[at] - children.stayed[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RngSource;

    const SEPTEMBER: September = September { chance: RngSource::new(4, 0), year: 2030 };

    fn keys(origins: usize) -> Vec<StreamKey> {
        (0..origins).map(|at| StreamKey::named(&at.to_string())).collect()
    }

    const fn residents(registered: u32, all: u32) -> RegisteredResidents {
        RegisteredResidents { registered, all }
    }

    fn pool(waiting: u32, seated: u32) -> Applicants {
        Applicants { grade: 1, origin: 0, waiting, seated }
    }

    #[test]
    fn where_all_residents_enter_the_registered_among_them_are_registered() {
        for (registered, all) in [(0, 40), (17, 40), (40, 40)] {
            let residents = [residents(0, 0), residents(registered, all)];
            let mut groups = PriorityGroups::new(StageId::Primary, keys(1), PublicPriority::First);
            groups.join(pool(0, 0), all, &mut RegistrationSource::Residents(&residents).of(1, 0), &SEPTEMBER);
            assert_eq!(groups.of(0), (registered, registered));
            // Those beyond come from elsewhere, with the same share.
            let mut groups = PriorityGroups::new(StageId::Primary, keys(1), PublicPriority::First);
            groups.join(pool(0, 0), all + 30, &mut RegistrationSource::Residents(&residents).of(1, 0), &SEPTEMBER);
            let (among, _) = groups.of(0);
            assert!(among >= registered && among - registered <= if registered == 0 { 0 } else { 30 });
        }
    }

    #[test]
    fn residents_of_one_area_are_taken_once_however_it_is_divided() {
        for run in 0..50 {
            let september = September { chance: RngSource::new(4, run), year: 2030 };
            let mut groups = PriorityGroups::new(StageId::Primary, keys(3), PublicPriority::First);
            let mut known = RegistrationSource::Residents(&[residents(17, 40)]).of(0, 0);
            for (origin, children) in [(0, 25), (1, 5), (2, 10)] {
                groups.join(Applicants { grade: 0, origin, waiting: 0, seated: 0 }, children, &mut known, &september);
                assert!(groups.of(origin).0 <= children);
            }
            assert_eq!((0..3).map(|origin| groups.of(origin).0).sum::<u32>(), 17);
        }
    }

    #[test]
    fn a_grade_follows_the_share_of_its_residents() {
        let mean = |before: u32, joiners: u32, share: u32| -> f64 {
            let one = |run: u32| {
                let mut groups = PriorityGroups::new(StageId::Primary, keys(1), PublicPriority::First);
                groups.among[1] = before;
                groups.waiting[1] = before / 6;
                let september = September { chance: RngSource::new(4, run), year: 2030 };
                let mut known = RegistrationSource::Residents(&[residents(0, 0), residents(share, 100)]).of(1, 0);
                groups.join(pool(20, 80), joiners, &mut known, &september);
                let (among, waiting) = groups.of(0);
                assert!(among <= 100 + joiners && waiting <= 20 + joiners && among >= before);
                f64::from(among)
            };
            (0..400).map(one).sum::<f64>() / 400.0
        };
        // Joiners alone do it; nobody joins and some take it up; joiners do not suffice; too many are registered already.
        for (before, joiners, share, expected) in
            [(50, 50, 60, 90.0), (50, 0, 60, 60.0), (50, 10, 90, 99.0), (90, 20, 50, 90.0)]
        {
            let found = mean(before, joiners, share);
            assert!((found - expected).abs() < 4.0 * 5.0 / 20.0, "{found}, not {expected}");
        }
    }
}

//! What has become of the children of a September: where those of each origin sit, and who is without a place.

use crate::services::education::placement::allocation::Allocation;

/// Children by what has become of them, all grades of one origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    /// In a public school of the catchment where they live, or to which they are zoned.
    pub(crate) own: u32,
    /// In another one of their area.
    pub(crate) other: u32,
    /// In another area's.
    pub(crate) coordinated: u32,
    pub(crate) private: u32,
    pub(crate) outside: u32,
    pub(crate) waiting: u32,
    /// Metres between origin and school of those placed in another area, in all.
    pub(crate) metres: u64,
}

impl Outcomes {
    /// All of them.
    pub(crate) const fn children(&self) -> u32 {
        self.own + self.other + self.coordinated + self.private + self.outside + self.waiting
    }

    fn and(self, more: Self) -> Self {
        Self {
            own: self.own + more.own,
            other: self.other + more.other,
            coordinated: self.coordinated + more.coordinated,
            private: self.private + more.private,
            outside: self.outside + more.outside,
            waiting: self.waiting + more.waiting,
            metres: self.metres + more.metres,
        }
    }
}

impl Allocation {
    /// What has become of the children of an area.
    pub(crate) fn fate_of_area(&self, area: usize) -> Outcomes {
        self.catchments.of_area(area).iter().map(|origin| self.fate(*origin)).fold(Outcomes::default(), Outcomes::and)
    }

    /// What has become of the children of a origin.
    pub(crate) fn fate(&self, origin: usize) -> Outcomes {
        let (mut fate, number) = (Outcomes::default(), self.origins());
        for grade in 0..self.grades {
            let seats = self.seats_of(grade, origin);
            let public: u32 = seats[..number].iter().sum();
            let (own, inside) = self.own_and_inside(grade, origin, seats);
            fate.own += own;
            fate.other += inside - own;
            fate.coordinated += public - inside;
            if public > inside {
                fate.metres += self.metres_to_other_areas(origin, seats);
            }
            fate.private += seats[number..2 * number].iter().sum::<u32>();
            fate.outside += seats[2 * number];
            fate.waiting += self.waiting(grade, origin);
        }
        fate
    }

    /// Children of a origin by where they sit: in the schools of their own catchment or zone, and in all of their area.
    fn own_and_inside(&self, grade: usize, origin: usize, seats: &[u32]) -> (u32, u32) {
        if !self.catchments.are_several() {
            return (seats[origin], seats[origin]);
        }
        let zone = self.zones.of(grade, origin);
        let own = seats[origin] + if zone == origin { 0 } else { seats[zone] };
        let of_area = self.catchments.of_area(self.catchments.area_of(origin));
        (own, of_area.iter().map(|at| seats[*at]).sum())
    }

    fn metres_to_other_areas(&self, origin: usize, seats: &[u32]) -> u64 {
        let (number, area) = (self.origins(), self.catchments.area_of(origin));
        let ways = &self.metres[origin * number..][..number];
        let away = (0..number).filter(|at| seats[*at] > 0 && self.catchments.area_of(*at) != area);
        away.map(|at| u64::from(seats[at]) * u64::from(ways[at])).sum()
    }
}

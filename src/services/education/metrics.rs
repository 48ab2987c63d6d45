//! What is measured at each stage, and how one September is recorded.
//!
//! `demand`, `served`, `outside`, `unmet`, `coordinated` and `private` follow the children of an area, wherever they sit;
//! `places`, `seated`, `stretched`, `classes`, `surplus` and `staff_needed` follow the schools of an area, whoever sits
//! there. Over the district `served` = `seated`. `utilisation` is `seated / places`.

use crate::metric::{BlockId, MetricDef, Record, SHORT};

use super::placement::allocation::Allocation;
use super::placement::capacity::CapacityYear;
use super::record::outcomes::Outcomes;

/// A class of this many pupils or more is oversized (大班额).
const OVERSIZED: u32 = 56;

const DEMAND: usize = 0;
const PLACES: usize = 1;
const SERVED: usize = 2;
const UNMET: usize = 3;
const SHORT_AT: usize = 5;
const ENTRY_DEMAND: usize = 6;
const ENTRY_PLACES: usize = 7;
const ENTRY_UNMET: usize = 8;
const SEATED: usize = 9;
const STRETCHED: usize = 10;
const COORDINATED: usize = 11;
const PRIVATE: usize = 12;
const OUTSIDE: usize = 13;
const CLASSES: usize = 14;
const OVERSIZED_CLASSES: usize = 15;
const SURPLUS: usize = 17;
const MISSED: usize = 18;
const STAFF: usize = 19;
const WAY: usize = 20;
const REGISTERED: usize = 23;
const UNMET_REGISTERED: usize = 24;

/// The metrics of a stage whose registration groups are not told apart.
pub(crate) static METRICS: &[MetricDef] = METRICS_WITH_GROUPS.split_at(REGISTERED).0;

/// The metrics of a stage, in the order of the positions above.
pub(crate) static METRICS_WITH_GROUPS: &[MetricDef] = &[
    MetricDef::count("demand", "children", "Children who want a place", "需要学位的儿童"),
    MetricDef::count("places", "places", "Places at the class-size norm", "标准班额学位"),
    MetricDef::count("served", "children", "Children with a place in the district", "区内获得学位的儿童"),
    MetricDef::count("unmet", "children", "Children without a place", "无学位儿童").with_shortage(SHORT),
    MetricDef::ratio("utilisation", "seated", "places", "Pupils for each place", "学位使用率"),
    MetricDef::own_count("short", "0/1", "Promise broken", "未达目标"),
    MetricDef::count("entry_demand", "children", "Children of the entry grade", "起始年级儿童"),
    MetricDef::count("entry_places", "places", "Places of the entry grade", "起始年级学位"),
    MetricDef::count("entry_unmet", "children", "Entry-grade children without a place", "起始年级无学位儿童"),
    MetricDef::count("seated", "children", "Pupils in the area's schools", "本区域学校在校生"),
    MetricDef::count("stretched", "children", "Pupils above the class-size norm", "超标准班额就读学生"),
    MetricDef::count("coordinated", "children", "Children placed in another area", "在其他区域公办学校就读的儿童"),
    MetricDef::count("private", "children", "Children in private places", "民办就读儿童"),
    MetricDef::count("outside", "children", "Children who went outside the district", "转到区外就读的儿童"),
    MetricDef::count("classes", "classes", "Classes in use", "在用班级"),
    MetricDef::count("oversized_classes", "classes", "Classes of 56 or more", "56人及以上大班额班级"),
    MetricDef::ratio("oversized_share", "oversized_classes", "classes", "Share of oversized classes", "大班额占比"),
    MetricDef::count("surplus", "places", "Empty places at the norm", "富余学位"),
    MetricDef::own_count("intake_missed", "0/1", "A planned opening missed 1 September", "计划启用项目错过9月招生"),
    MetricDef::real("staff_needed", "people", "Teachers and carers needed", "所需教师（保教人员）"),
    MetricDef::real("coordinated_km", "km", "Way of all children placed in another area", "跨区域就读儿童的总路程"),
    MetricDef::ratio(
        "mean_km",
        "coordinated_km",
        "coordinated",
        "Way of a child placed in another area, km",
        "跨区域就读儿童的平均路程（公里）",
    )
    .in_unit("km"),
    MetricDef::ratio(
        "coordinated_share",
        "coordinated",
        "demand",
        "Share of children placed in another area",
        "跨区域就读儿童占比",
    ),
    MetricDef::count("registered", "children", "Registered children who want a place", "需要学位的户籍儿童"),
    MetricDef::count("unmet_registered", "children", "Registered children without a place", "无学位户籍儿童"),
    MetricDef::ratio(
        "unmet_registered_share",
        "unmet_registered",
        "registered",
        "Share of registered children without a place",
        "户籍儿童无学位占比",
    ),
];

/// What a stage promises.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TargetLimits {
    pub(crate) unmet_share: f64,
    pub(crate) stretched_share: f64,
}

impl TargetLimits {
    fn broken(self, demand: u32, unmet: u32, seated: u32, stretched: u32) -> bool {
        f64::from(unmet) > self.unmet_share * f64::from(demand)
            || f64::from(stretched) > self.stretched_share * f64::from(seated)
    }
}

/// Staff that pupils and classes need: the larger of the two binds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Staffing {
    pub(crate) pupils_per_teacher: f64,
    pub(crate) teachers_per_class: f64,
}

/// What the schools of an area or catchment look like in one September.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schools {
    pub(crate) places: u32,
    pub(crate) entry_places: u32,
    pub(crate) seated: u32,
    pub(crate) stretched: u32,
    pub(crate) classes: u32,
    pub(crate) oversized: u32,
}

impl Schools {
    /// The public and private schools of an area.
    pub(crate) fn of_area(area: usize, grades: usize, seats: &Allocation, offer: &CapacityYear) -> Self {
        let public = seats.catchments.of_area(area).iter().copied();
        Self::of(public.chain([seats.origins() + area]), grades, seats, offer)
    }

    /// The schools of these slots.
    pub(crate) fn of(
        slots: impl Iterator<Item = usize>,
        grades: usize,
        seats: &Allocation,
        offer: &CapacityYear,
    ) -> Self {
        let mut schools = Self::default();
        for slot in slots {
            for grade in 0..grades {
                let cell = grade * 2 * seats.origins() + slot;
                let (seated, norm) = (seats.load(grade, slot), offer.norm[cell]);
                let (classes, oversized) = classes_in_use(seated, norm, offer.classes[cell]);
                schools.places += norm;
                schools.entry_places += if grade == 0 { norm } else { 0 };
                schools.seated += seated;
                schools.stretched += seated.saturating_sub(norm);
                schools.classes += classes;
                schools.oversized += oversized;
            }
        }
        schools
    }
}

/// Classes that `seated` pupils fill at the norm, as far as there are rooms, and how many of them are oversized when the
/// pupils are spread evenly.
pub(crate) fn classes_in_use(seated: u32, norm: u32, rooms: u32) -> (u32, u32) {
    if rooms == 0 || norm == 0 || seated == 0 {
        return (0, 0);
    }
    let classes = (u64::from(seated) * u64::from(rooms)).div_ceil(u64::from(norm)).min(u64::from(rooms)) as u32;
    let (size, rest) = (seated / classes, seated % classes);
    let oversized = if size >= OVERSIZED {
        classes
    } else if size + 1 == OVERSIZED {
        rest
    } else {
        0
    };
    (classes, oversized)
}

/// One stage of one September, ready to be recorded.
#[derive(Debug)]
pub(crate) struct Reported<'a> {
    pub(crate) block: BlockId,
    pub(crate) areas: usize,
    pub(crate) grades: usize,
    pub(crate) limits: TargetLimits,
    pub(crate) staffing: Staffing,
    pub(crate) children: &'a [u32],
    pub(crate) seats: &'a Allocation,
    pub(crate) offer: &'a CapacityYear,
}

impl Reported<'_> {
    /// Records every area and the district.
    pub(crate) fn record(&self, year: usize, record: &mut Record<'_>) {
        let (mut demand, mut unmet, mut seated, mut stretched) = (0, 0, 0, 0);
        for area in 0..self.areas {
            let wanted = (0..self.grades).map(|grade| self.children[grade * self.areas + area]).sum();
            let fate = self.seats.fate_of_area(area);
            let schools = Schools::of_area(area, self.grades, self.seats, self.offer);
            debug_assert_eq!(wanted, fate.children());
            self.record_children(area, year, wanted, fate, record);
            self.record_schools(area, year, schools, record);
            let short = self.limits.broken(wanted, fate.waiting, schools.seated, schools.stretched);
            record.count(self.block, SHORT_AT, area, year, u32::from(short));
            demand += wanted;
            unmet += fate.waiting;
            seated += schools.seated;
            stretched += schools.stretched;
        }
        let district = record.district(self.block);
        let short = self.limits.broken(demand, unmet, seated, stretched);
        record.count(self.block, SHORT_AT, district, year, u32::from(short));
        record.count(self.block, MISSED, district, year, u32::from(self.offer.missed.contains(&true)));
    }

    fn record_children(&self, area: usize, year: usize, wanted: u32, fate: Outcomes, record: &mut Record<'_>) {
        for (metric, count) in [
            (DEMAND, wanted),
            (SERVED, fate.own + fate.other + fate.coordinated + fate.private),
            (UNMET, fate.waiting),
            (ENTRY_DEMAND, self.children[area]),
            (ENTRY_UNMET, self.seats.waiting_of_area(0, area)),
            (COORDINATED, fate.coordinated),
            (PRIVATE, fate.private),
            (OUTSIDE, fate.outside),
        ] {
            record.count(self.block, metric, area, year, count);
        }
        record.real(self.block, WAY, area, year, fate.metres as f64 / 1000.0);
        if let Some((among, waiting)) = self.seats.registered(area) {
            record.count(self.block, REGISTERED, area, year, among);
            record.count(self.block, UNMET_REGISTERED, area, year, waiting);
        }
    }

    fn record_schools(&self, area: usize, year: usize, schools: Schools, record: &mut Record<'_>) {
        for (metric, count) in [
            (PLACES, schools.places),
            (ENTRY_PLACES, schools.entry_places),
            (SEATED, schools.seated),
            (STRETCHED, schools.stretched),
            (CLASSES, schools.classes),
            (OVERSIZED_CLASSES, schools.oversized),
            (SURPLUS, schools.places.saturating_sub(schools.seated)),
            (MISSED, u32::from(self.offer.missed[area])),
        ] {
            record.count(self.block, metric, area, year, count);
        }
        let by_pupils = f64::from(schools.seated) / self.staffing.pupils_per_teacher;
        let by_classes = f64::from(schools.classes) * self.staffing.teachers_per_class;
        record.real(self.block, STAFF, area, year, by_pupils.max(by_classes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_their_metrics() {
        for (at, id) in [
            (DEMAND, "demand"),
            (PLACES, "places"),
            (SERVED, "served"),
            (UNMET, "unmet"),
            (SHORT_AT, "short"),
            (ENTRY_DEMAND, "entry_demand"),
            (ENTRY_PLACES, "entry_places"),
            (ENTRY_UNMET, "entry_unmet"),
            (SEATED, "seated"),
            (STRETCHED, "stretched"),
            (COORDINATED, "coordinated"),
            (PRIVATE, "private"),
            (OUTSIDE, "outside"),
            (CLASSES, "classes"),
            (OVERSIZED_CLASSES, "oversized_classes"),
            (SURPLUS, "surplus"),
            (MISSED, "intake_missed"),
            (STAFF, "staff_needed"),
            (WAY, "coordinated_km"),
            (REGISTERED, "registered"),
            (UNMET_REGISTERED, "unmet_registered"),
        ] {
            assert_eq!(METRICS_WITH_GROUPS[at].id, id);
        }
    }

    #[test]
    fn classes_open_as_they_are_needed_and_spread_evenly() {
        assert_eq!(classes_in_use(0, 180, 4), (0, 0));
        assert_eq!(classes_in_use(46, 180, 4), (2, 0));
        assert_eq!(classes_in_use(220, 180, 4), (4, 0));
        assert_eq!(classes_in_use(222, 180, 4), (4, 2));
        assert_eq!(classes_in_use(240, 180, 4), (4, 4));
    }
}

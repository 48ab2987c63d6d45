//! What is measured at each stage, and how one September is recorded.
//!
//! `demand`, `served`, `outside`, `unmet`, `placed_out_of_area` and `private` follow the children of an area, wherever they sit;
//! `places`, `enrolled`, `over_norm`, `classes`, `surplus` and `staff_needed` follow the schools of an area, whoever sits
//! there. Over the district `served` = `enrolled`. `utilisation` is `enrolled / places`.

use crate::metric::Better::{Lower, Neither};
use crate::metric::{BlockId, MetricDef, Record, Role, Unit, unit};
use crate::metrics;

use super::placement::allocation::Allocation;
use super::placement::capacity::CapacityYear;
use super::record::outcomes::Outcomes;

/// A class of this many pupils or more is oversized (大班额).
const OVERSIZED: u32 = 56;

pub(crate) const CHILDREN: Unit = Unit::of("children", "人");
const SEATS: Unit = Unit::of("places", "个学位");
const CLASS: Unit = Unit::of("classes", "个班");

metrics! {
    /// The metrics of a stage. Those of its registration groups stand last.
    pub(crate) enum OfStage;
    DEMAND: Count = MetricDef::count("demand", CHILDREN, Role::Demand, Neither, "Children and students who need a place", "学位需求（人）")
    .sum_of(&[&[Self::SERVED.position(), Self::OUTSIDE.position(), Self::UNMET.position()]]),
    PLACES: Count = MetricDef::count("places", SEATS, Role::Capacity, Neither, "Places at the standard class size", "按标准班额计的学位数"),
    SERVED: Count =
        MetricDef::count("served", CHILDREN, Role::Served, Neither, "With a place in the district", "区内就读人数"),
    UNMET: Count = MetricDef::count("unmet", CHILDREN, Role::Unmet, Lower, "Without a place", "无学位人数"),
    UTILISATION: Ratio =
        MetricDef::ratio("utilisation", Self::ENROLLED, Self::PLACES, Role::Utilisation, Neither, "Pupils for each place", "学位利用率")
    .may_exceed_one(),
    TARGET_MISSED: Count = MetricDef::target_missed(),
    ENTRY_DEMAND: Count =
        MetricDef::count("entry_demand", CHILDREN, Role::Detail, Neither, "Entry-grade demand", "起始年级学位需求（人）")
    .part_of(Self::DEMAND),
    ENTRY_PLACES: Count =
        MetricDef::count("entry_places", SEATS, Role::Detail, Neither, "Places of the entry grade", "起始年级学位")
    .part_of(Self::PLACES),
    ENTRY_UNMET: Count =
        MetricDef::count("entry_unmet", CHILDREN, Role::Detail, Lower, "Entry grade without a place", "起始年级无学位人数")
    .part_of(Self::UNMET),
    ENROLLED: Count =
        MetricDef::count("enrolled", CHILDREN, Role::InUse, Neither, "Pupils in the area's schools", "本区域学校在校生")
            .formerly(&["seated"]),
    OVER_NORM: Count =
        MetricDef::count("over_norm", CHILDREN, Role::OverNorm, Lower, "Pupils in over-size classes (above the standard size)", "大班额就读（超出标准班额）人数")
    .part_of(Self::ENROLLED)
            .formerly(&["stretched"]),
    PLACED_OUT_OF_AREA: Count = MetricDef::count(
        "placed_out_of_area", CHILDREN, Role::ServedBy, Lower, "Placed by coordination in another area", "统筹至其他街道公办学校就读人数",
    )
    .formerly(&["coordinated"]),
    PRIVATE: Count =
        MetricDef::count("private", CHILDREN, Role::ServedBy, Neither, "In private schools", "民办学校就读人数"),
    OUTSIDE: Count =
        MetricDef::count("outside", CHILDREN, Role::Outside, Lower, "Outside the district", "区外就读人数"),
    CLASSES: Count = MetricDef::count("classes", CLASS, Role::Detail, Neither, "Classes in use", "在用班级"),
    OVERSIZED_CLASSES: Count =
        MetricDef::count("oversized_classes", CLASS, Role::Detail, Lower, "Classes of 56 or more", "56人及以上大班额班级")
            .source("State Council of China 2016, Guofa 40: classes of 56 or more"),
    OVERSIZED_SHARE: Ratio = MetricDef::ratio(
        "oversized_share", Self::OVERSIZED_CLASSES, Self::CLASSES, Role::Detail, Lower, "Share of oversized classes", "大班额占比",
    ),
    SURPLUS: Count = MetricDef::count("surplus", SEATS, Role::Detail, Lower, "Empty places, gross (areas with room, not set off against full ones)", "空余学位（毛数：各街道空余之和，不与他处超员相抵）")
        .formula("max(0, places - enrolled), by area", "max(0, 学位 − 在校生)，逐区域"),
    OPENING_MISSED_INTAKE: Count = MetricDef::own_count(
        "opening_missed_intake", unit::FLAG, Role::OpeningMissedIntake, Lower,
        "A planned opening missed the autumn intake", "计划项目未赶上当年秋季招生",
    )
    .formerly(&["intake_missed"]),
    STAFF_NEEDED: Real =
        MetricDef::real("staff_needed", unit::PEOPLE, Role::Detail, Neither, "Teachers and carers needed", "所需教师（保教人员）")
            .formula(
                "max(pupils / pupils per teacher, classes x teachers per class)", "max(学生 ÷ 生师比, 班级 × 每班教师)",
            ),
    OUT_OF_AREA_KM: Real = MetricDef::real(
        "out_of_area_km", unit::KM, Role::Detail, Lower, "Way of all who are placed in another area", "跨街道就读总路程",
    )
    .formerly(&["coordinated_km"]),
    MEAN_OUT_OF_AREA_KM: Ratio = MetricDef::ratio(
        "mean_out_of_area_km", Self::OUT_OF_AREA_KM, Self::PLACED_OUT_OF_AREA, Role::Detail, Lower,
        "Mean way of those placed in another area, km", "跨街道就读平均路程（公里）",
    )
    .in_unit(unit::KM)
    .formerly(&["mean_km"]),
    PLACED_OUT_OF_AREA_SHARE: Ratio = MetricDef::ratio(
        "placed_out_of_area_share", Self::PLACED_OUT_OF_AREA, Self::DEMAND, Role::Detail, Lower,
        "Share placed in another area", "跨街道就读占比",
    )
    .formerly(&["coordinated_share"]),
    DEMAND_REGISTERED: Count = MetricDef::count(
        "demand_registered", CHILDREN, Role::Detail, Neither, "Registered children who need a place", "户籍儿童学位需求（人）",
    )
    .part_of(Self::DEMAND)
    .formerly(&["registered"]),
    UNMET_REGISTERED: Count = MetricDef::count(
        "unmet_registered", CHILDREN, Role::Detail, Lower, "Registered children without a place", "户籍儿童无学位人数",
    )
    .part_of(Self::UNMET),
    UNMET_REGISTERED_SHARE: Ratio = MetricDef::ratio(
        "unmet_registered_share", Self::UNMET_REGISTERED, Self::DEMAND_REGISTERED, Role::Detail, Lower,
        "Share of registered children without a place", "户籍儿童无学位占比",
    ),
}

impl OfStage {
    /// The metrics of a stage whose registration groups are not told apart.
    pub(crate) const WITHOUT_GROUPS: &'static [MetricDef] = Self::TABLE.split_at(Self::DEMAND_REGISTERED.position()).0;
}

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
            record.set(self.block, OfStage::TARGET_MISSED, area, year, u32::from(short));
            demand += wanted;
            unmet += fate.waiting;
            seated += schools.seated;
            stretched += schools.stretched;
        }
        let district = record.district(self.block);
        let short = self.limits.broken(demand, unmet, seated, stretched);
        record.set(self.block, OfStage::TARGET_MISSED, district, year, u32::from(short));
        record.set(
            self.block,
            OfStage::OPENING_MISSED_INTAKE,
            district,
            year,
            u32::from(self.offer.missed.contains(&true)),
        );
    }

    fn record_children(&self, area: usize, year: usize, wanted: u32, fate: Outcomes, record: &mut Record<'_>) {
        for (metric, count) in [
            (OfStage::DEMAND, wanted),
            (OfStage::SERVED, fate.own + fate.other + fate.coordinated + fate.private),
            (OfStage::UNMET, fate.waiting),
            (OfStage::ENTRY_DEMAND, self.children[area]),
            (OfStage::ENTRY_UNMET, self.seats.waiting_of_area(0, area)),
            (OfStage::PLACED_OUT_OF_AREA, fate.coordinated),
            (OfStage::PRIVATE, fate.private),
            (OfStage::OUTSIDE, fate.outside),
        ] {
            record.set(self.block, metric, area, year, count);
        }
        record.set(self.block, OfStage::OUT_OF_AREA_KM, area, year, fate.metres as f64 / 1000.0);
        if let Some((among, waiting)) = self.seats.registered(area) {
            record.set(self.block, OfStage::DEMAND_REGISTERED, area, year, among);
            record.set(self.block, OfStage::UNMET_REGISTERED, area, year, waiting);
        }
    }

    fn record_schools(&self, area: usize, year: usize, schools: Schools, record: &mut Record<'_>) {
        for (metric, count) in [
            (OfStage::PLACES, schools.places),
            (OfStage::ENTRY_PLACES, schools.entry_places),
            (OfStage::ENROLLED, schools.seated),
            (OfStage::OVER_NORM, schools.stretched),
            (OfStage::CLASSES, schools.classes),
            (OfStage::OVERSIZED_CLASSES, schools.oversized),
            (OfStage::SURPLUS, schools.places.saturating_sub(schools.seated)),
            (OfStage::OPENING_MISSED_INTAKE, u32::from(self.offer.missed[area])),
        ] {
            record.set(self.block, metric, area, year, count);
        }
        let by_pupils = f64::from(schools.seated) / self.staffing.pupils_per_teacher;
        let by_classes = f64::from(schools.classes) * self.staffing.teachers_per_class;
        record.set(self.block, OfStage::STAFF_NEEDED, area, year, by_pupils.max(by_classes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_open_as_they_are_needed_and_spread_evenly() {
        assert_eq!(classes_in_use(0, 180, 4), (0, 0));
        assert_eq!(classes_in_use(46, 180, 4), (2, 0));
        assert_eq!(classes_in_use(220, 180, 4), (4, 0));
        assert_eq!(classes_in_use(222, 180, 4), (4, 2));
        assert_eq!(classes_in_use(240, 180, 4), (4, 4));
    }
}

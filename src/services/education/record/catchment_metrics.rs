//! What is reported of catchments: by area, where the children of its catchments sit; and of each catchment by name, whether its
//! schools hold its children.

use crate::language::Text;
use crate::metric::Better::{Higher, Lower, Neither};
use crate::metric::{BlockGroup, BlockId, MetricDef, Record, Role, Unit, unit};
use crate::metrics;

use crate::services::education::metrics::{CHILDREN, Schools};
use crate::services::education::placement::allocation::Allocation;
use crate::services::education::placement::capacity::CapacityYear;

/// The catchments of all stages, side by side.
pub(crate) static CATCHMENTS: BlockGroup = BlockGroup {
    one: Text::new("Catchment", "学区"),
    many: Text::new("Catchments", "各学区"),
    note: Some(Text::new(
        "Children are counted where they live, pupils and places in the schools of the catchment. A catchment is crowded when the \
         children of the entry grade who are zoned to it, those who choose a private place among them, outnumber its entry places at the norm.",
        "儿童按居住学区统计，在校生和学位按学区学校统计。划入的起始年级儿童（含首选民办者）多于起始年级标准班额学位时，视为学区起始年级紧张。",
    )),
};

const CATCHMENT: Unit = Unit::of("catchments", "个学区");

metrics! {
    /// Metrics of the divided areas of a stage.
    pub(crate) enum OfDivided;
    CHILDREN: Count = MetricDef::count("children", CHILDREN, Role::Detail, Neither, "Children of its catchments", "各学区的儿童"),
    OWN_SCHOOL: Count = MetricDef::count(
        "own_school", CHILDREN, Role::Detail, Higher, "In a public school of their own catchment", "在本学区公办学校就读",
    ),
    OTHER_SCHOOL: Count = MetricDef::count(
        "other_school", CHILDREN, Role::Detail, Lower, "In another public school of the area", "在本区域其他学区公办学校就读",
    ),
    SHARE_OWN_SCHOOL: Ratio = MetricDef::ratio(
        "share_own_school", Self::OWN_SCHOOL, Self::CHILDREN, Role::Detail, Higher,
        "Share in their own catchment", "本学区就读占比",
    ),
    CROWDED_CATCHMENTS: Count = MetricDef::count(
        "crowded_catchments", CATCHMENT, Role::Detail, Lower,
        "Catchments with more entry-grade children than entry places", "起始年级儿童多于起始学位的学区",
    ),
}

metrics! {
    /// Metrics of a catchment. A count of 0 or 1 has a probability as its mean.
    pub(crate) enum OfCatchment;
    DEMAND: Count = MetricDef::count("demand", CHILDREN, Role::Demand, Neither, "Children who live in it", "居住儿童")
    .sum_of(&[&[Self::OWN_SCHOOL.position(), Self::OTHER_SCHOOL.position(), Self::PLACED_OUT_OF_AREA.position(), Self::PRIVATE.position(), Self::OUTSIDE.position(), Self::UNMET.position()]]),
    PLACES: Count = MetricDef::count("places", unit::PLACES, Role::Capacity, Neither, "Places at the norm", "标准学位"),
    ENROLLED: Count =
        MetricDef::count("enrolled", CHILDREN, Role::InUse, Neither, "Pupils", "在校生").formerly(&["seated"]),
    UTILISATION: Ratio =
        MetricDef::ratio("utilisation", Self::ENROLLED, Self::PLACES, Role::Utilisation, Neither, "Use", "使用率")
    .may_exceed_one(),
    OVER_NORM: Count =
        MetricDef::count("over_norm", CHILDREN, Role::OverNorm, Lower, "Pupils above the norm", "超标准班额")
    .part_of(Self::ENROLLED)
            .formerly(&["stretched"]),
    OWN_SCHOOL: Count =
        MetricDef::count("own_school", CHILDREN, Role::Detail, Higher, "In the schools they are zoned to", "划入学校就读"),
    OTHER_SCHOOL: Count =
        MetricDef::count("other_school", CHILDREN, Role::Detail, Lower, "In another of the area", "本区域其他学区"),
    PLACED_OUT_OF_AREA: Count =
        MetricDef::count("placed_out_of_area", CHILDREN, Role::ServedBy, Lower, "In another area", "跨区域")
            .formerly(&["coordinated"]),
    PRIVATE: Count = MetricDef::count("private", CHILDREN, Role::ServedBy, Neither, "In private places", "民办"),
    OUTSIDE: Count = MetricDef::count("outside", CHILDREN, Role::Outside, Lower, "Outside the district", "区外"),
    UNMET: Count = MetricDef::count("unmet", CHILDREN, Role::Unmet, Lower, "Without a place", "无学位"),
    ENTRY_DEMAND: Count = MetricDef::count(
        "entry_demand", CHILDREN, Role::Detail, Neither, "Entry grade: children zoned to it", "划入的起始年级儿童",
    ),
    ENTRY_PLACES: Count =
        MetricDef::count("entry_places", unit::PLACES, Role::Detail, Neither, "Entry grade: places", "起始年级学位"),
    ENTRY_CROWDED: Count =
        MetricDef::count("entry_crowded", unit::FLAG, Role::Detail, Lower, "Entry grade: crowded", "起始年级紧张"),
}

/// The blocks of a stage's catchments.
#[derive(Clone, Debug)]
pub(crate) struct CatchmentMetrics {
    /// By area.
    pub(crate) block: BlockId,
    /// By name: a catchment and its block.
    pub(crate) named: Vec<(usize, BlockId)>,
    pub(crate) grades: usize,
}

impl CatchmentMetrics {
    /// Records a September.
    pub(crate) fn record(&self, year: usize, seats: &Allocation, offer: &CapacityYear, record: &mut Record<'_>) {
        for area in (0..seats.catchments.areas()).filter(|area| seats.catchments.is_divided(*area)) {
            let (fate, of_area) = (seats.fate_of_area(area), seats.catchments.of_area(area));
            let crowded = of_area.iter().filter(|at| EntryGrade::of(**at, seats, offer).is_crowded()).count() as u32;
            for (metric, count) in [
                (OfDivided::CHILDREN, fate.children()),
                (OfDivided::OWN_SCHOOL, fate.own),
                (OfDivided::OTHER_SCHOOL, fate.other),
                (OfDivided::CROWDED_CATCHMENTS, crowded),
            ] {
                record.set(self.block, metric, area, year, count);
            }
        }
        for &(catchment, block) in &self.named {
            self.record_one(catchment, block, year, seats, offer, record);
        }
    }

    fn record_one(
        &self,
        catchment: usize,
        block: BlockId,
        year: usize,
        seats: &Allocation,
        offer: &CapacityYear,
        record: &mut Record<'_>,
    ) {
        let fate = seats.fate(catchment);
        let schools = Schools::of([catchment].into_iter(), self.grades, seats, offer);
        let entry = EntryGrade::of(catchment, seats, offer);
        for (metric, count) in [
            (OfCatchment::DEMAND, fate.children()),
            (OfCatchment::PLACES, schools.places),
            (OfCatchment::ENROLLED, schools.seated),
            (OfCatchment::OVER_NORM, schools.stretched),
            (OfCatchment::OWN_SCHOOL, fate.own),
            (OfCatchment::OTHER_SCHOOL, fate.other),
            (OfCatchment::PLACED_OUT_OF_AREA, fate.coordinated),
            (OfCatchment::PRIVATE, fate.private),
            (OfCatchment::OUTSIDE, fate.outside),
            (OfCatchment::UNMET, fate.waiting),
            (OfCatchment::ENTRY_DEMAND, entry.children),
            (OfCatchment::ENTRY_PLACES, entry.places),
            (OfCatchment::ENTRY_CROWDED, u32::from(entry.is_crowded())),
        ] {
            record.set(block, metric, 0, year, count);
        }
    }
}

/// The entry grade of a catchment, those who choose a private place among its children.
#[derive(Clone, Copy, Debug)]
struct EntryGrade {
    children: u32,
    places: u32,
}

impl EntryGrade {
    fn of(catchment: usize, seats: &Allocation, offer: &CapacityYear) -> Self {
        let of_area = seats.catchments.of_area(seats.catchments.area_of(catchment)).iter();
        let zoned = of_area.filter(|home| seats.zones.of(0, **home) == catchment);
        Self { children: zoned.map(|home| seats.children(0, *home)).sum(), places: offer.norm[catchment] }
    }

    const fn is_crowded(self) -> bool {
        self.children > self.places
    }
}

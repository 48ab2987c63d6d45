//! What is reported of catchments: by area, where the children of its catchments sit; and of each catchment by name, whether its
//! schools hold its children.

use crate::language::Text;
use crate::metric::{BlockGroup, BlockId, MetricDef, Record};

use crate::services::education::metrics::Schools;
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

const CHILDREN: usize = 0;
const OWN: usize = 1;
const OTHER: usize = 2;
const CROWDED: usize = 4;

/// Metrics of the divided areas of a stage.
pub(crate) static METRICS: &[MetricDef] = &[
    MetricDef::count("children", "children", "Children of its catchments", "各学区的儿童"),
    MetricDef::count("own_school", "children", "In a public school of their own catchment", "在本学区公办学校就读"),
    MetricDef::count(
        "other_school",
        "children",
        "In another public school of the area",
        "在本区域其他学区公办学校就读",
    ),
    MetricDef::ratio("share_own_school", "own_school", "children", "Share in their own catchment", "本学区就读占比"),
    MetricDef::count(
        "crowded_catchments",
        "catchments",
        "Catchments with more entry-grade children than entry places",
        "起始年级儿童多于起始学位的学区",
    ),
];

const DEMAND: usize = 0;
const PLACES: usize = 1;
const SEATED: usize = 2;
const STRETCHED: usize = 4;
const OWN_SCHOOL: usize = 5;
const OTHER_SCHOOL: usize = 6;
const COORDINATED: usize = 7;
const PRIVATE: usize = 8;
const OUTSIDE: usize = 9;
const UNMET: usize = 10;
const ENTRY_DEMAND: usize = 11;
const ENTRY_PLACES: usize = 12;
const ENTRY_CROWDED: usize = 13;

/// Metrics of a catchment. A count of 0 or 1 has a probability as its mean.
pub(crate) static CATCHMENT: &[MetricDef] = &[
    MetricDef::count("demand", "children", "Children who live in it", "居住儿童"),
    MetricDef::count("places", "places", "Places at the norm", "标准学位"),
    MetricDef::count("seated", "children", "Pupils", "在校生"),
    MetricDef::ratio("utilisation", "seated", "places", "Use", "使用率"),
    MetricDef::count("stretched", "children", "Pupils above the norm", "超标准班额"),
    MetricDef::count("own_school", "children", "In the schools they are zoned to", "划入学校就读"),
    MetricDef::count("other_school", "children", "In another of the area", "本区域其他学区"),
    MetricDef::count("coordinated", "children", "In another area", "跨区域"),
    MetricDef::count("private", "children", "In private places", "民办"),
    MetricDef::count("outside", "children", "Outside the district", "区外"),
    MetricDef::count("unmet", "children", "Without a place", "无学位"),
    MetricDef::count("entry_demand", "children", "Entry grade: children zoned to it", "划入的起始年级儿童"),
    MetricDef::count("entry_places", "places", "Entry grade: places", "起始年级学位"),
    MetricDef::count("entry_crowded", "0/1", "Entry grade: crowded", "起始年级紧张"),
];

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
            for (metric, count) in
                [(CHILDREN, fate.children()), (OWN, fate.own), (OTHER, fate.other), (CROWDED, crowded)]
            {
                record.count(self.block, metric, area, year, count);
            }
        }
        for &(catchment, block) in &self.named {
            self.record_one(catchment, block, (year, seats, offer), record);
        }
    }

    fn record_one(
        &self,
        catchment: usize,
        block: BlockId,
        (year, seats, offer): (usize, &Allocation, &CapacityYear),
        record: &mut Record<'_>,
    ) {
        let fate = seats.fate(catchment);
        let schools = Schools::of([catchment].into_iter(), self.grades, seats, offer);
        let entry = EntryGrade::of(catchment, seats, offer);
        for (metric, count) in [
            (DEMAND, fate.children()),
            (PLACES, schools.places),
            (SEATED, schools.seated),
            (STRETCHED, schools.stretched),
            (OWN_SCHOOL, fate.own),
            (OTHER_SCHOOL, fate.other),
            (COORDINATED, fate.coordinated),
            (PRIVATE, fate.private),
            (OUTSIDE, fate.outside),
            (UNMET, fate.waiting),
            (ENTRY_DEMAND, entry.children),
            (ENTRY_PLACES, entry.places),
            (ENTRY_CROWDED, u32::from(entry.is_crowded())),
        ] {
            record.count(block, metric, 0, year, count);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_their_metrics() {
        for (at, id) in
            [(CHILDREN, "children"), (OWN, "own_school"), (OTHER, "other_school"), (CROWDED, "crowded_catchments")]
        {
            assert_eq!(METRICS[at].id, id);
        }
        for (at, id) in [
            (DEMAND, "demand"),
            (PLACES, "places"),
            (SEATED, "seated"),
            (STRETCHED, "stretched"),
            (OWN_SCHOOL, "own_school"),
            (OTHER_SCHOOL, "other_school"),
            (COORDINATED, "coordinated"),
            (PRIVATE, "private"),
            (OUTSIDE, "outside"),
            (UNMET, "unmet"),
            (ENTRY_DEMAND, "entry_demand"),
            (ENTRY_PLACES, "entry_places"),
            (ENTRY_CROWDED, "entry_crowded"),
        ] {
            assert_eq!(CATCHMENT[at].id, id);
        }
    }
}

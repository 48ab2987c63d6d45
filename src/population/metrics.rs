//! What the people are measured by: residents by area and planners' age groups, events of the year, the pyramid of the
//! district, and census age groups by area.
//!
//! Populations are of 1 January and include the stock that does not age; births, deaths and moves are of the calendar
//! year. The stock has none of these.

use super::process::year::PeopleState;
use super::state::cohorts::Flows;
use super::view::{AGES, FEMALE, People, SEXES};
use crate::language::Text;
use crate::metric::{Block, BlockId, Catalogue, MetricDef, Record};

/// Key of the people among the services of a result.
pub const SERVICE: &str = "people";

/// Its name.
pub const LABEL: Text = Text::new("People", "人口");

const EVENTS: usize = 7;

/// Age groups of planners: id, first age and one past the last.
const GROUPS: [(usize, usize); 9] =
    [(0, 3), (3, 6), (6, 12), (12, 15), (15, 18), (18, 60), (60, AGES), (65, AGES), (80, AGES)];

const fn people(id: &'static str, en: &'static str, zh: &'static str) -> MetricDef {
    MetricDef::count(id, "persons", en, zh)
}

static RESIDENTS: [MetricDef; EVENTS + GROUPS.len() + 1] = [
    people("population", "residents on 1 January", "常住人口（1月1日）"),
    people("births", "births", "出生"),
    people("deaths", "deaths", "死亡"),
    people("arrivals", "arrivals from outside the district", "区外迁入"),
    people("departures", "departures from the district", "迁出本区"),
    people("moved_in", "moves in from other subdistricts", "区内迁入"),
    people("moved_out", "moves out to other subdistricts", "区内迁出"),
    people("population_0_2", "ages 0-2", "0–2岁"),
    people("population_3_5", "ages 3-5", "3–5岁"),
    people("population_6_11", "ages 6-11", "6–11岁"),
    people("population_12_14", "ages 12-14", "12–14岁"),
    people("population_15_17", "ages 15-17", "15–17岁"),
    people("population_18_59", "ages 18-59", "18–59岁"),
    people("population_60_plus", "ages 60 and over", "60岁及以上"),
    people("population_65_plus", "ages 65 and over", "65岁及以上"),
    people("population_80_plus", "ages 80 and over", "80岁及以上"),
    people("population_female", "women and girls", "女性"),
];

/// Width of the pyramid's age groups.
const PYRAMID_STEP: usize = 5;

macro_rules! pyramid {
    ($($ages:literal),*) => {
        [
            $(people(concat!("male_", $ages), concat!("men and boys, ", $ages), concat!("男 ", $ages, "岁")),)*
            $(people(concat!("female_", $ages), concat!("women and girls, ", $ages), concat!("女 ", $ages, "岁")),)*
        ]
    };
}

static PYRAMID: [MetricDef; 42] = pyramid!(
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64",
    "65-69", "70-74", "75-79", "80-84", "85-89", "90-94", "95-99", "100+"
);

macro_rules! census {
    ($($ages:literal),*) => {
        [$(people(concat!("ages_", $ages), concat!("ages ", $ages), concat!($ages, "岁")),)*]
    };
}

/// Census age groups of both sexes, the last open at 85: what counts of any year can be held against.
static CENSUS: [MetricDef; 18] = census!(
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64",
    "65-69", "70-74", "75-79", "80-84", "85+"
);

/// Comings and goings of residents with local registration, before the age groups.
const REGISTERED_EVENTS: usize = 7;

/// Age groups in which the registered are told from others: first age and one past the last.
const REGISTERED_GROUPS: [(usize, usize); 9] =
    [(0, AGES), (0, 3), (3, 6), (6, 12), (12, 15), (15, 18), (18, 60), (60, AGES), (80, AGES)];

macro_rules! registered {
    ($(($of:literal, $en:literal, $zh:literal)),*) => {
        [
            people("registered_births", "registered births", "户籍出生"),
            people("registered_deaths", "deaths of registered residents", "户籍人口死亡"),
            people("registered_arrivals", "registered arrivals from outside the district", "户籍人口区外迁入"),
            people("registered_departures", "registered departures from the district", "户籍人口迁出本区"),
            people("registered_moved_in", "registered moves in from other subdistricts", "户籍人口区内迁入"),
            people("registered_moved_out", "registered moves out to other subdistricts", "户籍人口区内迁出"),
            people("taken_up", "residents who took up local registration", "当年落户"),
            $(
                people(concat!("registered", $of), concat!("registered residents", $en), concat!("户籍人口", $zh)),
                people(
                    concat!("without_stock", $of),
                    concat!("residents without students and the like", $en),
                    concat!("常住人口（不含存量）", $zh),
                ),
                MetricDef::ratio(
                    concat!("registered_share", $of),
                    concat!("registered", $of),
                    concat!("without_stock", $of),
                    concat!("share registered", $en),
                    concat!("户籍比例", $zh),
                ),
            )*
        ]
    };
}

static REGISTERED: [MetricDef; REGISTERED_EVENTS + 3 * REGISTERED_GROUPS.len()] = registered!(
    ("", "", ""),
    ("_0_2", ", ages 0-2", " 0–2岁"),
    ("_3_5", ", ages 3-5", " 3–5岁"),
    ("_6_11", ", ages 6-11", " 6–11岁"),
    ("_12_14", ", ages 12-14", " 12–14岁"),
    ("_15_17", ", ages 15-17", " 15–17岁"),
    ("_18_59", ", ages 18-59", " 18–59岁"),
    ("_60_plus", ", ages 60 and over", " 60岁及以上"),
    ("_80_plus", ", ages 80 and over", " 80岁及以上")
);

/// Whether a metric of the people counts residents on 1 January, rather than events of a year: only such a number has a
/// value on any other day.
pub fn is_of_a_day(metric: &str) -> bool {
    !RESIDENTS[1..EVENTS].iter().chain(&REGISTERED[..REGISTERED_EVENTS]).any(|event| event.id == metric)
}

/// The blocks of the people.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    residents: BlockId,
    pyramid: BlockId,
    census: BlockId,
    registered: Option<BlockId>,
}

impl Blocks {
    /// Adds the blocks to a catalogue; `registered` tells whether residents with local registration are told apart.
    pub fn add(catalogue: &mut Catalogue, registered: bool) -> Self {
        let mut block = |stage: &str, stage_label, metrics, by_area| {
            catalogue.add(Block {
                service: SERVICE,
                service_label: LABEL,
                stage: stage.to_owned(),
                stage_label,
                metrics,
                by_area,
                promise: None,
                family: None,
            })
        };
        Self {
            residents: block("residents", Text::new("residents", "常住人口"), &RESIDENTS, true),
            pyramid: block("pyramid", Text::new("age pyramid", "人口金字塔"), &PYRAMID, false),
            census: block("ages", Text::new("census age groups", "普查年龄组"), &CENSUS, true),
            registered: registered
                .then(|| block("registration", Text::new("local registration", "户籍"), &REGISTERED, true)),
        }
    }
}

impl PeopleState<'_> {
    /// Writes the year last simulated, if it is a reported one.
    pub fn record(&self, record: &mut Record<'_>) {
        let Some(year) = self.view().reported else { return };
        for area in 0..self.model.areas {
            self.record_area(area, year, record);
            self.record_registered(area, year, record);
        }
        self.record_pyramid(year, record);
    }

    fn record_area(&self, area: usize, year: usize, record: &mut Record<'_>) {
        let block = self.model.blocks.residents;
        let below = self.residents_below(area);
        let residents = |from: usize, to: usize| below[to] - below[from];
        let flows = self.flows();
        let events = [
            residents(0, AGES),
            self.births[area],
            Flows::total(&flows.died, area),
            Flows::total(&flows.arrived, area),
            Flows::total(&flows.left, area),
            Flows::total(&flows.moved_in, area),
            Flows::total(&flows.moved_out, area),
        ];
        for (metric, count) in events.into_iter().enumerate() {
            record.count(block, metric, area, year, count);
        }
        for (metric, (from, to)) in GROUPS.into_iter().enumerate() {
            record.count(block, EVENTS + metric, area, year, residents(from, to));
        }
        let of_women = |people: &People| people.ages(area, FEMALE).iter().sum::<u32>();
        record.count(block, EVENTS + GROUPS.len(), area, year, of_women(&self.start) + of_women(&self.group_quarters));
        for metric in 0..CENSUS.len() {
            let from = metric * PYRAMID_STEP;
            let to = if metric + 1 == CENSUS.len() { AGES } else { from + PYRAMID_STEP };
            record.count(self.model.blocks.census, metric, area, year, residents(from, to));
        }
    }

    fn record_registered(&self, area: usize, year: usize, record: &mut Record<'_>) {
        let Some((block, registered)) = self.model.blocks.registered.zip(self.hukou()) else { return };
        let flows = registered.flows();
        let born = registered.born()[area];
        let events: [u32; REGISTERED_EVENTS] = [
            born.iter().sum(),
            Flows::total(&flows.died, area),
            Flows::total(&flows.arrived, area),
            Flows::total(&flows.left, area),
            Flows::total(&flows.moved_in, area),
            Flows::total(&flows.moved_out, area),
            Flows::total(registered.acquired(), area),
        ];
        for (metric, count) in events.into_iter().enumerate() {
            record.count(block, metric, area, year, count);
        }
        for (group, (from, to)) in REGISTERED_GROUPS.into_iter().enumerate() {
            let metric = REGISTERED_EVENTS + 3 * group;
            record.count(block, metric, area, year, registered.view().start.of_ages(area, from..to));
            record.count(block, metric + 1, area, year, self.start.of_ages(area, from..to));
        }
    }

    /// Residents and stock of an area younger than each age.
    fn residents_below(&self, area: usize) -> [u32; AGES + 1] {
        let of = |people: &People, sex| <[u32; AGES]>::try_from(people.ages(area, sex)).expect("invariant: all ages");
        let [men, women] = [0, 1].map(|sex| (of(&self.start, sex), of(&self.group_quarters, sex)));
        let (mut below, mut sum) = ([0; AGES + 1], 0);
        for age in 0..AGES {
            sum += men.0[age] + men.1[age] + women.0[age] + women.1[age];
            below[age + 1] = sum;
        }
        below
    }

    fn record_pyramid(&self, year: usize, record: &mut Record<'_>) {
        let groups = PYRAMID.len() / SEXES;
        for sex in 0..SEXES {
            for group in 0..groups {
                let from = group * PYRAMID_STEP;
                let to = if group + 1 == groups { AGES } else { from + PYRAMID_STEP };
                let of = |people: &People, area: usize| people.ages(area, sex)[from..to].iter().sum::<u32>();
                let count =
                    (0..self.model.areas).map(|area| of(&self.start, area) + of(&self.group_quarters, area)).sum();
                record.count(self.model.blocks.pyramid, sex * groups + group, 0, year, count);
            }
        }
    }
}

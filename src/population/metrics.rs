//! What the people are measured by: residents by area and planners' age groups, events of the year, the pyramid of the
//! district, and census age groups by area.
//!
//! Populations are of 1 January and include the stock that does not age; births, deaths and moves are of the calendar
//! year. The stock has none of these.

use super::view::AGES;
use crate::language::Text;
use crate::metric::Better::Neither;
use crate::metric::Prominence::{ByArea, Drawn, Headline};
use crate::metric::{Block, BlockId, Catalogue, Count, MetricDef, Role, unit};
use crate::metrics;

/// Key of the people among the services of a result.
pub const SERVICE: &str = "people";

/// Its name.
pub const LABEL: Text = Text::new("People", "人口");

/// Residents of 1 January of some ages or a sex.
const fn people(id: &'static str, role: Role, en: &'static str, zh: &'static str) -> MetricDef {
    MetricDef::count(id, unit::PERSONS, role, Neither, en, zh).on_1_january()
}

/// What happens to people in a year.
const fn events(id: &'static str, en: &'static str, zh: &'static str) -> MetricDef {
    MetricDef::count(id, unit::PERSONS_A_YEAR, Role::Detail, Neither, en, zh)
}

metrics! {
    /// Metrics of the residents.
    pub(super) enum OfResidents;
    POPULATION: Count =
        people("population", Role::Population, "residents on 1 January", "常住人口（1月1日）")
    .sum_of(&[&[Self::POPULATION_0_2.position(), Self::POPULATION_3_5.position(), Self::POPULATION_6_11.position(), Self::POPULATION_12_14.position(), Self::POPULATION_15_17.position(), Self::POPULATION_18_59.position(), Self::POPULATION_60_PLUS.position()]])
    .changed_by(&[Self::BIRTHS.position(), Self::IN_MIGRATION.position(), Self::INTERNAL_IN_MIGRATION.position()], &[Self::DEATHS.position(), Self::OUT_MIGRATION.position(), Self::INTERNAL_OUT_MIGRATION.position()]).shown(Headline),
    BIRTHS: Count = events("births", "births", "出生").shown(Headline),
    DEATHS: Count = events("deaths", "deaths", "死亡"),
    IN_MIGRATION: Count =
        events("in_migration", "arrivals from outside the district", "区外迁入").formerly(&["arrivals"]),
    OUT_MIGRATION: Count =
        events("out_migration", "departures from the district", "迁出本区").formerly(&["departures"]),
    INTERNAL_IN_MIGRATION: Count =
        events("internal_in_migration", "moves in from other subdistricts", "区内迁入")
    .mirrored_by(Self::INTERNAL_OUT_MIGRATION).formerly(&["moved_in"]),
    INTERNAL_OUT_MIGRATION: Count =
        events("internal_out_migration", "moves out to other subdistricts", "区内迁出").formerly(&["moved_out"]),
    POPULATION_0_2: Count = people("population_0_2", Role::AgeGroup, "ages 0-2", "0–2岁"),
    POPULATION_3_5: Count = people("population_3_5", Role::AgeGroup, "ages 3-5", "3–5岁").shown(ByArea),
    POPULATION_6_11: Count = people("population_6_11", Role::AgeGroup, "ages 6-11", "6–11岁").shown(Headline),
    POPULATION_12_14: Count = people("population_12_14", Role::AgeGroup, "ages 12-14", "12–14岁").shown(ByArea),
    POPULATION_15_17: Count = people("population_15_17", Role::AgeGroup, "ages 15-17", "15–17岁"),
    POPULATION_18_59: Count = people("population_18_59", Role::AgeGroup, "ages 18-59", "18–59岁"),
    POPULATION_60_PLUS: Count =
        people("population_60_plus", Role::AgeGroup, "ages 60 and over", "60岁及以上").shown(Headline),
    POPULATION_65_PLUS: Count = people("population_65_plus", Role::AgeGroup, "ages 65 and over", "65岁及以上")
    .part_of(Self::POPULATION_60_PLUS),
    POPULATION_80_PLUS: Count = people("population_80_plus", Role::AgeGroup, "ages 80 and over", "80岁及以上")
    .part_of(Self::POPULATION_65_PLUS),
    POPULATION_FEMALE: Count = people("population_female", Role::AgeGroup, "women and girls", "女性")
    .part_of(Self::POPULATION),
}

/// Age groups of planners: metric, first age and one past the last.
pub(super) const GROUPS: [AgeGroup; 9] = [
    AgeGroup { metric: OfResidents::POPULATION_0_2, from: 0, to: 3 },
    AgeGroup { metric: OfResidents::POPULATION_3_5, from: 3, to: 6 },
    AgeGroup { metric: OfResidents::POPULATION_6_11, from: 6, to: 12 },
    AgeGroup { metric: OfResidents::POPULATION_12_14, from: 12, to: 15 },
    AgeGroup { metric: OfResidents::POPULATION_15_17, from: 15, to: 18 },
    AgeGroup { metric: OfResidents::POPULATION_18_59, from: 18, to: 60 },
    AgeGroup { metric: OfResidents::POPULATION_60_PLUS, from: 60, to: AGES },
    AgeGroup { metric: OfResidents::POPULATION_65_PLUS, from: 65, to: AGES },
    AgeGroup { metric: OfResidents::POPULATION_80_PLUS, from: 80, to: AGES },
];

/// A metric of the residents from one age to below another.
#[derive(Clone, Copy)]
pub(super) struct AgeGroup {
    pub(super) metric: Count,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Width of the pyramid's age groups.
pub(super) const PYRAMID_STEP: usize = 5;

macro_rules! pyramid {
    ($($ages:literal),*) => {
        [
            $(people(concat!("male_", $ages), Role::Men, concat!("men and boys, ", $ages), concat!("男 ", $ages, "岁")),)*
            $(people(concat!("female_", $ages), Role::Women, concat!("women and girls, ", $ages), concat!("女 ", $ages, "岁")),)*
        ]
    };
}

pub(super) static PYRAMID: [MetricDef; 42] = pyramid!(
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64",
    "65-69", "70-74", "75-79", "80-84", "85-89", "90-94", "95-99", "100+"
);

macro_rules! census {
    ($($ages:literal),*) => {
        [$(people(concat!("ages_", $ages), Role::AgeGroup, concat!("ages ", $ages), concat!($ages, "岁")),)*]
    };
}

/// Census age groups of both sexes, the last open at 85: what counts of any year can be held against.
pub(super) static CENSUS: [MetricDef; 18] = census!(
    "0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64",
    "65-69", "70-74", "75-79", "80-84", "85+"
);

metrics! {
    /// Metrics of residents with local registration: what happens to them, and by age how many they are of all.
    pub(super) enum OfRegistered;
    BIRTHS: Count = events("registered_births", "registered births", "户籍出生"),
    DEATHS: Count = events("registered_deaths", "deaths of registered residents", "户籍人口死亡"),
    IN_MIGRATION: Count = events("registered_in_migration", "registered arrivals from outside the district", "户籍人口区外迁入").formerly(&["registered_arrivals"]),
    OUT_MIGRATION: Count = events("registered_out_migration", "registered departures from the district", "户籍人口迁出本区").formerly(&["registered_departures"]),
    INTERNAL_IN_MIGRATION: Count = events("registered_internal_in_migration", "registered moves in from other subdistricts", "户籍人口区内迁入")
    .mirrored_by(Self::INTERNAL_OUT_MIGRATION).formerly(&["registered_moved_in"]),
    INTERNAL_OUT_MIGRATION: Count = events("registered_internal_out_migration", "registered moves out to other subdistricts", "户籍人口区内迁出").formerly(&["registered_moved_out"]),
    HUKOU_ACQUIRED: Count = events("hukou_acquired", "residents who took up local registration", "当年落户").formerly(&["taken_up"]),
    REGISTERED: Count = registered("registered", "registered residents", "户籍人口")
    .part_of(Self::WITHOUT_GROUP_QUARTERS).changed_by(&[Self::BIRTHS.position(), Self::IN_MIGRATION.position(), Self::INTERNAL_IN_MIGRATION.position(), Self::HUKOU_ACQUIRED.position()], &[Self::DEATHS.position(), Self::OUT_MIGRATION.position(), Self::INTERNAL_OUT_MIGRATION.position()]).shown(Drawn),
    WITHOUT_GROUP_QUARTERS: Count = registered(
        "without_group_quarters", "residents without students and the like", "常住人口（不含存量）",
    )
    .formerly(&["without_stock"]),
    REGISTERED_SHARE: Ratio = share_registered(
        "registered_share", Self::REGISTERED, Self::WITHOUT_GROUP_QUARTERS, "share registered", "户籍比例",
    ).shown(ByArea),
    REGISTERED_0_2: Count = registered("registered_0_2", "registered residents, ages 0-2", "户籍人口 0–2岁"),
    WITHOUT_GROUP_QUARTERS_0_2: Count = registered(
        "without_group_quarters_0_2", "residents without students and the like, ages 0-2", "常住人口（不含存量） 0–2岁",
    )
    .formerly(&["without_stock_0_2"]),
    REGISTERED_SHARE_0_2: Ratio = share_registered(
        "registered_share_0_2", Self::REGISTERED_0_2, Self::WITHOUT_GROUP_QUARTERS_0_2, "share registered, ages 0-2", "户籍比例 0–2岁",
    ),
    REGISTERED_3_5: Count = registered("registered_3_5", "registered residents, ages 3-5", "户籍人口 3–5岁"),
    WITHOUT_GROUP_QUARTERS_3_5: Count = registered(
        "without_group_quarters_3_5", "residents without students and the like, ages 3-5", "常住人口（不含存量） 3–5岁",
    )
    .formerly(&["without_stock_3_5"]),
    REGISTERED_SHARE_3_5: Ratio = share_registered(
        "registered_share_3_5", Self::REGISTERED_3_5, Self::WITHOUT_GROUP_QUARTERS_3_5, "share registered, ages 3-5", "户籍比例 3–5岁",
    ).shown(ByArea),
    REGISTERED_6_11: Count = registered("registered_6_11", "registered residents, ages 6-11", "户籍人口 6–11岁"),
    WITHOUT_GROUP_QUARTERS_6_11: Count = registered(
        "without_group_quarters_6_11", "residents without students and the like, ages 6-11", "常住人口（不含存量） 6–11岁",
    )
    .formerly(&["without_stock_6_11"]),
    REGISTERED_SHARE_6_11: Ratio = share_registered(
        "registered_share_6_11", Self::REGISTERED_6_11, Self::WITHOUT_GROUP_QUARTERS_6_11, "share registered, ages 6-11", "户籍比例 6–11岁",
    ).shown(ByArea),
    REGISTERED_12_14: Count = registered("registered_12_14", "registered residents, ages 12-14", "户籍人口 12–14岁"),
    WITHOUT_GROUP_QUARTERS_12_14: Count = registered(
        "without_group_quarters_12_14", "residents without students and the like, ages 12-14", "常住人口（不含存量） 12–14岁",
    )
    .formerly(&["without_stock_12_14"]),
    REGISTERED_SHARE_12_14: Ratio = share_registered(
        "registered_share_12_14", Self::REGISTERED_12_14, Self::WITHOUT_GROUP_QUARTERS_12_14, "share registered, ages 12-14", "户籍比例 12–14岁",
    ),
    REGISTERED_15_17: Count = registered("registered_15_17", "registered residents, ages 15-17", "户籍人口 15–17岁"),
    WITHOUT_GROUP_QUARTERS_15_17: Count = registered(
        "without_group_quarters_15_17", "residents without students and the like, ages 15-17", "常住人口（不含存量） 15–17岁",
    )
    .formerly(&["without_stock_15_17"]),
    REGISTERED_SHARE_15_17: Ratio = share_registered(
        "registered_share_15_17", Self::REGISTERED_15_17, Self::WITHOUT_GROUP_QUARTERS_15_17, "share registered, ages 15-17", "户籍比例 15–17岁",
    ),
    REGISTERED_18_59: Count = registered("registered_18_59", "registered residents, ages 18-59", "户籍人口 18–59岁"),
    WITHOUT_GROUP_QUARTERS_18_59: Count = registered(
        "without_group_quarters_18_59", "residents without students and the like, ages 18-59", "常住人口（不含存量） 18–59岁",
    )
    .formerly(&["without_stock_18_59"]),
    REGISTERED_SHARE_18_59: Ratio = share_registered(
        "registered_share_18_59", Self::REGISTERED_18_59, Self::WITHOUT_GROUP_QUARTERS_18_59, "share registered, ages 18-59", "户籍比例 18–59岁",
    ),
    REGISTERED_60_PLUS: Count = registered("registered_60_plus", "registered residents, ages 60 and over", "户籍人口 60岁及以上"),
    WITHOUT_GROUP_QUARTERS_60_PLUS: Count = registered(
        "without_group_quarters_60_plus", "residents without students and the like, ages 60 and over", "常住人口（不含存量） 60岁及以上",
    )
    .formerly(&["without_stock_60_plus"]),
    REGISTERED_SHARE_60_PLUS: Ratio = share_registered(
        "registered_share_60_plus", Self::REGISTERED_60_PLUS, Self::WITHOUT_GROUP_QUARTERS_60_PLUS, "share registered, ages 60 and over", "户籍比例 60岁及以上",
    ).shown(ByArea),
    REGISTERED_80_PLUS: Count = registered("registered_80_plus", "registered residents, ages 80 and over", "户籍人口 80岁及以上"),
    WITHOUT_GROUP_QUARTERS_80_PLUS: Count = registered(
        "without_group_quarters_80_plus", "residents without students and the like, ages 80 and over", "常住人口（不含存量） 80岁及以上",
    )
    .formerly(&["without_stock_80_plus"]),
    REGISTERED_SHARE_80_PLUS: Ratio = share_registered(
        "registered_share_80_plus", Self::REGISTERED_80_PLUS, Self::WITHOUT_GROUP_QUARTERS_80_PLUS, "share registered, ages 80 and over", "户籍比例 80岁及以上",
    ),
}

const fn registered(id: &'static str, en: &'static str, zh: &'static str) -> MetricDef {
    people(id, Role::Detail, en, zh)
}

const fn share_registered(
    id: &'static str,
    registered: Count,
    all: Count,
    en: &'static str,
    zh: &'static str,
) -> MetricDef {
    MetricDef::ratio(id, registered, all, Role::Detail, Neither, en, zh).on_1_january()
}

/// An age group in which the registered are told from others.
#[derive(Clone, Copy)]
pub(super) struct RegisteredGroup {
    pub(super) registered: Count,
    pub(super) all: Count,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl RegisteredGroup {
    const fn of(registered: Count, all: Count, from: usize, to: usize) -> Self {
        Self { registered, all, from, to }
    }
}

pub(super) const REGISTERED_GROUPS: [RegisteredGroup; 9] = [
    RegisteredGroup::of(OfRegistered::REGISTERED, OfRegistered::WITHOUT_GROUP_QUARTERS, 0, AGES),
    RegisteredGroup::of(OfRegistered::REGISTERED_0_2, OfRegistered::WITHOUT_GROUP_QUARTERS_0_2, 0, 3),
    RegisteredGroup::of(OfRegistered::REGISTERED_3_5, OfRegistered::WITHOUT_GROUP_QUARTERS_3_5, 3, 6),
    RegisteredGroup::of(OfRegistered::REGISTERED_6_11, OfRegistered::WITHOUT_GROUP_QUARTERS_6_11, 6, 12),
    RegisteredGroup::of(OfRegistered::REGISTERED_12_14, OfRegistered::WITHOUT_GROUP_QUARTERS_12_14, 12, 15),
    RegisteredGroup::of(OfRegistered::REGISTERED_15_17, OfRegistered::WITHOUT_GROUP_QUARTERS_15_17, 15, 18),
    RegisteredGroup::of(OfRegistered::REGISTERED_18_59, OfRegistered::WITHOUT_GROUP_QUARTERS_18_59, 18, 60),
    RegisteredGroup::of(OfRegistered::REGISTERED_60_PLUS, OfRegistered::WITHOUT_GROUP_QUARTERS_60_PLUS, 60, AGES),
    RegisteredGroup::of(OfRegistered::REGISTERED_80_PLUS, OfRegistered::WITHOUT_GROUP_QUARTERS_80_PLUS, 80, AGES),
];

/// The tables of metrics of the people.
pub const METRICS: &[&[MetricDef]] = &[OfResidents::TABLE, &PYRAMID, &CENSUS, OfRegistered::TABLE];

/// The blocks of the people.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    pub(super) residents: BlockId,
    pub(super) pyramid: BlockId,
    pub(super) census: BlockId,
    pub(super) registered: Option<BlockId>,
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
            residents: block("residents", Text::new("residents", "常住人口"), OfResidents::TABLE, true),
            pyramid: block("pyramid", Text::new("age pyramid", "人口金字塔"), &PYRAMID, false),
            census: block("ages", Text::new("census age groups", "普查年龄组"), &CENSUS, true),
            registered: registered
                .then(|| block("registration", Text::new("local registration", "户籍"), OfRegistered::TABLE, true)),
        }
    }
}

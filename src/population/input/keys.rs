//! What the section `[people]` may say: its keys and the columns of its tables.

use super::hukou_input::{REGISTERED_SHARE, REGISTRATION};
use crate::input::{Column, KeyDef, ValueKind};
use crate::site::CENSUS_COLUMNS;

const AREA: Column = Column::required("area", "key of the area", "区域代码");
const SEX: Column = Column::required("sex", "male or female", "性别：male 或 female");
const AGE: Column =
    Column::required("age", "single age, group (5-9) or open group (85+)", "单岁、年龄组（5-9）或开口组（85+）");
const PERSONS: Column = Column::required("persons", "whole persons", "人数");

const PEOPLE_COLUMNS: &[Column] = &[AREA, SEX, AGE, PERSONS];
const MORTALITY_COLUMNS: &[Column] = &[
    SEX,
    AGE,
    Column::required("deaths_per_person_year", "death rate", "死亡率（每人年）"),
    Column::optional("yearly_decline", "yearly fall of the logarithm of the rate", "死亡率对数的年下降"),
];
const FERTILITY_COLUMNS: &[Column] =
    &[AGE, Column::required("share", "share of a woman's births at this age", "该年龄占总和生育率的份额")];
const MIGRATION_COLUMNS: &[Column] = &[
    SEX,
    AGE,
    Column::required("out_migration_per_person_year", "rate of leaving the district", "迁出本区的比率（每人年）")
        .formerly(&["leaving_per_person_year"]),
    Column::required(
        "internal_migration_per_person_year",
        "rate of moving to another area of it",
        "区内跨区域移动的比率（每人年）",
    )
    .formerly(&["moving_within_per_person_year"]),
    Column::required("in_migration_weight", "share of those who arrive, any scale", "迁入者中的份额（任意尺度）")
        .formerly(&["arriving_weight"]),
];
const WEIGHT_COLUMNS: &[Column] = &[SEX, AGE, Column::required("weight", "share, any scale", "份额（任意尺度）")];
const AREA_WEIGHT_COLUMNS: &[Column] = &[AREA, Column::required("weight", "share, any scale", "份额（任意尺度）")];
const HOUSING_COLUMNS: &[Column] = &[
    AREA,
    Column::required("year", "planned year of completion", "计划竣工年份"),
    Column::required("dwellings", "number of dwellings", "套数"),
    Column::required("type", "key of a dwelling type", "住房类型代码"),
];

const CONTROL_TOTAL_COLUMNS: &[Column] = &[
    Column::required("year", "calendar year", "年份"),
    Column::optional("area", "key of the area; empty: the district", "区域代码；空：全区"),
    Column::optional("residents", "residents at the end of the year, with group quarters", "年末常住人口（含集体户）"),
    Column::optional("births", "births of the year", "当年出生人数"),
    Column::optional("deaths", "deaths of the year", "当年死亡人数"),
];

/// Largest factor of an area on a number of the district.
pub(super) const LARGEST_ADJUSTMENT: f64 = 20.0;
const ADJUSTMENT_COLUMNS: &[Column] = &[
    AREA.key(),
    Column::optional("births", "factor on births per woman; empty: 1", "总和生育率的系数；空：1"),
    Column::optional("deaths", "factor on death rates; empty: 1", "死亡率的系数；空：1"),
    Column::optional("out_migration", "factor on rates of leaving the district; empty: 1", "迁出率的系数；空：1"),
];

const SMALL_AREAS: &[KeyDef] = &[
    KeyDef::default(
        "areas_sd",
        ValueKind::Number(0.0, 2.0),
        "sd of log",
        "0",
        "uncertainty of each area's share of the district (0.1 is about 10 %)",
        "各区域占全区份额的不确定性（0.1 约为 10%）",
    ),
    KeyDef::default(
        "ages_sd",
        ValueKind::Number(0.0, 2.0),
        "sd of log",
        "0",
        "further uncertainty of its children (0-14) and its old people (60+)",
        "其 0–14 岁与 60 岁以上份额的额外不确定性",
    ),
];
const GROUP_QUARTERS: &[KeyDef] = &[
    KeyDef::required(
        "table",
        ValueKind::Csv(PEOPLE_COLUMNS),
        "",
        "people who do not age, bear or move, such as students in halls",
        "不老化、不生育、不迁移的集体户人口（如住校大学生）",
    ),
    KeyDef::default(
        "factor",
        ValueKind::Uncertain(0.0, 10.0),
        "factor",
        "1",
        "factor on all of them",
        "对其总量的系数",
    ),
];
const DEATHS: &[KeyDef] = &[
    KeyDef::required("table", ValueKind::Csv(MORTALITY_COLUMNS), "", "death rates by sex and age", "分性别年龄死亡率"),
    KeyDef::default(
        "reference_year",
        ValueKind::Whole(1900, 2200),
        "year",
        "2024",
        "year the rates stand for",
        "死亡率所代表的年份",
    )
    .formerly(&["reference"]),
    KeyDef::default(
        "factor",
        ValueKind::Uncertain(0.01, 20.0),
        "factor",
        "1",
        "factor on all rates of both sexes",
        "对男女全部死亡率的共同系数",
    )
    .formerly(&["level"]),
];
const BIRTHS: &[KeyDef] = &[
    KeyDef::required("table", ValueKind::Csv(FERTILITY_COLUMNS), "", "age pattern of births", "生育的年龄模式"),
    KeyDef::required(
        "births_per_woman",
        ValueKind::Uncertain(0.0, 15.0),
        "births per woman",
        "total fertility rate of the women who age (without group quarters)",
        "总和生育率（不含集体户的妇女）",
    ),
    KeyDef::default(
        "boys_per_girl",
        ValueKind::Uncertain(0.5, 2.0),
        "ratio",
        "1.06",
        "sex ratio at birth",
        "出生性别比",
    ),
];
const MIGRATION: &[KeyDef] = &[
    KeyDef::optional(
        "table",
        ValueKind::Csv(MIGRATION_COLUMNS),
        "",
        "rates of moving by sex and age; nobody moves without it",
        "分性别年龄的迁移率；不给则无迁移",
    ),
    KeyDef::default(
        "out_migration_factor",
        ValueKind::Uncertain(0.0, 20.0),
        "factor",
        "1",
        "factor on leaving the district",
        "迁出本区的系数",
    )
    .formerly(&["leaving"]),
    KeyDef::default(
        "out_migration_ages_sd",
        ValueKind::Number(0.0, 2.0),
        "sd of log",
        "0",
        "uncertainty of the ages of those who leave: spread of the rate at an age (0.2 is about 20 %)",
        "对迁出者年龄结构的不确定性：各年龄迁出率的离散（0.2 约为 20%）",
    )
    .formerly(&["leaving_ages_sd"]),
    KeyDef::default(
        "internal_migration_factor",
        ValueKind::Uncertain(0.0, 20.0),
        "factor",
        "1",
        "factor on moving between its areas",
        "区内移动的系数",
    )
    .formerly(&["within"]),
    KeyDef::optional(
        "destinations_concentration",
        ValueKind::Number(0.1, 1e9),
        "people",
        "how sure the shares of destinations are (Dirichlet); left out: known",
        "去向份额的确定程度（Dirichlet 集中度）；不给则视为已知",
    ),
    KeyDef::default(
        "max_destinations",
        ValueKind::Whole(1, 10_000),
        "areas",
        "24",
        "destinations considered from each area, the likeliest",
        "每个区域考虑的去向个数（取最可能者）",
    )
    .formerly(&["destinations_most"]),
];
const IN_MIGRATION: &[KeyDef] = &[
    KeyDef::required(
        "people_per_year",
        ValueKind::Uncertain(0.0, 1e8),
        "people a year",
        "people who come to the district for this reason and stay to the next January",
        "因此原因每年迁入（并留到次年1月）的人数",
    ),
    KeyDef::default(
        "overdispersion_cv",
        ValueKind::Number(0.0, 5.0),
        "cv",
        "0",
        "spread of one area's number in a year beyond chance (negative binomial)",
        "单个区域年迁入数的额外离散（负二项）",
    )
    .formerly(&["events_cv"]),
    KeyDef::default(
        "ages_sd",
        ValueKind::Number(0.0, 2.0),
        "sd of log",
        "0",
        "uncertainty of the ages of those who come: spread of the share of an age (0.2 is about 20 %)",
        "对迁入者年龄结构的不确定性：各年龄份额的离散（0.2 约为 20%）",
    ),
    KeyDef::optional(
        "areas",
        ValueKind::Csv(AREA_WEIGHT_COLUMNS),
        "",
        "shares of areas; left out: as the residents",
        "各区域份额；不给则按常住人口",
    ),
    KeyDef::optional(
        "areas_concentration",
        ValueKind::Number(0.1, 1e9),
        "people",
        "how sure these shares are (Dirichlet); left out: known",
        "份额的确定程度（Dirichlet 集中度）；不给则视为已知",
    ),
    KeyDef::optional(
        "ages",
        ValueKind::Csv(WEIGHT_COLUMNS),
        "",
        "who comes; left out: the weights of [people.migration]",
        "迁入者的性别年龄；不给则用 [people.migration] 的迁入权重",
    ),
    REGISTERED_SHARE,
];
const DWELLING: &[KeyDef] = &[
    KeyDef::required(
        "household_size",
        ValueKind::Uncertain(0.0, 20.0),
        "people",
        "people in an occupied dwelling",
        "每套入住住房的人数",
    )
    .formerly(&["people"]),
    KeyDef::required(
        "share_from_outside",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "share of them from outside the district",
        "其中来自区外的份额",
    )
    .formerly(&["outside"]),
    KeyDef::required(
        "occupancy_schedule",
        ValueKind::Numbers(0.0, 1.0),
        "shares",
        "dwellings that fill in the year of completion, the next, ...",
        "竣工当年、次年……入住的份额",
    )
    .formerly(&["filling"]),
    KeyDef::required(
        "children_per_100",
        ValueKind::Numbers(0.0, 1000.0),
        "children",
        "children aged 0-2, 3-5, 6-11, 12-14 in 100 occupied dwellings",
        "每百套入住住房的 0–2、3–5、6–11、12–14 岁儿童数",
    ),
];
const HOUSING: &[KeyDef] = &[
    KeyDef::required("table", ValueKind::Csv(HOUSING_COLUMNS), "", "planned completions", "计划竣工表"),
    KeyDef::default(
        "completions_factor",
        ValueKind::Uncertain(0.0, 20.0),
        "factor",
        "1",
        "factor on the dwellings of a year",
        "年竣工套数的系数",
    )
    .formerly(&["completions"]),
    KeyDef::default(
        "children_factor",
        ValueKind::Uncertain(0.0, 20.0),
        "factor",
        "1",
        "factor on the children in new dwellings",
        "新住房儿童数的系数",
    )
    .formerly(&["children"]),
    KeyDef::default(
        "delay_distribution",
        ValueKind::Numbers(0.0, 1.0),
        "probabilities",
        "[1.0]",
        "probability of being 0, 1, 2, ... years late",
        "晚 0、1、2……年的概率",
    )
    .formerly(&["late"]),
    KeyDef::default(
        "delay_correlation",
        ValueKind::Number(0.0, 1.0),
        "correlation",
        "0.5",
        "how far all projects are late together",
        "各项目延误的相关程度",
    )
    .formerly(&["late_shared"]),
    KeyDef::default(
        "overdispersion_cv",
        ValueKind::Number(0.0, 5.0),
        "cv",
        "0",
        "spread of one area's arrivals in a year beyond chance",
        "单个区域年迁入数的额外离散",
    )
    .formerly(&["events_cv"]),
    KeyDef::required("types", ValueKind::Named(DWELLING), "", "types of dwellings", "住房类型"),
    REGISTERED_SHARE,
];

const RENEWAL: &[KeyDef] = &[
    KeyDef::required("area", ValueKind::Text, "", "area that is rebuilt", "更新改造的区域"),
    KeyDef::required(
        "year",
        ValueKind::Whole(1900, 2200),
        "year",
        "calendar year in which its people move out",
        "居民迁出的年份",
    ),
    KeyDef::required("people", ValueKind::Uncertain(0.0, 1e7), "people", "people who move out", "迁出人数"),
    KeyDef::default(
        "rehoused_locally_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0.5",
        "share of them who find a home in other areas of the district meanwhile",
        "其中过渡期安置在本区其他区域的份额",
    )
    .formerly(&["inside"]),
    KeyDef::default(
        "return_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "1",
        "share of them who come back",
        "回迁的份额",
    )
    .formerly(&["returning"]),
    KeyDef::default(
        "return_after_years",
        ValueKind::Whole(1, 50),
        "years",
        "3",
        "years until they come back, if on time",
        "按期回迁所需年数",
    )
    .formerly(&["back_after"]),
    KeyDef::default(
        "delay_distribution",
        ValueKind::Numbers(0.0, 1.0),
        "probabilities",
        "[1.0]",
        "probability of coming back 0, 1, 2, ... years late",
        "晚 0、1、2……年回迁的概率",
    )
    .formerly(&["late"]),
];

/// Keys of `[people]`.
pub const KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "table",
        ValueKind::Csv(PEOPLE_COLUMNS),
        "",
        "residents by area, sex and age, without group quarters",
        "分区域性别年龄的常住人口（不含集体户）",
    ),
    KeyDef::optional(
        "census",
        ValueKind::Csv(CENSUS_COLUMNS),
        "",
        "instead of `table`: a census table with a row for each area",
        "代替 table：每个区域一行的普查表",
    ),
    KeyDef::optional(
        "reference_date",
        ValueKind::Date,
        "date",
        "day the table stands for, up to a year before the first 1 January",
        "人口表的时点（不早于首年1月1日前一年）",
    )
    .formerly(&["counted"]),
    KeyDef::optional(
        "area_adjustments",
        ValueKind::Csv(ADJUSTMENT_COLUMNS),
        "",
        "how areas are known to differ from the district in fertility, mortality and out-migration; left out, or not named there: not at all",
        "已知各区域在生育、死亡、迁出上与全区的差别；不给或未列出的区域：无差别",
    ),
    KeyDef::optional(
        "control_totals",
        ValueKind::Csv(CONTROL_TOTAL_COLUMNS),
        "",
        "totals known of years after the count: births, deaths and arrivals are aligned to them",
        "计数之后各年已知的总数：出生、死亡与迁入将与之对齐",
    )
    .formerly(&["known"]),
    KeyDef::default(
        "small_area_uncertainty",
        ValueKind::Section(SMALL_AREAS),
        "",
        "{}",
        "uncertainty of how the district divides into areas",
        "区域拆分的不确定性",
    )
    .formerly(&["split"]),
    KeyDef::optional(
        "group_quarters",
        ValueKind::Section(GROUP_QUARTERS),
        "",
        "students and the like",
        "住校学生等集体户人口",
    )
    .formerly(&["stock"]),
    KeyDef::required("deaths", ValueKind::Section(DEATHS), "", "mortality", "死亡"),
    KeyDef::required("births", ValueKind::Section(BIRTHS), "", "fertility", "生育"),
    KeyDef::default(
        "migration",
        ValueKind::Section(MIGRATION),
        "",
        "{}",
        "moves out of and within the district",
        "迁出与区内移动",
    )
    .formerly(&["moves"]),
    KeyDef::optional(
        "in_migration",
        ValueKind::Named(IN_MIGRATION),
        "",
        "who comes to the district, by reason",
        "迁入（按原因）",
    )
    .formerly(&["arrivals"]),
    KeyDef::optional("housing", ValueKind::Section(HOUSING), "", "new dwellings", "新建住房"),
    KeyDef::optional(
        "renewal",
        ValueKind::Named(RENEWAL),
        "",
        "projects that move people out of an area and back",
        "更新改造项目（居民先迁出、后回迁）",
    ),
    KeyDef::optional(
        "registration",
        ValueKind::Section(REGISTRATION),
        "",
        "who of the residents has local registration (hukou)",
        "常住人口中的本地户籍",
    ),
];

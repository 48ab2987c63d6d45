//! The keys of `[education]` with their ranges, units and defaults.

use crate::input::{Column, Condition, KeyDef, ValueKind};
use crate::supply::columns;

use super::catchments::{COLUMN, COLUMN_OF_CONVERTED};
use crate::services::education::enrolment::COLUMNS;

/// Columns of the table of facilities.
pub(crate) const FACILITY: &[Column] = &[
    Column::required("facility", "key of the facility", "设施代码").key(),
    Column::optional("label_zh", "Chinese name", "中文名称"),
    Column::optional("label_en", "English name", "英文名称"),
    Column::required("area", "area it stands in", "所在区域"),
    Column::required(
        "stage",
        "stage it serves; a nine-year school has two rows, joined by `feeds_into`",
        "学段；九年一贯制学校写两行，用 feeds_into 相连",
    ),
    Column::required("sector", "public or private", "公办(public)或民办(private)"),
    Column::optional(
        COLUMN,
        "key of its catchment, where [education.catchments] divides its area at its stage (public ones)",
        "所属学区代码（[education.catchments] 在该学段划分了所在区域时，公办学校必填）",
    ),
    Column::required("classes", "classes when full", "满负荷班数"),
    Column::optional(
        "classes_by_grade",
        "classes of each grade in the school year before the first September, lowest first, such as 8/8/7/7/6/6; empty: not known",
        "首个9月之前的学年各年级班数，由低到高，如 8/8/7/7/6/6；空：未知",
    ),
    Column::optional("class_size", "places a class at the norm; empty: the stage's norm", "标准班额；空：按学段标准"),
    Column::optional("opens", "date of opening; empty: with its `project`, else open from the start", "启用日期；空：随 `project` 启用，未写项目则期初已开"),
    Column::optional(
        "closes",
        "date of closing (lease ends, rebuilding); empty: never",
        "停用日期（租约到期、重建）；空：不停用",
    ),
    Column::optional(
        "reopens",
        "date from which it is open again after `closes` (rebuilt, lease renewed); empty: never",
        "停用后重新启用的日期（改建完成、续租）；空：不再启用",
    ),
    Column::optional("project", "project whose delay it shares", "所属项目（共用其延期）"),
    Column::optional(
        "opening",
        "staged or whole; empty: as the stage says",
        "逐年开班(staged)或一次开满(whole)；空：按学段",
    ),
    Column::optional(
        "converts_to",
        "stage that rooms of it are converted to (kindergarten to childcare, primary to nine-year school); empty: none",
        "部分或全部班转为哪个学段（幼儿园转托育、小学改九年一贯制）；空：不转",
    ).formerly(&["becomes"]),
    Column::optional(
        "converts_on",
        "date of the conversion; empty: the opening of `converts_project`",
        "转换日期；空：按 converts_project 的启用日期",
    ).formerly(&["becomes_on"]),
    Column::optional("converts_classes", "classes that are converted; empty: all", "转换的班数；空：全部").formerly(&["becomes_classes"]),
    Column::optional(
        "converts_class_size",
        "places of a converted class at the norm; empty: the new stage's norm",
        "转换后的标准班额；空：按新学段标准",
    ).formerly(&["becomes_size"]),
    Column::optional(
        COLUMN_OF_CONVERTED,
        "catchment of the converted rooms, likewise, in the new stage",
        "转换后的班在新学段所属的学区代码",
    ).formerly(&["becomes_catchment"]),
    Column::optional(
        "converts_project",
        "project whose delay the conversion shares; without it nothing is converted",
        "转换所属项目（共用其延期；项目不实施则不转换）",
    ).formerly(&["becomes_project"]),
    Column::optional(
        "feeds_into",
        "in a primary row: the junior row that its leavers enter by right, before all others (nine-year school); the row itself where its rooms become junior ones; empty: none",
        "小学行填写：毕业生可直升的初中部设施代码（九年一贯制、对口直升，先于其他学生）；本行的班转为初中时填本行代码；空：不直升",
    ).formerly(&["continues_in"]),
    Column::optional(
        "x",
        "kilometres east of anywhere, for distances from `homes`",
        "以任意原点向东的公里数（与 homes 求距离）",
    ),
    Column::optional("y", "kilometres north", "向北的公里数"),
    Column::optional("lon", "instead of x and y: degrees of longitude", "代替 x、y：经度（度）"),
    Column::optional("lat", "degrees of latitude", "纬度（度）"),
];

/// Columns of the table of homes.
pub(crate) const HOMES: &[Column] = &[
    Column::required("area", "area", "区域"),
    Column::optional("home", "key of the home, for the table of ways", "居住点代码（供路程表引用）"),
    Column::required("weight", "children who live there, any scale", "居住儿童的权重（任意尺度）"),
    Column::optional(
        "catchments",
        "keys of the catchments it lies in, one a stage, separated by spaces",
        "所在学区代码，每学段一个，以空格分隔",
    ),
    Column::optional("x", "kilometres east of anywhere", "以任意原点向东的公里数"),
    Column::optional("y", "kilometres north", "向北的公里数"),
    Column::optional("lon", "instead of x and y: degrees of longitude", "代替 x、y：经度（度）"),
    Column::optional("lat", "degrees of latitude", "纬度（度）"),
];

/// Columns of the table of ways.
pub(crate) const WAYS: &[Column] = &[
    Column::required("area", "area of the home", "居住区域"),
    Column::optional("home", "key of the home; empty: all homes of the area", "居住点代码；空：该区域全部居住点"),
    Column::required("facility", "key of the facility", "设施代码"),
    Column::optional("kilometres", "way by road or on foot, km", "沿道路或步行的路程（公里）"),
    Column::optional(
        "minutes",
        "instead: minutes on foot, at `walking_kmh`",
        "代替公里：步行分钟，按 walking_kmh 折算",
    ),
];

/// Columns of the table of differences.
pub(crate) const DIFFERENCES: &[Column] = &[
    Column::required("area", "area", "区域").key(),
    Column::required("stage", "stage", "学段").key(),
    Column::required("grade", "grade, 1 for the entry grade", "年级；1 为起始年级").key(),
    Column::required(
        "factor",
        "ratio of this area and grade over that of the stage",
        "该区域该年级的比率与学段比率之比",
    ),
    Column::optional(
        "spread",
        "factor (0 to 20) on the spreads between areas: of the entry ratio in the row of grade 1, of progression in that of grade 2; empty: 1",
        "区域间离散程度的倍数（0—20）：年级 1 的行用于入学比率，年级 2 的行用于递进率；留空为 1",
    ),
];

/// Keys of `[education]`.
pub(crate) static KEYS: &[KeyDef] = &[
    KeyDef::optional(
        "supply",
        ValueKind::Csv(FACILITY),
        "",
        "schools, kindergartens and childcare centres",
        "学校、幼儿园、托育机构表",
    ),
    columns::additional_supply(FACILITY, &[Condition::Given("supply")]),
    KeyDef::optional(
        "enrolment",
        ValueKind::Csv(COLUMNS),
        "",
        "births and enrolment by year, area and grade, from which the scenario goes on",
        "分年、分区域、分年级的出生与在校生表，方案由此起步",
    ),
    KeyDef::optional(
        "area_adjustments",
        ValueKind::Csv(DIFFERENCES),
        "",
        "how yields and progression differ by area and grade; made by `civicap calibrate education`",
        "各区域、各年级入学率与递进率的差异；可由 `civicap calibrate education` 生成",
    ).formerly(&["differences"]),
    KeyDef::optional(
        "homes",
        ValueKind::Csv(HOMES),
        "",
        "points where children live, to tell who lives within 300, 500 and 1,000 m of an open school",
        "儿童居住点，用于统计距开办学校 300、500、1000 米以内的儿童",
    ).acts_when(&[Condition::Given("supply")]),
    KeyDef::optional(
        "travel_distances",
        ValueKind::Csv(WAYS),
        "",
        "ways from homes, or from whole areas, to facilities, in place of the way as the crow flies",
        "居住点（或整个区域）到各设施的路程表，代替直线距离",
    ).formerly(&["ways"]),
    KeyDef::default(
        "walking_kmh",
        ValueKind::Number(0.5, 60.0),
        "km/h",
        "4.8",
        "speed at which the minutes of `travel_distances` are turned into kilometres; 4.8 km/h is 80 m a minute",
        "把 ways 表的分钟折算成公里的速度；4.8 公里/小时即每分钟 80 米",
    ).acts_when(&[Condition::Given("travel_distances")]),
    KeyDef::default(
        "through_progression_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "0.9",
        "share of those who come from the primary part of a nine-year school (`feeds_into`) and enter a junior school who go on in their own",
        "九年一贯制学校小学部（feeds_into）升入初中的学生中直升本校初中部的比例",
    ).acts_when(&[Condition::Given("supply")]).formerly(&["continuing_share"]),
    KeyDef::optional(
        "catchments",
        ValueKind::Named(crate::services::education::input::catchments::KEYS),
        "",
        "parts of areas with their own public schools at a stage (school zones); areas without any are one catchment",
        "学区（单校划片或多校划片）：某学段把区域划分为若干部分，各有公办学校；未划分的区域整体为一个学区",
    ),
    KeyDef::required("stages", ValueKind::Section(STAGES), "", "the stages that are planned", "各学段"),
    KeyDef::default("service_target", ValueKind::Section(PROMISE), "", "{}", "what is promised", "服务目标").formerly(&["promise"]),
];

const PROMISE: &[KeyDef] = &[
    KeyDef::default(
        "unmet_share_at_most",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.02",
        "largest share of children without a place",
        "无学位儿童占比上限",
    ),
    KeyDef::default(
        "stretched_share_at_most",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.05",
        "largest share of pupils above the class-size norm",
        "超标准班额就读学生占比上限",
    ),
    KeyDef::default(
        "confidence",
        ValueKind::Number(0.5, 0.999),
        "probability",
        "0.9",
        "probability with which the promise must hold each year",
        "每年须以多大概率达到目标",
    ),
    KeyDef::default(
        "surplus_utilisation_threshold",
        ValueKind::Number(0.0, 1.0),
        "share",
        "0.7",
        "use of places below which they count as surplus",
        "使用率低于此值视为富余",
    )
    .formerly(&["surplus_below"]),
];

const STAGES: &[KeyDef] = &[
    KeyDef::optional("childcare", ValueKind::Section(CHILDCARE), "", "childcare, ages 0 to 2", "托育，0—2岁"),
    KeyDef::optional("preschool", ValueKind::Section(PRESCHOOL), "", "kindergarten, ages 3 to 5", "幼儿园，3—5岁"),
    KeyDef::optional("primary", ValueKind::Section(PRIMARY), "", "primary school, six grades", "小学，六个年级"),
    KeyDef::optional("junior", ValueKind::Section(JUNIOR), "", "junior secondary, three grades", "初中，三个年级"),
    KeyDef::optional("senior_general", ValueKind::Section(GENERAL), "", "general senior secondary", "普通高中"),
    KeyDef::optional("senior_vocational", ValueKind::Section(VOCATIONAL), "", "vocational secondary", "中等职业学校"),
];

/// The defaults by which the stages differ, each a TOML value.
struct Norms {
    class_sizes: &'static str,
    max_class_size: &'static str,
    phased_opening: &'static str,
    max_placement_km: &'static str,
    pupils_per_teacher: &'static str,
    teachers_per_class: &'static str,
}

// Class sizes: Shandong 2018 opinion on schools of residential areas (30 / 45 / 50), kindergarten rules of 2016, article 11
// (25 / 30 / 35), childcare standard of 2019 (20 for the oldest group). Stretched: 55, since 56 pupils make a class oversized.
// Pupils a teacher: 19, 13.5, 12.5; a kindergarten class has two teachers and a carer.
const CHILDCARE: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[20]",
    max_class_size: "20",
    phased_opening: "false",
    max_placement_km: "3",
    pupils_per_teacher: "5",
    teachers_per_class: "3",
});
const PRESCHOOL: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[25, 30, 35]",
    max_class_size: "35",
    phased_opening: "true",
    max_placement_km: "3",
    pupils_per_teacher: "10",
    teachers_per_class: "3",
});
const PRIMARY: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[45]",
    max_class_size: "55",
    phased_opening: "true",
    max_placement_km: "5",
    pupils_per_teacher: "19",
    teachers_per_class: "2",
});
const JUNIOR: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[50]",
    max_class_size: "55",
    phased_opening: "true",
    max_placement_km: "8",
    pupils_per_teacher: "13.5",
    teachers_per_class: "3",
});
const GENERAL: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[50]",
    max_class_size: "55",
    phased_opening: "true",
    max_placement_km: "1000",
    pupils_per_teacher: "12.5",
    teachers_per_class: "3.5",
});
const VOCATIONAL: &[KeyDef] = &stage_keys(&Norms {
    class_sizes: "[45]",
    max_class_size: "55",
    phased_opening: "true",
    max_placement_km: "1000",
    pupils_per_teacher: "20",
    teachers_per_class: "2.25",
});

const fn share(name: &'static str, default: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Uncertain(0.0, 1.0), "share", default, en, zh)
}

const fn size(name: &'static str, default: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(1.0, 200.0), "children", default, en, zh)
}

const fn flag(name: &'static str, default: &'static str, en: &'static str, zh: &'static str) -> KeyDef {
    KeyDef::default(name, ValueKind::Flag, "", default, en, zh)
}

const fn number(
    name: &'static str,
    [low, high]: [f64; 2],
    unit: &'static str,
    default: &'static str,
    en: &'static str,
    zh: &'static str,
) -> KeyDef {
    KeyDef::default(name, ValueKind::Number(low, high), unit, default, en, zh)
}

#[expect(clippy::too_many_lines, reason = "a table of keys")]
const fn stage_keys(norms: &Norms) -> [KeyDef; 28] {
    [
        KeyDef::optional(
            "participation",
            ValueKind::Uncertain(0.0, 1.0),
            "share",
            "share of resident children of the age who enter",
            "适龄常住儿童中入园（入托）的比例",
        ),
        KeyDef::optional(
            "yield_per_resident",
            ValueKind::Uncertain(0.0, 5.0),
            "children a resident child",
            "entrants for each resident child of the entry age; above 1 where children come from elsewhere",
            "每名入学年龄常住儿童对应的新生数；有外来就读时可大于1",
        ),
        KeyDef::optional(
            "yield_per_birth",
            ValueKind::Uncertain(0.0, 5.0),
            "children a birth",
            "entrants for each birth of the cohort (September to August) that comes of entry age",
            "每名出生（入学年龄对应的9月至次年8月出生批次）对应的新生数",
        ),
        KeyDef::optional(
            "share_of_leavers",
            ValueKind::Uncertain(0.0, 2.0),
            "share",
            "share of last year's leavers of the stage before who enter; above 1 where children come from elsewhere",
            "上一学段毕业生中升入本学段的比例；有外来就读时可大于1",
        ),
        KeyDef::optional(
            "entrants_per_year",
            ValueKind::Uncertain(0.0, 1e6),
            "children a year and area",
            "demand given directly: entrants each September in each area",
            "直接给定需求：每个区域每年9月的新生数",
        ),
        flag(
            "entrants_by_chance",
            "true",
            "direct demand varies by chance (Poisson) around its number",
            "直接给定的新生数是否随机（泊松）波动",
        ).acts_when(&[Condition::Given("entrants_per_year")]),
        KeyDef::optional(
            "opening_pupils",
            ValueKind::Numbers(0.0, 1e6),
            "children",
            "direct demand: pupils of each grade in each area before the first September",
            "直接给定需求：首个9月之前每个区域各年级在校生",
        ),
        KeyDef::optional(
            "enrolled_per_resident",
            ValueKind::Uncertain(0.0, 5.0),
            "children a resident child",
            "pupils for each resident child of the ages, in the first September; left out: as for entrants",
            "首个9月每名适龄常住儿童对应的在校生数；不写则同入学比例",
        ),
        KeyDef::default(
            "progression",
            ValueKind::Uncertain(0.0, 3.0),
            "ratio",
            "1.0",
            "pupils of the next grade a year later for each pupil, beyond what moves of residents explain",
            "年级递进率（已扣除常住人口迁移的影响）",
        ),
        flag(
            "ratios_include_migration",
            "false",
            "yields and progression hold the moves of families already, as when estimated on enrolment",
            "入学率与递进率已含家庭迁移（例如由在校生数据估计）",
        ).formerly(&["moves_in_ratios"]),
        KeyDef::optional(
            "registered_share",
            ValueKind::Uncertain(0.0, 1.0),
            "share",
            "share of new children with local registration; left out: groups are not told apart",
            "新生中本地户籍的比例；不写则不区分户籍",
        ),
        flag(
            "hukou_priority",
            "true",
            "registered children of an area get its public places first; false: all at random",
            "本区域公办学位户籍儿童优先；false 为不分户籍摇号",
        ).acts_when(&[Condition::AnyOf(&[Condition::Given("registered_share"), Condition::Scenario("people.registration")])]).formerly(&["registered_first"]),
        flag(
            "transfer_back",
            "false",
            "pupils placed in another area come back once their own has a place at the norm, as when a new school takes older grades",
            "在其他区域就读的学生，待本区域有标准班额学位时转回（如新校分流）",
        ).formerly(&["return_home"]),
        share("private_share", "0.0", "share of entrants who choose a private place first", "首选民办的新生比例"),
        share(
            "outside_share",
            "0.0",
            "share of children left without a place who find one outside the district",
            "区内未获学位者中到区外就读的比例",
        ),
        KeyDef::default(
            "class_sizes",
            ValueKind::Numbers(1.0, 200.0),
            "children",
            norms.class_sizes,
            "class-size norm: one number, or one for each grade",
            "标准班额：一个数，或逐年级给出",
        ),
        size(
            "max_class_size",
            norms.max_class_size,
            "class size to which public schools stretch",
            "公办学校扩班额上限",
        ).formerly(&["stretched_size"]),
        KeyDef::optional(
            "surge_class_size",
            ValueKind::Number(1.0, 200.0),
            "children",
            "class size as the last resort; left out: the stretched size",
            "应急班额（最后手段）；不写则同扩班额上限",
        ).formerly(&["emergency_size"]),
        flag(
            "flexible_classrooms",
            "true",
            "full public schools of a catchment share their rooms among grades by need; false: equal parts by cohort",
            "同一学区满开的公办学校按各年级需要调配教室；false 为各年级按届均分",
        ).formerly(&["rooms_follow_need"]),
        flag(
            "phased_opening",
            norms.phased_opening,
            "a new facility opens one grade a year, its entry grade first",
            "新建学校是否逐年开班（先起始年级）",
        ).formerly(&["staged_opening"]),
        KeyDef::default(
            "existing_capacity_factor",
            ValueKind::Uncertain(0.0, 3.0),
            "factor",
            "1.0",
            "true classes of facilities that stand on the first day, whenever they opened, for each class in the table",
            "首日已开办的设施（不论何时启用）实际班数与表列班数之比",
        ).formerly(&["existing_factor"]),
        share(
            "private_closure",
            "0.0",
            "share of private classes that close for good in a year of little use",
            "使用率过低的年份，民办班级永久停办的比例",
        ),
        number(
            "private_closure_below",
            [0.0, 1.0],
            "share",
            "0.6",
            "use of an area's private places below which they close",
            "区域民办学位使用率低于此值时可能停办",
        ).acts_when(&[Condition::Above("private_closure", 0.0)]),
        share("staffed_share", "1.0", "share of classes that have staff", "已配齐教职工的班级比例"),
        KeyDef::optional(
            "choice_decay_km",
            ValueKind::Uncertain(0.01, 1_000.0),
            "km",
            "families choose by distance d first, with weight exp(-d / choice_decay_km), within max_placement_km, as of kindergartens; left out: own area first",
            "家庭先按距离 d 自主择园（择校），权重为 exp(-d / choice_decay_km)，限 max_placement_km 以内；不写则本区域优先",
        ).formerly(&["choice_km"]),
        number(
            "max_placement_km",
            [0.0, 10_000.0],
            "km",
            norms.max_placement_km,
            "farthest that children are placed outside their area",
            "跨区域统筹安置的最远距离",
        ).formerly(&["coordination_km"]),
        number(
            "pupils_per_teacher",
            [1.0, 100.0],
            "pupils",
            norms.pupils_per_teacher,
            "pupils a teacher (staff in childcare)",
            "生师比（托育为婴幼儿与保育人员比）",
        ),
        number(
            "teachers_per_class",
            [0.1, 20.0],
            "teachers",
            norms.teachers_per_class,
            "teachers a class needs however small it is",
            "每班至少需要的教师（保教人员）数",
        ),
    ]
}

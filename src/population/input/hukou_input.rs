//! Reading of `[people.registration]`: local registration (hukou).
//!
//! The share of residents with it on the day of the count by age group and area, the odds with which others leave or move
//! compared with them, how many of the others acquire it in a year, and how many of those who are born or come have it.

use crate::input::{Column, KeyDef, Section, ValueKind};
use crate::population::messages;
use crate::population::process::hukou::{HukouGroup, HukouRules};
use crate::population::state::ages::AgeGroup;
use crate::population::view::AGES;
use crate::site::Site;
use crate::uncertainty::Parameter;

const AREA_ODDS: &[Column] = &[
    Column::required("area", "key of the area", "区域代码"),
    Column::required(
        "odds",
        "odds of being registered, relative to those of the age groups (1: the same)",
        "户籍优势比，相对于年龄组的比例（1 为相同）",
    ),
];

const AGE_GROUP: &[KeyDef] = &[
    KeyDef::required(
        "share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "residents of these ages (without group quarters) with local registration, on the day of the count",
        "该年龄组常住人口（不含集体户）中本地户籍的比例（人口表时点）",
    ),
    KeyDef::default(
        "hukou_acquisition_rate",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "0",
        "chance in a year that one without it, who stays in the area, acquires local registration",
        "非本地户籍且留在原区域者一年内落户的概率",
    )
    .formerly(&["taking_up"]),
];

/// Keys of `[people.registration]`.
pub(super) const REGISTRATION: &[KeyDef] = &[
    KeyDef::required(
        "ages",
        ValueKind::Named(AGE_GROUP),
        "",
        "age groups that make up all ages, such as 0-14, 15-59 and \"60+\"",
        "合起来覆盖全部年龄的年龄组，例如 0-14、15-59 与 \"60+\"",
    ),
    KeyDef::optional(
        "areas",
        ValueKind::Csv(AREA_ODDS),
        "",
        "how areas differ; left out, or not named there: not at all",
        "各区域的差异；不给或表中未列：无差异",
    ),
    KeyDef::default(
        "out_migration_odds",
        ValueKind::Uncertain(1e-3, 1e3),
        "ratio",
        "1",
        "odds that one without local registration leaves the district, over those of one with it",
        "非本地户籍者迁出本区的优势与户籍者之比",
    )
    .formerly(&["leaving_odds"]),
    KeyDef::default(
        "internal_migration_odds",
        ValueKind::Uncertain(1e-3, 1e3),
        "ratio",
        "1",
        "odds that one without local registration moves to another area of the district, over those of one with it",
        "非本地户籍者在区内移动的优势与户籍者之比",
    )
    .formerly(&["moving_odds"]),
    KeyDef::optional(
        "newborn_registered_share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "newborn children with local registration; left out: as their mothers",
        "新生儿中本地户籍的比例；不给则随母亲",
    )
    .formerly(&["newborn"]),
];

/// The key of a reason for coming and of new dwellings that says who of those who come has local registration.
pub(super) const REGISTERED_SHARE: KeyDef = KeyDef::default(
    "registered_share",
    ValueKind::Uncertain(0.0, 1.0),
    "share",
    "0",
    "those of them with local registration; only where the scenario has [people.registration]",
    "其中本地户籍的比例；仅在方案有 [people.registration] 时使用",
)
.formerly(&["registered"]);

/// Reads `[people.registration]`.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<HukouRules> {
    let out_migration_odds = section.uncertain("out_migration_odds");
    let internal_odds = section.uncertain("internal_migration_odds");
    let newborn_share = section.if_given("newborn_registered_share", Section::uncertain);
    let area_odds = read_area_odds(section, site);
    Some(HukouRules {
        groups: read_groups(section)?,
        area_odds: area_odds?,
        out_migration_odds: out_migration_odds?,
        internal_odds: internal_odds?,
        newborn_share: newborn_share?,
    })
}

fn read_groups(section: &Section<'_>) -> Option<Vec<HukouGroup>> {
    // All groups are read before a faulty one ends it, so that every fault is noted.
    let read = section.named("ages").into_iter().map(|(written, group)| {
        let (share, acquisition_rate) = (group.uncertain("share"), group.uncertain("hukou_acquisition_rate"));
        let ages = AgeGroup::parse(&written);
        if ages.is_none() {
            section.error("ages", messages::not_an_age_group(&written));
        }
        Some(HukouGroup { ages: ages?, share: share?, acquisition_rate: acquisition_rate? })
    });
    let mut groups = read.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
    groups.sort_by_key(|group| group.ages);
    let of = |age: usize| groups.iter().filter(|group| (group.ages.from..group.ages.to).contains(&age)).count();
    let Some(age) = (0..AGES).find(|age| of(*age) != 1) else { return Some(groups) };
    section.error("ages", messages::age_in_no_one_group(age));
    None
}

fn read_area_odds(section: &Section<'_>, site: &Site) -> Option<Vec<f64>> {
    let ids = site.area_ids();
    let mut odds = vec![1.0; ids.len()];
    if !section.has("areas") {
        return Some(odds);
    }
    let sheet = section.sheet("areas")?;
    let mut given = vec![false; ids.len()];
    let mut fine = true;
    for row in sheet.rows() {
        match row.name_of("area", &ids).zip(row.number("odds", 1e-6, 1e6)) {
            Some((area, _)) if given[area] => {
                row.error("area", messages::area_given_twice(ids[area]));
                fine = false;
            }
            Some((area, number)) => (odds[area], given[area]) = (number, true),
            None => fine = false,
        }
    }
    fine.then_some(odds)
}

/// The share of those who come with local registration; `None` inside where groups are not told apart.
pub(super) fn read_registered_share(section: &Section<'_>, site: &Site) -> Option<Option<Parameter>> {
    if site.has_registration {
        return section.uncertain("registered_share").map(Some);
    }
    if section.has("registered_share") {
        section.error("registered_share", messages::registered_share_alone());
        return None;
    }
    Some(None)
}

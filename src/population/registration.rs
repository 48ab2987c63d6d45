//! Local registration (hukou): what the section `[people.registration]` says of it.
//!
//! Residents with local registration are counted beside all residents, cell by cell; the laws by which they change are in
//! [`super::registered`]. Here: their share on the day of the count by age group and area, the odds with which others leave
//! or move compared with them, how many of the others take it up in a year, and how many of those who are born or come
//! have it.
//!
//! An area's share at an age is that of the age group with its odds multiplied by those of the area:
//! `share x odds / (1 - share + share x odds)`.

use super::ages::AgeGroup;
use super::draws::Chances;
use super::rows::WIDTH;
use super::view::AGES;
use crate::diagnostic::code;
use crate::input::{Column, KeyDef, Section, ValueKind};
use crate::language::Text;
use crate::site::Site;
use crate::text;
use crate::uncertainty::{Parameter, ParameterDraw};

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
        "residents of these ages (without the stock) with local registration, on the day of the count",
        "该年龄组常住人口（不含不老化存量）中本地户籍的比例（人口表时点）",
    ),
    KeyDef::default(
        "taking_up",
        ValueKind::Uncertain(0.0, 1.0),
        "probability",
        "0",
        "chance in a year that one without it, who stays in the area, takes up local registration",
        "非本地户籍且留在原区域者一年内落户的概率",
    ),
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
        "leaving_odds",
        ValueKind::Uncertain(1e-3, 1e3),
        "ratio",
        "1",
        "odds that one without local registration leaves the district, over those of one with it",
        "非本地户籍者迁出本区的优势与户籍者之比",
    ),
    KeyDef::default(
        "moving_odds",
        ValueKind::Uncertain(1e-3, 1e3),
        "ratio",
        "1",
        "odds that one without local registration moves to another area of the district, over those of one with it",
        "非本地户籍者在区内移动的优势与户籍者之比",
    ),
    KeyDef::optional(
        "newborn",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "newborn children with local registration; left out: as their mothers",
        "新生儿中本地户籍的比例；不给则随母亲",
    ),
];

/// The key of a driver and of new dwellings that says who of those who come has local registration.
pub(super) const OF_COMERS: KeyDef = KeyDef::default(
    "registered",
    ValueKind::Uncertain(0.0, 1.0),
    "share",
    "0",
    "those of them with local registration; only where the scenario has [people.registration]",
    "其中本地户籍的比例；仅在方案有 [people.registration] 时使用",
);

/// Local registration in a scenario: no draws, no files.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Age groups in order of age; together all ages.
    pub groups: Vec<Group>,
    /// Odds of being registered by area, relative to the groups' shares.
    pub area_odds: Vec<f64>,
    /// Odds of leaving the district, of those without over those with it.
    pub leaving_odds: Parameter,
    /// Odds of moving within it, likewise.
    pub moving_odds: Parameter,
    /// Share of the newborn; as their mothers if `None`.
    pub newborn: Option<Parameter>,
}

/// An age group.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Its ages.
    pub ages: AgeGroup,
    /// Share registered on the day of the count.
    pub share: Parameter,
    /// Chance in a year of taking it up.
    pub taking_up: Parameter,
}

impl Registration {
    /// The share of an age group registered in an area on the day of the count.
    pub(super) fn share(&self, draw: &ParameterDraw, group: &Group, area: usize) -> f64 {
        let (share, odds) = (draw.at(group.share, 0, area), self.area_odds[area]);
        share * odds / (1.0 - share + share * odds)
    }

    /// Fills the chances that one without it takes it up in `length` years, by cohort slot; tells whether there are any.
    pub(super) fn taking_up(
        &self,
        draw: &ParameterDraw,
        (year, area, length): (usize, usize, f64),
        chances: &mut Chances,
    ) -> bool {
        let mut any = false;
        for group in &self.groups {
            let chance = draw.at(group.taking_up, year, area);
            any |= chance > 0.0;
            let hazard = length * if chance < 1.0 { -libm::log1p(-chance) } else { CERTAIN };
            let slots = group.ages.from + 1..(group.ages.to + 1).min(WIDTH);
            // Most areas have it in common.
            if chances.hazard[slots.start] != hazard {
                chances.hazard[slots.clone()].fill(hazard);
                chances.odds[slots].fill(libm::expm1(hazard));
            }
        }
        any
    }
}

/// Hazard of what is certain.
const CERTAIN: f64 = 700.0;

/// Reads `[people.registration]`.
pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Registration> {
    let (leaving_odds, moving_odds) = (section.uncertain("leaving_odds"), section.uncertain("moving_odds"));
    let newborn = section.if_given("newborn", Section::uncertain);
    let area_odds = read_area_odds(section, site);
    Some(Registration {
        groups: read_groups(section)?,
        area_odds: area_odds?,
        leaving_odds: leaving_odds?,
        moving_odds: moving_odds?,
        newborn: newborn?,
    })
}

fn read_groups(section: &Section<'_>) -> Option<Vec<Group>> {
    // All groups are read before a faulty one ends it, so that every fault is noted.
    let read = section.named("ages").into_iter().map(|(written, group)| {
        let (share, taking_up) = (group.uncertain("share"), group.uncertain("taking_up"));
        let ages = AgeGroup::parse(&written);
        if ages.is_none() {
            section.fault(
                code::WRONG_KIND,
                "ages",
                text!("`{written}` is no age group", "`{written}` 不是年龄组"),
                Text::new(
                    "write a group (0-14) or an open group (\"60+\"), up to 100",
                    "请写年龄组（0-14）或开口组（\"60+\"），最大 100",
                ),
            );
        }
        Some(Group { ages: ages?, share: share?, taking_up: taking_up? })
    });
    let mut groups = read.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
    groups.sort_by_key(|group| group.ages);
    let of = |age: usize| groups.iter().filter(|group| (group.ages.from..group.ages.to).contains(&age)).count();
    let Some(age) = (0..AGES).find(|age| of(*age) != 1) else { return Some(groups) };
    section.fault(
        code::CONTRADICTION,
        "ages",
        text!("no age group, or more than one, has age {age}", "{age} 岁不属于任何年龄组，或属于多个年龄组"),
        Text::new(
            "let the groups follow one another from 0 to an open group, such as 0-14, 15-59, \"60+\"",
            "请使年龄组从 0 岁起首尾相接，末组开口，例如 0-14、15-59、\"60+\"",
        ),
    );
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
                let id = ids[area];
                row.fault(
                    "area",
                    text!("«{id}» is given twice", "“{id}”重复出现"),
                    Text::new("keep one row for each area", "每个区域只保留一行"),
                );
                fine = false;
            }
            Some((area, number)) => (odds[area], given[area]) = (number, true),
            None => fine = false,
        }
    }
    fine.then_some(odds)
}

/// The share of those who come with local registration; `None` inside where groups are not told apart.
pub(super) fn read_share_of_comers(section: &Section<'_>, site: &Site) -> Option<Option<Parameter>> {
    if site.has_registration {
        return section.uncertain("registered").map(Some);
    }
    if section.has("registered") {
        section.fault(
            code::CONTRADICTION,
            "registered",
            Text::new(
                "`registered` is given, but nobody else's registration is",
                "给出了 `registered`，但没有其他人的户籍状况",
            ),
            Text::new("add [people.registration], or remove it", "请加入 [people.registration]，或删去此键"),
        );
        return None;
    }
    Some(None)
}

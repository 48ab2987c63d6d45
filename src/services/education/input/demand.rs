//! Reading who wants a place: the keys of entrants, progression and opening pupils of a stage, and the tables of cohorts.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::random::StreamKey;
use crate::text;

use super::cohorts::StageContext;
use super::messages;
use crate::services::education::demand::inflow::{DemandModel, Entry, KnownBirths};

const ENTRIES: [&str; 5] =
    ["participation", "yield_per_resident", "yield_per_birth", "share_of_leavers", "entrants_per_year"];

/// Reads who wants a place in a stage.
pub(crate) fn read_demand(section: &Section<'_>, place: &StageContext<'_>) -> Option<DemandModel> {
    let &StageContext { stage, site, cohorts, .. } = place;
    let def = stage.def();
    let entry = read_entry(section, place);
    let enrolled = if section.has("enrolled_per_resident") { section.uncertain("enrolled_per_resident") } else { None };
    let (progression, ratios_include_migration) =
        (section.uncertain("progression"), section.flag("ratios_include_migration"));
    let opening = read_opening(section, place)?;
    let entry = entry?;
    cohorts.spread(section, stage, [entry.ratio(), progression]);
    let ratios_include_migration = ratios_include_migration?;
    let follows_residents = site.has_people && !matches!(entry, Entry::Direct(..)) && !ratios_include_migration;
    if follows_residents {
        section.note_idle("opening_pupils", &messages::pupils_not_counted_from_residents());
    } else {
        section.note_idle("enrolled_per_resident", &messages::pupils_counted_from_residents());
    }
    let counted = matches!(entry, Entry::PerResident(_)) || enrolled.is_some();
    if follows_residents && !counted {
        section.fault(
            code::MISSING_KEY,
            "enrolled_per_resident",
            Text::new("pupils who are there already are not known from leavers or births", "仅凭毕业生或出生无法得知期初在校生"),
            Text::new(
                "add `enrolled_per_resident`: pupils a resident child of the ages in the first September; or `enrolment` with `ratios_include_migration = true`",
                "请补上 `enrolled_per_resident`：首个9月每名适龄常住儿童对应的在校生数；或给出 `enrolment` 并写 `ratios_include_migration = true`",
            ),
        );
        return None;
    }
    if ratios_include_migration && site.has_people && opening.is_empty() && def.graded {
        let stage = def.id;
        section.fault(
            code::MISSING_KEY,
            "ratios_include_migration",
            text!("pupils of {stage} before the first September are not known", "首个9月之前 {stage} 的在校生未知"),
            Text::new("give `enrolment` with the grades of this stage", "请在 `enrolment` 表中给出本学段各年级"),
        );
        return None;
    }
    Some(DemandModel {
        stage,
        areas: site.areas.len(),
        keys: site.areas.iter().map(|area| StreamKey::named(&area.id)).collect(),
        grades: stage.grades(),
        entry_age: def.entry_age as usize,
        ages_per_grade: stage.ages_per_grade(),
        entry,
        enrolled,
        progression: progression?,
        opening_pupils: opening,
        differences: cohorts.differences[stage].clone(),
        births: if matches!(entry, Entry::PerBirth(_)) { cohorts.births(site) } else { KnownBirths::default() },
        follows_residents,
    })
}

/// Pupils before the first September, `grade x area`; empty for none.
fn read_opening(section: &Section<'_>, place: &StageContext<'_>) -> Option<Vec<u32>> {
    if !section.has("opening_pupils") {
        return if place.stage.def().graded { place.cohorts.opening(section, place) } else { Some(Vec::new()) };
    }
    let numbers = section.numbers("opening_pupils")?;
    let (found, expected) = (numbers.len(), place.stage.grades());
    if found != expected {
        section.fault(
            code::CONTRADICTION,
            "opening_pupils",
            text!("{found} numbers for {expected} grades", "{expected} 个年级给出了 {found} 个数"),
            Text::new("give one number for each grade, the entry grade first", "请逐年级给出，起始年级在前"),
        );
        return None;
    }
    let areas = place.site.areas.len();
    Some(numbers.iter().flat_map(|number| std::iter::repeat_n(*number as u32, areas)).collect())
}

fn read_entry(section: &Section<'_>, place: &StageContext<'_>) -> Option<Entry> {
    let &StageContext { stage, site, present, .. } = place;
    let given: Vec<&str> = ENTRIES.into_iter().filter(|key| section.has(key)).collect();
    let list = ENTRIES.join(", ");
    let [key] = given[..] else {
        let found = given.len();
        section.fault(
            code::CONTRADICTION,
            given.last().copied().unwrap_or(ENTRIES[0]),
            text!(
                "{found} of the keys that say who enters are given, one is needed",
                "决定新生数的键给出了 {found} 个，应为 1 个"
            ),
            text!("give one of: {list}", "请从下列中只写一个：{list}"),
        );
        return None;
    };
    let parameter = section.uncertain(key);
    let needs_people = key == "participation" || key == "yield_per_resident";
    if needs_people && !site.has_people {
        section.fault(
            code::CONTRADICTION,
            key,
            text!("`{key}` counts residents, but the scenario has no people", "`{key}` 以常住儿童计，但方案没有人口"),
            Text::new("add [people], or give `entrants_per_year`", "请加入 [people]，或改写 `entrants_per_year`"),
        );
        return None;
    }
    let follows = stage.def().follows.filter(|before| present.contains(before));
    if key == "share_of_leavers" && follows.is_none() {
        section.fault(
            code::CONTRADICTION,
            key,
            Text::new("the scenario has no stage whose leavers could enter", "方案中没有可升入本学段的上一学段"),
            Text::new("add the stage before, or count residents", "请加入上一学段，或按常住儿童计"),
        );
        return None;
    }
    if key == "yield_per_birth" {
        births_are_known(section, place)?;
    }
    Some(match key {
        "share_of_leavers" => Entry::OfLeavers(parameter?),
        "yield_per_birth" => Entry::PerBirth(parameter?),
        "entrants_per_year" => Entry::Direct(parameter?, section.flag("entrants_by_chance")?),
        _ => Entry::PerResident(parameter?),
    })
}

/// Whether the births of every cohort that comes of entry age are stated or simulated; a fault if not.
fn births_are_known(section: &Section<'_>, place: &StageContext<'_>) -> Option<()> {
    let (site, def) = (place.site, place.stage.def());
    let age = def.entry_age as i32;
    let stated = |year: i32| {
        let table = place.cohorts.enrolment.as_ref();
        table.is_some_and(|table| (0..site.areas.len()).all(|area| !table.births(area, year).is_nan()))
    };
    let unknown =
        (site.start - age - 1..=site.end - age).find(|year| !(stated(*year) || site.has_people && *year >= site.start));
    let (Some(year), true) = (unknown, def.graded) else {
        return if def.graded { Some(()) } else { no_cohorts(section) };
    };
    section.fault(
        code::CONTRADICTION,
        "yield_per_birth",
        text!(
            "the births of {year} are neither in `enrolment` nor simulated",
            "{year} 年的出生数既不在 `enrolment` 表中，也未模拟"
        ),
        Text::new(
            "add that year to `enrolment` (births alone will do), add [people], or end the horizon earlier",
            "请在 `enrolment` 表中补上该年（只填出生数即可），或加入 [people]，或缩短年限",
        ),
    );
    None
}

fn no_cohorts(section: &Section<'_>) -> Option<()> {
    section.fault(
        code::CONTRADICTION,
        "yield_per_birth",
        Text::new(
            "childcare takes children of all its ages at once, not a cohort",
            "托育同时接收各年龄婴幼儿，不按出生批次入托",
        ),
        Text::new("give `participation` instead", "请改写 `participation`"),
    );
    None
}

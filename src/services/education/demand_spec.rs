//! Reading who wants a place: the keys of entrants, progression and opening pupils of a stage, and the tables of cohorts.

use crate::diagnostic::code;
use crate::input::{Row, Section};
use crate::language::Text;
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

use super::demand::{DemandModel, Entry, KnownBirths};
use super::enrolment::Enrolment;
use super::spec::Place;
use super::stage::{ALL, STAGES};

const ENTRIES: [&str; 5] =
    ["participation", "yield_per_resident", "yield_per_birth", "share_of_leavers", "entrants_per_year"];

/// Largest factor by which an area and grade may differ from its stage.
const LARGEST_DIFFERENCE: f64 = 20.0;

/// Number of grades of a stage as they are planned; childcare mixes its ages.
pub(super) fn grades(at: usize) -> usize {
    if ALL[at].graded { ALL[at].years as usize } else { 1 }
}

/// The tables of cohorts that all stages share.
#[derive(Debug, Default)]
pub(super) struct Cohorts {
    enrolment: Option<Enrolment>,
    /// By stage, `grade x area`; empty where the table says nothing of a stage.
    differences: [Vec<f64>; STAGES],
    /// By stage, factors of areas on the spreads of its entry ratio and of its progression; empty for 1 everywhere.
    spreads: [[Vec<f64>; 2]; STAGES],
}

impl Cohorts {
    pub(super) fn read(section: &Section<'_>, site: &Site) -> Option<Self> {
        let enrolment = if section.has("enrolment") {
            let sheet = section.sheet("enrolment")?;
            Some(Enrolment::read(&sheet, Some(&site.area_ids()))?)
        } else {
            None
        };
        let mut cohorts = Self { enrolment, ..Self::default() };
        if section.has("differences") {
            let sheet = section.sheet("differences")?;
            let mut fine = true;
            for row in sheet.rows() {
                fine &= cohorts.read_difference(&row, site).is_some();
            }
            fine.then_some(())?;
        }
        Some(cohorts)
    }

    fn read_difference(&mut self, row: &Row<'_>, site: &Site) -> Option<()> {
        let ids: Vec<&str> = ALL.iter().map(|def| def.id).collect();
        let area = row.name_of("area", &site.area_ids());
        let stage = row.name_of("stage", &ids)?;
        let grade = row.number("grade", 1.0, grades(stage) as f64)? as usize - 1;
        let factor = row.number("factor", 0.0, LARGEST_DIFFERENCE)?;
        let (area, areas) = (area?, site.areas.len());
        let differences = &mut self.differences[stage];
        differences.resize(grades(stage) * areas, 1.0);
        differences[grade * areas + area] = factor;
        if row.text("spread").is_empty() {
            return Some(());
        }
        let spread = row.number("spread", 0.0, LARGEST_DIFFERENCE)?;
        let Some(spreads) = self.spreads[stage].get_mut(grade) else {
            let grade = grade + 1;
            row.fault(
                "spread",
                text!("grade {grade} has no spread of its own", "年级 {grade} 没有单独的离散程度"),
                Text::new(
                    "all grades after the first share one: give it in the row of grade 2, and leave this cell empty",
                    "起始年级以外各年级共用一个：请写在年级 2 的行，此格留空",
                ),
            );
            return None;
        };
        spreads.resize(areas, 1.0);
        spreads[area] = spread;
        Some(())
    }

    /// Lets each area vary as much as the table of differences says.
    fn spread(&self, section: &Section<'_>, stage: usize, ratios: [Option<Parameter>; 2]) {
        for (factors, ratio) in self.spreads[stage].iter().zip(ratios) {
            if let Some(ratio) = ratio.filter(|_| !factors.is_empty()) {
                section.session.scale_areas(ratio, factors);
            }
        }
    }

    /// Pupils of a stage in the school year before the first September, `grade x area`; nobody where the table has no such
    /// stage; `None` with a fault noted.
    fn opening(&self, section: &Section<'_>, place: &Place<'_>) -> Option<Vec<u32>> {
        let (site, def) = (place.site, &ALL[place.at]);
        let Some(table) = self.enrolment.as_ref().filter(|table| table.position(def.id, 0).is_some()) else {
            return Some(Vec::new());
        };
        let year = site.start - 1;
        let cells = (0..grades(place.at)).flat_map(|grade| (0..site.areas.len()).map(move |area| (grade, area)));
        let known = cells.map(|(grade, area)| {
            let pupils = table.pupils(area, year, table.position(def.id, grade)?);
            (!pupils.is_nan()).then(|| libm::round(pupils) as u32)
        });
        let pupils = known.collect::<Option<Vec<u32>>>();
        if pupils.is_none() {
            let (stage, last) = (def.id, table.last_year());
            section.fault(
                code::CONTRADICTION,
                "moves_in_ratios",
                text!(
                    "`enrolment` does not give all pupils of {stage} in {year}, the school year before `start` (it ends in {last})",
                    "`enrolment` 没有给全 {year} 年（start 的上一学年）{stage} 的在校生（该表止于 {last} 年）"
                ),
                Text::new(
                    "complete that year for every grade and area, or let the scenario start in the year after the table ends",
                    "请补全该年各年级各区域，或让方案从该表末年的次年开始",
                ),
            );
        }
        pupils
    }

    fn births(&self, site: &Site) -> KnownBirths {
        let areas = site.areas.len();
        let simulated = if site.has_people { site.reported_years() } else { 0 };
        let Some(table) = &self.enrolment else {
            return KnownBirths { areas, simulated_from: site.start, simulated_years: simulated, ..Default::default() };
        };
        let years = table.first_year..=table.last_year();
        let births = years.flat_map(|year| (0..areas).map(move |area| table.births(area, year))).collect();
        KnownBirths {
            first_year: table.first_year,
            areas,
            births,
            simulated_from: site.start,
            simulated_years: simulated,
        }
    }
}

/// Reads who wants a place in a stage.
pub(super) fn read_demand(section: &Section<'_>, place: &Place<'_>) -> Option<DemandModel> {
    let &Place { at, site, cohorts, .. } = place;
    let def = &ALL[at];
    let entry = read_entry(section, place);
    let enrolled = if section.has("enrolled_per_resident") { section.uncertain("enrolled_per_resident") } else { None };
    let (progression, moves_in_ratios) = (section.uncertain("progression"), section.flag("moves_in_ratios"));
    let opening = read_opening(section, place)?;
    let entry = entry?;
    cohorts.spread(section, at, [entry.ratio(), progression]);
    let moves_in_ratios = moves_in_ratios?;
    let follows_residents = site.has_people && !matches!(entry, Entry::Direct(..)) && !moves_in_ratios;
    let counted = matches!(entry, Entry::PerResident(_)) || enrolled.is_some();
    if follows_residents && !counted {
        section.fault(
            code::MISSING_KEY,
            "enrolled_per_resident",
            Text::new("pupils who are there already are not known from leavers or births", "仅凭毕业生或出生无法得知期初在校生"),
            Text::new(
                "add `enrolled_per_resident`: pupils a resident child of the ages in the first September; or `enrolment` with `moves_in_ratios = true`",
                "请补上 `enrolled_per_resident`：首个9月每名适龄常住儿童对应的在校生数；或给出 `enrolment` 并写 `moves_in_ratios = true`",
            ),
        );
        return None;
    }
    if moves_in_ratios && site.has_people && opening.is_empty() && def.graded {
        let stage = def.id;
        section.fault(
            code::MISSING_KEY,
            "moves_in_ratios",
            text!("pupils of {stage} before the first September are not known", "首个9月之前 {stage} 的在校生未知"),
            Text::new("give `enrolment` with the grades of this stage", "请在 `enrolment` 表中给出本学段各年级"),
        );
        return None;
    }
    Some(DemandModel {
        stage: at,
        areas: site.areas.len(),
        grades: grades(at),
        entry_age: def.entry_age as usize,
        ages_per_grade: if def.graded { 1 } else { def.years as usize },
        entry,
        enrolled,
        progression: progression?,
        opening_pupils: opening,
        differences: cohorts.differences[at].clone(),
        births: if matches!(entry, Entry::PerBirth(_)) { cohorts.births(site) } else { KnownBirths::default() },
        follows_residents,
    })
}

/// Pupils before the first September, `grade x area`; empty for none.
fn read_opening(section: &Section<'_>, place: &Place<'_>) -> Option<Vec<u32>> {
    if !section.has("opening_pupils") {
        return if ALL[place.at].graded { place.cohorts.opening(section, place) } else { Some(Vec::new()) };
    }
    let numbers = section.numbers("opening_pupils")?;
    let (found, expected) = (numbers.len(), grades(place.at));
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

fn read_entry(section: &Section<'_>, place: &Place<'_>) -> Option<Entry> {
    let &Place { at, site, present, .. } = place;
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
    let follows = ALL[at].follows.filter(|before| present.contains(before));
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
fn births_are_known(section: &Section<'_>, place: &Place<'_>) -> Option<()> {
    let (site, def) = (place.site, &ALL[place.at]);
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

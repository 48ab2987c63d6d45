//! Reading the tables of cohorts that all stages share: births and enrolment, and how areas differ.

use crate::diagnostic::code;
use crate::input::{Row, Section};
use crate::language::Text;
use crate::services::education::demand::inflow::KnownBirths;
use crate::services::education::enrolment::Enrolment;
use crate::services::education::stage::{PerStage, StageId};
use crate::site::Site;
use crate::text;
use crate::uncertainty::Parameter;

/// Largest factor by which an area and grade may differ from its stage.
const LARGEST_DIFFERENCE: f64 = 20.0;

/// The tables of cohorts that all stages share.
#[derive(Debug, Default)]
pub(crate) struct Cohorts {
    pub(crate) enrolment: Option<Enrolment>,
    /// By stage, `grade x area`; empty where the table says nothing of a stage.
    pub(crate) differences: PerStage<Vec<f64>>,
    /// By stage, factors of areas on the spreads of its entry ratio and of its progression; empty for 1 everywhere.
    spreads: PerStage<[Vec<f64>; 2]>,
}

impl Cohorts {
    pub(crate) fn read(section: &Section<'_>, site: &Site) -> Option<Self> {
        let enrolment = if section.has("enrolment") {
            let sheet = section.sheet("enrolment")?;
            Some(Enrolment::read(&sheet, Some(&site.area_ids()))?)
        } else {
            None
        };
        let mut cohorts = Self { enrolment, ..Self::default() };
        if section.has("area_adjustments") {
            let sheet = section.sheet("area_adjustments")?;
            let mut fine = true;
            for row in sheet.rows() {
                fine &= cohorts.read_difference(&row, site).is_some();
            }
            fine.then_some(())?;
        }
        Some(cohorts)
    }

    fn read_difference(&mut self, row: &Row<'_>, site: &Site) -> Option<()> {
        let ids = StageId::ALL.map(StageId::id);
        let area = row.name_of("area", &site.area_ids());
        let stage = StageId::ALL[row.name_of("stage", &ids)?];
        let grade = row.number("grade", 1.0, stage.grades() as f64)? as usize - 1;
        let factor = row.number("factor", 0.0, LARGEST_DIFFERENCE)?;
        let (area, areas) = (area?, site.areas.len());
        let differences = &mut self.differences[stage];
        differences.resize(stage.grades() * areas, 1.0);
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
    pub(crate) fn spread(&self, section: &Section<'_>, stage: StageId, ratios: [Option<Parameter>; 2]) {
        for (factors, ratio) in self.spreads[stage].iter().zip(ratios) {
            if let Some(ratio) = ratio.filter(|_| !factors.is_empty()) {
                section.session.scale_areas(ratio, factors);
            }
        }
    }

    /// Pupils of a stage in the school year before the first September, `grade x area`; nobody where the table has no such
    /// stage; `None` with a fault noted.
    pub(crate) fn opening(&self, section: &Section<'_>, place: &StageContext<'_>) -> Option<Vec<u32>> {
        let (site, def) = (place.site, place.stage);
        let Some(table) = self.enrolment.as_ref().filter(|table| table.position(def.id(), 0).is_some()) else {
            return Some(Vec::new());
        };
        let year = site.start - 1;
        let cells = (0..place.stage.grades()).flat_map(|grade| (0..site.areas.len()).map(move |area| (grade, area)));
        let known = cells.map(|(grade, area)| {
            let pupils = table.pupils(area, year, table.position(def.id(), grade)?);
            (!pupils.is_nan()).then(|| libm::round(pupils) as u32)
        });
        let pupils = known.collect::<Option<Vec<u32>>>();
        if pupils.is_none() {
            let (stage, last) = (def.id(), table.last_year());
            section.fault(
                code::CONTRADICTION,
                "ratios_include_migration",
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

    pub(crate) fn births(&self, site: &Site) -> KnownBirths {
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

/// A stage among the others of its scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StageContext<'a> {
    pub(crate) stage: StageId,
    pub(crate) site: &'a Site,
    /// The stages that the scenario has.
    pub(crate) present: &'a [StageId],
    pub(crate) cohorts: &'a Cohorts,
}

//! Reading the catchments of areas, and which facilities belong to them.

use crate::diagnostic::{Span, code};
use crate::input::{KeyDef, Row, Section, ValueKind};
use crate::language::Text;
use crate::site::Site;
use crate::text;

use crate::services::education::placement::catchments::Catchments;
use crate::services::education::stage::{PerStage, StageId};

/// Keys of a catchment.
pub(crate) const KEYS: &[KeyDef] = &[
    KeyDef::required("area", ValueKind::Text, "", "area that it is a part of", "所属区域"),
    KeyDef::required("stage", ValueKind::Text, "", "stage whose schools it has", "所属学段"),
    KeyDef::optional("label", ValueKind::Label, "", "name", "名称"),
    KeyDef::required(
        "weight",
        ValueKind::Uncertain(0.0, 1e9),
        "children",
        "children of the area who live in it, on any scale: its share is its weight over that of all catchments of the area and stage",
        "居住在该学区的儿童（任意尺度）：占比为其权重除以同区域同学段各学区权重之和",
    ),
    KeyDef::optional(
        "interim_catchment",
        ValueKind::Text,
        "",
        "catchment whose schools its children are zoned to while its own take none (not open yet, closed, or grade not offered)",
        "本学区学校尚未招生（未启用、已停用或未开该年级）时，其儿童划入的学区",
    ).formerly(&["joins"]),
];

/// Columns of the table of facilities: the catchment of a facility, and of its converted rooms in their new stage.
pub(crate) const COLUMN: &str = "catchment";
pub(crate) const COLUMN_OF_CONVERTED: &str = "converts_catchment";

/// A catchment as written.
#[derive(Clone, Debug)]
pub(crate) struct CatchmentInput {
    pub(crate) key: String,
    pub(crate) label: Text,
    area: usize,
    /// Its stage, and its position among the catchments of the stage.
    pub(crate) stage: StageId,
    pub(crate) at: usize,
    span: Span,
}

/// The catchments of all stages.
#[derive(Clone, Debug)]
pub(crate) struct Zoning {
    /// Those that the scenario names, in its order.
    pub(crate) written: Vec<CatchmentInput>,
    pub(crate) stages: PerStage<Catchments>,
}

impl Zoning {
    /// Reads `[education.catchments]`; areas of which it says nothing are whole. `present` are the stages of the scenario.
    pub(crate) fn read(section: &Section<'_>, site: &Site, present: &[StageId]) -> Option<Self> {
        let mut zoning =
            Self { written: Vec::new(), stages: PerStage::from_fn(|_| Catchments::whole(&site.area_ids())) };
        let sections = section.named("catchments");
        let keys: Vec<&str> = sections.iter().map(|(key, _)| key.as_str()).collect();
        let ids: Vec<&str> = present.iter().map(|stage| stage.id()).collect();
        // All of them are read before any fault counts.
        let mut read = Vec::with_capacity(sections.len());
        for (key, one) in &sections {
            let (area, stage) = (one.name_of("area", &site.area_ids()), one.name_of("stage", &ids));
            let (label, weight) = (one.label_or(key), one.uncertain("weight"));
            let joins = one.if_given("interim_catchment", |one, name| one.name_of(name, &keys));
            read.push(area.zip(stage).zip(label).zip(weight.zip(joins)));
        }
        let read: Vec<_> = read.into_iter().collect::<Option<_>>()?;
        let mut joins = Vec::with_capacity(read.len());
        // Their order in the stage follows their names, whatever the order of the scenario.
        let mut by_name: Vec<usize> = (0..keys.len()).collect();
        by_name.sort_by_key(|at| keys[*at]);
        let mut positions = vec![0; keys.len()];
        for at in by_name {
            let (((area, stage), _), (weight, _)) = &read[at];
            positions[at] = zoning.stages[present[*stage]].add(*area, *weight, keys[at]);
        }
        for (((key, one), at), (((area, stage), label), (_, to))) in sections.iter().zip(positions).zip(read) {
            let stage = present[stage];
            zoning.written.push(CatchmentInput { key: key.clone(), label, area, stage, at, span: one.span });
            joins.push(to);
        }
        let possible: Vec<bool> =
            sections.iter().zip(0..).map(|((_, one), from)| zoning.join(one, from, &joins)).collect();
        possible.into_iter().all(|fine| fine).then_some(zoning)
    }

    /// Zones the children of a catchment to the one that it joins; a fault where that cannot be.
    fn join(&mut self, one: &Section<'_>, from: usize, joins: &[Option<usize>]) -> bool {
        let Some(to) = joins[from] else { return true };
        let (here, there) = (&self.written[from], &self.written[to]);
        if (here.area, here.stage) != (there.area, there.stage) {
            let key = &there.key;
            one.fault(
                code::CONTRADICTION,
                "interim_catchment",
                text!("«{key}» is a catchment of another area or stage", "“{key}”是其他区域或学段的学区"),
                Text::new("name a catchment of the same area and stage", "请填同一区域、同一学段的学区"),
            );
            return false;
        }
        let onward = std::iter::successors(joins[from], |at| joins[*at]);
        if onward.take(joins.len()).any(|at| at == from) {
            one.fault(
                code::CONTRADICTION,
                "interim_catchment",
                Text::new("the catchments join each other in a circle", "各学区互相并入，形成循环"),
                Text::new(
                    "leave out `interim_catchment` of the catchment whose schools are there longest",
                    "请删去学校开办最久的那个学区的 `interim_catchment`",
                ),
            );
            return false;
        }
        self.stages[here.stage].set_interim(here.at, there.at);
        true
    }

    /// The catchment that a row names in `column`, by its position in the stage: that of the area where it is not divided or
    /// the places are private.
    pub(crate) fn of_row(
        &self,
        row: &Row<'_>,
        column: &'static str,
        stage: StageId,
        area: usize,
        private: bool,
    ) -> Option<usize> {
        let here: Vec<&CatchmentInput> =
            self.written.iter().filter(|at| (at.stage, at.area) == (stage, area)).collect();
        if !private && !here.is_empty() {
            let keys: Vec<&str> = here.iter().map(|catchment| catchment.key.as_str()).collect();
            return row.name_of(column, &keys).map(|at| here[at].at);
        }
        let written = row.text(column);
        if written.is_empty() {
            return Some(area);
        }
        let found = if private {
            text!(
                "private places have no catchment, but `{column}` is «{written}»",
                "民办学位没有学区，但 `{column}` 写了“{written}”"
            )
        } else {
            let id = stage.id();
            text!("no catchment divides this area at the stage `{id}`", "该区域在学段 `{id}` 没有划分学区")
        };
        let remedy = Text::new(
            "leave the cell empty, or add the catchment, with this area and stage, to [education.catchments]",
            "请留空，或在 [education.catchments] 加入该区域、该学段的学区",
        );
        row.fault(column, found, remedy);
        None
    }

    /// The catchments that a home lies in: keys in the column `catchments`, separated by spaces, one a stage at most.
    pub(crate) fn of_home(&self, row: &Row<'_>, area: usize) -> Option<Vec<String>> {
        let (mut found, mut fine) = (Vec::<&CatchmentInput>::new(), true);
        for key in row.text("catchments").split_whitespace() {
            let Some(written) = self.written.iter().find(|written| written.key == key && written.area == area) else {
                let known: Vec<&str> = self.written.iter().filter(|w| w.area == area).map(|w| w.key.as_str()).collect();
                let known = known.join(", ");
                row.fault(
                    "catchments",
                    text!("«{key}» is no catchment of this area", "“{key}”不是该区域的学区"),
                    text!("write keys of: {known}; or leave the cell empty", "可写：{known}；或留空"),
                );
                fine = false;
                continue;
            };
            if found.iter().any(|other| other.stage == written.stage) {
                row.fault(
                    "catchments",
                    text!("«{key}» is a second catchment of one stage", "“{key}”与同一学段的另一学区重复"),
                    Text::new("name one catchment of each stage", "每个学段只写一个学区"),
                );
                fine = false;
            }
            found.push(written);
        }
        fine.then(|| found.into_iter().map(|written| written.key.clone()).collect())
    }

    /// Notes a fault for each catchment of the stages `read` that no school belongs to.
    pub(crate) fn check(&self, section: &Section<'_>, stages: &[(StageId, &Catchments)]) {
        for written in &self.written {
            let of = stages.iter().find(|(stage, _)| *stage == written.stage);
            if of.is_some_and(|(_, catchments)| catchments.schools(written.at).is_empty()) {
                let key = &written.key;
                section.session.diagnostics.error(
                    code::CONTRADICTION,
                    written.span,
                    text!("no school belongs to the catchment «{key}»", "没有任何学校属于学区“{key}”"),
                    text!(
                        "write `{key}` in the column `catchment` of its schools in the table of facilities, or remove it",
                        "请在设施表相关学校的 `catchment` 列填写 `{key}`，或删去该学区"
                    ),
                );
            }
        }
    }
}

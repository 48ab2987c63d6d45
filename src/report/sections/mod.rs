//! From the results of a run to a report: verdicts first, then the people, each service, the uncertainty, the inputs, the
//! methods. It walks blocks and metrics and never names a service.

mod analytic_reference;
pub(super) mod appraisal;
mod by_area;
mod caveats;
mod closed_form;
pub(super) mod comparison;
mod facts;
mod findings;
mod input_names;
mod inputs;
mod lifetime;
pub(super) mod need;
pub(super) mod observed;
mod peaks;
mod people;
mod required_capacity;
mod served_where;
mod services;
mod track_record;
mod uncertainty;
mod units;
mod verdicts;
mod work;

use self::facts::{fact, origin};
use self::findings::Findings;
use super::document::{Fact, Report, Section};
use super::{number, sentences};
use crate::language::{Language, Text};
use crate::run::Results;
use crate::scenario::Plan;
use crate::study::{Headline, RunSummary, Verdict};
use crate::text;
use crate::uncertainty::InputKind;

/// Builds the report of a run.
pub fn build(
    plan: &Plan,
    results: &Results,
    summary: &RunSummary,
    verdicts: &[Verdict],
    headlines: &[Headline],
) -> Report {
    let findings = Findings { plan, results, summary, verdicts, headlines };
    let mut sections = vec![verdicts::section(findings)];
    sections.extend(analytic_reference::section(findings));
    sections.extend(observed::section(findings));
    sections.extend(people::section(findings));
    sections.extend(services::sections(findings));
    sections.extend(uncertainty::section(findings));
    sections.push(inputs::section(plan));
    sections.extend(methods(plan));
    let appendix = by_area::sections(findings);
    Report { title: plan.label.clone(), subtitle: subtitle(plan), facts: facts(findings), sections, appendix }
}

fn subtitle(plan: &Plan) -> Text {
    let (from, to) = (plan.shown_from, plan.site.end);
    plan.description.clone().unwrap_or_else(|| text!("{from}–{to}", "{from}–{to} 年"))
}

/// How many data and parameters rest on what, and how much of the spread rests on judgement.
fn resting(findings: Findings<'_>) -> Text {
    let plan = findings.plan;
    let all = inputs::figures(plan).count();
    let [standard, statistics, derived, judgement] = InputKind::ALL.map(|kind| inputs::resting_on(plan, kind));
    let said = text!(
        "{all}: {standard} defaults (standard or usual values), {statistics} statistics, {derived} derived, {judgement} judgement",
        "{all} 项：默认值（标准或常用值）{standard}、统计数据 {statistics}、推算 {derived}、判断 {judgement}"
    );
    caveats::explained(findings).map_or(said.clone(), |explained| {
        let more = text!(
            "; {explained} of the spread of results rests on judgement",
            "；结果的离散程度有 {explained} 来自判断"
        );
        sentences::join(&said, &more)
    })
}

fn facts(findings: Findings<'_>) -> Vec<Fact> {
    let Findings { plan, results, .. } = findings;
    let paths = number::whole((results.replications() / 2) as f64);
    let replications = number::whole(results.replications() as f64);
    let areas = plan.site.areas.len();
    let imprint = [
        plan.imprint.organisation.clone().map(|office| fact("Office", "编制单位", office)),
        plan.imprint.contact.clone().map(|contact| fact("Contact", "联系人", contact)),
    ];
    let mut all: Vec<Fact> = imprint.into_iter().flatten().collect();
    all.extend([
        fact("Years", "年份", {
            let (from, to) = (plan.shown_from, plan.site.end);
            text!("{from}–{to}", "{from}–{to}")
        }),
        fact("Areas", "街道", text!("{areas}", "{areas} 个")),
        fact(
            "Replications",
            "模拟次数",
            text!(
                "{replications} ({paths} paths of the uncertain inputs)",
                "{replications} 次（{paths} 组不确定输入）"
            ),
        ),
        fact("Data and parameters", "数据与参数", resting(findings)),
    ]);
    all.extend(origin(plan, results.seed()));
    if !plan.settings.is_empty() {
        all.insert(0, fact("Set for this run", "本次另行设定", Text::name(plan.settings.join("; "))));
    }
    all
}

fn methods(plan: &Plan) -> Option<Section> {
    let mut blocks = Vec::new();
    if plan.people.is_some() {
        blocks.push(super::document::Block::Method(super::document::Method {
            title: crate::population::LABEL,
            text: crate::population::METHOD,
        }));
    }
    for (kind, _) in &plan.services {
        blocks.push(super::document::Block::Method(super::document::Method {
            title: kind.label.clone(),
            text: kind.method.clone(),
        }));
    }
    (!blocks.is_empty()).then(|| Section { key: "methods".to_owned(), title: Text::new("Methods", "方法"), blocks })
}

/// What `check` says of a sound scenario: a summary of what was understood.
pub fn understood(plan: &Plan, language: Language) -> String {
    let site = &plan.site;
    let judged = inputs::resting_on(plan, InputKind::Judgement);
    let defaulted = inputs::figures(plan).filter(|i| i.provenance.defaulted).count();
    let uncertain = plan.parameters.defs().iter().filter(|p| p.is_uncertain()).count();
    let (inputs, areas, projects) = (inputs::figures(plan).count(), site.areas.len(), site.projects.len());
    let (first, start, end) = (site.first_year, site.start, site.end);
    let left_out = site.projects.iter().filter(|p| p.left_out).count();
    let services: Vec<&str> = plan.services.iter().map(|(kind, _)| kind.label.get(language)).collect();
    let stages = plan.catalogue.blocks().filter(|(_, b)| b.promise.is_some()).count();
    let people = plan.people.as_ref().map_or(0, crate::population::PeopleModel::persons);
    let (label, services) = (
        plan.label.get(language),
        services.join(match language {
            Language::En => ", ",
            Language::Zh => "、",
        }),
    );
    let services = match (services.is_empty(), language) {
        (false, _) => services,
        (true, Language::En) => "none".to_owned(),
        (true, Language::Zh) => "无".to_owned(),
    };
    let people = number::whole(people as f64);
    let said = match language {
        Language::En => format!(
            "ok: {label}\n  people      {people} counted, {areas} area(s)\n  years       {start}-{end}, carried forward from {first}\n  services    {services} ({stages} stages with a target)\n  projects    {projects}, of which {left_out} left out\n  inputs      {inputs}: {uncertain} uncertain, {judged} judgements, {defaulted} standard or usual values\n"
        ),
        Language::Zh => format!(
            "没有问题：{label}\n  人口    {people} 人，{areas} 个区域\n  年份    {start}–{end}，自 {first} 年推算\n  服务    {services}（{stages} 个有目标的学段（层级））\n  项目    {projects} 个，其中不实施 {left_out} 个\n  数据    {inputs} 项：不确定 {uncertain} 项，判断 {judged} 项，标准或常用值 {defaulted} 项\n"
        ),
    };
    let people = plan.people.iter().flat_map(|people| people.notes(&plan.parameters));
    let notes = people.chain(plan.notes()).chain([work::note(plan)]);
    notes.fold(said, |said, note| format!("{said}  {}\n", note.get(language)))
}

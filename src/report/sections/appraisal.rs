//! The report of `projects`: what each project is worth, all of them against all but that one, or what more places are worth.

use super::caveats::coarse_below;
use super::facts;
use crate::language::Text;
use crate::report::document::{
    Bar, BarKind, Bars, Block, Caption, Caveat, Cell, Column, Measure, Report, Row, Section, Shade, Table, Weight,
};
use crate::report::{number, words};
use crate::scenario::Plan;
use crate::study::appraisal::{ProjectValue, StageValue, Subject};
use crate::text;

const OF_PROJECTS: Text = Text::new(
    "The whole plan against the plan without one project, replication by replication with the same draws: people who \
         would go unserved without it. Values do not add up: two projects that stand in for each other are each worth \
         little, and together much. A year needs a project when leaving it out raises the number unserved at least 20 \
         points more often than it lowers it. Place-years in use weigh the places added with the use of all places of the \
         same area and year.",
    "以全部项目的方案与取消一个项目后的方案逐次配对比较（随机数相同）：少了它会有多少人未获服务。各项目价值不可相加：可相互替代的两个项目单独看价值都小，合起来则大。若缺少某项目使未获服务人数上升的频率比下降的频率高出 20 个百分点以上，则该年需要此项目。在用的学位·年（床位·年）按同一街道、同一年全部供给的利用率折算。",
);

const OF_PLACES: Text = Text::new(
    "The plan with more places (beds) at one place at a time against the plan as it is, replication by replication with the \
     same draws: people who would go unserved without them, and people sent outside the district. A bed may show in other \
     tiers than its own, for patients who find one full go to the next. Values do not add up: more beds here make more beds \
     there worth less. A year needs the places when they lower the number unserved at least 20 points more often than they \
     raise it; one bed is small beside chance, so ask for several (--extra-capacity 10) where the 5% and 95% lie on both sides of 0.",
    "在原方案之外每次只在一处增加供给（床位），与原方案逐次配对比较（随机数相同）：没有它们会多出多少人未获服务、多少人转往区外。病人遇满床会转往他处，因此增加的床位也会在其他层级见效。各处价值不可相加：此处增床会降低他处增床的价值。若增加的供给使未获服务人数下降的频率比上升的频率高出 20 个百分点以上，则该年需要。单张床位的作用小于随机波动，若 5% 与 95% 分居 0 的两侧，请一次增加多张（--extra-capacity 10）。",
);

/// Builds the report of the value of each project, or of so many `more` places at each place.
pub fn appraisal(plan: &Plan, values: &[ProjectValue], replications: usize, seed: u64, more: Option<u32>) -> Report {
    let mut blocks = vec![Block::Prose(if more.is_some() { OF_PLACES } else { OF_PROJECTS })];
    blocks.extend((replications < coarse_below()).then(|| coarse(replications)).map(Block::Caveat));
    let mut values: Vec<&ProjectValue> = values.iter().collect();
    values.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    blocks.extend(chart(plan, &values).map(Block::Bars));
    blocks.push(Block::Table(overview(plan, &values, more)));
    let title = more.map_or_else(
        || Text::new("What each project is worth", "各项目的价值"),
        |places| text!("What {places} more at each place are worth", "各处增加 {places} 个（张）的价值"),
    );
    let mut sections = vec![Section { key: "projects".to_owned(), title: title.clone(), blocks }];
    sections.push(Section {
        key: "years".to_owned(),
        title: Text::new("Year by year", "逐年"),
        blocks: values.iter().copied().flat_map(|value| by_year(plan, value)).collect(),
    });
    Report {
        title: plan.label.clone(),
        subtitle: title,
        facts: facts::of_study(plan, replications, values.len() + 1, seed),
        sections,
        appendix: Vec::new(),
    }
}

fn coarse(replications: usize) -> Caveat {
    Caveat {
        weight: Weight::Serious,
        says: text!(
            "Coarse values: {replications} replications of each run.",
            "结果较粗：每次运行仅 {replications} 次模拟。"
        ),
        advice: Text::new("run 200 or more before quoting a number", "引用数字前请至少运行 200 次"),
    }
}

/// What a project is worth at the stage where it is worth most; stages count different things and are not added.
fn worth(value: &ProjectValue) -> f64 {
    value.stages.iter().map(|stage| stage.fewer.mean).fold(f64::NEG_INFINITY, f64::max)
}

/// Bars of the fewer unserved, a bar for each project and stage where it shows.
fn chart(plan: &Plan, values: &[&ProjectValue]) -> Option<Bars> {
    let of_project = |value: &&ProjectValue| {
        let label = value.subject.label.clone();
        let shown = value.stages.iter().filter(|stage| stage.fewer.mean >= 0.5);
        let bars = shown.map(move |stage| {
            let [low, high] = [0, 6].map(|at| number::whole(stage.fewer.quantiles[at]));
            let (en, zh) = (&label.en, &label.zh);
            let (stage_en, stage_zh) = {
                let block = plan.catalogue.block(stage.block);
                (&block.stage_label.en, &block.stage_label.zh)
            };
            Bar {
                label: text!("{en} ({stage_en})", "{zh}（{stage_zh}）"),
                from: 0.0,
                to: stage.fewer.mean,
                kind: BarKind::Plain,
                note: Some(text!("90% interval {low} to {high}", "90% 区间 {low} 至 {high}")),
            }
        });
        bars.collect::<Vec<_>>()
    };
    let bars: Vec<Bar> = values.iter().flat_map(of_project).collect();
    let caption = Caption::new(Text::new("Fewer unserved over all years, mean", "各年合计减少的未获服务（均值）"));
    (!bars.is_empty()).then_some(Bars { caption, measure: Measure::Count, base: None, bars })
}

fn overview(plan: &Plan, values: &[&ProjectValue], more: Option<u32>) -> Table {
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let columns = vec![
        if more.is_some() { heading("Where", "何处") } else { heading("Project", "项目") },
        heading("Opens", "启用"),
        Column::new(words::STAGE.clone()),
        heading("Fewer unserved, all years", "减少未获服务（各年合计）"),
        heading("5%", "5%"),
        heading("95%", "95%"),
        heading("Fewer sent outside", "减少转往区外"),
        heading("Target missed at most, with it", "有此项目的最高不达标概率").shade(Shade::Risk),
        heading("without", "取消后").shade(Shade::Risk),
        heading("Place-years", "学位·年、床位·年"),
        heading("in use", "在用"),
        heading("First needed", "首个需要年份"),
        heading("Last needed", "末个需要年份"),
    ];
    let mut rows = Vec::new();
    for value in values {
        let mut name = [Cell::Text(value.subject.label.clone()), opens(&value.subject)];
        if value.stages.is_empty() {
            let mut cells = name.to_vec();
            cells.push(Cell::Text(Text::new("nothing", "无影响")));
            cells.resize(columns.len(), Cell::Empty);
            rows.push(Row::new(cells));
        }
        for stage in &value.stages {
            let mut cells = std::mem::replace(&mut name, [Cell::Empty, Cell::Empty]).to_vec();
            cells.extend(stage_cells(plan, stage));
            rows.push(Row::new(cells));
        }
    }
    let title =
        if more.is_some() { Text::new("Every place", "各处") } else { Text::new("Every project", "全部项目") };
    Table { caption: Caption::new(title), columns, rows }
}

/// The month in which a project opens.
fn opens(subject: &Subject) -> Cell {
    subject.opens.map_or(Cell::Empty, |months| {
        Cell::Text(Text::name(format!("{}-{:02}", months as u32 / 12, months as u32 % 12 + 1)))
    })
}

fn stage_cells(plan: &Plan, stage: &StageValue) -> Vec<Cell> {
    let none = || Cell::Text(Text::new("never", "无"));
    vec![
        Cell::Text(plan.catalogue.block(stage.block).stage_label.clone()),
        Cell::count(stage.fewer.mean),
        Cell::count(stage.fewer.quantiles[0]),
        Cell::count(stage.fewer.quantiles[6]),
        stage.fewer_outside.map_or(Cell::Empty, |fewer| Cell::count(fewer.mean)),
        Cell::probability(stage.worst[0].1),
        Cell::probability(stage.worst[1].1),
        Cell::count(stage.place_years),
        stage.used.map_or(Cell::Empty, |share| Cell::percent(share, 0)),
        stage.needed.map_or_else(none, |(first, _)| Cell::year(first)),
        stage.needed.map_or_else(none, |(_, last)| Cell::year(last)),
    ]
}

/// A table for each stage of a project.
fn by_year(plan: &Plan, value: &ProjectValue) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(value.subject.label.clone())];
    for stage in &value.stages {
        let block = plan.catalogue.block(stage.block);
        let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
        let columns = vec![
            heading("Year", "年份"),
            heading("Fewer unserved", "减少未获服务人数"),
            heading("5%", "5%"),
            heading("50%", "50%"),
            heading("95%", "95%"),
            heading("Fewer with probability", "减少的概率"),
            heading("More", "增加的概率"),
            heading("Target missed with it", "有此项目的不达标概率").shade(Shade::Risk),
            heading("without", "取消后").shade(Shade::Risk),
            heading("Places it adds", "新增供给"),
        ];
        let rows = stage.years.iter().map(|year| {
            let q = year.fewer.quantiles;
            Row::new(vec![
                Cell::year(year.year),
                Cell::count(year.fewer.mean),
                Cell::count(q[0]),
                Cell::count(q[3]),
                Cell::count(q[6]),
                Cell::probability(year.better),
                Cell::probability(year.worse),
                Cell::probability(year.risks[0]),
                Cell::probability(year.risks[1]),
                Cell::count(year.places),
            ])
        });
        let (a, b, c, d) =
            (&block.service_label.en, &block.stage_label.en, &block.service_label.zh, &block.stage_label.zh);
        let caption = Caption::new(text!("{a} · {b}", "{c} · {d}"));
        blocks.push(Block::Table(Table { caption, columns, rows: rows.collect() }));
    }
    blocks
}

//! The report of `projects`: what each project is worth, all of them against all but that one.

use super::verdicts::coarse_below;
use crate::language::Text;
use crate::report::document::{Block, Caption, Caveat, Cell, Column, Fact, Report, Row, Section, Shade, Table, Weight};
use crate::report::number;
use crate::scenario::Plan;
use crate::study::projects::{ProjectValue, StageValue};
use crate::text;

/// Builds the report of the value of each project.
pub fn projects(plan: &Plan, values: &[ProjectValue], replications: usize, seed: u64) -> Report {
    let mut blocks = vec![Block::Prose(Text::new(
        "The whole plan against the plan without one project, replication by replication with the same draws: people who \
         would go unserved without it. Values do not add up: two projects that stand in for each other are each worth \
         little, and together much. A year needs a project when leaving it out raises the number unserved at least 20 \
         points more often than it lowers it. Place-years in use weigh the places added with the use of all places of the \
         same area and year.",
        "以全部项目的方案与仅缺一个项目的方案逐次配对比较（随机数相同）：少了它会有多少人得不到服务。各项目价值不可相加：可相互替代的两个项目单独看价值都小，合起来则大。若缺少某项目使无服务人数上升的频率比下降的频率高出 20 个百分点以上，则该年需要此项目。在用位年按同一街道、同一年全部位子的使用率折算。",
    ))];
    blocks.extend((replications < coarse_below()).then(|| coarse(replications)).map(Block::Caveat));
    blocks.push(Block::Table(overview(plan, values)));
    let mut sections = vec![Section {
        key: "projects".to_owned(),
        title: Text::new("What each project is worth", "各项目的价值"),
        blocks,
    }];
    sections.push(Section {
        key: "years".to_owned(),
        title: Text::new("Year by year", "逐年"),
        blocks: values.iter().flat_map(|value| by_year(plan, value)).collect(),
    });
    let fact = |en: &'static str, zh: &'static str, value: Text| Fact { label: Text::new(en, zh), value };
    let (from, to) = (plan.shown_from, plan.site.end);
    Report {
        title: plan.label.clone(),
        subtitle: Text::new("The value of each project", "各建设项目的价值"),
        facts: vec![
            fact("Years", "年份", Text::name(format!("{from}–{to}"))),
            fact("Replications of each run", "每次运行的模拟次数", Text::name(number::whole(replications as f64))),
            fact("Runs", "运行数", Text::name((values.len() + 1).to_string())),
            fact("Seed", "随机种子", Text::name(seed.to_string())),
            fact("Scenario hash", "方案哈希", Text::name(plan.hash.chars().take(16).collect::<String>())),
            fact("civicap", "civicap", Text::name(env!("CARGO_PKG_VERSION"))),
        ],
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

fn overview(plan: &Plan, values: &[ProjectValue]) -> Table {
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let columns = vec![
        heading("Project", "项目"),
        heading("Opens", "启用"),
        heading("Stage", "学段/层级"),
        heading("Fewer unserved, all years", "减少无服务（各年合计）"),
        heading("5%", "5%"),
        heading("95%", "95%"),
        heading("Highest risk with it", "有此项目的最高风险").shade(Shade::Risk),
        heading("without", "无此项目").shade(Shade::Risk),
        heading("Place-years", "位年"),
        heading("in use", "在用"),
        heading("First needed", "首个需要年份"),
        heading("Last needed", "末个需要年份"),
    ];
    let mut rows = Vec::new();
    for value in values {
        let project = &plan.site.projects[value.project];
        let opens = format!("{}-{:02}", project.opens as u32 / 12, project.opens as u32 % 12 + 1);
        let mut name = [Cell::Text(project.label.clone()), Cell::Text(Text::name(opens))];
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
    Table { caption: Caption::new(Text::new("Every project", "全部项目")), columns, rows }
}

fn stage_cells(plan: &Plan, stage: &StageValue) -> Vec<Cell> {
    let none = || Cell::Text(Text::new("never", "无"));
    vec![
        Cell::Text(plan.catalogue.block(stage.block).stage_label.clone()),
        Cell::count(stage.fewer.mean),
        Cell::count(stage.fewer.quantiles[0]),
        Cell::count(stage.fewer.quantiles[6]),
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
    let project = &plan.site.projects[value.project];
    let mut blocks = vec![Block::Heading(project.label.clone())];
    for stage in &value.stages {
        let block = plan.catalogue.block(stage.block);
        let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
        let columns = vec![
            heading("Year", "年份"),
            heading("Fewer unserved", "减少无服务人数"),
            heading("5%", "5%"),
            heading("50%", "50%"),
            heading("95%", "95%"),
            heading("Fewer with probability", "减少的概率"),
            heading("More", "增加的概率"),
            heading("Risk with it", "有此项目的风险").shade(Shade::Risk),
            heading("without", "无此项目").shade(Shade::Risk),
            heading("Places it adds", "新增位数"),
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

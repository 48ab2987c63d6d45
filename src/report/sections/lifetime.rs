//! The life of added places and the intakes of projects, as tables of a stage.

use super::findings::Findings;
use crate::language::Text;
use crate::metric::BlockId;
use crate::report::document::{Caption, Cell, Column, Row, Shade, Table};
use crate::report::number;
use crate::study::{Intake, Lifetime, intakes, lifetimes};
use crate::text;

/// When added places are needed and when use is low; `None` where the block has no users.
pub(super) fn table(findings: Findings<'_>, id: BlockId) -> Option<Table> {
    let rows = lifetimes(findings.plan, findings.results, findings.summary, id);
    let (looked_at, _) = rows.last()?.low_use;
    let line = findings.plan.catalogue.block(id).promise.as_ref().map_or(0.0, |promise| promise.surplus_below);
    let line = number::percent(line, 0);
    let columns = vec![
        Column::new(Text::new("Area", "街道")),
        Column::new(Text::new("Places in the first year", "首年学位（床位）")),
        Column::new(Text::new("Most added", "最多新增")),
        Column::new(Text::new("Added ever used, probability", "新增学位（床位）被使用的概率")),
        Column::new(Text::new("Last year needed, median", "最后需要的年份（中位数）")),
        Column::new(Text::new("10%", "10%")),
        Column::new(Text::new("90%", "90%")),
        Column::new(Text::new("Added place-years used", "新增学位·年（床位·年）利用率")),
        Column::new(text!("Use below {line} in {looked_at}", "{looked_at} 年利用率低于 {line} 的概率")),
        Column::new(Text::new("First year with more than 20% risk", "不达标概率首次超过 20% 的年份"))
            .shade(Shade::Risk),
    ];
    let whole = rows.len() - 1;
    let rows = rows.iter().enumerate().map(|(at, row)| Row { cells: cells(findings, row), whole: at == whole });
    let caption = Caption::new(Text::new("How long added places are needed", "新增学位（床位）的需求持续年限"));
    Some(Table { caption, columns, rows: rows.collect() })
}

fn cells(findings: Findings<'_>, row: &Lifetime) -> Vec<Cell> {
    let year = |at: usize| row.last_needed.map_or(Cell::Empty, |s| Cell::year(s.quantiles[at].round() as i32));
    vec![
        Cell::Text(findings.row_label(row.row)),
        Cell::count(row.base),
        Cell::count(row.added),
        row.ever_needed.map_or(Cell::Empty, Cell::probability),
        year(3),
        year(1),
        year(5),
        row.used.map_or(Cell::Empty, |s| Cell::percent(s.mean, 0)),
        Cell::probability(row.low_use.1),
        row.first_risky.map_or(Cell::Empty, Cell::year),
    ]
}

/// How often each project misses the intake that it is planned for; `None` without projects.
pub(super) fn missed_intakes(findings: Findings<'_>, id: BlockId) -> Option<Table> {
    let found = intakes(findings.plan, findings.results, id);
    if found.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new(Text::new("Project", "项目")),
        Column::new(Text::new("Planned opening", "计划启用")),
        Column::new(Text::new("Intake of September", "计划首次招生（9月）")),
        Column::new(Text::new("Probability of missing it", "未赶上当年秋季招生的概率")).shade(Shade::Risk),
        Column::new(Text::new("Mean years late", "平均推迟年数")),
    ];
    let row = |intake: &Intake| {
        let project = &findings.plan.site.projects[intake.project];
        let (year, month) = ((intake.planned / 12.0) as i32, intake.planned as u32 % 12 + 1);
        Row::new(vec![
            Cell::Text(project.label.clone()),
            Cell::Text(number::month(year, month)),
            Cell::Text(Text::name(intake.year.to_string())),
            Cell::probability(intake.missed),
            Cell::real(intake.years_late, 2),
        ])
    };
    let caption = Caption::new(Text::new("Projects and the autumn intake", "项目能否在秋季开学前投用"));
    Some(Table { caption, columns, rows: found.iter().map(row).collect() })
}

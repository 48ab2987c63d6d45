//! Finished runs that were made with another seed or number of replications than the comparison: they were made again, so
//! that they can be paired, and what they said themselves stands beside each other here.

use super::members::{Member, Part};
use crate::language::Text;
use crate::report::document::{Block, Caption, Caveat, Cell, Column, Measure, Row, Shade, Table, Weight};
use crate::report::{number, words};
use crate::study::comparison::Difference;
use crate::text;

/// Standard errors beyond which a difference is more than two seeds make.
const MORE_THAN_CHANCE: f64 = 2.0;

/// What two runs said themselves of those unserved in a year, and whether their seeds explain the difference.
pub(super) fn sentence(cell: &Difference, year: i32) -> Text {
    let [a, b, apart] = [cell.a.mean, cell.b.mean, cell.mean.abs()].map(|count| number::real(count, 1));
    let error = number::real(cell.mcse, 1);
    let (en, zh) = if cell.mean.abs() > MORE_THAN_CHANCE * cell.mcse {
        ("more than chance explains", "超出随机差异")
    } else {
        ("no more than chance explains", "未超出随机差异")
    };
    text!(
        "Unserved in {year}, as the runs were made: {a} and {b}, {apart} apart with a standard error of {error}, {en}.",
        "{year} 年未获服务者，按各自原来的运行：{a} 与 {b}，相差 {apart}（标准误 {error}），{zh}。"
    )
}

/// Says of a run that it was made again to be paired.
pub(super) fn caveat(part: Part<'_>, member: &Member) -> Option<Caveat> {
    let made = member.made_with?;
    let (own_seed, own) = (made.seed, number::whole(f64::from(made.replications)));
    let (seed, replications) = (part.compared.seed, number::whole(part.compared.replications as f64));
    let (en, zh) = (&member.label.en, &member.label.zh);
    Some(Caveat {
        weight: Weight::Serious,
        says: text!(
            "The finished run «{en}» was made with seed {own_seed} and {own} replications; to be paired it was made again with \
             seed {seed} and {replications}.",
            "已完成运行“{zh}”原用种子 {own_seed}、模拟 {own} 次；为便于配对，已用种子 {seed}、模拟 {replications} 次重新运行。"
        ),
        advice: Text::new(
            "its own numbers stand in the table of the runs as they were made; what those differ by chance is told by their standard errors",
            "其原有数字见“各次运行的原有结果”表；随机差异的大小见标准误",
        ),
    })
}

/// The runs as they were made, beside each other.
pub(super) fn table(part: Part<'_>) -> Option<Block> {
    let versus = part.versus;
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let columns = vec![
        Column::new(words::STAGE.clone()),
        heading("Plan", "方案"),
        heading("Seed", "随机种子"),
        heading("Replications", "模拟次数"),
        heading("Highest risk", "最高风险").shade(Shade::Risk),
        heading("in", "年份"),
        heading("Year", "所示年份"),
        heading("Unserved in that year", "该年未获服务者"),
        heading("Standard error", "标准误"),
    ];
    let mut rows = Vec::new();
    for headline in &versus.headlines {
        let Some(stage) = versus.own_stage(headline) else { continue };
        let cell = versus.own_unserved(headline);
        let shown = &versus.comparison.stages[headline.stage];
        let name = Cell::Text(words::with_service(&shown.service_label, &shown.stage_label));
        let sides = [
            (name, &part.compared.baseline, &stage.standings[0], cell.map(|cell| cell.a)),
            (Cell::Empty, &versus.member, &stage.standings[1], cell.map(|cell| cell.b)),
        ];
        rows.extend(sides.map(|(name, member, standing, unserved)| {
            let worst = standing.as_ref().and_then(|standing| standing.worst_year);
            let (seed, replications) = made_with(part, member);
            Row::new(vec![
                name,
                Cell::Text(Text::name(member.name.clone())),
                Cell::Text(Text::name(seed.to_string())),
                Cell::count(replications as f64),
                worst.map_or(Cell::Empty, |(_, p)| Cell::probability(p)),
                worst.map_or(Cell::Empty, |(year, _)| Cell::year(year)),
                Cell::year(headline.year),
                unserved.map_or(Cell::Empty, |unserved| Cell::Number(unserved.mean, Measure::Real(1))),
                unserved.map_or(Cell::Empty, |unserved| Cell::Number(unserved.mcse, Measure::Real(1))),
            ])
        }));
    }
    let caption = Caption::new(Text::new("The runs as they were made", "各次运行的原有结果"));
    (!rows.is_empty()).then_some(Block::Table(Table { caption, columns, rows }))
}

/// Seed and number of replications of the numbers that stand for a plan here.
fn made_with(part: Part<'_>, member: &Member) -> (u64, usize) {
    let now = (part.compared.seed, part.compared.replications);
    member.made_with.map_or(now, |made| (made.seed, made.replications as usize))
}

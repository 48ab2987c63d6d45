//! From comparisons to a report: verdict changes first, then the differences of each service, what moved them, and how
//! the comparison was made. It walks stages and metrics and never names a service.

mod attribution;
mod differences;
mod members;
mod own_results;
mod plans;
mod verdicts;

pub use self::members::{Compared, MadeWith, Member, Origin, Versus};
use self::members::{Part, years};
use super::facts::{fact, program};
use crate::language::Text;
use crate::report::document::{Block, Caption, Cell, Column, Fact, Report, Row, Section, Table};
use crate::report::number;
use crate::study::comparison::Comparison;
use crate::text;

/// Builds the report of a comparison.
pub fn comparison(compared: &Compared) -> Report {
    let mut sections = vec![verdicts::section(compared)];
    for (i, versus) in compared.others.iter().enumerate() {
        let part = Part { compared, versus, index: i };
        sections.extend(attribution::sections(part));
        sections.extend(differences::sections(part));
    }
    sections.push(how(compared));
    let others = compared.others.iter().map(|v| &v.member.label).collect::<Vec<_>>();
    let (en, zh) = (join(&others, ", ").0, join(&others, "、").1);
    let (a_en, a_zh) = (&compared.baseline.label.en, &compared.baseline.label.zh);
    Report {
        title: text!("{en}, against: {a_en}", "{zh}，对比：{a_zh}"),
        subtitle: Text::new("Every difference is this plan less the baseline.", "所有差值均为本方案减去基准方案。"),
        facts: facts(compared),
        sections,
        appendix: Vec::new(),
    }
}

fn join(labels: &[&Text], comma: &str) -> (String, String) {
    let en: Vec<&str> = labels.iter().map(|t| t.en.as_ref()).collect();
    let zh: Vec<&str> = labels.iter().map(|t| t.zh.as_ref()).collect();
    (en.join(comma), zh.join(comma))
}

fn facts(compared: &Compared) -> Vec<Fact> {
    let mut spans: Vec<String> =
        compared.others.iter().map(|v| v.comparison.years).map(|(from, to)| years(from, to)).collect();
    spans.dedup();
    let pairs = number::whole(compared.replications as f64);
    vec![
        fact("Baseline", "基准方案", compared.baseline.label.clone()),
        fact("Years compared", "比较年份", Text::name(spans.join(", "))),
        fact("Replications of each", "每个方案的模拟次数", Text::name(pairs)),
        fact("Seed", "随机种子", Text::name(compared.seed.to_string())),
        program(),
    ]
}

/// How it was compared: the members, which way is better, what pairing gained.
fn how(compared: &Compared) -> Section {
    let members = [&compared.baseline].into_iter().chain(compared.others.iter().map(|v| &v.member));
    let rows = members.map(|member| {
        let origin = match member.origin {
            Origin::Simulated => Text::new("simulated now", "本次模拟"),
            Origin::Again => Text::new(
                "a finished run with an unchanged scenario: simulated again, so that it can be paired",
                "已完成的运行，方案未变：重新模拟以便配对",
            ),
            Origin::Kept => Text::new(
                "a finished run whose scenario has been edited since: simulated again from the inputs kept with it",
                "已完成的运行，其方案文件此后有改动：用随结果保存的输入重新模拟",
            ),
            Origin::SummaryOfChanged => Text::new(
                "the summary of a finished run: its scenario has changed since",
                "已完成运行的汇总：其方案文件此后已改动",
            ),
            Origin::SummaryOfMissing => Text::new(
                "the summary of a finished run: its scenario is not there any more",
                "已完成运行的汇总：其方案文件已不存在",
            ),
        };
        Row::new(vec![
            Cell::Text(member.label.clone()),
            Cell::Text(Text::name(member.file.clone())),
            Cell::Text(origin),
        ])
    });
    let members = Table {
        caption: Caption::new(Text::new("The plans", "参与比较的方案")),
        columns: [("Plan", "方案"), ("File", "文件"), ("Numbers", "数据")]
            .map(|(en, zh)| Column::new(Text::new(en, zh)))
            .into(),
        rows: rows.collect(),
    };
    let mut blocks = vec![Block::Table(members)];
    blocks.extend(compared.others.iter().enumerate().filter_map(|(i, versus)| {
        let said = paired(&versus.comparison)?;
        Some(Block::Prose(Part { compared, versus, index: i }.title(&said)))
    }));
    blocks.push(Block::Prose(Text::new(
        "All plans run under one seed: replication r draws each input of the same key, and the chance events of each area \
         and year, from the same random stream in every plan, so what they share cancels in the difference. «Better» is \
         the share of replications in which the difference has the better sign; replications without a difference count \
         neither as better nor as worse. Which way is better stands beside each metric \
         (better_when in comparison.csv); demand, places and people served are neither good nor bad by themselves.",
        "各方案使用同一随机种子：同名输入、同一街道与年份的偶然事件在各方案第 r 次模拟中取自同一随机序列，相同部分在差值中相互抵消。“更好”指差值朝有利方向的模拟所占比例；无差异的模拟既不算更好也不算更差。各指标以何方向为好见 comparison.csv 的 better_when 列；需求、学位（床位）数和服务人数本身不分好坏。"
    )));
    Section { key: "how".to_owned(), title: Text::new("How this was compared", "比较方法"), blocks }
}

/// One line on what pairing gained.
pub(super) fn paired(comparison: &Comparison) -> Option<Text> {
    let Some(gain) = comparison.reduction else {
        return comparison
            .paired
            .then(|| Text::new("No number differs between the two plans.", "两个方案的所有数字完全相同。"));
    };
    let factor = if gain.factor >= 100.0 { number::whole(gain.factor) } else { number::real(gain.factor, 1) };
    let cells = number::whole(gain.cells as f64);
    Some(text!(
        "Pairing makes differences as sure as {factor} times the replications would without it (median of the district's {cells} numbers that differ).",
        "配对使差值的精度相当于不配对时 {factor} 倍的模拟次数（全区 {cells} 个有差异数字的中位数）。"
    ))
}

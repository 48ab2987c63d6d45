//! What moved it: the inputs that differ, what is only in one plan, groups of changes switched one after another, and
//! earlier forecasts beside a later count.

use super::members::Part;
use crate::language::Text;
use crate::report::document::{Block, Caption, Caveat, Cell, Column, Row, Section, Table, Weight};
use crate::report::{number, words};
use crate::scenario::{Change, TableChange};
use crate::study::comparison::{Actuals, Counted, EXPLAINED, Unmatched};
use crate::text;

/// Most changed rows of one table that are shown.
const MOST_ROWS: usize = 12;

pub(super) fn sections(part: Part<'_>) -> Vec<Section> {
    let mut blocks = vec![match &part.versus.changes {
        Some(changes) if changes.is_empty() => {
            Block::Prose(Text::new("No input differs between the two plans.", "两个方案的输入完全相同。"))
        }
        Some(changes) => Block::Table(inputs(changes)),
        None => Block::Prose(Text::new(
            "The inputs of a plan that is not there any more cannot be compared.",
            "方案文件已不存在，无法比较输入。",
        )),
    }];
    blocks.extend(alone(part));
    blocks.extend(steps(part));
    let mut sections =
        vec![Section {
            key: part.key("moved"), title: part.title(&Text::new("What moved it", "变化的原因")), blocks
        }];
    let known = part.versus.actuals.is_some() || !part.versus.counted.is_empty();
    sections.extend(known.then(|| forecast(part)));
    sections
}

fn inputs(changes: &[Change]) -> Table {
    let mut rows = Vec::new();
    for change in changes {
        let value = |value: &Option<String>| {
            value.clone().map_or_else(|| Cell::Text(Text::new("not given", "未给出")), |v| Cell::Text(Text::name(v)))
        };
        rows.push(Row::new(vec![
            Cell::Text(change.group.cause.label()),
            Cell::Text(change.group.label.clone()),
            Cell::Text(Text::name(change.key())),
            value(&change.before),
            match &change.rows {
                None => value(&change.after),
                Some(table) => Cell::Text(counts(change.after.as_deref().unwrap_or(""), table)),
            },
        ]));
        if let Some(table) = &change.rows {
            rows.extend(table_rows(table));
        }
    }
    let columns = [("News", "类别"), ("Part", "部分"), ("Input", "输入"), ("Before", "原值"), ("Now", "现值")];
    Table {
        caption: Caption::new(Text::new("Inputs that differ", "有差异的输入")),
        columns: columns.map(|(en, zh)| Column::new(Text::new(en, zh))).into(),
        rows,
    }
}

fn counts(file: &str, table: &TableChange) -> Text {
    let (changed, added, removed) = (table.changed.len(), table.added.len(), table.removed.len());
    text!(
        "{file}: {changed} rows changed, {added} added, {removed} removed",
        "{file}：{changed} 行改动，{added} 行新增，{removed} 行删除"
    )
}

/// The rows of a table that differ, as far as anybody would read them.
fn table_rows(table: &TableChange) -> Vec<Row> {
    let text = |words: String| Cell::Text(Text::name(words));
    let mut rows: Vec<Row> = Vec::new();
    let mut say = |what: Cell, before: Cell, after: Cell| {
        rows.push(Row::new(vec![Cell::Empty, Cell::Empty, what, before, after]));
    };
    for columns in [(&table.columns_removed, true), (&table.columns_added, false)] {
        for column in columns.0 {
            let name = text(column.clone());
            let what = Cell::Text(Text::new("column", "列"));
            if columns.1 { say(what, name, Cell::Empty) } else { say(what, Cell::Empty, name) }
        }
    }
    for change in &table.changed {
        let side = |pick: fn(&(String, String, String)) -> &String| {
            let cells = change.cells.iter().map(|cell| format!("{} = {}", cell.0, pick(cell)));
            text(cells.collect::<Vec<_>>().join("; "))
        };
        say(text(change.row.clone()), side(|c| &c.1), side(|c| &c.2));
    }
    for row in &table.removed {
        say(Cell::Text(Text::new("row", "行")), text(row.clone()), Cell::Empty);
    }
    for row in &table.added {
        say(Cell::Text(Text::new("row", "行")), Cell::Empty, text(row.clone()));
    }
    if rows.len() > MOST_ROWS {
        let left = rows.len() - MOST_ROWS;
        rows.truncate(MOST_ROWS);
        let more = text!("and {left} more rows", "另有 {left} 行");
        rows.push(Row::new(vec![Cell::Empty, Cell::Empty, Cell::Text(more), Cell::Empty, Cell::Empty]));
    }
    rows
}

/// What is only in one plan, as a list.
fn alone(part: Part<'_>) -> Option<Block> {
    let labels = [&part.compared.baseline.label, &part.versus.member.label];
    let mut rows = Vec::new();
    for (label, only) in labels.into_iter().zip(&part.versus.comparison.only_in) {
        for (kind, names) in kinds(only) {
            rows.extend(
                names
                    .into_iter()
                    .map(|name| Row::new(vec![Cell::Text(label.clone()), Cell::Text(kind.clone()), Cell::Text(name)])),
            );
        }
    }
    let columns = [("Only in", "仅见于"), ("What", "类别"), ("Name", "名称")];
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            caption: Caption::new(Text::new("In one plan only: listed, not compared", "仅在一个方案中：列出而不比较")),
            columns: columns.map(|(en, zh)| Column::new(Text::new(en, zh))).into(),
            rows,
        })
    })
}

fn kinds(only: &Unmatched) -> [(Text, Vec<Text>); 3] {
    let stages = only.stages.iter().map(|only| words::with_service(&only.service_label, &only.stage_label));
    [
        (Text::new("area", "区域"), only.areas.clone()),
        (Text::new("stage", "学段（层级）"), stages.collect()),
        (Text::new("project carried out", "实施的项目"), only.projects.clone()),
    ]
}

/// Groups of changes switched one after another, a table for each stage that moves.
fn steps(part: Part<'_>) -> Vec<Block> {
    let versus = part.versus;
    if versus.steps.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Caveat(Caveat {
        weight: Weight::Note,
        says: Text::new(
            "The steps below switch one group of changes after another, in the order of the file; each keeps those before it. They add up to the whole.",
            "下列步骤按文件顺序逐组切换输入，每步保留此前的改动；各步之和等于总变化。",
        ),
        advice: Text::new(
            "groups act together: in another order a step would be larger or smaller",
            "各组输入相互作用：换一种顺序，各步的大小会不同",
        ),
    })];
    for (at, headline) in versus.headlines.iter().enumerate() {
        let stage = &versus.comparison.stages[headline.stage];
        let moves = versus.steps.iter().any(|s| s.moved[at].iter().flatten().any(|d| d.mean.abs() > 0.0));
        if !moves {
            continue;
        }
        let metrics: Vec<_> = EXPLAINED.iter().map(|role| stage.metric(*role)).collect();
        let mut columns = vec![Column::new(Text::new("Switched", "切换的内容"))];
        for metric in metrics.iter().flatten() {
            columns.push(Column::new(metric.label.clone()));
        }
        let cells = |cell: &dyn Fn(usize) -> Option<f64>| -> Vec<Cell> {
            let present = metrics.iter().enumerate().filter(|(_, m)| m.is_some());
            present.map(|(i, _)| cell(i).map_or(Cell::Empty, |v| written(i, v))).collect()
        };
        let side = |b: bool| {
            cells(&|i| {
                let d = versus.comparison.district(stage, EXPLAINED[i], headline.year)?;
                Some(if b { d.b.mean } else { d.a.mean })
            })
        };
        let row = |label: Text, cells: Vec<Cell>, whole: bool| Row {
            cells: [vec![Cell::Text(label)], cells].concat(),
            whole,
        };
        let mut rows = vec![row(part.compared.baseline.label.clone(), side(false), false)];
        for step in &versus.steps {
            let (en, zh) = (&step.label.en, &step.label.zh);
            rows.push(row(text!("+ {en}", "＋{zh}"), cells(&|i| step.moved[at][i].map(|d| d.mean)), false));
        }
        rows.push(row(versus.member.label.clone(), side(true), true));
        let year = headline.year;
        let (service, name) = (&stage.service_label, &stage.stage_label);
        let (a, b, c, d) = (&service.en, &name.en, &service.zh, &name.zh);
        blocks.push(Block::Table(Table {
            caption: Caption::new(text!("{a} · {b}, {year}: what moved it", "{c} · {d}，{year} 年：变化的分解")),
            columns,
            rows,
        }));
    }
    blocks
}

fn written(metric: usize, value: f64) -> Cell {
    if EXPLAINED[metric] == crate::metric::Role::TargetMissed { Cell::percent(value, 0) } else { Cell::count(value) }
}

/// Earlier forecasts beside what was counted since.
fn forecast(part: Part<'_>) -> Section {
    let mut blocks: Vec<Block> = part.versus.actuals.iter().map(|actuals| Block::Table(starts(actuals))).collect();
    for set in part.versus.counted.chunk_by(|a, b| a.set == b.set) {
        blocks.push(Block::Table(counted(set)));
    }
    Section {
        key: part.key("actuals"), title: part.title(&Text::new("Forecast against count", "预测与实际")), blocks
    }
}

fn inside(inside: bool) -> Cell {
    Cell::Text(if inside { Text::new("inside", "区间内") } else { Text::new("outside", "区间外") })
}

/// How many of so many lie inside.
fn tally(inside: usize, all: usize) -> Text {
    let share = number::percent(inside as f64 / all.max(1) as f64, 0);
    text!(
        "{inside} of {all} ({share}) lie in the 80% interval that was stated; about 80% should, though numbers of one district move together.",
        "{all} 项中有 {inside} 项（{share}）落在原先给出的 80% 区间内；理想情况约为 80%，但同一区的各项数字会同向变动。"
    )
}

/// Earlier forecasts of the later start.
fn starts(actuals: &Actuals) -> Table {
    let year = actuals.year;
    let rows = actuals.rows.iter().map(|row| {
        let q = row.cell.a.quantiles;
        Row {
            cells: vec![
                Cell::Text(row.area.clone().unwrap_or(DISTRICT)),
                Cell::Text(row.label.clone()),
                Cell::count(q[1]),
                Cell::count(row.cell.a.mean),
                Cell::count(q[5]),
                Cell::count(row.cell.b.mean),
                inside(row.inside),
            ],
            whole: row.area.is_none(),
        }
    });
    let columns = [
        ("Area", "街道"),
        ("People", "人口"),
        ("Forecast: 10%", "原预测：10%"),
        ("mean", "均值"),
        ("90%", "90%"),
        ("New start", "新起点"),
        ("80% interval", "80% 区间"),
    ];
    let caption =
        Caption::new(text!("The earlier forecast of {year} beside the new start", "原方案对 {year} 年的预测与新起点"));
    Table {
        caption: caption.takeaway(tally(actuals.rows.iter().filter(|r| r.inside).count(), actuals.rows.len())),
        columns: columns.map(|(en, zh)| Column::new(Text::new(en, zh))).into(),
        rows: rows.collect(),
    }
}

/// Earlier forecasts of figures that only the later plan has.
fn counted(set: &[Counted]) -> Table {
    let rows = set.iter().map(|row| {
        Row::new(vec![
            Cell::Text(row.area.clone().unwrap_or(DISTRICT)),
            Cell::Text(row.label.clone()),
            Cell::Text(Text::name(row.when.clone())),
            Cell::count(row.interval[0]),
            Cell::count(row.median),
            Cell::count(row.interval[1]),
            Cell::count(row.value),
            Cell::probability(row.rank),
            inside(row.inside()),
        ])
    });
    let columns = [
        ("Area", "街道"),
        ("Number", "指标"),
        ("Year", "年份"),
        ("Forecast: 10%", "原预测：10%"),
        ("median", "中位数"),
        ("90%", "90%"),
        ("Counted", "统计数"),
        ("VerdictLevel", "位次"),
        ("80% interval", "80% 区间"),
    ];
    let (en, zh) = set.first().map_or(("", ""), |first| (first.set.en.as_ref(), first.set.zh.as_ref()));
    let caption = Caption::new(text!("The earlier forecast beside: {en}", "原预测与实际：{zh}"));
    Table {
        caption: caption.takeaway(tally(set.iter().filter(|r| r.inside()).count(), set.len())),
        columns: columns.map(|(en, zh)| Column::new(Text::new(en, zh))).into(),
        rows: rows.collect(),
    }
}

const DISTRICT: Text = Text::new("District", "全区");

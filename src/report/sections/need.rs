//! The report of `need`: what should be built, by when to decide, and how sure that is.

use super::facts;
use super::findings::DISTRICT;
use crate::language::Text;
use crate::need::{Kept, Need, Needed, tightest};
use crate::report::document::{Block, Caption, Caveat, Cell, Column, Report, Row, Section, Shade, Table, Weight};
use crate::report::{number, words};
use crate::scenario::Plan;
use crate::text;

const HOW: Text = Text::new(
    "The least that is to be added, in whole lumps, so that each target is kept in every year with its confidence. The tightest \
     year decides; all areas of a stage are added to at the same time, so that neighbours help each other. Every number was \
     found by running the plan with it under the same draws, and with one lump less everywhere at once the target is kept as \
     surely as «1 less» says. Sizes are for places that stand in full from the first year; the opening is the latest \
     with which every year that needs them keeps its target, with the delays of the plan and schools that open grade by grade.",
    "在每一年都以既定把握达到目标所须增设的最少数量（按成组建设的单位计）。数量由最紧的一年决定；同一学段各街道同时增设，邻近街道可相互分担。每个数都在相同随机数下由增设后的方案实际模拟得出；表中另列各处同时少建一组时的达标把握。数量按自首年起全部到位计；启用时间为使需要这些位子的各年仍能达标的最晚时间，已计入方案的延期和学校逐年开班。",
);

const TOO_LATE: Text = Text::new(
    "Of rows marked «too late» no opening within the years shown is early enough for the first year that needs the places: the \
     earliest opening that the time to build allows is given, with the year from which on it keeps the target.",
    "标为“已来不及”的各行：在所示年份内何时启用都赶不上最早缺位的年份，此处给出按建设周期可能的最早启用时间，以及此后达标的起始年份。",
);

/// Builds the report of what should be built.
pub fn need(plan: &Plan, need: &Need, replications: usize, seed: u64) -> Report {
    let title = Text::new("What should be built", "应当建什么");
    let mut blocks = vec![Block::Prose(HOW)];
    let wanting: Vec<&Needed> = need.rows.iter().filter(|row| !row.target.is_kept_already()).collect();
    if wanting.is_empty() {
        blocks.push(Block::Prose(NOTHING));
    } else {
        blocks.push(Block::Table(overview(plan, need, &wanting)));
        if wanting.iter().any(|row| row.opening.as_ref().is_some_and(|opening| !opening.in_time)) {
            blocks.push(Block::Prose(TOO_LATE));
        }
    }
    blocks.extend(wanting.iter().filter_map(|row| caveat(plan, row)).map(Block::Caveat));
    let mut sections = vec![Section { key: "need".to_owned(), title: title.clone(), blocks }];
    if !wanting.is_empty() {
        sections.push(Section {
            key: "years".to_owned(),
            title: Text::new("Least places by year", "各年最少增设"),
            blocks: by_year(plan, need, &wanting),
        });
        sections.push(Section {
            key: "curves".to_owned(),
            title: Text::new("How sure with how many", "增设多少、把握多大"),
            blocks: vec![Block::Reference(curves(plan, need, &wanting))],
        });
    }
    Report {
        title: plan.label.clone(),
        subtitle: title,
        facts: facts::of_study(plan, replications, need.runs, seed),
        sections,
        appendix: Vec::new(),
    }
}

const NOTHING: Text = Text::new(
    "Every target to which places can be added is kept as planned: nothing is missing.",
    "凡可增设位子之处，按现有方案均已达标，无需增设。",
);

fn overview(plan: &Plan, need: &Need, rows: &[&Needed]) -> Table {
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let columns = vec![
        Column::new(words::STAGE.clone()),
        heading("Where", "何处"),
        heading("Add", "最少增设"),
        heading("for", "可容纳"),
        heading("Risk now", "现风险").shade(Shade::Risk),
        heading("in", "年份"),
        heading("with it", "增设后").shade(Shade::Risk),
        heading("±", "±"),
        heading("1 less", "少一组").shade(Shade::Risk),
        heading("Needed", "需要年份"),
        heading("Open by", "最晚启用"),
        heading("Decide by", "最晚决策"),
        heading("Kept from", "达标起始"),
        heading("Idle", "末年富余").shade(Shade::Risk),
    ];
    let caption = Caption::new(Text::new("What is missing, and by when", "缺多少、何时必须启用")).takeaway(Text::new(
        "Risks are of missing the target in the tightest year, ± their standard error; idle is the probability that use is below the surplus line in the last year.",
        "风险为最紧一年未达标的概率，± 为其标准误；末年富余为末年使用率低于富余线的概率。",
    ));
    Table { caption, columns, rows: rows.iter().map(|row| Row::new(cells(plan, need, row))).collect() }
}

fn cells(plan: &Plan, need: &Need, row: &Needed) -> Vec<Cell> {
    let year = row.target.tightest_year();
    let missed = |kept: &[Kept]| tightest(kept).map_or(Cell::Empty, |kept| Cell::probability(1.0 - kept.share));
    let mut cells = vec![
        Cell::Text(plan.catalogue.block(row.target.block).stage_label.clone()),
        Cell::Text(place(plan, row)),
        Cell::Text(amount(need, row)),
        row.units().map_or(Cell::Empty, |units| Cell::count(f64::from(units) * need.room(row))),
        missed(&row.target.base),
        Cell::year(year),
        missed(&row.size.with),
        tightest(&row.size.with).map_or(Cell::Empty, |kept| Cell::percent(kept.error, 1)),
        row.size.with_one_less.as_deref().map_or(Cell::Empty, missed),
    ];
    cells.extend(dates(row));
    cells.push(row.size.low_use.map_or(Cell::Empty, Cell::probability));
    cells
}

fn dates(row: &Needed) -> [Cell; 4] {
    let years = |from: i32, to: i32| if from == to { from.to_string() } else { format!("{from}–{to}") };
    let mut missed = row.target.years_missed();
    let needed = missed.next().map(|first| years(first, missed.next_back().unwrap_or(first)));
    let needed = needed.map_or(Cell::Empty, |years| Cell::Text(Text::name(years)));
    let Some(opening) = &row.opening else { return [needed, Cell::Empty, Cell::Empty, Cell::Empty] };
    let month = |(year, month): (i32, u32)| Cell::Text(Text::name(format!("{year}-{month:02}")));
    let kept_from = opening.kept_from.map_or(Cell::Text(Text::new("never", "无")), Cell::year);
    if opening.in_time {
        return [needed, month(opening.opens), month(opening.decide), kept_from];
    }
    let (year, month) = opening.opens;
    let late = Cell::Text(text!("{year}-{month:02}, too late", "{year}-{month:02}，已来不及"));
    [needed, late, Cell::Text(Text::new("now", "立即")), kept_from]
}

fn place(plan: &Plan, row: &Needed) -> Text {
    let by_area = plan.catalogue.block(row.target.block).by_area && plan.catalogue.areas() > 1;
    let area = plan.site.areas.get(row.target.row).filter(|_| by_area);
    area.map_or_else(|| DISTRICT.clone(), |area| area.label.clone())
}

/// How many, with their unit.
fn amount(need: &Need, row: &Needed) -> Text {
    let Some(units) = row.units() else { return Text::new("not attainable", "无法达到") };
    let (count, unit) = (number::whole(f64::from(units)), need.unit(row).label());
    let (en, zh) = (&unit.en, &unit.zh);
    text!("{count} {en}", "{count} {zh}")
}

/// What is to be minded of a row.
fn caveat(plan: &Plan, row: &Needed) -> Option<Caveat> {
    let (stage, area) = (&plan.catalogue.block(row.target.block).stage_label, place(plan, row));
    let (stage_en, stage_zh, area_en, area_zh) = (&stage.en, &stage.zh, &area.en, &area.zh);
    let confidence = number::percent(row.target.confidence, 0);
    if row.size.lumps.is_none() {
        let most = number::probability(row.size.at_most());
        return Some(Caveat {
            weight: Weight::Serious,
            says: text!(
                "{stage_en}, {area_en}: not attainable by building; at most {most} of the {confidence} asked for.",
                "{area_zh}·{stage_zh}：仅靠增设无法达到，最多 {most}，要求为 {confidence}。"
            ),
            advice: Text::new(
                "look for what else breaks the target: staff, a date, a share that no place changes",
                "请查找其他原因：人员、启用日期、或与位数无关的比例",
            ),
        });
    }
    row.size.is_torn.then(|| Caveat {
        weight: Weight::Note,
        says: text!(
            "{stage_en}, {area_en}: a smaller number once kept the target while neighbours had more.",
            "{area_zh}·{stage_zh}：邻近街道增设较多时，较小的数量也曾达标。"
        ),
        advice: Text::new("see the table of what was tried", "见试算表"),
    })
}

/// Least units by area and year, a table for each stage.
fn by_year(plan: &Plan, need: &Need, rows: &[&Needed]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (id, block) in plan.catalogue.blocks() {
        let own: Vec<&&Needed> = rows.iter().filter(|row| row.target.block == id).collect();
        let Some(first) = own.first() else { continue };
        let mut columns = vec![Column::new(Text::new("Where", "何处"))];
        let years = || first.target.base.iter().map(|kept| kept.year);
        columns.extend(years().map(|year| Column::new(Text::name(year.to_string())).shade(Shade::Amount)));
        let cell = |row: &Needed, year: i32| {
            let lumps = row.size.lumps_of_year(year, row.target.confidence);
            lumps.map_or(Cell::Text(Text::name("—".to_owned())), |lumps| {
                Cell::count(f64::from(lumps * row.target.lump))
            })
        };
        let rows = own.iter().map(|row| {
            let name = Cell::Text(place(plan, row));
            Row::new(std::iter::once(name).chain(years().map(|year| cell(row, year))).collect())
        });
        let (a, b, c, d) =
            (&block.service_label.en, &block.stage_label.en, &block.service_label.zh, &block.stage_label.zh);
        let caption = Caption::new(text!("{a} · {b}", "{c} · {d}")).unit(need.unit(first).label()).takeaway(Text::new(
            "The least of the numbers tried that keeps the year; of years other than the tightest a smaller one may.",
            "试算过的数量中使该年达标的最小值；最紧一年以外的年份，可能更少即可。",
        ));
        blocks.push(Block::Table(Table { caption, columns, rows: rows.collect() }));
    }
    blocks
}

/// Everything that was tried, in the year that is tightest as planned.
fn curves(plan: &Plan, need: &Need, rows: &[&Needed]) -> Table {
    let heading = |en: &'static str, zh: &'static str| Column::new(Text::new(en, zh));
    let columns = vec![
        Column::new(words::STAGE.clone()),
        heading("Where", "何处"),
        heading("Added", "增设"),
        heading("Room for", "可容纳"),
        heading("Kept in the tightest year", "最紧一年的达标概率"),
        heading("Standard error", "标准误"),
        heading("Year", "年份"),
    ];
    let mut table = Vec::new();
    for row in rows {
        for tried in &row.size.tried {
            let Some(kept) = tightest(&tried.kept) else { continue };
            let units = f64::from(tried.lumps * row.target.lump);
            table.push(Row::new(vec![
                Cell::Text(plan.catalogue.block(row.target.block).stage_label.clone()),
                Cell::Text(place(plan, row)),
                Cell::count(units),
                Cell::count(units * need.room(row)),
                Cell::probability(kept.share),
                Cell::percent(kept.error, 1),
                Cell::year(kept.year),
            ]));
        }
    }
    Table { caption: Caption::new(Text::new("All numbers tried", "全部试算")), columns, rows: table }
}

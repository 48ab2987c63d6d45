//! A document as a real run would give it: 13 subdistricts, 12 years, every kind of block.
//!
//! The numbers are smooth curves of the size of the flagship's, not results of anything.

use civicap::language::Text;
use civicap::report::Report;
use civicap::report::document::{
    AreaRisk, Bar, BarKind, Bars, Block, Caption, Caveat, Cell, Column, Fact, FanChart, Frame, GapFigures, HeatMap,
    HeatRow, InputKind, InputRow, Inputs, Measure, Method, Moment, Opening, Outline, Outlines, Part, Pyramid, Row,
    Section, Shade, Stack, Table, Tile, TileMap, VerdictCard, VerdictLevel, Weight,
};

/// (Chinese, English, column, row)
pub(super) const AREAS: [(&str, &str, u32, u32); 13] = [
    ("解放路街道", "Jiefanglu Subdistrict", 2, 2),
    ("千佛山街道", "Qianfoshan Subdistrict", 2, 3),
    ("趵突泉街道", "Baotuquan Subdistrict", 1, 2),
    ("泉城路街道", "Quanchenglu Subdistrict", 1, 1),
    ("大明湖街道", "Daminghu Subdistrict", 2, 1),
    ("东关街道", "Dongguan Subdistrict", 3, 1),
    ("文化东路街道", "Wenhuadonglu Subdistrict", 3, 3),
    ("建筑新村街道", "Jianzhuxincun Subdistrict", 3, 2),
    ("甸柳新村街道", "Dianliuxincun Subdistrict", 4, 2),
    ("燕山街道", "Yanshan Subdistrict", 4, 3),
    ("姚家街道", "Yaojia Subdistrict", 5, 2),
    ("龙洞街道", "Longdong Subdistrict", 6, 3),
    ("智远街道", "Zhiyuan Subdistrict", 6, 2),
];

const FIRST: i32 = 2024;
const YEARS: usize = 12;

fn years() -> Vec<i32> {
    (0..YEARS as i32).map(|i| FIRST + i).collect()
}

fn area(i: usize) -> Text {
    Text::new(AREAS[i].1, AREAS[i].0)
}

fn people() -> Text {
    Text::new("children", "人")
}

/// Demand that peaks at `peak` (year index) with a fan that widens.
fn demand(level: f64, swing: f64, peak: f64) -> Vec<[f64; 7]> {
    (0..YEARS)
        .map(|i| {
            let t = i as f64;
            let middle = level * (1.0 + swing * (-((t - peak) / 4.0).powi(2)).exp() - 0.012 * t);
            let sd = middle * 0.012 * (1.0 + t).sqrt();
            [-1.645, -1.282, -0.674, 0.0, 0.674, 1.282, 1.645].map(|z| middle + z * sd)
        })
        .collect()
}

fn fan(title: Text, level: f64, swing: f64, peak: f64) -> FanChart {
    let places = |i: usize| level * (0.96 + if i >= 2 { 0.05 } else { 0.0 } + if i >= 4 { 0.09 } else { 0.0 });
    FanChart {
        caption: Caption::new(title).unit(people()).takeaway(Text::new(
            "Demand passes the places in 2026–2030 and falls below them after.",
            "2026–2030 年需求超过学位，此后回落。",
        )),
        demand_label: Text::new("Children who need a place", "需要学位的儿童"),
        places_label: Text::new("Usable places", "可用学位"),
        measure: Measure::Count,
        years: years(),
        demand: demand(level, swing, peak),
        places: (0..YEARS)
            .map(|i| [places(i) * if i == 2 || i == 4 { 0.95 } else { 1.0 }, places(i), places(i)])
            .collect(),
        openings: vec![
            Opening {
                year: 2026,
                label: Text::new(
                    "Gaosu Huayuan primary school (24 classes, 1,080 places)",
                    "高速花园小学（24 班，1,080 座）",
                ),
            },
            Opening {
                year: 2028,
                label: Text::new("Longdong nine-year school (1,800 places)", "龙洞九年一贯制学校（1,800 座）"),
            },
            Opening {
                year: 2028,
                label: Text::new("Zhiyuan No. 2 primary school (1,620 places)", "智远第二小学（1,620 座）"),
            },
        ],
    }
}

fn risk(i: usize, year: usize) -> f64 {
    let (t, a) = (year as f64, i as f64);
    let east = if i >= 10 { 1.6 } else { 0.0 };
    1.0 / (1.0 + (-(east + 1.2 - ((t - 4.5) / 1.9).powi(2) - 0.28 * ((a * 2.3) % 7.0))).exp())
}

fn heat(title: Text) -> HeatMap {
    let mut rows: Vec<HeatRow> = (0..AREAS.len())
        .map(|i| HeatRow { label: area(i), values: (0..YEARS).map(|t| risk(i, t)).collect(), whole: false })
        .collect();
    let district = (0..YEARS).map(|t| 0.9 * risk(10, t)).collect();
    rows.push(HeatRow { label: Text::new("Whole district", "全区"), values: district, whole: true });
    HeatMap {
        caption: Caption::new(title).takeaway(Text::new("Shortage concentrates in the east.", "缺口集中在东部。")),
        names: Text::new("Area", "街道"),
        years: years(),
        rows,
    }
}

fn card(
    service: (&'static str, &'static str),
    stage: (&'static str, &'static str),
    rank: VerdictLevel,
    see: &str,
) -> VerdictCard {
    let by_year = |scale: f64| (0..YEARS).map(|t| (FIRST + t as i32, scale * risk(10, t))).collect();
    let (sentence, scale, surplus) = match rank {
        VerdictLevel::Meets => (
            Text::new(
                "In every year 2024–2035 the promise is kept; the risk of breaking it is at most 4% (2028). From 2030 on less than 70% of the places are likely to be used.",
                "2024–2035 年各年均能兑现目标，不兑现的概率最高为 4%（2028 年）。2030 年起使用率可能低于 70%。",
            ),
            0.04,
            Some(2030),
        ),
        VerdictLevel::AtRisk => (
            Text::new(
                "The promise may be broken: the district's risk is highest in 2028, 31%. Two subdistricts are likely short in some year, most of all Yaojia (2028, 71%).",
                "目标可能落空：全区风险最高在 2028 年，概率 31%。有 2 个街道在某些年份很可能不足，最重的是姚家街道（2028 年，71%）。",
            ),
            0.33,
            None,
        ),
        VerdictLevel::FallsShort => (
            Text::new(
                "The promise is likely broken, worst in 2028: probability 92%, about 1,234 without a place. Three subdistricts are likely short, most of all Yaojia.",
                "目标很可能落空，2028 年最重：概率 92%，约 1,234 人得不到学位。有 3 个街道很可能不足，最重的是姚家街道。",
            ),
            0.98,
            Some(2033),
        ),
        VerdictLevel::Unstable => (
            Text::new(
                "Demand stays above capacity: lists grow without end, so no waiting time can be stated.",
                "需求持续超过能力，等候队伍不断加长，无法给出等候时间。",
            ),
            0.0,
            None,
        ),
    };
    let known = rank != VerdictLevel::Unstable;
    VerdictCard {
        service: Text::new(service.0, service.1),
        stage: Text::new(stage.0, stage.1),
        rank,
        close_to: (rank == VerdictLevel::AtRisk).then_some(VerdictLevel::FallsShort),
        sentence,
        promise: Some(Text::new(
            "at least 98% of children have a place, with confidence 90%",
            "至少 98% 的儿童有学位，把握 90%",
        )),
        worst_year: known.then_some((2028, scale * risk(10, 4))),
        reasons: Vec::new(),
        gap: known.then(|| GapFigures {
            year: 2028,
            unit: Text::new("places", "个学位"),
            median: 1_180.0,
            high: 1_640.0,
            mean: 1_234.0,
            mended: Some(2_400.0),
            worst_area: Some((area(10), 512.0)),
        }),
        needed_by: known.then_some(2027),
        worst_area: known.then(|| AreaRisk { area: area(10), year: 2028, probability: (scale * 1.4).min(0.97) }),
        surplus_from: surplus,
        by_year: if known { by_year(scale) } else { Vec::new() },
        see: Some(see.to_owned()),
    }
}

fn verdicts() -> Section {
    let (education, health, elderly) = (("Education", "教育"), ("Health", "医疗"), ("Elderly care", "养老"));
    let cards = vec![
        card(education, ("Preschool (ages 3–5)", "幼儿园（3–5 岁）"), VerdictLevel::Meets, "education"),
        card(education, ("Primary school", "小学"), VerdictLevel::FallsShort, "education"),
        card(education, ("Junior high school", "初中"), VerdictLevel::AtRisk, "education"),
        card(health, ("District hospital beds", "区医院床位"), VerdictLevel::Unstable, "health"),
        card(elderly, ("District centre", "区级养老服务中心"), VerdictLevel::AtRisk, "elderly"),
        card(elderly, ("Subdistrict centres", "街道综合养老服务中心"), VerdictLevel::Meets, "missing"),
    ];
    let caveat = |weight, en, zh, advice_en, advice_zh| {
        Block::Caveat(Caveat { weight, says: Text::new(en, zh), advice: Text::new(advice_en, advice_zh) })
    };
    Section {
        key: "verdicts".to_owned(),
        title: Text::new("Do the places meet demand?", "规划供给能否满足需求？"),
        blocks: vec![
            Block::Verdicts(cards),
            Block::Heading(Text::new("Before you quote these numbers", "引用以上数字之前")),
            caveat(
                Weight::Serious,
                "61% of the uncertainty of primary demand in 2028 comes from inputs that nobody has counted.",
                "2028 年小学需求的不确定性有 61% 来自没有统计依据的假设。",
                "obtain the subdistrict split of the 2020 census and the present rolls first.",
                "优先取得 2020 年人口普查分街道数据和现有在校生数。",
            ),
            caveat(
                Weight::Caution,
                "With 1,000 replications the probability of 31% is known to ±1.5 points.",
                "重复 1,000 次时，31% 这一概率的误差约为 ±1.5 个百分点。",
                "run 4,000 replications to halve it.",
                "若要减半，请重复 4,000 次。",
            ),
        ],
    }
}

fn education() -> Section {
    let east = |i: usize| (AREAS[i].2 as f64).mul_add(520.0, 1400.0);
    let table = Table {
        caption: Caption::new(Text::new("Primary school by subdistrict, 2028", "2028 年各街道小学")).unit(people()),
        columns: vec![
            Column::new(Text::new("Subdistrict", "街道")),
            Column::new(Text::new("Demand", "需求")).unit(Text::new("children", "人")),
            Column::new(Text::new("Places", "学位")).unit(Text::new("places", "座")),
            Column::new(Text::new("Without a place", "无学位")).unit(Text::new("children", "人")).shade(Shade::Amount),
            Column::new(Text::new("Use", "使用率")),
            Column::new(Text::new("Risk", "风险")).shade(Shade::Risk),
            Column::new(Text::new("Worst year", "最差年份")),
        ],
        rows: (0..AREAS.len())
            .map(|i| {
                Row::new(vec![
                    Cell::Text(area(i)),
                    Cell::count(east(i)),
                    Cell::count(east(i) * 0.97),
                    Cell::count(40.0 * i as f64),
                    Cell::percent(0.8 + 0.015 * i as f64, 1),
                    Cell::probability(risk(i, 4)),
                    if i == 3 { Cell::Empty } else { Cell::year(2028) },
                ])
            })
            .collect(),
    };
    let frames = (0..YEARS)
        .map(|t| Frame {
            label: Text::name((FIRST + t as i32).to_string()),
            values: (0..AREAS.len()).map(|i| if i == 3 && t == 0 { f64::NAN } else { risk(i, t) }).collect(),
        })
        .collect();
    let tiles = (0..AREAS.len()).map(|i| Tile { label: area(i), column: AREAS[i].2, row: AREAS[i].3 }).collect();
    let map = TileMap {
        caption: Caption::new(Text::new("Where primary places run short", "小学学位不足的街道")),
        measure: Measure::Probability,
        shade: Shade::Risk,
        tiles,
        outlines: None,
        frames,
        chosen: 4,
    };
    // The same areas as squares with a corner cut off: outlines where a scenario gives a map.
    let square = |(_, _, column, row): &(&str, &str, u32, u32)| {
        let (x, y) = (*column as i32 * 500, *row as i32 * 500);
        Outline {
            rings: vec![vec![[x, y], [x + 400, y], [x + 500, y + 100], [x + 500, y + 500], [x, y + 500]]],
            inside: [x + 250, y + 250],
        }
    };
    let outlined = TileMap {
        caption: Caption::new(Text::new("The same on a map", "同上，按边界绘制")),
        outlines: Some(Outlines { width: 3_500, height: 2_000, areas: AREAS.iter().map(square).collect() }),
        ..map.clone()
    };
    Section {
        key: "education".to_owned(),
        title: Text::new("Education", "教育"),
        blocks: vec![
            Block::Prose(Text::new(
                "Births halved between 2019 and 2024, so kindergartens empty while the large cohorts of 2016–2019 pass through primary and junior high school.",
                "2019 至 2024 年出生人口减半，幼儿园生源减少；2016–2019 年出生的大年龄组正依次通过小学和初中。",
            )),
            Block::Heading(Text::new("Primary school", "小学")),
            Block::FanChart(fan(
                Text::new("Primary school: demand and places", "小学：需求与学位"),
                61_300.0,
                0.11,
                4.0,
            )),
            Block::HeatMap(heat(Text::new("Probability that primary places run short", "小学学位不足的概率"))),
            Block::TileMap(map),
            Block::TileMap(outlined),
            Block::Stack(ladder()),
            Block::Table(table),
            Block::Heading(Text::new("Junior high school", "初中")),
            Block::FanChart(fan(Text::new("Junior high: demand and places", "初中：需求与学位"), 27_100.0, 0.08, 7.0)),
        ],
    }
}

fn ladder() -> Stack {
    let part = |en, zh, share: f64, unmet| Part {
        label: Text::new(en, zh),
        values: (0..YEARS).map(|t| 61_300.0 * share * (1.0 + 0.02 * (t as f64 - 4.0))).collect(),
        unmet,
    };
    Stack {
        caption: Caption::new(Text::new("Where primary children are placed", "小学生就读去向")).unit(people()),
        measure: Measure::Count,
        years: years(),
        parts: vec![
            part("zoned school", "划片学校", 0.83, false),
            part("stretched classes", "扩班额", 0.06, false),
            part("other school of the subdistrict", "本街道其他学校", 0.05, false),
            part("neighbouring subdistrict", "相邻街道统筹", 0.03, false),
            part("private school", "民办学校", 0.02, false),
            part("without a place", "无学位", 0.02, true),
        ],
    }
}

fn people_section() -> Section {
    let shape = |i: usize, shift: f64| 30_000.0 * (-((i as f64 - 8.0 - shift) / 6.5).powi(2)).exp() + 2_000.0;
    let moment = |label: &str, shift: f64| Moment {
        label: Text::name(label),
        men: (0..21).map(|i| shape(i, shift)).collect(),
        women: (0..21).map(|i| shape(i, shift + 0.5) * 1.03).collect(),
    };
    let ages = (0..21).map(|i| if i == 20 { "100+".to_owned() } else { format!("{}–{}", 5 * i, 5 * i + 4) });
    Section {
        key: "people".to_owned(),
        title: Text::new("People", "人口"),
        blocks: vec![Block::Pyramid(Pyramid {
            caption: Caption::new(Text::new("Residents by age and sex", "分年龄性别的常住人口"))
                .unit(Text::new("people", "人")),
            ages: ages.collect(),
            moments: vec![moment("2024", 0.0), moment("2035", 2.0)],
        })],
    }
}

fn certainty() -> Section {
    let bar = |en, zh, from, to, kind, note| Bar { label: Text::new(en, zh), from, to, kind, note };
    let more = Some(Text::new("more of it, more demand", "越大需求越高"));
    let shares = Bars {
        caption: Caption::new(Text::new(
            "What makes primary demand in 2028 uncertain",
            "2028 年小学需求的不确定性来源",
        )),
        measure: Measure::Percent(0),
        base: None,
        bars: vec![
            bar(
                "school-age in-migration",
                "学龄儿童迁入",
                0.0,
                0.44,
                BarKind::Input(InputKind::Judgement),
                more.clone(),
            ),
            bar(
                "entrants per birth",
                "每名新生儿对应入学人数",
                0.0,
                0.21,
                BarKind::Input(InputKind::Derived),
                more.clone(),
            ),
            bar("births per woman", "总和生育率", 0.0, 0.12, BarKind::Input(InputKind::Statistics), more),
            bar("several inputs together", "多项输入共同作用", 0.0, 0.16, BarKind::Joint, None),
            bar("chance events", "偶然事件", 0.0, 0.07, BarKind::Chance, None),
        ],
    };
    let tornado = Bars {
        caption: Caption::new(Text::new(
            "Children without a place in 2028 as inputs go from low to high",
            "各输入由低到高时 2028 年无学位人数",
        ))
        .unit(people()),
        measure: Measure::Count,
        base: Some(1234.0),
        bars: vec![
            bar("school-age in-migration", "学龄儿童迁入", 410.0, 2170.0, BarKind::Input(InputKind::Judgement), None),
            bar("opening delay", "启用延期", 1020.0, 1890.0, BarKind::Input(InputKind::Judgement), None),
            bar(
                "entrants per birth",
                "每名新生儿对应入学人数",
                900.0,
                1600.0,
                BarKind::Input(InputKind::Derived),
                None,
            ),
        ],
    };
    Section {
        key: "certainty".to_owned(),
        title: Text::new("How sure are we?", "把握有多大？"),
        blocks: vec![Block::Bars(shares), Block::Bars(tornado)],
    }
}

fn inputs() -> Section {
    let row = |key: &str, en, zh, unit: Option<(&'static str, &'static str)>, kind, source: &str| InputRow {
        key: key.to_owned(),
        meaning: Text::new("what this key says", "此键的含义"),
        value: Text::new(en, zh),
        unit: unit.map(|(en, zh)| Text::new(en, zh)),
        kind,
        source: Text::name(source),
    };
    let rows = vec![
        row(
            "people.residents",
            "table of 13 × 2 × 101 cells, 819,139 people",
            "13 × 2 × 101 个单元，共 819,139 人",
            Some(("people", "人")),
            InputKind::Derived,
            "中国人口普查分县资料2020 (NBS 2022); subdistrict split assumed",
        ),
        row(
            "people.fertility.births_per_woman",
            "normal, mean 1.03, sd 0.12, random walk 0.046",
            "正态分布，均值 1.03，标准差 0.12，随机游走 0.046",
            None,
            InputKind::Statistics,
            "UN World Population Prospects 2024",
        ),
        row(
            "education.primary.entrants_per_birth",
            "lognormal, median 1.42, sd 0.10",
            "对数正态分布，中位数 1.42，标准差 0.10",
            None,
            InputKind::Judgement,
            "census cohort ratio 2010–2020",
        ),
        row(
            "openings.delay_months",
            "0 to 24, most likely 4",
            "0 至 24，最可能 4",
            Some(("months", "月")),
            InputKind::Standard,
            "",
        ),
    ];
    Section {
        key: "inputs".to_owned(),
        title: Text::new("Inputs and their sources", "输入与来源"),
        blocks: vec![Block::Inputs(Inputs { caption: Caption::new(Text::new("All inputs", "全部输入")), rows })],
    }
}

fn methods() -> Section {
    let text = Text::new(
        "## Order of events\n\nEach year: survivors move up a *grade*, entrants come from the `Sep-Aug` birth cohort, and each child ends on **one** rung:\n\n1. zoned school to the norm\n2. stretched classes\n3. neighbours within the distance limit\n\n| stage | norm |\n|---|---|\n| primary | 45 |\n| junior | 50 |\n",
        "## 事件顺序\n\n每年：在校生升入下一*年级*，新生来自 `9月–8月` 出生队列，每名儿童只落在**一个**层级：\n\n1. 划片学校（标准班额）\n2. 扩班额\n3. 距离限度内的相邻街道\n\n| 学段 | 标准班额 |\n|---|---|\n| 小学 | 45 |\n| 初中 | 50 |\n",
    );
    Section {
        key: "methods".to_owned(),
        title: Text::new("How it is computed", "计算方法"),
        blocks: vec![Block::Method(Method { title: Text::new("Education", "教育"), text })],
    }
}

/// The example.
pub(super) fn example() -> Report {
    let fact = |en, zh, value: &str| Fact { label: Text::new(en, zh), value: Text::name(value) };
    Report {
        title: Text::new(
            "Lixia District, Jinan: places for children, patients and elders, 2024–2035",
            "济南市历下区 2024–2035 年教育、医疗与养老供需评估",
        ),
        subtitle: Text::new(
            "Do the planned school places, hospital beds and elderly-care places meet demand: where, when, and how sure are we?",
            "规划的学位、床位与养老服务能否满足需求：在哪里、在何时、把握多大？",
        ),
        facts: vec![
            fact("Replications", "重复次数", "1,000"),
            fact("Seed", "随机种子", "1"),
            fact("Scenario", "方案指纹", "3f2c9a7e51d0"),
            fact("civicap", "civicap", "0.1.0"),
        ],
        sections: vec![verdicts(), education(), people_section(), certainty(), inputs(), methods()],
        appendix: Vec::new(),
    }
}

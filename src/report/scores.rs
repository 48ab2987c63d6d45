//! What `civicap calibrate` and `civicap backtest` say: estimates and scores, for a terminal and as CSV.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};

use super::number::{DASH, percent, real};
use crate::calibration::Shocks;
use crate::language::{Language, Text};
use crate::population::calibration::{Ages, Counts, Estimate, GROUPS, Spreads};
use crate::services::education::calibration::{Backtest, Fitted, LEADS, ScoredGrades, Source};
use crate::services::education::enrolment::Enrolment;
use crate::services::elderly::calibration::FittedTakeUp;
use crate::summary::Score;
use crate::text;

/// A rule under the headings and nothing else.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// Targets of 80 % intervals: nearer to 80 % than this is as it should be.
const COVERED: (f64, f64) = (0.75, 0.87);

/// The estimates of a fit.
pub fn fitted(table: &Enrolment, fitted: &Fitted, language: Language) -> String {
    let (from, to) = fitted.span;
    let (areas, grades) = (table.areas.len(), table.grades.len());
    let heading = text!(
        "Ratios of {from}-{to}: {areas} area(s), {grades} grades",
        "{from}—{to} 年比率：{areas} 个区域，{grades} 个年级"
    );
    let mut grid = grid(
        &[
            Text::new("grade", "年级"),
            Text::new("comes from", "来源"),
            Text::new("ratio", "比率"),
            Text::new("areas, low", "区域最低"),
            Text::new("areas, high", "区域最高"),
        ],
        language,
    );
    for (at, grade) in table.grades.iter().enumerate() {
        let of_areas: Vec<f64> = (0..areas).map(|area| libm::exp(fitted.levels[area * grades + at])).collect();
        let (low, high) =
            (of_areas.iter().copied().fold(f64::INFINITY, f64::min), of_areas.iter().copied().fold(0.0, f64::max));
        let source = match fitted.ratios.sources[at] {
            Source::Births(age) => text!("births, age {age}", "{age} 岁出生批次"),
            Source::Below(below) => Text::name(table.grades[below].column),
        };
        grid.add_row(vec![
            Cell::new(grade.column),
            Cell::new(source.get(language)),
            number(real(libm::exp(fitted.whole[at]), 4)),
            number(real(low, 4)),
            number(real(high, 4)),
        ]);
    }
    format!("{}\n{grid}\n\n{}", heading.get(language), uncertainty(fitted, language))
}

fn uncertainty(fitted: &Fitted, language: Language) -> String {
    let mut grid = grid(
        &[
            Text::new("shocks (sd of the log)", "冲击（对数标准差）"),
            Text::new("common, lasting", "全区持久"),
            Text::new("common, yearly step", "全区逐年"),
            Text::new("area, lasting", "区域持久"),
            Text::new("area, yearly step", "区域逐年"),
        ],
        language,
    );
    let stages = fitted.stages.iter().zip(&fitted.spread.progression);
    let progression = stages.map(|(stage, shocks)| (text!("progression, {stage}", "年级递进，{stage}"), *shocks));
    let entry = std::iter::once((Text::new("yield of births", "入学率（每名出生）"), fitted.spread.entry));
    for (name, Shocks { area_lasting, area_walk, common_lasting, common_walk }) in progression.chain(entry) {
        let mut row = vec![Cell::new(name.get(language))];
        row.extend([common_lasting, common_walk, area_lasting, area_walk].map(|sd| number(real(sd, 4))));
        grid.add_row(row);
    }
    let left = fitted.residuals;
    let (sd, grades, areas, lasting) =
        (real(left.sd, 4), real(left.between_grades, 2), real(left.between_areas, 2), real(left.persistence, 2));
    let says = text!(
        "residuals of progression: sd {sd}; correlation between grades {grades}, between areas {areas}; persistence {lasting}",
        "递进率残差：标准差 {sd}；年级间相关 {grades}，区域间相关 {areas}；持续性 {lasting}"
    );
    format!("{grid}\n\n{}\n", says.get(language))
}

/// The scores of a backtest.
pub fn scored(backtest: &Backtest, language: Language) -> String {
    let (from, to) = backtest.origins;
    let areas = backtest.areas;
    let heading = text!(
        "Forecasts made at the end of {from}-{to}, {areas} area(s); errors in per cent of the actual number",
        "{from}—{to} 各年年末所作预测，{areas} 个区域；误差以实际数的百分比计"
    );
    let mut out = format!("{}\n", heading.get(language));
    let mut grid = grid(
        &[
            Text::new("grades", "年级"),
            Text::new("years ahead", "提前年数"),
            Text::new("n", "个数"),
            Text::new("MAPE", "平均绝对误差"),
            Text::new("bias", "偏差"),
            Text::new("bias, births falling", "出生下降时偏差"),
            Text::new("CRPS", "CRPS"),
            Text::new("in 50%", "50%区间"),
            Text::new("in 80%", "80%区间"),
            Text::new("in 95%", "95%区间"),
        ],
        language,
    );
    for (group, whole) in rows_of(backtest) {
        for ScoredLead { lead, score, falling } in scores_of(group, whole) {
            let mut row = vec![Cell::new(name_of(group, whole, areas).get(language)), number(lead.to_string())];
            row.extend(numbers(score, falling).map(number));
            grid.add_row(row);
        }
    }
    out.push_str(&grid.to_string());
    out.push('\n');
    let narrow = LEADS.iter().zip(&backtest.groups[0].areas).filter(|(_, score)| score.forecasts > 0);
    let off: Vec<String> = narrow
        .filter(|(_, score)| !(COVERED.0..=COVERED.1).contains(&score.cover()[1]))
        .map(|(lead, _)| lead.to_string())
        .collect();
    if !off.is_empty() {
        let leads = off.join(", ");
        let says = text!(
            "80% intervals hold less than 75% or more than 87% of the actual numbers at {leads} year(s) ahead",
            "提前 {leads} 年时，80% 区间实际覆盖率低于 75% 或高于 87%"
        );
        out.push_str(&format!("! {}\n", says.get(language)));
    }
    out
}

/// The scores as a long table: `grades,of,years_ahead,forecasts,mape,bias,bias_births_falling,crps,in_50,in_80,in_95`.
pub fn scores_csv(backtest: &Backtest) -> String {
    let mut out =
        String::from("grades,of,years_ahead,forecasts,mape,bias,bias_births_falling,crps,in_50,in_80,in_95\n");
    for (group, whole) in rows_of(backtest) {
        for ScoredLead { lead, score, falling } in scores_of(group, whole) {
            let (grades, of) = (group.stage.unwrap_or("all"), if whole { "district" } else { "area" });
            let falling = if falling.forecasts == 0 { String::new() } else { format!("{:.6}", falling.bias()) };
            let [half, four_fifths, most] = score.cover();
            out.push_str(&format!(
                "{grades},{of},{lead},{},{:.6},{:.6},{falling},{:.6},{half:.4},{four_fifths:.4},{most:.4}\n",
                score.forecasts,
                score.absolute(),
                score.bias(),
                score.crps(),
            ));
        }
    }
    out
}

fn rows_of(backtest: &Backtest) -> impl Iterator<Item = (&ScoredGrades, bool)> {
    let several = backtest.areas > 1;
    backtest
        .groups
        .iter()
        .flat_map(move |group| std::iter::once((group, false)).chain(several.then_some((group, true))))
}

fn name_of(group: &ScoredGrades, whole: bool, areas: usize) -> Text {
    let name = group.stage.map_or(Text::new("all", "全部"), Text::name);
    let (en, zh) = (name.en, name.zh);
    match (whole, areas) {
        (true, _) => text!("{en}, district", "{zh}，全区"),
        (false, 1) => Text::owned(en.into_owned(), zh.into_owned()),
        (false, _) => text!("{en}, by area", "{zh}，分区域"),
    }
}

/// The forecasts of one lead.
struct ScoredLead<'a> {
    /// Years ahead.
    lead: usize,
    score: &'a Score,
    /// The score of those before which births fell.
    falling: &'a Score,
}

/// Leads that have forecasts.
fn scores_of(group: &ScoredGrades, whole: bool) -> impl Iterator<Item = ScoredLead<'_>> {
    let (all, falling) =
        if whole { (&group.whole, &group.whole_falling) } else { (&group.areas, &group.areas_falling) };
    let each =
        LEADS.into_iter().zip(all).zip(falling).map(|((lead, score), falling)| ScoredLead { lead, score, falling });
    each.filter(|scored| scored.score.forecasts > 0)
}

fn numbers(score: &Score, falling: &Score) -> [String; 8] {
    let [half, four_fifths, most] = score.cover();
    [
        score.forecasts.to_string(),
        percent(score.absolute(), 2),
        percent(score.bias(), 2),
        if falling.forecasts == 0 { DASH.to_owned() } else { percent(falling.bias(), 2) },
        percent(score.crps(), 2),
        percent(half, 0),
        percent(four_fifths, 0),
        percent(most, 0),
    ]
}

/// What counts of people say.
pub fn people(counts: &Counts, found: &Estimate, language: Language) -> String {
    let (from, to) = (&counts.dates[found.pair.from].1, &counts.dates[found.pair.to].1);
    let areas = counts.areas.len();
    let people: f64 = (0..areas).map(|area| counts.total(found.pair.to, area)).sum();
    let (come, net) = (found.arrivals_of_areas.iter().sum::<f64>(), net_migration(counts, found));
    let (births, come, net) = (real(found.births_per_woman, 3), real(come / people, 4), real(net / people, 4));
    let heading = text!(
        "{from} to {to}, {areas} area(s): {births} births per woman; arrivals {come} a year for each resident, net migration {net}",
        "{from} 至 {to}，{areas} 个区域：总和生育率 {births}；每名居民每年迁入 {come}，净迁移 {net}"
    );
    let headings = [
        Text::new("age at the later count", "后一时点年龄"),
        Text::new("counted over survived (log)", "实有与存活之比（对数）"),
        Text::new("net migration a year", "年净迁移率"),
    ];
    let mut grid = grid(&headings, language);
    for (group, balance) in GROUPS.iter().zip(found.balance) {
        let Ages { from, to } = *group;
        let net = found.net.iter().flat_map(|ages| &ages[from..to]).sum::<f64>() / (2 * (to - from)) as f64;
        grid.add_row(vec![Cell::new(group.words()), number(real(balance, 3)), number(real(net, 4))]);
    }
    let Spreads { migration, migration_walk, ages, births, total, measured } = found.spreads;
    let (m, w, a, b, t) = (real(migration, 3), real(migration_walk, 3), real(ages, 2), real(births, 2), real(total, 3));
    let spreads = if measured {
        text!(
            "Spreads of an area (log): migration {m}, its walk {w}, ages of migrants {a}, births {b}; of its total {t}. How much lasts and how much walks is assumed.",
            "区域离散（对数）：迁移 {m}，年游走 {w}，迁移者年龄 {a}，生育 {b}；总人口 {t}。持久与游走的划分为假设。"
        )
    } else {
        text!(
            "Too few areas to measure spreads: those of districts of China 2010-2020 are taken (log): migration {m}, its walk {w}, ages {a}, births {b}.",
            "区域太少，无法估计离散；采用中国 2010–2020 年市辖区的离散（对数）：迁移 {m}，年游走 {w}，年龄 {a}，生育 {b}。"
        )
    };
    format!("{}\n{grid}\n\n{}\n", heading.get(language), spreads.get(language))
}

fn net_migration(counts: &Counts, found: &Estimate) -> f64 {
    let of = |area: usize, sex: usize| {
        let people = counts.ages(found.pair.to, area, sex);
        found.net[sex].iter().zip(people).map(|(rate, people)| rate * people).sum::<f64>()
    };
    (0..counts.areas.len()).flat_map(|area| (0..found.net.len()).map(move |sex| of(area, sex))).sum()
}

/// Take-up fitted on places in use.
pub fn take_up(fits: &[FittedTakeUp], language: Language) -> String {
    let headings = [
        Text::new("service", "服务"),
        Text::new("in use and waiting", "在用与等候"),
        Text::new("expected at 1", "系数为 1 时预期"),
        Text::new("take-up", "使用系数"),
        Text::new("sd", "标准差"),
        Text::new("between areas", "区域间"),
        Text::new("yearly step", "逐年"),
    ];
    let mut grid = grid(&headings, language);
    for fit in fits {
        let found = |known: bool, sd: f64| if known { real(sd, 3) } else { DASH.to_owned() };
        grid.add_row(vec![
            Cell::new(fit.care.label().get(language)),
            number(real(fit.observed, 0)),
            number(real(fit.expected, 0)),
            number(real(fit.value, 4)),
            number(real(fit.shocks.common_lasting, 3)),
            number(found(fit.by_area, fit.shocks.area_lasting)),
            number(found(fit.by_year, fit.shocks.common_walk)),
        ]);
    }
    let mut out = format!("{grid}\n");
    for fit in fits.iter().filter(|fit| fit.full) {
        let name = fit.care.label();
        let (en, zh) = (&name.en, &name.zh);
        let says = text!(
            "{en}: places are full and no list is given, so more would use it; the take-up is a lower bound",
            "{zh}：位数已满且未给等候人数，实际需求更多；系数为下限"
        );
        out.push_str(&format!("! {}\n", says.get(language)));
    }
    out
}

pub(super) fn grid(headings: &[Text], language: Language) -> Table {
    let mut grid = Table::new();
    grid.load_style(STYLE);
    grid.set_header(headings.iter().map(|heading| Cell::new(heading.get(language))));
    grid
}

pub(super) fn number(written: String) -> Cell {
    Cell::new(written).set_alignment(CellAlignment::Right)
}

//! Where yearly rates of need come from: solved, published, or a table of the planner's, which is looked at before it is
//! believed.

use super::need::embedding::Embedding;
use super::need::matrix::{Matrix, product};
use super::need::{AGES, FIRST_AGE, LEVELS, Moves, Rates};
use super::tables::{LEVEL_WORDS, bounds, sex_of, whole};
use crate::diagnostic::code;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::text;

/// Words for the sources of rates, in the order of [`read`].
pub(super) const SOURCES: &[&str] = &["need_table", "fu_sherris_xu_2021", "hazards", "yearly"];

const HAZARDS: usize = 2;

/// Largest difference between a yearly matrix and that of the nearest rates with which it is still used.
const TOLERATED: f64 = 0.02;

/// Largest difference between a matrix of several years and the power of the yearly one that is passed without a word.
const SAME: f64 = 0.05;

/// Largest distance of a row's sum from 1: published probabilities are rounded.
const ROUNDED: f64 = 0.005;

/// A matrix of the table: sex, ages, years that it spans, and its rows by level before.
struct Given<'a> {
    sex: usize,
    ages: (usize, Option<usize>),
    years: i32,
    rows: [Option<[f64; LEVELS + 1]>; LEVELS],
    first: Row<'a>,
}

impl Given<'_> {
    fn name(&self) -> Text {
        let ages = match self.ages {
            (from, None) => format!("{from}+"),
            (from, Some(to)) => format!("{from}-{}", to - 1),
        };
        if self.sex == 0 { text!("men {ages}", "男 {ages}") } else { text!("women {ages}", "女 {ages}") }
    }

    fn rates(&self) -> Option<Rates> {
        let [Some(a), Some(b), Some(c), Some(d)] = self.rows else { return None };
        Some([a, b, c, d])
    }

    fn living(&self) -> Option<Matrix> {
        Some(self.rates()?.map(|row| std::array::from_fn(|to| row[to])))
    }
}

/// The rates that a scenario chooses, and what is to be said of them.
pub(super) fn read(section: &Section<'_>) -> Option<(Moves, Option<Text>)> {
    let source = section.choice("transitions")?;
    let number = |key: &str| section.number(key);
    let recovery = [number("recovery_mild"), number("recovery_moderate"), number("recovery_severe")];
    let mortality = [number("mortality_mild"), number("mortality_moderate"), number("mortality_severe")];
    let (Some([mild, moderate, severe]), Some([a, b, c])) = (all(recovery), all(mortality)) else { return None };
    let recovery = [mild, moderate, severe];
    let wants_table = source >= HAZARDS;
    if wants_table != section.has("transition_table") {
        let word = SOURCES[source];
        section.fault(
            code::CONTRADICTION,
            if wants_table { "transitions" } else { "transition_table" },
            text!(
                "transitions = \"{word}\" and `transition_table` do not go together",
                "transitions = \"{word}\" 与 `transition_table` 不相符"
            ),
            Text::new(
                "for a table of your own write transitions = \"hazards\" or \"yearly\" and its file under `transition_table`; otherwise leave that key out",
                "用自己的表时请写 transitions = \"hazards\" 或 \"yearly\"，并在 `transition_table` 写表名；否则请删去该键",
            ),
        );
        return None;
    }
    match source {
        0 => Some((Moves::Solved { recovery, mortality: [1.0, a, b, c] }, None)),
        1 => Some((Moves::Published { recovery }, None)),
        _ => {
            let sheet = section.sheet("transition_table")?;
            let given = read_table(&sheet, source == HAZARDS)?;
            if source == HAZARDS {
                Some((Moves::Given(by_age(&sheet, &given, written_rates)?), None))
            } else {
                let note = judge(section, &sheet, &given)?;
                let rates = |matrix: &Given<'_>| Some(Embedding::of(&matrix.living()?)?.rates);
                Some((Moves::Given(by_age(&sheet, &given, rates)?), Some(note)))
            }
        }
    }
}

fn written_rates(matrix: &Given<'_>) -> Option<Rates> {
    matrix.rates()
}

fn all([a, b, c]: [Option<f64>; 3]) -> Option<[f64; 3]> {
    Some([a?, b?, c?])
}

fn read_table<'a>(sheet: &'a Sheet<'_>, hazards: bool) -> Option<Vec<Given<'a>>> {
    let mut found: Vec<Given<'_>> = Vec::new();
    let mut sound = true;
    for row in sheet.rows() {
        let years = if row.text("years").is_empty() { Some(1) } else { whole(&row, "years", 1, 10) };
        let (sex, ages, from) = (sex_of(&row), bounds(&row), row.name_of("from", &LEVEL_WORDS));
        let (Some(years), Some(sex), Some(ages), Some(from)) = (years, sex, ages, from) else {
            sound = false;
            continue;
        };
        let Some(cells) = read_row(&row, from, hazards) else {
            sound = false;
            continue;
        };
        let same = |given: &Given<'_>| (given.sex, given.ages, given.years) == (sex, ages, years);
        let at = found.iter().position(same).unwrap_or_else(|| {
            found.push(Given { sex, ages, years, rows: [None; LEVELS], first: row });
            found.len() - 1
        });
        if found[at].rows[from].replace(cells).is_some() {
            row.fault(
                "from",
                Text::new("this level stands twice for this sex and age", "该性别、年龄组的这一程度重复"),
                Text::new("give each level one row", "每个程度只写一行"),
            );
            sound = false;
        }
    }
    for given in found.iter().filter(|given| given.rates().is_none()) {
        let (name, years) = (given.name(), given.years);
        let (en, zh) = (&name.en, &name.zh);
        let over = if years == 1 { Text::name("") } else { text!(", over {years} years", "（{years} 年）") };
        let (en, zh) = (format!("{en}{}", over.en), format!("{zh}{}", over.zh));
        given.first.fault(
            "from",
            text!("{en}: not every level has a row", "{zh}：各程度未写全"),
            Text::new("give rows from none, mild, moderate and severe", "请写出 none、mild、moderate、severe 四行"),
        );
        sound = false;
    }
    sound.then_some(found)
}

/// A row: rates (the level itself stays empty), or probabilities that add to 1.
fn read_row(row: &Row<'_>, from: usize, hazards: bool) -> Option<[f64; LEVELS + 1]> {
    let mut cells = [0.0; LEVELS + 1];
    for (to, cell) in cells.iter_mut().enumerate() {
        let column = if to < LEVELS { LEVEL_WORDS[to] } else { "dead" };
        if !(hazards && to == from) {
            *cell = row.number(column, 0.0, if hazards { 50.0 } else { 1.0 })?;
        }
    }
    if hazards {
        return Some(cells);
    }
    let sum: f64 = cells.iter().sum();
    if (sum - 1.0).abs() > ROUNDED {
        row.fault(
            "none",
            text!("the five probabilities add to {sum:.4}, not 1", "五个概率之和为 {sum:.4}，不等于 1"),
            Text::new(
                "make none + mild + moderate + severe + dead = 1",
                "请使 none + mild + moderate + severe + dead = 1",
            ),
        );
        return None;
    }
    Some(cells.map(|cell| cell / sum))
}

/// The rates of single ages from those of yearly rows of age groups.
fn by_age(sheet: &Sheet<'_>, given: &[Given<'_>], rates: impl Fn(&Given<'_>) -> Option<Rates>) -> Option<Vec<Rates>> {
    let mut ages = vec![None; 2 * AGES];
    for matrix in given.iter().filter(|matrix| matrix.years == 1) {
        let rates = rates(matrix)?;
        let (from, to) = (matrix.ages.0.max(FIRST_AGE), matrix.ages.1.unwrap_or(FIRST_AGE + AGES));
        for age in from..to.min(FIRST_AGE + AGES) {
            if ages[matrix.sex * AGES + age - FIRST_AGE].replace(rates).is_some() {
                matrix.first.fault(
                    "age",
                    text!("age {age} is in two groups", "{age} 岁属于两个年龄组"),
                    Text::new("let every age be in one group", "每个年龄只属于一组"),
                );
                return None;
            }
        }
    }
    let complete: Option<Vec<Rates>> = ages.into_iter().collect();
    if complete.is_none() {
        sheet.fault(
            Text::new("the table does not cover ages 60 to 100+ of both sexes", "表未覆盖男女 60 至 100+ 岁"),
            Text::new("add the missing ages; the last may be open (85+)", "请补上缺少的年龄，最后一组可写 85+"),
        );
    }
    complete
}

/// Refuses matrices that no rates come near, warns of those that only come near, and says the verdict.
fn judge(section: &Section<'_>, sheet: &Sheet<'_>, given: &[Given<'_>]) -> Option<Text> {
    let (mut sound, mut count, mut near) = (true, 0, 0);
    let mut worst: Option<(Text, Embedding)> = None;
    for matrix in given.iter().filter(|matrix| matrix.years == 1) {
        count += 1;
        let Some(embedding) = judge_one(matrix) else {
            sound = false;
            continue;
        };
        if embedding.negative.is_some() {
            near += 1;
            if worst.as_ref().is_none_or(|(_, other)| embedding.distance > other.distance) {
                worst = Some((matrix.name(), embedding));
            }
        }
    }
    let mut said = match worst {
        None => text!(
            "need: all {count} yearly matrices come from rates of change (embeddable)",
            "失能：{count} 个年度矩阵都对应可行的变化率（可嵌入连续时间）"
        ),
        Some((name, embedding)) => {
            let verdict = near_verdict((near, count), &name, &embedding);
            section.session.diagnostics.warn(
                code::CAUTION,
                sheet.span,
                verdict.clone(),
                Text::new(
                    "nothing need be done if that difference does not matter; never take roots of such a matrix",
                    "若该差异可以接受则无需处理；切勿对此类矩阵开方求月度矩阵",
                ),
            );
            verdict
        }
    };
    if let Some(compared) = compare(section, sheet, given) {
        said = Text::owned(format!("{}; {}", said.en, compared.en), format!("{}；{}", said.zh, compared.zh));
    }
    sound.then_some(said)
}

/// The rates behind a matrix; `None` with a fault where none come near.
fn judge_one(matrix: &Given<'_>) -> Option<Embedding> {
    let name = matrix.name();
    let (en, zh) = (&name.en, &name.zh);
    let Some(embedding) = Embedding::of(&matrix.living()?) else {
        matrix.first.fault(
            "from",
            text!(
                "{en}: no rates of change can give this yearly matrix (it has no real logarithm)",
                "{zh}：没有任何变化率能得出此年度矩阵（无实对数）"
            ),
            Text::new(
                "check the rows, in most cases one is miscopied or rests on few people; or use transitions = \"need_table\"",
                "请检查各行（多为抄写错误或样本太小）；或改用 transitions = \"need_table\"",
            ),
        );
        return None;
    };
    if embedding.distance > TOLERATED {
        let points = 100.0 * embedding.distance;
        matrix.first.fault(
            "from",
            text!(
                "{en}: no rates of change come near this yearly matrix; the nearest miss it by {points:.1} percentage points",
                "{zh}：没有变化率能接近此年度矩阵，最接近者仍相差 {points:.1} 个百分点"
            ),
            Text::new(
                "such a matrix mixes people or measurements; smooth it, give rates (transitions = \"hazards\"), or use \"need_table\"",
                "此类矩阵混合了不同人群或测量误差；请先平滑，或直接给变化率（transitions = \"hazards\"），或用 \"need_table\"",
            ),
        );
        return None;
    }
    Some(embedding)
}

fn near_verdict((near, count): (u32, u32), name: &Text, embedding: &Embedding) -> Text {
    let points = 100.0 * embedding.distance;
    let (from, to, rate) = embedding.negative.unwrap_or((0, 0, 0.0));
    let words = ["none", "mild", "moderate", "severe", "dead"];
    let (from, to, en, zh) = (words[from], words[to], &name.en, &name.zh);
    text!(
        "need: {near} of {count} yearly matrices have no valid rates of change; the nearest are used and miss them by at most {points:.2} percentage points ({en}: {from} to {to} would need {rate:.4} a year)",
        "失能：{count} 个年度矩阵中有 {near} 个没有可行的变化率，已用最接近者代替，与原矩阵最多相差 {points:.2} 个百分点（{zh}：{from} 到 {to} 需要 {rate:.4}/年）"
    )
}

/// Largest difference between matrices of several years and the power of the yearly one of the same people.
fn compare(section: &Section<'_>, sheet: &Sheet<'_>, given: &[Given<'_>]) -> Option<Text> {
    let mut worst: Option<(f64, i32, Text)> = None;
    for long in given.iter().filter(|matrix| matrix.years > 1) {
        let same = |m: &&Given<'_>| m.years == 1 && m.sex == long.sex && m.ages == long.ages;
        let Some(yearly) = given.iter().find(same).and_then(Given::living) else { continue };
        let power = (1..long.years).fold(yearly, |power, _| product(&power, &yearly));
        let published = long.living()?;
        let difference = power.iter().flatten().zip(published.iter().flatten());
        let difference = difference.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if worst.as_ref().is_none_or(|(most, ..)| difference > *most) {
            worst = Some((difference, long.years, long.name()));
        }
    }
    let (difference, years, name) = worst?;
    let (points, en, zh) = (100.0 * difference, &name.en, &name.zh);
    let said = text!(
        "{years} years by the yearly matrix differ from the matrix of {years} years by at most {points:.1} percentage points ({en})",
        "年度矩阵的 {years} 次方与 {years} 年矩阵最多相差 {points:.1} 个百分点（{zh}）"
    );
    if difference > SAME {
        section.session.diagnostics.warn(
            code::CAUTION,
            sheet.span,
            said.clone(),
            Text::new(
                "the two do not tell of one chain: people differ in more than age and need, or fall in and out of need within a year; the yearly matrix is used",
                "两者不属于同一条链：人群差异不止年龄与失能，或一年内有反复；模拟采用年度矩阵",
            ),
        );
    }
    Some(said)
}

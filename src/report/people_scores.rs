//! What `civicap backtest people` says: forecasts of residents by size and age, beside what simple rules would have said.

use comfy_table::Cell;

use super::number::percent;
use super::scores::{grid, number};
use crate::language::{Language, Text};
use crate::population::calibration::{Counts, GROUPS, Naive};
use crate::study::Compared;
use crate::summary::Score;
use crate::text;

/// Forecasts of one kind, with their rivals.
#[derive(Clone, Copy, Debug, Default)]
struct Scores {
    own: Score,
    no_change: Score,
    hamilton_perry: Score,
    constant_share: Score,
}

impl Scores {
    fn add(&mut self, compared: &Compared<'_>, rivals: [f64; 3]) {
        let counted = compared.observation.value;
        let Some(score) = compared.score else { return };
        self.own.merge(&score);
        let sets = [&mut self.no_change, &mut self.hamilton_perry, &mut self.constant_share];
        for (score, forecast) in sets.into_iter().zip(rivals) {
            score.add(forecast, &[forecast], counted);
        }
    }
}

/// Scores of totals by size, and of age groups.
#[derive(Clone, Debug)]
pub struct PeopleScores {
    /// People at the beginning that part small, middle and large areas.
    bounds: [f64; 2],
    areas: usize,
    totals: Scores,
    sizes: [Scores; 3],
    cells: Scores,
    ages: [Scores; GROUPS.len()],
}

impl PeopleScores {
    /// No scores yet; areas are parted by their people of the first count.
    pub fn new(counts: &Counts) -> Self {
        let mut people: Vec<f64> = (0..counts.areas.len()).map(|area| counts.total(0, area)).collect();
        people.sort_by(f64::total_cmp);
        let third = |part: usize| people[(part * people.len() / 3).min(people.len() - 1)];
        let none = Scores::default();
        Self {
            bounds: [third(1), third(2)],
            areas: people.len(),
            totals: none,
            sizes: [none; 3],
            cells: none,
            ages: [none; GROUPS.len()],
        }
    }

    /// Adds an area with so many people at the beginning: its total, then its groups, and the rivals' groups.
    pub fn add(&mut self, people: f64, compared: &[Compared<'_>], naive: &Naive) {
        let rivals = [naive.no_change, naive.hamilton_perry, naive.constant_share];
        let Some((total, groups)) = compared.split_first() else { return };
        let sums = rivals.map(|groups| groups.iter().sum::<f64>());
        let size = self.bounds.iter().filter(|bound| people >= **bound).count();
        self.totals.add(total, sums);
        self.sizes[size].add(total, sums);
        for (at, compared) in groups.iter().enumerate() {
            let of_group = rivals.map(|groups| groups[at]);
            self.cells.add(compared, of_group);
            self.ages[at].add(compared, of_group);
        }
    }

    fn rows(&self) -> Vec<ScoreRow<'_>> {
        let [low, high] = self.bounds;
        let row = |name: Text, key: &str, scores| ScoreRow { name, key: key.to_owned(), scores };
        let mut rows = vec![row(Text::new("totals", "总人口"), "totals", &self.totals)];
        if self.areas >= 6 {
            let names = [
                text!("totals, below {low:.0}", "总人口，{low:.0} 以下"),
                text!("totals, {low:.0} to {high:.0}", "总人口，{low:.0} 至 {high:.0}"),
                text!("totals, {high:.0} and more", "总人口，{high:.0} 及以上"),
            ];
            let keys = ["totals_small", "totals_middle", "totals_large"];
            rows.extend(
                names.into_iter().zip(keys).zip(&self.sizes).map(|((name, key), scores)| row(name, key, scores)),
            );
        }
        rows.push(row(Text::new("area x age group", "区域×年龄组"), "cells", &self.cells));
        for (group, scores) in GROUPS.iter().zip(&self.ages) {
            let ages = group.words();
            rows.push(row(Text::name(ages.clone()), &format!("ages_{ages}"), scores));
        }
        rows.retain(|row| row.scores.own.forecasts > 0);
        rows
    }
}

/// A row of the scores: its name, its key in the table, and its scores.
struct ScoreRow<'a> {
    name: Text,
    key: String,
    scores: &'a Scores,
}

/// The scores for a terminal.
pub fn said(scores: &PeopleScores, language: Language) -> String {
    let headings = [
        Text::new("forecasts of", "预测"),
        Text::new("n", "个数"),
        Text::new("MAPE", "平均绝对误差"),
        Text::new("bias", "偏差"),
        Text::new("in 50%", "50%区间"),
        Text::new("in 80%", "80%区间"),
        Text::new("in 95%", "95%区间"),
        Text::new("CRPS", "CRPS"),
        Text::new("no change", "不变"),
        Text::new("Hamilton-Perry", "Hamilton–Perry"),
        Text::new("constant share", "份额不变"),
    ];
    let mut grid = grid(&headings, language);
    for ScoreRow { name, scores: of, .. } in scores.rows() {
        let [half, four_fifths, most] = of.own.cover();
        let mut row = vec![Cell::new(name.get(language)), number(of.own.forecasts.to_string())];
        let errors = [of.own.absolute(), of.own.bias()].map(|share| percent(share, 1));
        let cover = [half, four_fifths, most].map(|share| percent(share, 0));
        let crps = [of.own, of.no_change, of.hamilton_perry, of.constant_share].map(|s| percent(s.crps(), 2));
        row.extend(errors.into_iter().chain(cover).chain(crps).map(number));
        grid.add_row(row);
    }
    let note = Text::new(
        "Errors in per cent of what was counted. Of the simple rules on the right CRPS is the absolute error.",
        "误差以实际统计的百分比计；右侧各简单方法的 CRPS 即其绝对误差。",
    );
    format!("{grid}\n\n{}\n", note.get(language))
}

/// The scores as a long table.
pub fn csv(scores: &PeopleScores) -> String {
    let mut out =
        "forecasts_of,forecasts,mape,bias,in_50,in_80,in_95,crps,no_change,hamilton_perry,constant_share\n".to_owned();
    for ScoreRow { key, scores: of, .. } in scores.rows() {
        let [half, four_fifths, most] = of.own.cover();
        out.push_str(&format!("{key},{}", of.own.forecasts));
        let crps = [of.own, of.no_change, of.hamilton_perry, of.constant_share].map(|score| score.crps());
        for value in [of.own.absolute(), of.own.bias(), half, four_fifths, most].into_iter().chain(crps) {
            out.push_str(&format!(",{value:.5}"));
        }
        out.push('\n');
    }
    out
}

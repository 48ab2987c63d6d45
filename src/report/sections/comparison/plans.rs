//! All plans beside each other, a column each: verdict, probability and unserved of the same year, and how likely each is the
//! best of them.

use super::members::{Compared, Member, Versus};
use crate::language::Text;
use crate::metric::Role;
use crate::report::document::{Block, Caption, Cell, Column, Row, Table};
use crate::report::{number, sentences, words};
use crate::study::VerdictLevel;
use crate::study::comparison::{StageChange, Standing};
use crate::text;

/// The table of changed stages, the unchanged ones in one line, and the unserved by year to look up.
pub(super) fn side_by_side(compared: &Compared) -> Vec<Block> {
    let stages = stages(compared);
    let (changed, same): (Vec<&Stage<'_>>, Vec<&Stage<'_>>) = stages.iter().partition(|stage| stage.changes());
    let mut blocks = Vec::new();
    if !changed.is_empty() {
        let rows = changed.iter().flat_map(|stage| stage.rows(compared)).collect();
        let caption = Caption::new(Text::new("Plans side by side", "各方案对照")).takeaway(Text::new(
            "Every stage in one year: that in which the target is most likely missed in any of the plans. Differences are from the \
             baseline, the first plan.",
            "各学段（层级）均取同一年份：各方案中不达标概率最高的年份。差值为与基准方案（第一个）之差。",
        ));
        blocks.push(Block::Table(Table { caption, columns: columns(compared, words::STAGE.clone()), rows }));
    }
    blocks.extend(unchanged(&same).map(Block::Prose));
    if !changed.is_empty() {
        let rows = changed.iter().flat_map(|stage| stage.unserved_by_year()).collect();
        let caption =
            Caption::new(Text::new("Unserved by stage and year (means)", "各学段（层级）逐年未获服务（均值）"));
        blocks.push(Block::Reference(Table { caption, columns: columns(compared, words::STAGE.clone()), rows }));
    }
    blocks
}

/// A column for what is named, one for what is told of it, and one for each plan.
fn columns(compared: &Compared, first: Text) -> Vec<Column> {
    let mut columns = vec![Column::new(first), Column::new(Text::new("What", "项目"))];
    let members = std::iter::once(&compared.baseline).chain(compared.others.iter().map(|versus| &versus.member));
    columns.extend(members.map(|member: &Member| Column::new(member.label.clone())));
    columns
}

/// The names of stages in which no plan differs.
fn unchanged(stages: &[&Stage<'_>]) -> Option<Text> {
    let names: Vec<Text> = stages.iter().map(|stage| stage.name()).collect();
    let names = words::listed(&names);
    let (en, zh) = (&names.en, &names.zh);
    (!stages.is_empty()).then(|| text!("The same in all plans: {en}.", "各方案相同：{zh}。"))
}

/// A stage in every plan, the baseline first.
struct Stage<'a> {
    change: &'a StageChange,
    /// In the comparison of each other plan with the baseline.
    versus: Vec<(&'a Versus, &'a StageChange)>,
    /// How likely each plan leaves the fewest unserved; empty where that is not known.
    best: &'a [f64],
}

fn stages(compared: &Compared) -> Vec<Stage<'_>> {
    let Some(first) = compared.others.first() else { return Vec::new() };
    let known = |change: &&StageChange| change.standings.iter().flatten().any(|standing| standing.worst_year.is_some());
    let stages = first.comparison.stages.iter().filter(known).map(|change| {
        let same = |stage: &&StageChange| stage.service == change.service && stage.stage == change.stage;
        let versus =
            compared.others.iter().filter_map(|versus| Some((versus, versus.comparison.stages.iter().find(same)?)));
        let best = compared.best.iter().find(|best| best.service == change.service && best.stage == change.stage);
        Stage { change, versus: versus.collect(), best: best.map_or(&[], |best| &best.shares) }
    });
    stages.filter(Stage::applies).collect()
}

impl Stage<'_> {
    fn name(&self) -> Text {
        words::with_service(&self.change.service_label, &self.change.stage_label)
    }

    /// How it stands in each plan.
    fn standings(&self) -> impl Iterator<Item = Option<&Standing>> {
        let others = self.versus.iter().map(|(_, stage)| stage.standings[1].as_ref());
        std::iter::once(self.change.standings[0].as_ref()).chain(others)
    }

    /// Whether anybody asks or is served in any plan: else it has no verdict although others have.
    fn applies(&self) -> bool {
        let simulated = self.versus.iter().any(|(versus, _)| versus.comparison.paired);
        !simulated || self.standings().flatten().any(|standing| standing.rank.is_some())
    }

    /// Years that all comparisons have.
    fn years(&self) -> std::ops::RangeInclusive<i32> {
        let years = self.versus.iter().map(|(versus, _)| versus.comparison.years);
        let (from, to) = years.fold((i32::MIN, i32::MAX), |all, own| (all.0.max(own.0), all.1.min(own.1)));
        from..=to
    }

    /// The year in which any plan most likely misses the target.
    fn year(&self) -> Option<i32> {
        let risk = |year: i32| self.standings().flatten().filter_map(|s| s.missed_in(year)).fold(0.0, f64::max);
        self.years().reduce(|worst, next| if risk(next) > risk(worst) { next } else { worst })
    }

    /// Mean unserved of each plan in a year.
    fn unserved(&self, year: i32) -> Vec<Option<f64>> {
        let cell =
            |(versus, stage): &(&Versus, &StageChange)| versus.comparison.district(stage, Role::Unmet, year).copied();
        let cells: Vec<_> = self.versus.iter().map(cell).collect();
        let first = cells.iter().flatten().next().map(|cell| cell.a.mean);
        std::iter::once(first).chain(cells.iter().map(|cell| cell.map(|cell| cell.b.mean))).collect()
    }

    /// Whether any plan says anything else than the baseline that would be seen in a table.
    fn changes(&self) -> bool {
        let ranks: Vec<_> = self.standings().map(|s| s.and_then(|s| s.rank)).collect();
        let differs = |values: &[Option<String>]| values.iter().any(|value| *value != values[0]);
        let shown = |year: i32| {
            let missed: Vec<_> =
                self.standings().map(|s| s.and_then(|s| s.missed_in(year)).map(number::probability)).collect();
            let unserved: Vec<_> = self.unserved(year).into_iter().map(|count| count.map(number::whole)).collect();
            differs(&missed) || differs(&unserved)
        };
        ranks.iter().any(|rank| *rank != ranks[0]) || self.years().any(shown)
    }

    fn rows(&self, compared: &Compared) -> Vec<Row> {
        let Some(year) = self.year() else { return Vec::new() };
        let verdicts = self.standings().map(|standing| {
            let rank =
                standing.and_then(|standing| standing.rank.map(|rank| sentences::standing(rank, standing.close_to)));
            rank.map_or(Cell::Empty, Cell::Text)
        });
        let missed = self.standings().map(|standing| {
            let stable = standing.filter(|standing| standing.rank != Some(VerdictLevel::Unstable));
            stable.and_then(|standing| standing.missed_in(year)).map_or(Cell::Empty, Cell::probability)
        });
        let unserved = self.unserved(year);
        let counts = unserved.iter().map(|count| count.map_or(Cell::Empty, Cell::count));
        let difference = unserved.iter().enumerate().map(|(at, count)| match (unserved[0], count) {
            (Some(first), Some(count)) if at > 0 => Cell::count(count - first),
            _ => Cell::Empty,
        });
        let mut rows = vec![
            row(Cell::Text(self.name()), Text::new("Verdict", "结论"), verdicts),
            row(Cell::Empty, text!("Target missed in {year}", "{year} 年不达标概率"), missed),
            row(Cell::Empty, text!("Unserved in {year}, mean", "{year} 年未获服务（均值）"), counts),
            row(Cell::Empty, Text::new("Difference from the baseline", "与基准方案之差"), difference),
        ];
        if self.best.len() == compared.others.len() + 1 {
            let best = self.best.iter().map(|share| Cell::probability(*share));
            rows.push(row(
                Cell::Empty,
                Text::new("Fewest unserved over all years, probability", "各年合计未获服务最少的概率"),
                best,
            ));
        }
        rows
    }

    fn unserved_by_year(&self) -> Vec<Row> {
        let rows = self.years().enumerate().map(|(at, year)| {
            let name = if at == 0 { Cell::Text(self.name()) } else { Cell::Empty };
            let counts = self.unserved(year).into_iter().map(|count| count.map_or(Cell::Empty, Cell::count));
            row(name, Text::name(year.to_string()), counts)
        });
        rows.collect()
    }
}

fn row(first: Cell, what: Text, cells: impl Iterator<Item = Cell>) -> Row {
    Row::new([first, Cell::Text(what)].into_iter().chain(cells).collect())
}

//! A fitted table as a scenario fragment: what `[education]` needs to go on from the table's last year.
//!
//! The number of a stage is the district's (the geometric mean over its grades for progression); what an area and grade
//! has beyond it stands in the table of differences. All of it is `derived`, with the table as its source.

use crate::services::education::enrolment::{Enrolment, Grade};

use super::fitted::Fitted;
use super::ratios::Source;
use super::smoothing::SmoothingWeights;
use crate::calibration::{SMALLEST, Shocks, quotable, uncertain};

/// Names by which the fragment knows its files and its source.
#[derive(Clone, Copy, Debug)]
pub struct FragmentNames<'a> {
    /// The table of births and enrolment, as the fragment finds it.
    pub enrolment: &'a str,
    /// The table of differences, likewise.
    pub differences: &'a str,
    /// What the table is, for provenance.
    pub source: &'a str,
}

/// The texts of a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The TOML.
    pub toml: String,
    /// The table of differences, CSV.
    pub differences: String,
    /// Stages left out because the table has not all their grades.
    pub left_out: Vec<&'static str>,
}

impl Fitted {
    /// The fragment of this fit.
    pub fn fragment(&self, table: &Enrolment, names: FragmentNames<'_>) -> Fragment {
        let (from, to) = self.span;
        let source = quotable(&format!("{}, {from}-{to}", names.source));
        let mut toml = self.heading(names, &source);
        let mut differences = format!("# source: {source}\n# status: derived\narea,stage,grade,factor,spread\n");
        let mut stages: Vec<&'static str> = table.grades.iter().map(|grade| grade.stage).collect();
        stages.dedup();
        let mut left_out = Vec::new();
        for stage in stages {
            let grades: Vec<usize> = (0..table.grades.len()).filter(|g| table.grades[*g].stage == stage).collect();
            if grades.len() == table.grades[grades[0]].grades_of_stage() {
                self.write_stage(table, stage, &grades, &source, &mut toml, &mut differences);
            } else {
                left_out.push(stage);
            }
        }
        Fragment { toml, differences, left_out }
    }

    /// By what an area's own shocks of a grade's ratio are larger; in the rows of the first two grades of a stage, of which
    /// the second speaks for all later ones.
    fn spread_of(&self, area: usize, at: usize, grade: usize) -> Option<f64> {
        let factors =
            if self.ratios.is_entry(at) { &self.spread.entry_factors } else { &self.spread.progression_factors };
        let told = grade < 2 && factors.iter().any(|factor| (factor - 1.0).abs() > SMALLEST);
        factors.get(area).copied().filter(|_| told)
    }

    fn heading(&self, names: FragmentNames<'_>, source: &str) -> String {
        let weights = |weights| {
            let each = SmoothingWeights::with_memories(weights).filter(|(weight, _)| *weight > 0.0);
            each.map(|(weight, memory)| format!("{weight:.2} ({memory})")).collect::<Vec<_>>().join(" + ")
        };
        let look = |look: SmoothingWeights| format!("district {}, areas {}", weights(look.whole), weights(look.areas));
        let (progression, entry) = (look(self.choice.progression), look(self.choice.entry));
        let left = self.residuals;
        let shown = |number: f64| if number.is_nan() { "-".to_owned() } else { format!("{number:.2}") };
        format!(
            "# 由 civicap calibrate education 生成；数据：{source}。用法：在方案中写 extends = \"本文件\"，或粘贴下列各节。\n\
             # Made by `civicap calibrate education` from {source}. Use: extends = \"this file\" in a scenario, or paste the sections.\n\
             # Weights of means of the past, with the memory of each in brackets:\n\
             # Progression: {progression}.\n\
             # Yields: {entry}.\n\
             # Residuals of progression: sd {:.4}, correlation of grades {}, of areas {}, persistence {}.\n\
             # Correlation of the shocks of stages: {:.2}.\n\n\
             [education]\nenrolment = \"{}\"\narea_adjustments = \"{}\"\n",
            left.sd,
            shown(left.between_grades),
            shown(left.between_areas),
            shown(left.persistence),
            self.spread.together,
            names.enrolment,
            names.differences,
        )
    }

    fn write_stage(
        &self,
        table: &Enrolment,
        stage: &str,
        grades: &[usize],
        source: &str,
        toml: &mut String,
        differences: &mut String,
    ) {
        let (entry, later) = (grades[0], &grades[1..]);
        let progression = later.iter().map(|grade| self.whole[*grade]).sum::<f64>() / later.len().max(1) as f64;
        let at = self.stages.iter().position(|s| *s == stage);
        let own = at.map_or_else(Shocks::default, |at| self.spread.progression[at]);
        let (key, shocks) = match self.ratios.sources[entry] {
            Source::Births(_) => ("yield_per_birth", self.spread.entry),
            Source::Below(_) => ("share_of_leavers", own),
        };
        toml.push_str(&format!("\n[education.stages.{stage}]\nratios_include_migration = true\n"));
        toml.push_str(&uncertain(key, self.whole[entry], shocks, table.areas.len(), source));
        if !later.is_empty() {
            toml.push_str(&uncertain("progression", progression, own, table.areas.len(), source));
        }
        for (area, name) in table.areas.iter().enumerate() {
            for grade in grades {
                let stage_level = if *grade == entry { self.whole[entry] } else { progression };
                let factor = libm::exp(self.levels[area * table.grades.len() + grade] - stage_level);
                let (at, Grade { grade, .. }) = (*grade, table.grades[*grade]);
                let spread = self.spread_of(area, at, grade).map_or_else(String::new, |spread| format!("{spread:.3}"));
                differences.push_str(&format!("{name},{stage},{},{factor:.5},{spread}\n", grade + 1));
            }
        }
    }
}

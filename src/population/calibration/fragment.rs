//! An estimate as a scenario of people alone: it runs as it is, and a scenario with services `extends` it.

use super::counts::Counts;
use super::estimated::Estimate;
use super::projection::{ByAge, NetRates, Schedules};
use super::spreads::{BIRTHS_WALK, OF_DISTRICTS, Spreads};
use crate::calibration::quotable;
use crate::input::plain_cells::cell;
use crate::population::view::{AGES, SEX_WORDS, SEXES};

/// Share of the variance of districts that is common to the areas of one (`docs/track-record.md`: 48 %); the root of it.
const COMMON_PART: f64 = 0.69;

/// A piece of a scenario, to be written.
#[derive(Clone, Copy, Debug)]
pub struct Fragment<'a> {
    /// The counts.
    pub counts: &'a Counts,
    /// The count that it goes on from, by position.
    pub date: usize,
    /// The areas, by position.
    pub areas: &'a [usize],
    /// Death rates and age patterns.
    pub schedules: &'a Schedules<'a>,
    /// Years that are asked for after that count.
    pub years: usize,
    /// Whether the areas are places of their own, that share nothing, and not parts of one district.
    pub apart: bool,
    /// What the counts are, for provenance.
    pub source: &'a str,
}

/// A file of a fragment: name and text.
pub type File = (&'static str, String);

/// Name of the scenario among the files.
const SCENARIO: &str = "people-fit.toml";

impl Fragment<'_> {
    /// The files, the scenario last.
    pub fn files(&self, found: &Estimate) -> Vec<File> {
        let come = self.arrivals(found);
        let head = format!("# source: {}\n# status: derived\n", self.source.replace(['\n', '\r'], " "));
        vec![
            ("people-areas.csv", head.clone() + &self.areas_csv()),
            ("people-counts.csv", head.clone() + &self.people_csv()),
            ("people-deaths.csv", head.clone() + &self.deaths_csv()),
            ("people-births.csv", head.clone() + &self.births_csv()),
            ("people-migration.csv", head + &migration_csv(found, &come.by_age)),
            (SCENARIO, self.toml(found, &come)),
        ]
    }

    /// The moment that the fragment goes on from, in years.
    fn moment(&self) -> f64 {
        self.counts.dates[self.date].0 / 12.0
    }

    /// First simulated year, and the last that is asked for.
    fn first_and_last(&self) -> (i32, i32) {
        let first = libm::ceil(self.moment() - 1e-9) as i32;
        (first, libm::ceil(self.moment() + self.years as f64 - 1e-9) as i32)
    }

    /// Those who come in the first year and in the last, as the people of the areas are then.
    fn arrivals(&self, found: &Estimate) -> Arrivals {
        let (first, _) = self.first_and_last();
        let survival = self.schedules.survival(first, self.years);
        let rates = NetRates::new(found.births_per_woman, &found.net);
        let mut come = Arrivals { by_age: [[0.0; AGES]; SEXES], first: 0.0, last: 0.0 };
        for area in self.areas {
            let now = self.counts.by_age(self.date, *area);
            let then = self.schedules.project(&now, &survival, &rates);
            for sex in 0..SEXES {
                for age in 0..AGES {
                    let rate = found.out_rates[sex][age] + found.net[sex][age];
                    let (early, late) = (rate * now[sex][age], rate * then[sex][age]);
                    come.by_age[sex][age] += 0.5 * (early + late);
                    come.first += early;
                    come.last += late;
                }
            }
        }
        come
    }

    fn areas_csv(&self) -> String {
        let mut text = "id,label_zh,label_en\n".to_owned();
        for area in self.areas {
            let name = cell(&self.counts.areas[*area]);
            text.push_str(&format!("{name},{name},{name}\n"));
        }
        text
    }

    fn people_csv(&self) -> String {
        let mut text = "area,sex,age,persons\n".to_owned();
        for area in self.areas {
            let name = cell(&self.counts.areas[*area]);
            for (sex, word) in SEX_WORDS.iter().enumerate() {
                for (age, persons) in self.counts.ages(self.date, *area, sex).iter().enumerate() {
                    text.push_str(&format!("{name},{word},{},{persons:.0}\n", age_word(age)));
                }
            }
        }
        text
    }

    fn deaths_csv(&self) -> String {
        let mortality = &self.schedules.model.mortality;
        let mut text = "sex,age,deaths_per_person_year,yearly_decline\n".to_owned();
        for (sex, word) in SEX_WORDS.iter().enumerate() {
            for age in 0..AGES {
                let (rate, decline) = (mortality.rates[sex][age], mortality.decline[sex][age]);
                text.push_str(&format!("{word},{},{rate:.8},{decline:.6}\n", age_word(age)));
            }
        }
        text
    }

    fn births_csv(&self) -> String {
        let shares = self.schedules.model.fertility.shares.iter().enumerate().filter(|(_, share)| **share > 0.0);
        let rows = shares.map(|(age, share)| format!("{age},{share:.8}\n"));
        std::iter::once("age,share\n".to_owned()).chain(rows).collect()
    }

    fn toml(&self, found: &Estimate, come: &Arrivals) -> String {
        let (first, last) = self.first_and_last();
        let source = quotable(self.source);
        let begin = libm::floor(self.moment()) as i32;
        let whole = (self.moment() - f64::from(begin)).abs() < 1e-9;
        let counted = &self.counts.dates[self.date].1;
        let reference = if whole { String::new() } else { format!("reference_date = {counted}\n") };
        let Shown { migration, births } = self.shown(found.spreads);
        let Spreads { ages, .. } = found.spreads;
        let status = if found.spreads.measured { "derived" } else { "assumed" };
        let start = if self.apart { libm::floor(self.moment() + self.years as f64) as i32 } else { first };
        let reference_year = self.schedules.model.mortality.reference_year;
        format!(
            "# 由 civicap calibrate people 生成；数据：{source}。用法：在方案中写 extends = \"本文件\"，或粘贴下列各节。\n\
             # Made by `civicap calibrate people` from {source}. Use: extends = \"this file\" in a scenario, or paste the sections.\n\
             format = 2\nlabel = \"people-fit\"\n\n[horizon]\nbase_year = {first}\nstart = {start}\nend = {last}\n\n\
             [areas]\ntable = \"people-areas.csv\"\n\n[people]\ntable = \"people-counts.csv\"\n{reference}\n\
             [people.deaths]\ntable = \"people-deaths.csv\"\nreference_year = {reference_year:.0}\n\
             factor = {{ value = {:.4}, sd = 0.08, random_walk_sd = 0.015, scale = \"log\", status = \"assumed\" }}\n\n\
             [people.births]\ntable = \"people-births.csv\"\n\
             births_per_woman = {{ value = {:.4}, scale = \"log\", {births}, source = \"{source}\", status = \"{status}\" }}\n\n\
             [people.migration]\ntable = \"people-migration.csv\"\n\
             out_migration_factor = {{ value = 1.0, scale = \"log\", {migration}, source = \"{source}\", status = \"{status}\" }}\n\
             out_migration_ages_sd = {ages:.3}\n\n\
             [people.in_migration.all]\n\
             people_per_year = {{ by_year = {{ {first} = {:.1}, {last} = {:.1} }}, scale = \"log\", {migration}, source = \"{source}\", status = \"{status}\" }}\n\
             ages_sd = {ages:.3}\n",
            self.schedules.mortality, found.births_per_woman, come.first, come.last,
        )
    }

    /// The spreads as keys. Areas of one district have half of a district's variance in common, which counts of its
    /// areas on two days cannot show.
    fn shown(&self, spreads: Spreads) -> Shown {
        if self.apart && self.areas.len() > 1 {
            return Shown {
                migration: format!(
                    "between_areas_sd = {:.3}, areas_random_walk_sd = {:.3}",
                    spreads.migration, spreads.migration_walk
                ),
                births: format!("between_areas_sd = {:.3}, random_walk_sd = {BIRTHS_WALK}", spreads.births),
            };
        }
        let several = self.areas.len() > 1;
        let part = if several { COMMON_PART } else { 1.0 };
        let common = Spreads { migration: part * OF_DISTRICTS.migration, ..OF_DISTRICTS };
        let walk = part * OF_DISTRICTS.migration_walk;
        let mut shown = Shown {
            migration: format!("sd = {:.3}, random_walk_sd = {walk:.3}", common.migration),
            births: format!("sd = {:.3}, random_walk_sd = {BIRTHS_WALK}", part * OF_DISTRICTS.births),
        };
        if several {
            shown.migration.push_str(&format!(
                ", between_areas_sd = {:.3}, areas_random_walk_sd = {:.3}",
                spreads.migration, spreads.migration_walk
            ));
            shown.births.push_str(&format!(", between_areas_sd = {:.3}", spreads.births));
        }
        shown
    }
}

/// Spreads of migration and of births, as keys.
struct Shown {
    migration: String,
    births: String,
}

/// Those who come.
struct Arrivals {
    by_age: ByAge,
    first: f64,
    last: f64,
}

fn migration_csv(found: &Estimate, come: &ByAge) -> String {
    let mut text =
        "sex,age,out_migration_per_person_year,internal_migration_per_person_year,in_migration_weight\n".to_owned();
    for (sex, word) in SEX_WORDS.iter().enumerate() {
        for (age, (rate, weight)) in found.out_rates[sex].iter().zip(&come[sex]).enumerate() {
            text.push_str(&format!("{word},{},{rate:.6},0,{weight:.3}\n", age_word(age)));
        }
    }
    text
}

fn age_word(age: usize) -> String {
    if age + 1 == AGES { format!("{age}+") } else { age.to_string() }
}

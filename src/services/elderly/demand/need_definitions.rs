//! Definitions of need with what was counted by them in China: a planner picks one by name, and the table of need is shifted
//! to it.
//!
//! They differ by a factor of ten and more for the same people, so the definition is an input like any other. Shares are
//! of residents aged 60+ (one: 65+) in the year they were counted; the same share is taken for the district at the start.

use super::need::levels::{MILD, MODERATE, SEVERE, SexAge};
use super::need::prevalence::{InNeed, Prevalence};
use crate::language::Text;
use crate::uncertainty::Status;

/// One definition of need.
#[derive(Debug)]
pub(crate) struct Definition {
    /// Name in scenarios.
    pub key: &'static str,
    /// What it is.
    pub label: Text,
    /// The levels and ages that it counts.
    pub counted: InNeed,
    /// Share of these people.
    pub share: f64,
    /// Who says so.
    pub source: Text,
    /// How it was obtained.
    pub status: Status,
}

/// The definitions, from the narrowest to the widest.
pub(crate) static KNOWN: [Definition; 7] = [
    Definition {
        key: "census_cannot_care_for_self",
        label: Text::new("census: cannot care for self", "普查口径：生活不能自理"),
        counted: InNeed { from: SEVERE, youngest: 60 },
        share: 0.0235,
        source: Text::new(
            "census 2010, long table, cities of China: 105,972 of 4,510,405",
            "2010 年人口普查长表，全国城市：4,510,405 人中 105,972 人",
        ),
        status: Status::Published,
    },
    Definition {
        key: "adl_clhls",
        label: Text::new("any ADL disability, 65+ (CLHLS)", "65 岁及以上任一 ADL 失能（CLHLS）"),
        counted: InNeed { from: MODERATE, youngest: 65 },
        share: 0.056,
        source: Text::new(
            "Chinese Longitudinal Healthy Longevity Survey: share of 65+ under its estimated transitions",
            "中国老年健康影响因素跟踪调查（CLHLS）：按其转移估计所得的 65 岁及以上比例",
        ),
        status: Status::Derived,
    },
    Definition {
        key: "charls_level_1",
        label: Text::new("any ADL difficulty (CHARLS 2020, level 1)", "任一 ADL 困难（CHARLS 2020 一级口径）"),
        counted: InNeed { from: MODERATE, youngest: 60 },
        share: 0.078,
        source: Text::new("CHARLS 2020, as reported in the press", "CHARLS 2020（据媒体报道）"),
        status: Status::Published,
    },
    Definition {
        key: "survey_2021",
        label: Text::new("disabled (fifth survey of older people, 2021)", "失能（第五次城乡老年人抽样调查，2021）"),
        counted: InNeed { from: MODERATE, youngest: 60 },
        share: 0.116,
        source: Text::new(
            "fifth sample survey of older people in China, 2021: about 35 million; figure not seen in print",
            "第五次中国城乡老年人生活状况抽样调查，2021：约 3500 万；未见正式刊印的数字",
        ),
        status: Status::Assumed,
    },
    Definition {
        key: "charls_level_2",
        label: Text::new(
            "any ADL or key IADL difficulty (CHARLS 2020, level 2)",
            "ADL 或关键 IADL 困难（CHARLS 2020 二级口径）",
        ),
        counted: InNeed { from: MILD, youngest: 60 },
        share: 0.138,
        source: Text::new("CHARLS 2020, as reported in the press", "CHARLS 2020（据媒体报道）"),
        status: Status::Published,
    },
    Definition {
        key: "charls_level_3",
        label: Text::new(
            "any ADL or IADL difficulty (CHARLS 2020, level 3)",
            "任一 ADL 或 IADL 困难（CHARLS 2020 三级口径）",
        ),
        counted: InNeed { from: MILD, youngest: 60 },
        share: 0.172,
        source: Text::new("CHARLS 2020, as reported in the press", "CHARLS 2020（据媒体报道）"),
        status: Status::Published,
    },
    Definition {
        key: "survey_2015",
        label: Text::new(
            "disabled and partly disabled (fourth survey of older people, 2015)",
            "失能与半失能（第四次城乡老年人抽样调查，2015）",
        ),
        counted: InNeed { from: MILD, youngest: 60 },
        share: 0.183,
        source: Text::new(
            "fourth sample survey of older people in China, 2015: 40.63 million",
            "第四次中国城乡老年人生活状况抽样调查，2015：4063 万",
        ),
        status: Status::Published,
    },
];

/// The definition of that name.
pub(crate) fn named(key: &str) -> Option<&'static Definition> {
    KNOWN.iter().find(|definition| definition.key == key)
}

/// Whether a text is meant as a name and not as a description: lower-case letters, digits and underscores.
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl Definition {
    /// The factor on the odds of the table at which people (shape: sex x age from 60) have this definition's share.
    fn odds_factor(&self, prevalence: &Prevalence, people: &[f64]) -> f64 {
        prevalence.odds_factor_for(self.share, self.counted, people)
    }

    /// Expected shares in need by sex and age when the table is shifted to this definition; 0 for people too young for it.
    pub(crate) fn shares(&self, prevalence: &Prevalence, people: &[f64], out: &mut Vec<f64>) {
        let factor = self.odds_factor(prevalence, people);
        out.clear();
        out.extend(SexAge::all().map(|at| {
            let of_age = at.years() >= self.counted.youngest;
            if of_age { prevalence.tail(at, self.counted.from, factor) } else { 0.0 }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::elderly::metrics::OfDefinitions;

    #[test]
    fn every_definition_has_its_metric_in_the_same_place_and_a_source() {
        assert!(KNOWN.iter().map(|definition| definition.key).eq(OfDefinitions::TABLE.iter().map(|metric| metric.id)));
        for definition in &KNOWN {
            let percent = (100.0 * definition.share * 100.0).round() / 100.0;
            assert!(
                OfDefinitions::TABLE
                    .iter()
                    .any(|m| m.id == definition.key && m.label.en.contains(&format!("{percent}%")))
            );
            assert!(is_name(definition.key) && definition.source.en.len() > 10);
            assert_eq!(named(definition.key).map(|found| found.key), Some(definition.key));
        }
        assert!(!is_name("重度：生活不能自理") && !is_name("Any ADL") && !is_name(""));
    }
}

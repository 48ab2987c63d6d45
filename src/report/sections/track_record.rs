//! What forecasts of this kind were worth where they could be checked, among the cautions and not in a page of its own.
//!
//! The figures are those of `docs/track-record.md`: residents of 987 county-level units of China, forecast from 2010 with what the other
//! half of them had taught, against the census of 2020 (`civicap backtest people`); narrow spreads on 506 of them.

use super::findings::Findings;
use crate::language::Text;
use crate::metric::Role;
use crate::report::document::{Caveat, Weight};
use crate::report::number::percent;
use crate::text;

/// Standard deviation of the logarithm of a total after ten years, of counties; of districts of a city it was .19.
const OF_COUNTIES: f64 = 0.12;

/// Years after which these were measured; errors of small areas grow about in proportion to the years.
const DECADE: f64 = 10.0;

/// Below this part of the spread of counties an interval is called narrow.
const NARROW: f64 = 0.5;

/// Fewer years ahead than these are not spoken of.
const FEWEST_YEARS: i32 = 3;

/// Standard deviations from the 10 % to the 90 % quantile of a normal distribution.
const FROM_P10_TO_P90: f64 = 2.563;

/// Position of the 10 % and 90 % quantiles.
const P10_P90: [usize; 2] = [1, 5];

/// What is known of the kind of forecast, and whether this one is surer than any like it has been.
pub(super) fn caveat(findings: Findings<'_>) -> Option<Caveat> {
    let plan = findings.plan;
    let people = plan.people.as_ref()?;
    let moving = !people.migration.in_migration.is_empty() || people.migration.leavers.iter().any(|share| *share > 0.0);
    let (last, years) = (plan.site.end, plan.site.end - plan.site.start);
    if !moving || years < FEWEST_YEARS || !plan.theory.is_empty() {
        return None;
    }
    let (id, _) = plan.catalogue.blocks().find(|(id, _)| plan.catalogue.metric(*id, Role::Population).is_some())?;
    let district = plan.catalogue.district(id);
    let residents = findings.summary.of(plan, id, Role::Population, district, years as usize)?;
    let [low, high] = P10_P90.map(|at| residents.quantiles[at]);
    let stated = libm::log(high / low.max(1.0)) / FROM_P10_TO_P90;
    let usual = OF_COUNTIES * f64::from(years) / DECADE;
    if stated < NARROW * usual {
        let (own, theirs) = (percent(stated, 1), percent(usual, 0));
        return Some(Caveat {
            weight: Weight::Caution,
            says: text!(
                "Residents in {last} are stated with a spread of {own}; totals of counties of China strayed by {theirs} or more in so many years (2010-2020). Intervals as narrow as this held 38% of totals there, not 80%.",
                "{last} 年常住人口的离散仅 {own}；中国县级单位（2010–2020 年）在同样年数后的离散为 {theirs} 或更大。如此窄的 80% 区间在那里只包住 38% 的总人口。"
            ),
            advice: Text::new(
                "give out- and in-migration the spreads of docs/track-record.md, or your own of several counts (`civicap calibrate people`)",
                "请给迁出、迁入写上 docs/track-record.md 的离散，或用本地多次统计估计（`civicap calibrate people`）",
            ),
        });
    }
    Some(Caveat {
        weight: Weight::Note,
        says: Text::new(
            "How such forecasts did: 80% intervals held 86% of totals and 77% of age groups of 987 counties and districts of China after ten years (2010-2020; one decade, one country). Of beds and homes over ten years there is no record.",
            "同类预测的实绩：在中国 987 个县级单位，十年后 80% 区间包住 86% 的总人口和 77% 的年龄组（2010–2020 年；一个十年、一个国家）。床位与养老机构的十年预测尚无实绩。",
        ),
        advice: Text::new(
            "score this run when counts come in (`civicap score`)",
            "有了实际统计后请对照检验（`civicap score`）",
        ),
    })
}

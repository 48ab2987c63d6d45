//! The numbers of charts for the script that draws them. Words stay in the tables beside the charts.

use serde_json::{Value, json};

use super::picture::{is_high, marks};
use crate::language::Language;
use crate::report::document::{FanChart, Measure, Pyramid, Stack};
use crate::report::tabulate;

/// Demand against places. NaN becomes `null`, which leaves a gap.
pub(super) fn fan(chart: &FanChart, language: Language) -> Value {
    let mut lines: Vec<(String, usize)> = Vec::new();
    for (mark, opening) in marks(&chart.openings) {
        if let Some(at) = chart.years.iter().position(|year| *year == opening.year)
            && !lines.iter().any(|(_, line)| *line == at)
        {
            lines.push((mark, at));
        }
    }
    let mut said = tabulate::FAN_KEY_COLUMNS.to_vec();
    if chart.places.is_empty() {
        said.pop();
    }
    json!({
        "kind": "fan",
        "percent": is_share(chart.measure),
        "unit": chart.caption.unit.as_ref().map(|unit| unit.get(language)),
        "years": chart.years,
        "demand": chart.demand,
        "places": chart.places,
        "openings": lines,
        "high": is_high(chart),
        "signed": chart.demand.iter().flatten().any(|value| *value < 0.0),
        "said": said,
    })
}

/// Parts of a whole by year.
pub(super) fn stack(chart: &Stack, language: Language) -> Value {
    json!({
        "kind": "stack",
        "percent": is_share(chart.measure),
        "unit": chart.caption.unit.as_ref().map(|unit| unit.get(language)),
        "years": chart.years,
        "parts": chart.parts.iter().map(|part| &part.values).collect::<Vec<_>>(),
        "unmet": chart.parts.iter().map(|part| part.unmet).collect::<Vec<_>>(),
    })
}

/// People by age and sex.
pub(super) fn pyramid(chart: &Pyramid, language: Language) -> Value {
    json!({
        "kind": "pyramid",
        "percent": false,
        "unit": chart.caption.unit.as_ref().map(|unit| unit.get(language)),
        "ages": chart.ages,
        "men": chart.moments.iter().map(|moment| &moment.men).collect::<Vec<_>>(),
        "women": chart.moments.iter().map(|moment| &moment.women).collect::<Vec<_>>(),
    })
}

const fn is_share(measure: Measure) -> bool {
    matches!(measure, Measure::Percent(_) | Measure::Probability)
}

//! Targets that no planner means, told alike for all services.

use crate::diagnostic::{Finding, code};
use crate::input::Section;
use crate::language::Text;
use crate::text;

/// Share of people without a place from which on nobody would speak of a target.
const HARDLY_BROKEN: f64 = 0.5;

/// Warns of limits on shares of people that would hardly ever be passed.
pub(crate) fn note_hardly_broken(section: &Section<'_>, limits: &[(&str, Option<f64>)]) {
    for (key, limit) in limits {
        if let Some(limit) = limit.filter(|limit| *limit >= HARDLY_BROKEN) {
            section.warn(key, hardly_broken(key, limit));
        }
    }
}

fn hardly_broken(key: &str, limit: f64) -> Finding {
    let percent = limit * 100.0;
    Finding {
        code: code::CAUTION,
        message: text!(
            "`{key}` = {limit}: the target is missed only beyond {percent:.0} % of those concerned, so it is hardly ever missed",
            "`{key}` = {limit}：超过 {percent:.0}% 才算未达标，几乎不会出现"
        ),
        remedy: Text::new("write the share that is still tolerable, such as 0.02", "请写可容忍的比例，如 0.02"),
    }
}

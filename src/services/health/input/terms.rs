//! What moves demand from day to day and what comes after a stay, as a scenario says it.

use crate::diagnostic::code;
use crate::input::Section;
use crate::language::Text;
use crate::services::health::input::tables;
use crate::services::health::messages;
use crate::services::health::model::{DemandVariation, Epidemic};
use crate::services::health::stay::discharge::Discharge;
use crate::services::health::time::DAY;
use crate::text;

/// The swings of requests over the year.
pub(crate) fn read_variation(section: &Section<'_>) -> Option<DemandVariation> {
    fn relative<const N: usize>(section: &Section<'_>, key: &str) -> Option<[f64; N]> {
        let numbers = section.numbers(key)?;
        let mean = numbers.iter().sum::<f64>() / N as f64;
        if let Ok(numbers) = <[f64; N]>::try_from(numbers)
            && mean > 0.0
        {
            return Some(numbers.map(|number| number / mean));
        }
        section.fault(
            code::CONTRADICTION,
            key,
            text!("`{key}` does not have {N} numbers with one above 0", "`{key}` 应有 {N} 个数，且至少一个大于 0"),
            text!("give {N} numbers; only their proportions count", "请给出 {N} 个数，只看相对大小"),
        );
        None
    }
    let (weekday, season, slots) =
        (relative(section, "weekday"), relative(section, "season"), relative(section, "elective_slots"));
    let (holidays, epidemic) = (tables::read_holidays(section), read_epidemic(section));
    let day_cv = section.uncertain("daily_overdispersion_cv")?;
    let (holidays, epidemic) = (holidays?, epidemic?);
    Some(DemandVariation { weekday: weekday?, season: season?, slots: slots?, day_cv, holidays, epidemic })
}

/// When patients of a tier or ward leave; `Some(None)` when they do at once, `None` when a fault was noted.
pub(crate) fn read_discharge(section: &Section<'_>) -> Option<Option<Discharge>> {
    let (from, to) = (section.number("discharge_from_hour"), section.number("discharge_to_hour"));
    let weekdays = section.numbers("discharge_weekdays")?;
    let (from, to) = (from?, to?);
    if weekdays.iter().any(|day| *day != 0.0 && *day != 1.0) {
        section.error("discharge_weekdays", messages::part_of_a_weekday());
        return None;
    }
    let days = <[f64; 7]>::try_from(weekdays).ok().map(|days| days.map(|day| day > 0.0));
    let Some(days) = days.filter(|days| days.contains(&true) && from < to) else {
        section.fault(
            code::CONTRADICTION,
            "discharge_weekdays",
            Text::new("nobody could ever be discharged", "任何时候都无法出院"),
            Text::new(
                "give `discharge_weekdays` 7 numbers, 1 for a day on which patients leave and else 0, and let `discharge_from_hour` be less than `discharge_to_hour`",
                "discharge_weekdays 请给 7 个数（可出院的日子写 1，否则 0），且 discharge_from_hour 须小于 discharge_to_hour",
            ),
        );
        return None;
    };
    let always = days == [true; 7] && from == 0.0 && to == DAY;
    Some((!always).then_some(Discharge { days, from, to }))
}

fn read_epidemic(section: &Section<'_>) -> Option<Option<Epidemic>> {
    if !section.has("epidemic") {
        return Some(None);
    }
    let wave = section.section("epidemic")?;
    if section.has("wards") {
        wave.note_idle("specialties", &messages::specialties_not_wards());
    }
    let (chance, peak, weeks) = (wave.uncertain("yearly_chance"), wave.uncertain("peak"), wave.uncertain("weeks"));
    let (peak_cv, first, last) = (wave.number("peak_cv")?, wave.count("first_week")?, wave.count("last_week")?);
    if last < first {
        wave.fault(
            code::CONTRADICTION,
            "last_week",
            Text::new("`last_week` lies before `first_week`", "last_week 早于 first_week"),
            Text::new(
                "let waves start between two weeks of one year; they run on into the next year by themselves",
                "开始周须在同一年内；跨年的部分会自动延续到下一年",
            ),
        );
        return None;
    }
    Some(Some(Epidemic { chance: chance?, peak: peak?, peak_cv, starts: (first, last), weeks: weeks? }))
}

/// Which of the specialties a section names; all of them where it names none.
pub(crate) fn chosen(section: &Section<'_>, key: &str, specialties: &[&str]) -> Option<Vec<bool>> {
    let section = section.section(key)?;
    let names = section.names("specialties")?;
    let mut chosen = vec![names.is_empty(); specialties.len()];
    for (name, span) in names {
        let Some(at) = specialties.iter().position(|specialty| *specialty == name) else {
            let list = specialties.join(", ");
            section.session.diagnostics.refuse(span, messages::no_such_specialty(&name, &list));
            return None;
        };
        chosen[at] = true;
    }
    Some(chosen)
}

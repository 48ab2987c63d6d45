//! Other values that a key may have.

use civicap::input::value::{Data, Table, Value, literal};
use civicap::input::{Presence, ValueKind};

use super::places::KeyPlace;

/// Numbers that are tried where a key says nothing yet.
const NUMBERS: [f64; 8] = [0.5, 0.0, 1.0, 2.0, 5.0, 12.0, 40.0, 200.0];

/// Other values of a key, the likeliest to act first; `None` where none is tried.
pub(super) fn others(place: &KeyPlace, document: &Table) -> Option<Vec<String>> {
    let now = place.value.clone().or_else(|| match place.def.presence {
        Presence::Default(text) => Some(literal(text)),
        _ => None,
    });
    let years = years(document);
    let current = now.as_ref().and_then(|value| match &value.data {
        Data::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let same = |name: &String| current == Some(name.as_str());
    let mut tried = match &place.def.kind {
        ValueKind::Flag => {
            let flag = matches!(now, Some(Value { data: Data::Flag(true), .. }));
            vec![(!flag).to_string()]
        }
        ValueKind::Choice(words) => {
            let others = words.iter().filter(|word| current != Some(**word));
            others.map(|word| format!("\"{word}\"")).collect()
        }
        ValueKind::Whole(low, high) => numbers(now.as_ref(), *low as f64, *high as f64, &years, true),
        ValueKind::Number(low, high) | ValueKind::Uncertain(low, high) => {
            numbers(now.as_ref(), *low, *high, &years, false)
        }
        ValueKind::Numbers(low, high) => lists(now.as_ref(), *low, *high),
        ValueKind::ByYear => {
            let (from, to) = years;
            vec![format!("{{ {from} = 1.5, {to} = 3.0 }}"), format!("{{ {from} = 0.5, {to} = 0.1 }}")]
        }
        ValueKind::Date => {
            let (from, to) = years;
            [from, i64::midpoint(from, to), to, from - 1, to + 3].map(|year| format!("{year}-07-01")).to_vec()
        }
        ValueKind::Text => {
            names(document).iter().filter(|name| !same(name)).map(|name| format!("\"{name}\"")).collect()
        }
        ValueKind::Names => {
            let all = names(document);
            let given = matches!(&now, Some(Value { data: Data::List(list), .. }) if !list.is_empty());
            let none = given.then(|| "[]".to_owned());
            let current = |name: &&String| match &now {
                Some(Value { data: Data::List(list), .. }) => {
                    matches!(&list[..], [Value { data: Data::Text(only), .. }] if only == *name)
                }
                _ => false,
            };
            let others = all.iter().filter(|name| !current(name));
            none.into_iter().chain(others.map(|name| format!("[\"{name}\"]"))).collect()
        }
        _ => return None,
    };
    // Where its section is not there, only whether anything is said is of interest.
    tried.truncate(if place.in_section { tried.len() } else { 1 });
    Some(tried)
}

/// First and last year.
fn years(document: &Table) -> (i64, i64) {
    let Some(Value { data: Data::Table(horizon), .. }) = document.get("horizon") else { return (2024, 2030) };
    let year = |key| match horizon.get(key) {
        Some(Value { data: Data::Integer(year), .. }) => *year,
        _ => 2024,
    };
    (year("start"), year("end"))
}

fn number(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Integer(n) => Some(*n as f64),
        Data::Float(n) => Some(*n),
        Data::Table(table) => ["value", "mean", "mode", "median"].into_iter().find_map(|key| number(table.get(key)?)),
        _ => None,
    }
}

fn numbers(now: Option<&Value>, low: f64, high: f64, years: &(i64, i64), whole: bool) -> Vec<String> {
    let mut tried = Vec::new();
    if low >= 1900.0 && high <= 2200.0 {
        tried.extend([years.0 - 3, years.0, years.0 + 1, years.1 - 1, years.1].map(|year| year as f64));
    } else {
        if let Some(now) = now.and_then(number) {
            tried.extend([now * 0.5, now * 1.5, now + 1.0, now - 1.0]);
        }
        tried.extend(NUMBERS);
    }
    let same = |number: f64| now.and_then(self::number).is_some_and(|now| (now - number).abs() < 1e-12);
    tried.retain(|number| (low..=high).contains(number) && !same(*number) && (!whole || number.fract() == 0.0));
    if tried.is_empty() {
        tried.push(low.max(1.0).min(high));
    }
    tried.truncate(8);
    tried.iter().map(ToString::to_string).collect()
}

fn lists(now: Option<&Value>, low: f64, high: f64) -> Vec<String> {
    let written = |numbers: &[f64]| {
        let list: Vec<String> = numbers.iter().map(|number| number.clamp(low, high).to_string()).collect();
        format!("[{}]", list.join(", "))
    };
    if let Some(Value { data: Data::List(list), .. }) = now {
        let numbers: Vec<f64> = list.iter().filter_map(number).collect();
        let mut other_first = numbers.clone();
        other_first.iter_mut().take(1).for_each(|number| *number = if *number == low { low + 1.0 } else { low });
        let doubled: Vec<f64> = numbers.iter().map(|number| number * 2.0).collect();
        let halved: Vec<f64> = numbers.iter().map(|number| (number * 0.5).round()).collect();
        let longer = [vec![0.5; numbers.len()], vec![0.5]].concat();
        return [other_first, doubled, halved, longer].iter().map(|numbers| written(numbers)).collect();
    }
    [1, 2, 3, 4, 6, 7, 12].map(|n| written(&(0..n).map(|i| f64::from(i) + 0.5).collect::<Vec<_>>())).to_vec()
}

/// All names that a scenario gives, and those that mean all.
fn names(document: &Table) -> Vec<String> {
    let mut found = vec!["all".to_owned()];
    let mut add = |table: &Table| {
        for entry in &table.entries {
            if let Data::Table(inner) = &entry.value.data {
                found.extend(
                    inner.entries.iter().filter(|e| matches!(e.value.data, Data::Table(_))).map(|e| e.key.clone()),
                );
                found.push(entry.key.clone());
            }
        }
    };
    add(document);
    for entry in &document.entries {
        if let Data::Table(inner) = &entry.value.data {
            add(inner);
        }
    }
    found.dedup();
    found.truncate(40);
    found
}

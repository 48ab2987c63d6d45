//! Numbers that may be uncertain, as planners write them.
//!
//! ```toml
//! a = 1.05
//! b = { value = 1.05, source = "yearbook 2023", status = "published" }
//! c = { distribution = "normal", mean = 1.05, sd = 0.12, status = "assumed" }
//! d = { by_year = { 2021 = 1.00, 2030 = 1.10 }, scale = "log", sd = 0.12, random_walk_sd = 0.046, from = 2024 }
//! e = { distribution = "triangular", low = 1, mode = 2, high = 4, between_areas_sd = 0.3, correlation_group = "economy", correlation = 0.6 }
//! ```

use super::distributions::{LAWS, PROVENANCE, WORDS};
use super::key::KeyDef;
use super::provenance::{both_languages, unknown_status};
use super::section::Section;
use super::value::{Data, Entry, Table, Value};
use super::{common_mistakes, display, inert_keys, messages};
use crate::diagnostic::code;
use crate::language::Text;
use crate::text;
use crate::uncertainty::{Distribution, Link, Parameter, ParameterDef, Provenance, Status, Variation};

/// Reads a number that must be fixed, with its provenance.
pub(super) fn fixed(section: &Section<'_>, key: &str, value: &Value) -> Option<(f64, Provenance)> {
    let none = Provenance { source: Text::default(), status: Status::Assumed, defaulted: false };
    if let Some(number) = plain(value) {
        return Some((number, none));
    }
    let Data::Table(table) = &value.data else {
        return section.wrong(key, value, &Text::new("a number", "一个数"));
    };
    known_keys(section, table, &[&["value"], &names(PROVENANCE)[..]].concat())?;
    let number = table.get("value").and_then(plain);
    match number {
        Some(number) => Some((number, provenance(section, table)?)),
        None => section.wrong(key, value, &Text::new("a number, or { value = ... }", "一个数，或 { value = ... }")),
    }
}

fn plain(value: &Value) -> Option<f64> {
    match value.data {
        Data::Integer(n) => Some(n as f64),
        Data::Float(n) if n.is_finite() => Some(n),
        _ => None,
    }
}

/// Reads a number that may be uncertain and adds it to the parameters.
pub(super) fn read(
    section: &Section<'_>,
    key: &str,
    value: &Value,
    bounds: (f64, f64),
    unit: &'static str,
    defaulted: bool,
) -> Option<Parameter> {
    let path = section.path_of(key);
    let (law, variation, provenance) = if let Some(number) = plain(value) {
        let provenance = Provenance { source: Text::default(), status: Status::Assumed, defaulted };
        (Distribution::Fixed(number), Variation::default(), provenance)
    } else if let Data::Table(table) = &value.data {
        let law = law(section, key, value, table)?;
        let provenance = Provenance { defaulted, ..provenance(section, table)? };
        (law, variation(section, table, bounds)?, provenance)
    } else {
        let expected = Text::new(
            "a number, or a law such as { distribution = \"normal\", mean = 1, sd = 0.1 }",
            "一个数，或分布，例如 { distribution = \"normal\", mean = 1, sd = 0.1 }",
        );
        return section.wrong(key, value, &expected);
    };
    for number in stated(&law) {
        if !(bounds.0..=bounds.1).contains(&number) {
            let (low, high) = (bounds.0.to_string(), bounds.1.to_string());
            return section.out_of_range(key, value.span, &number.to_string(), &low, &high);
        }
    }
    if variation.link == Link::Logit && stated(&law).iter().any(|number| !(0.0..=1.0).contains(number)) {
        return fault(
            section,
            value,
            Text::new("a number above 1 cannot vary on the logit scale", "大于 1 的数不能用 logit 尺度变动"),
            Text::new(
                "write `scale = \"log\"`, or a share from 0 to 1",
                "请写 scale = \"log\"，或写 0 到 1 之间的比例",
            ),
        );
    }
    let shown = display::number(&law, &variation);
    let origin = section.origin_of(key);
    let def = ParameterDef { path, origin, unit, law, variation, bounds, provenance, span: value.span };
    Some(section.session.add_parameter(def, shown))
}

/// The numbers of a law that must themselves lie within the range of the key.
fn stated(law: &Distribution) -> Vec<f64> {
    match law {
        Distribution::Fixed(a) | Distribution::Normal(a, _) | Distribution::LogNormal(a, _) => vec![*a],
        Distribution::ByYear(points) => points.iter().map(|(_, v)| *v).collect(),
        Distribution::Uniform(a, b) | Distribution::Beta(_, _, a, b) => vec![*a, *b],
        Distribution::Triangular(a, b, c) => vec![*a, *b, *c],
        Distribution::Gamma(shape, scale) => vec![shape * scale],
        Distribution::Discrete(steps) => steps.iter().map(|(_, v)| *v).collect(),
    }
}

fn names(words: &[KeyDef]) -> Vec<&'static str> {
    words.iter().map(|word| word.name).collect()
}

/// The words that any uncertain number may have.
fn beside() -> Vec<&'static str> {
    [names(PROVENANCE), names(WORDS)].concat()
}

fn known_keys(section: &Section<'_>, table: &Table, known: &[&str]) -> Option<()> {
    let mut fine = Some(());
    for entry in table.entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
        let key = &entry.key;
        if let Some(def) = WORDS.iter().find(|def| def.formerly.contains(&key.as_str())) {
            section.session.diagnostics.refuse(entry.key_span, messages::renamed_key("", key, def.name));
            fine = None;
            continue;
        }
        let list = known.join(", ");
        // What is written already is not what was meant.
        let open = known.iter().copied().filter(|known| table.get(known).is_none());
        let remedy = common_mistakes::nearest(key, open).map_or_else(
            || text!("remove it; known here: {list}", "请删去；此处可用：{list}"),
            |meant| text!("did you mean `{meant}`? Known here: {list}", "是否想写 `{meant}`？此处可用：{list}"),
        );
        let message = text!("unknown key `{key}` in an uncertain number", "不确定数中有未知的键 `{key}`");
        section.session.diagnostics.error(code::UNKNOWN_KEY, entry.key_span, message, remedy);
        fine = None;
    }
    fine
}

fn fault<T>(section: &Section<'_>, value: &Value, message: Text, remedy: Text) -> Option<T> {
    section.session.diagnostics.error(code::LAW, value.span, message, remedy);
    None
}

fn provenance(section: &Section<'_>, table: &Table) -> Option<Provenance> {
    let source = match table.get("source") {
        None => Text::default(),
        Some(value) => match both_languages(value) {
            Some(source) => source,
            None => {
                return fault(
                    section,
                    value,
                    Text::new("`source` is not text", "`source` 不是文字"),
                    Text::new(
                        "write `source = \"...\"` or `source = { zh = \"...\", en = \"...\" }`",
                        "请写 `source = \"...\"` 或 `source = { zh = \"...\", en = \"...\" }`",
                    ),
                );
            }
        },
    };
    let status = match table.get("status") {
        None => Status::Assumed,
        Some(Value { data: Data::Text(word), span }) => {
            Status::of_word(word).or_else(|| unknown_status(&section.session.diagnostics, word, *span))?
        }
        Some(value) => {
            return fault(
                section,
                value,
                Text::new("`status` is not text", "`status` 不是文字"),
                Text::new("write `status = \"published\"`", "请写 `status = \"published\"`"),
            );
        }
    };
    Some(Provenance { source, status, defaulted: false })
}

fn law(section: &Section<'_>, key: &str, value: &Value, table: &Table) -> Option<Distribution> {
    let is_old = |entry: &&Entry| WORDS.iter().any(|def| def.formerly.contains(&entry.key.as_str()));
    if table.entries.iter().any(|entry| is_old(&entry)) {
        // What else seems missing has only another name now.
        let known = [beside(), LAWS.iter().flat_map(|law| names(law.parts)).collect()].concat();
        return known_keys(section, table, &known).and(None);
    }
    one_level(section, table)?;
    inert_keys::note_idle_words(section, key, table);
    if let Some(years) = table.get("by_year") {
        known_keys(section, table, &beside())?;
        return by_year(section, years);
    }
    let Some(name) = table.get("distribution") else {
        known_keys(section, table, &beside())?;
        let Some(given) = table.get("value") else {
            return fault(
                section,
                value,
                text!(
                    "`{key}` gives neither value, by_year nor distribution",
                    "`{key}` 既无 value，也无 by_year 或 distribution"
                ),
                Text::new(
                    "write { value = ... }, { by_year = { 2024 = ... } } or { distribution = \"normal\", ... }",
                    "请写 { value = ... }、{ by_year = { 2024 = ... } } 或 { distribution = \"normal\", ... }",
                ),
            );
        };
        return plain(given)
            .map(Distribution::Fixed)
            .or_else(|| section.wrong(key, given, &Text::new("a number", "一个数")));
    };
    let word = if let Data::Text(word) = &name.data { word.as_str() } else { "" };
    let Some(def) = LAWS.iter().find(|known| known.name == word) else {
        let list = LAWS.iter().map(|known| known.name).collect::<Vec<_>>().join(", ");
        return fault(
            section,
            name,
            text!("unknown distribution «{word}»", "未知的分布“{word}”"),
            text!("write one of: {list}", "请从下列中选一：{list}"),
        );
    };
    let parts = names(def.parts);
    known_keys(section, table, &[beside(), parts.clone()].concat())?;
    build(section, value, table, def.name, &parts)
}

/// A number has one level: by a value, by year or by a distribution.
fn one_level(section: &Section<'_>, table: &Table) -> Option<()> {
    let given = |word: &&str| table.entries.iter().find(|entry| entry.key == **word);
    let mut levels = ["distribution", "by_year", "value"].iter().filter_map(given);
    match (levels.next(), levels.next()) {
        (Some(first), Some(second)) => {
            let finding = messages::two_levels(&first.key, &second.key);
            section.session.diagnostics.refuse(second.key_span, finding);
            None
        }
        _ => Some(()),
    }
}

/// Years that a path over years may name.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=3000;

fn by_year(section: &Section<'_>, years: &Value) -> Option<Distribution> {
    let wrong = || {
        fault(
            section,
            years,
            Text::new("`by_year` does not give a number for each year", "`by_year` 没有给出逐年的数"),
            Text::new("write { 2024 = 1.0, 2030 = 1.1 }", "请写 { 2024 = 1.0, 2030 = 1.1 }"),
        )
    };
    let Data::Table(table) = &years.data else { return wrong() };
    let mut points = Vec::new();
    for entry in &table.entries {
        let (Ok(year), Some(number)) = (entry.key.parse::<i32>(), plain(&entry.value)) else { return wrong() };
        if !YEARS.contains(&year) {
            return wrong();
        }
        points.push((year, number));
    }
    points.sort_by_key(|(year, _)| *year);
    if points.is_empty() { wrong() } else { Some(Distribution::ByYear(points)) }
}

fn build(section: &Section<'_>, value: &Value, table: &Table, word: &str, parts: &[&str]) -> Option<Distribution> {
    let need = parts.join(", ");
    let missing = |part: &str| {
        fault(
            section,
            value,
            text!("the law {word} needs `{part}` as a number", "分布 {word} 需要数值 `{part}`"),
            text!("give {need}", "请给出 {need}"),
        )
    };
    let number = |part: &str| table.get(part).and_then(plain).or_else(|| missing(part));
    let numbers = |part: &str| match table.get(part) {
        Some(Value { data: Data::List(list), .. }) if !list.is_empty() => {
            let read = list.iter().map(plain).collect::<Option<Vec<_>>>();
            read.or_else(|| missing(part).map(|_| Vec::new()))
        }
        _ => missing(part).map(|_| Vec::new()),
    };
    let law = match word {
        "normal" => Distribution::Normal(number("mean")?, positive(section, value, "sd", number("sd")?)?),
        "lognormal" => {
            let cv = positive(section, value, "cv", number("cv")?)?;
            let median = positive(section, value, "median", number("median")?)?;
            Distribution::LogNormal(median, libm::sqrt(libm::log(1.0 + cv * cv)))
        }
        "uniform" => {
            let (low, high) = (number("low")?, number("high")?);
            ordered(section, value, &[low, high])?;
            Distribution::Uniform(low, high)
        }
        "triangular" | "pert" => {
            let (low, mode, high) = (number("low")?, number("mode")?, number("high")?);
            ordered(section, value, &[low, mode, high])?;
            if word == "triangular" { Distribution::Triangular(low, mode, high) } else { pert(low, mode, high) }
        }
        "beta" => beta(section, value, number("mean")?, number("sd")?)?,
        "gamma" => {
            let mean = positive(section, value, "mean", number("mean")?)?;
            let sd = positive(section, value, "sd", number("sd")?)?;
            Distribution::Gamma((mean / sd).powi(2), sd * sd / mean)
        }
        "discrete" => discrete(section, value, &numbers("values")?, &numbers("weights")?)?,
        _ => {
            let values = numbers("values")?;
            discrete(section, value, &values, &vec![1.0; values.len()])?
        }
    };
    Some(law)
}

/// PERT: a beta on (low, high) with mean (low + 4 mode + high) / 6 (Malcolm et al. 1959).
fn pert(low: f64, mode: f64, high: f64) -> Distribution {
    let width = high - low;
    if width <= 0.0 {
        return Distribution::Fixed(mode);
    }
    Distribution::Beta(1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width, low, high)
}

fn positive(section: &Section<'_>, value: &Value, part: &str, number: f64) -> Option<f64> {
    if number > 0.0 {
        return Some(number);
    }
    fault(
        section,
        value,
        text!("`{part}` = {number} is not above 0", "`{part}` = {number} 不大于 0"),
        text!("write a positive `{part}`, or a fixed number without a law", "请写正的 `{part}`，或直接写一个固定的数"),
    )
}

fn ordered(section: &Section<'_>, value: &Value, numbers: &[f64]) -> Option<()> {
    if numbers.windows(2).all(|pair| pair[0] <= pair[1]) {
        return Some(());
    }
    fault(
        section,
        value,
        Text::new("low, mode and high are not in order", "low、mode、high 的顺序不对"),
        Text::new("write them so that low ≤ mode ≤ high", "请使 low ≤ mode ≤ high"),
    )
}

fn beta(section: &Section<'_>, value: &Value, mean: f64, sd: f64) -> Option<Distribution> {
    let size = mean * (1.0 - mean) / (sd * sd) - 1.0;
    if mean > 0.0 && mean < 1.0 && sd > 0.0 && size > 0.0 {
        return Some(Distribution::Beta(mean * size, (1.0 - mean) * size, 0.0, 1.0));
    }
    fault(
        section,
        value,
        text!("no beta law has mean {mean} and sd {sd}", "不存在均值 {mean}、标准差 {sd} 的 beta 分布"),
        Text::new(
            "use a mean between 0 and 1 and an sd below sqrt(mean (1 - mean))",
            "均值须在 0 与 1 之间，标准差须小于 sqrt(mean (1 - mean))",
        ),
    )
}

fn discrete(section: &Section<'_>, value: &Value, values: &[f64], weights: &[f64]) -> Option<Distribution> {
    let total: f64 = weights.iter().sum();
    if values.len() != weights.len() || total <= 0.0 || weights.iter().any(|w| *w < 0.0) {
        return fault(
            section,
            value,
            Text::new("values and weights do not match", "values 与 weights 不匹配"),
            Text::new(
                "give as many weights as values, none negative, not all 0",
                "weights 与 values 个数须相同、非负且不全为 0",
            ),
        );
    }
    let mut steps: Vec<(f64, f64)> = weights.iter().copied().zip(values.iter().copied()).collect();
    steps.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut sum = 0.0;
    for step in &mut steps {
        sum += step.0 / total;
        step.0 = sum;
    }
    Some(Distribution::Discrete(steps))
}

fn variation(section: &Section<'_>, table: &Table, bounds: (f64, f64)) -> Option<Variation> {
    let spread = |key: &str| match table.get(key) {
        None => Some(0.0),
        Some(value) => plain(value).filter(|sd| (0.0..=10.0).contains(sd)).or_else(|| {
            fault(
                section,
                value,
                text!("`{key}` is not a spread from 0 to 10", "`{key}` 不是 0 到 10 之间的离散程度"),
                text!("write `{key} = 0.1` (on the chosen scale)", "请写 `{key} = 0.1`（按所选尺度）"),
            )
        }),
    };
    let natural = if bounds.0 >= 0.0 && bounds.1 <= 1.0 {
        Link::Logit
    } else if bounds.0 >= 0.0 {
        Link::Log
    } else {
        Link::Linear
    };
    let link = match table.get("scale") {
        None => natural,
        Some(value) => match &value.data {
            Data::Text(word) if word == "linear" => Link::Linear,
            Data::Text(word) if word == "log" => Link::Log,
            Data::Text(word) if word == "logit" => Link::Logit,
            _ => {
                return fault(
                    section,
                    value,
                    Text::new("unknown scale", "未知的尺度"),
                    Text::new("write \"linear\", \"log\" or \"logit\"", "请写 \"linear\"、\"log\" 或 \"logit\""),
                );
            }
        },
    };
    let year = |key: &str| table.get(key).and_then(plain).map(|year| year as i32);
    Some(Variation {
        link,
        // In a law, `sd` belongs to the law; beside a value or numbers by year it is the jump.
        jump_sd: if table.get("distribution").is_some() { 0.0 } else { spread("sd")? },
        walk_sd: spread("random_walk_sd")?,
        cycle: cycle(section, table)?,
        areas_sd: spread("between_areas_sd")?,
        areas_walk_sd: spread("areas_random_walk_sd")?,
        areas_factors: Vec::new(),
        areas_levels: Vec::new(),
        from: year("from"),
        walks_from: year("random_walk_from"),
        shared: shared(section, table)?,
        without_effect: false,
    })
}

fn cycle(section: &Section<'_>, table: &Table) -> Option<Option<(f64, f64)>> {
    let Some(value) = table.get("cycle") else { return Some(None) };
    if let Data::Table(parts) = &value.data {
        let (persistence, sd) = (parts.get("persistence").and_then(plain), parts.get("sd").and_then(plain));
        if let (Some(persistence), Some(sd)) = (persistence, sd)
            && (0.0..1.0).contains(&persistence)
            && (0.0..=10.0).contains(&sd)
            && parts.entries.len() == 2
        {
            return Some(Some((persistence, sd)));
        }
    }
    fault(
        section,
        value,
        Text::new(
            "`cycle` is not a persistence from 0 to below 1 with an sd",
            "`cycle` 须含 0 到 1 之间的 persistence 和 sd",
        ),
        Text::new("write cycle = { persistence = 0.8, sd = 0.05 }", "请写 cycle = { persistence = 0.8, sd = 0.05 }"),
    )
}

fn shared(section: &Section<'_>, table: &Table) -> Option<Option<(String, f64)>> {
    let Some(value) = table.get("correlation_group") else { return Some(None) };
    let correlation = table.get("correlation").map_or(Some(1.0), plain);
    match (&value.data, correlation) {
        (Data::Text(group), Some(c)) if (-1.0..=1.0).contains(&c) => Some(Some((group.clone(), c))),
        _ => fault(
            section,
            value,
            Text::new(
                "`correlation_group` is not the name of a group with a correlation",
                "`correlation_group` 须为组名，并附相关系数",
            ),
            Text::new(
                "write correlation_group = \"economy\", correlation = 0.7",
                "请写 correlation_group = \"economy\", correlation = 0.7",
            ),
        ),
    }
}

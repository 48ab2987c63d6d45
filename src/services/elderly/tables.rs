//! The CSV tables of elderly care.

use super::need::{AGES, ARRANGEMENTS, FIRST_AGE, Group, LEVELS, Need};
use super::spec::{Facility, LEVEL_NAMES, NETWORK, Use, require};
use super::transitions;
use crate::input::{Row, Section, Sheet};
use crate::language::Text;
use crate::site::Site;
use crate::text;

/// Words for levels of need in tables.
pub(super) const LEVEL_WORDS: [&str; LEVELS] = ["none", "mild", "moderate", "severe"];

/// Words for price classes in tables, cheapest first.
const PRICE_WORDS: [&str; 3] = ["basic", "ordinary", "premium"];

/// Words for living arrangements in tables.
const LIVING: [&str; ARRANGEMENTS] = ["alone", "couple", "with_children"];

pub(super) fn sex_of(row: &Row<'_>) -> Option<usize> {
    row.name_of("sex", &["male", "female"])
}

/// A whole number in a range (both ends included).
pub(super) fn whole(row: &Row<'_>, column: &str, low: i32, high: i32) -> Option<i32> {
    let number = row.number(column, f64::from(low), f64::from(high))?;
    if number.fract() != 0.0 {
        row.fault(
            column,
            text!("`{column}` = {number} is not a whole number", "`{column}` = {number} 不是整数"),
            text!("write a whole number in {low} … {high}", "请写 {low} … {high} 之内的整数"),
        );
        return None;
    }
    Some(number as i32)
}

/// First age of an age group such as `60-64`, `85+` or `77`, and the first age after it (`None` when open).
pub(super) fn bounds(row: &Row<'_>) -> Option<(usize, Option<usize>)> {
    let written = row.text("age");
    let number = |text: &str| text.parse::<usize>().ok().filter(|age| *age < 130);
    let found = match written.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).map(|(from, to)| (from, Some(to + 1))),
        None => match written.strip_suffix('+') {
            Some(from) => number(from).map(|from| (from, None)),
            None => number(written).map(|age| (age, Some(age + 1))),
        },
    };
    let sound = found.filter(|(from, to)| to.is_none_or(|to| to > *from));
    if sound.is_none() {
        row.fault(
            "age",
            text!("«{written}» is not an age group", "“{written}”不是年龄组"),
            Text::new("write 60-64, or 85+ for the last", "请写 60-64，最后一组写 85+"),
        );
    }
    sound
}

/// Middle of an age group; an open one counts as seven years.
fn midpoint((from, to): (usize, Option<usize>)) -> f64 {
    0.5 * (from + to.unwrap_or(from + 7)) as f64
}

/// Need by sex and age group and living arrangement, with the life table when it is given; and what is to be said of how
/// it moves.
pub(super) fn read_need(section: &Section<'_>) -> Option<(Need, Option<Text>)> {
    let sheet = |key: &str| require(section, key).and_then(|()| section.sheet(key));
    let (need, living) = (sheet("need"), sheet("living"));
    let moves = transitions::read(section);
    let mortality = section.if_given("mortality", |section, key| read_mortality(&section.sheet(key)?));
    let (need, living) = (need?, living?);
    let mut groups: [Vec<Group>; 2] = [Vec::new(), Vec::new()];
    for row in living.rows() {
        let shares = LIVING.map(|a| row.number(a, 0.0, 1.0));
        let (Some(sex), Some(age), [Some(a), Some(b), Some(c)]) = (sex_of(&row), bounds(&row), shares) else {
            continue;
        };
        let sum = a + b + c;
        if (sum - 1.0).abs() > 0.01 {
            row.fault(
                "alone",
                text!("the three shares add to {sum:.3}, not 1", "三个比例之和为 {sum:.3}，不等于 1"),
                Text::new("make alone + couple + with_children = 1", "请使 alone + couple + with_children = 1"),
            );
        }
        let need = [[0.0; LEVELS]; ARRANGEMENTS];
        groups[sex].push(Group { from: age.0, midpoint: midpoint(age), living: [a, b, c], need });
    }
    for row in need.rows() {
        add_need(&row, &mut groups);
    }
    for group in &mut groups {
        group.sort_by_key(|g| g.from);
        if group.is_empty() || group.iter().any(|g| g.need.iter().any(|shares| shares.iter().sum::<f64>() <= 0.0)) {
            need.fault(
                Text::new(
                    "a sex, an age group or a living arrangement of the table of living arrangements has no need here",
                    "居住方式表中的某一性别、年龄组或居住方式在此表中没有对应的行",
                ),
                Text::new("give a row for each of them", "请为每一种给出一行"),
            );
            return None;
        }
    }
    let ((moves, note), mortality) = (moves?, mortality?);
    Some((Need::new(&groups, moves, mortality.as_deref()), note))
}

fn add_need(row: &Row<'_>, groups: &mut [Vec<Group>; 2]) {
    let shares = LEVEL_WORDS.map(|level| row.number(level, 0.0, 1.0));
    let (Some(sex), Some(age), Some(arrangement), [Some(a), Some(b), Some(c), Some(d)]) =
        (sex_of(row), bounds(row), row.name_of("living", &LIVING), shares)
    else {
        return;
    };
    let sum = a + b + c + d;
    if (sum - 1.0).abs() > 0.005 {
        row.fault(
            "none",
            text!("the four shares add to {sum:.4}, not 1", "四个比例之和为 {sum:.4}，不等于 1"),
            Text::new("make none + mild + moderate + severe = 1", "请使 none + mild + moderate + severe = 1"),
        );
        return;
    }
    match groups[sex].iter_mut().find(|group| group.from == age.0 && group.midpoint == midpoint(age)) {
        Some(group) => group.need[arrangement] = [a, b, c, d],
        None => row.fault(
            "age",
            Text::new("the table of living arrangements has no such sex and age", "居住方式表中没有这一性别和年龄组"),
            Text::new("use the same age groups in both tables", "两张表请用相同的年龄组"),
        ),
    }
}

/// Death rates of ages 60 to 100+. Shape: sex x age.
fn read_mortality(sheet: &Sheet<'_>) -> Option<Vec<f64>> {
    let mut rates = vec![f64::NAN; 2 * AGES];
    for row in sheet.rows() {
        let (Some(sex), Some((from, to)), Some(rate)) =
            (sex_of(&row), bounds(&row), row.number("deaths_per_person_year", 0.0, 10.0))
        else {
            return None;
        };
        let ages = from.max(FIRST_AGE)..to.unwrap_or(FIRST_AGE + AGES).min(FIRST_AGE + AGES);
        ages.for_each(|age| rates[sex * AGES + age - FIRST_AGE] = rate);
    }
    if rates.iter().any(|rate| rate.is_nan()) {
        sheet.fault(
            Text::new("the life table does not cover ages 60 to 100+ of both sexes", "生命表未覆盖男女 60 至 100+ 岁"),
            Text::new("add the missing ages; the last may be open (100+)", "请补上缺少的年龄，最后一组可写 100+"),
        );
        return None;
    }
    Some(rates)
}

/// The facilities; staff limit their places where both staff and places per carer are given.
pub(super) fn read_supply(sheet: &Sheet<'_>, site: &Site, uses: &[(usize, Use)]) -> Vec<Facility> {
    let (areas, projects) = (site.area_ids(), site.project_ids());
    let services = NETWORK.map(|(key, _, _)| key);
    sheet
        .rows()
        .filter_map(|row| {
            let (service, area) = (row.name_of("service", &services), row.name_of("area", &areas));
            let (level, places) = (row.name_of("level", &LEVEL_NAMES), row.count("places"));
            let (opens, closes) = (row.month("opens", f64::NEG_INFINITY), row.month("closes", f64::INFINITY));
            let project = row.if_given("project", |row, column| row.name_of(column, &projects));
            let staff = row.if_given("staff", |row, column| row.number(column, 0.0, 1e6));
            let price = match row.text("price_class") {
                "" => Some(0),
                _ => row.name_of("price_class", &PRICE_WORDS),
            };
            let service = service?;
            let per_carer =
                uses.iter().find(|(used, _)| *used == service).and_then(|(_, usage)| usage.places_per_carer);
            let staffed = staff?.zip(per_carer).map_or(u32::MAX, |(carers, places)| (carers * places) as u32);
            Some(Facility {
                service,
                area: area?,
                level: level?,
                places: places?.min(staffed),
                opens: opens?,
                closes: closes?,
                project: project?,
                price: price?,
            })
        })
        .collect()
}

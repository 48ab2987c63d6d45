//! The tables of `[health]`: their columns, and their rows as numbers.

use crate::input::{Column, Row, Section, Sheet};
use crate::language::Text;
use crate::population::view::{AGES, SEXES};
use crate::services::health::model::{BedRow, Holiday};
use crate::services::health::stay::length_of_stay::{StatedStay, Stay};
use crate::services::health::stay::observed::{Bin, MOST, ObservedStays};
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::health::time::DAY;
use crate::services::health::time::day_number;
use crate::site::Site;
use crate::text;

/// Admissions by sex, age and specialty.
pub(crate) const DEMAND: &[Column] = &[
    Column::required("sex", "male or female", "性别（male/female）"),
    Column::required("age", "one age or a range: 0, 1-4, 85+", "年龄或年龄段：0、1-4、85+"),
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("admissions_per_1000", "admissions a year per 1,000 residents", "每千居民年住院人次"),
];

/// Length of stay.
pub(crate) const STAY: &[Column] = &[
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("tier", "community, district or tertiary", "层级"),
    Column::required("mean_days", "mean stay, days", "平均住院日"),
    Column::required("cv", "sd over mean of the stay", "住院日变异系数"),
    Column::optional(
        "long_share",
        "share of patients who stay long, on top of whom mean_days and cv hold for the others",
        "长住病人占比（mean_days 与 cv 则为其余病人的）",
    ),
    Column::optional("long_mean_days", "mean stay of those who stay long, days", "长住病人的平均住院日"),
    Column::optional("long_cv", "sd over mean of their stay", "长住病人住院日的变异系数"),
];

const FROM_DAYS: Column = Column::required("from_days", "shortest stay of the row, days", "住院日下限（天）");
const TO_DAYS: Column = Column::optional(
    "to_days",
    "longest stay of the row, days; empty: all stay from_days",
    "住院日上限（天）；留空则恰为下限",
);
const PATIENTS: Column =
    Column::optional("patients", "how many were counted; left out: one a row", "病人数（不给则每行 1 人）");

/// Stays as they were counted, of one ward.
pub(crate) const WARD_STAYS: &[Column] = &[FROM_DAYS, TO_DAYS, PATIENTS];

/// Stays as they were counted, by specialty and tier.
pub(crate) const OBSERVED_STAYS: &[Column] = &[
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("tier", "community, district or tertiary", "层级"),
    FROM_DAYS,
    TO_DAYS,
    PATIENTS,
];

/// First choice of residents.
pub(crate) const CHOICE: &[Column] = &[
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("tier", "community, district, tertiary or outside", "层级（outside 为区外）"),
    Column::required("share", "share of residents who ask there first", "首选比例"),
];

/// Requests from outside the district.
pub(crate) const INFLOW: &[Column] = &[
    Column::required("tier", "tier asked", "层级"),
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("admissions_per_year", "requests a year", "年住院人次"),
];

/// Public holidays.
pub(crate) const HOLIDAYS: &[Column] = &[
    Column::optional("name", "what it is; not used", "名称（不参与计算）"),
    Column::required("from", "first day", "首日"),
    Column::required("to", "last day", "末日"),
    Column::required("urgent", "factor on urgent requests of these days", "期间急诊入院系数"),
    Column::required("elective", "factor on the slots for elective admissions", "期间择期入院名额系数")
        .formerly(&["planned"]),
];

/// Beds.
pub(crate) const SUPPLY: &[Column] = &[
    Column::required("facility", "key of the facility", "机构代码"),
    Column::required("label_zh", "Chinese name, of its first row", "中文名称（以首行为准）"),
    Column::required("label_en", "English name, of its first row", "英文名称（以首行为准）"),
    Column::required("area", "area it stands in", "所在区域"),
    Column::required("tier", "community, district or tertiary", "层级"),
    Column::required("specialty", "specialty group", "专科组"),
    Column::required("beds", "open beds", "开放床位"),
    Column::optional("opens", "opening date, empty if open", "启用日期（已启用则留空）"),
    Column::optional("closes", "closing date, empty if none", "关闭日期（无则留空）"),
    Column::optional("project", "project that moves the date", "所属项目"),
];

/// Beds of intensive care by facility.
pub(crate) const INTENSIVE_SUPPLY: &[Column] = &[
    Column::required("facility", "key of the facility", "机构代码"),
    Column::required("area", "area it stands in", "所在区域"),
    Column::required("beds", "open beds", "开放床位"),
    Column::optional("opens", "opening date, empty if open", "启用日期（已启用则留空）"),
    Column::optional("closes", "closing date, empty if none", "关闭日期（无则留空）"),
    Column::optional("project", "project that moves the date", "所属项目"),
];

/// Tiers and the outside, as the tables name them.
const ASKED: [&str; Tier::ALL.len() + 1] = {
    let [community, district, tertiary] = Tier::KEYS;
    [community, district, tertiary, "outside"]
};

/// Admissions a year and resident: `specialty x sex x age`.
pub(crate) fn read_demand(section: &Section<'_>, specialties: &[&str]) -> Option<Vec<f64>> {
    let sheet = section.sheet("demand")?;
    let mut rates = vec![0.0; specialties.len() * SEXES * AGES];
    for row in sheet.rows() {
        let sex = row.name_of("sex", &["male", "female"]);
        let (specialty, rate) = (row.name_of("specialty", specialties), row.number("admissions_per_1000", 0.0, 1e5));
        let ages = ages(&row);
        if let (Some(sex), Some(specialty), Some(rate), Some(ages)) = (sex, specialty, rate, ages) {
            let start = (specialty * SEXES + sex) * AGES;
            for cell in &mut rates[start + ages.start..start + ages.end] {
                *cell += rate / 1000.0;
            }
        }
    }
    Some(rates)
}

/// The tier of a row.
fn tier_of(row: &Row<'_>) -> Option<Tier> {
    row.name_of("tier", &Tier::KEYS).map(|tier| Tier::ALL[tier])
}

fn ages(row: &Row<'_>) -> Option<std::ops::Range<usize>> {
    let written = row.text("age");
    let parsed = if let Some(from) = written.strip_suffix('+') {
        from.parse().ok().map(|from| (from, AGES - 1))
    } else if let Some((from, to)) = written.split_once('-') {
        from.parse().ok().zip(to.parse().ok())
    } else {
        written.parse().ok().map(|age| (age, age))
    };
    parsed.filter(|(from, to)| from <= to && *to < AGES).map(|(from, to)| from..to + 1).or_else(|| {
        row.fault(
            "age",
            text!("«{written}» is not an age or a range of ages", "“{written}”不是年龄或年龄段"),
            Text::new("write 0, 1-4 or 85+", "请写 0、1-4 或 85+"),
        );
        None
    })
}

/// Laws of stay by tier, where given.
pub(crate) type Stays = ByTier<Option<Stay>>;

/// The stays of each specialty, whose families of laws are given.
pub(crate) fn read_stay(section: &Section<'_>, specialties: &[&str], families: &[usize]) -> Option<Vec<Stays>> {
    let sheet = section.sheet("length_of_stay")?;
    let mut stays = vec![Stays::default(); specialties.len()];
    for row in sheet.rows() {
        let at = row.name_of("specialty", specialties).zip(tier_of(&row));
        let law = row.number("mean_days", 0.01, 10_000.0).zip(row.number("cv", 0.0, 20.0));
        let Some(long) = read_long(&row) else { continue };
        if let (Some((specialty, tier)), Some((mean, cv))) = (at, law) {
            stays[specialty][tier] = Some(Stay::stated(families[specialty], StatedStay { mean, cv, long }));
        }
    }
    if section.has("observed_stays") {
        read_observed(section, specialties, &mut stays)?;
    }
    Some(stays)
}

/// Those who stay long: `Some(None)` when there are none, `None` when a fault was noted.
fn read_long(row: &Row<'_>) -> Option<Option<(f64, f64, f64)>> {
    if ["long_share", "long_mean_days", "long_cv"].iter().all(|column| row.text(column).is_empty()) {
        return Some(None);
    }
    let (share, mean) = (row.number("long_share", 0.0, 1.0), row.number("long_mean_days", 0.01, 10_000.0));
    Some(Some((share?, mean?, row.number("long_cv", 0.0, 20.0)?)))
}

/// Stays as they were counted, which take the place of a law in the table of stays.
fn read_observed(section: &Section<'_>, specialties: &[&str], stays: &mut [Stays]) -> Option<()> {
    let sheet = section.sheet("observed_stays")?;
    let mut bins = vec![ByTier::<Vec<Bin>>::default(); specialties.len()];
    let mut twice = false;
    for row in sheet.rows() {
        let at = row.name_of("specialty", specialties).zip(tier_of(&row));
        let (Some((specialty, tier)), Some(bin)) = (at, read_bin(&row, &sheet)) else { continue };
        if stays[specialty][tier].is_some() {
            let (name, tier) = (specialties[specialty], tier.key());
            row.fault(
                "specialty",
                text!(
                    "the stay of {name}, {tier} is given by a law, too",
                    "{name}（{tier}）的住院日在 stay 表中已有分布"
                ),
                text!("remove the row {name},{tier} from one of the two tables", "请从两表之一删去 {name},{tier} 行"),
            );
            twice = true;
            continue;
        }
        bins[specialty][tier].push(bin);
    }
    if twice {
        return None;
    }
    for (stays, bins) in stays.iter_mut().zip(&bins) {
        for (tier, bins) in bins.iter().filter(|(_, bins)| !bins.is_empty()) {
            stays[tier] = Some(histogram(&sheet, bins)?);
        }
    }
    Some(())
}

/// The observed stays of one ward.
pub(crate) fn read_ward_stays(ward: &Section<'_>) -> Option<Stay> {
    let sheet = ward.sheet("observed_stays")?;
    // Every row is read, so that all its faults are told at once.
    let bins: Vec<Option<Bin>> = sheet.rows().map(|row| read_bin(&row, &sheet)).collect();
    histogram(&sheet, &bins.into_iter().collect::<Option<Vec<_>>>()?)
}

fn read_bin(row: &Row<'_>, sheet: &Sheet<'_>) -> Option<Bin> {
    let from = row.number("from_days", 0.0, 10_000.0);
    let to = if row.text("to_days").is_empty() { from } else { row.number("to_days", 0.0, 10_000.0) };
    let patients = if sheet.has("patients") { row.number("patients", 0.0, 1e9) } else { Some(1.0) };
    let (from, to, patients) = (from?, to?, patients?);
    if to < from {
        row.fault(
            "to_days",
            text!("the longest stay {to} is shorter than the shortest {from}", "住院日上限 {to} 小于下限 {from}"),
            Text::new("let to_days be at least from_days", "请使 to_days 不小于 from_days"),
        );
        return None;
    }
    Some(Bin { from, to, patients })
}

fn histogram(sheet: &Sheet<'_>, bins: &[Bin]) -> Option<Stay> {
    let law = ObservedStays::new(bins);
    if law.is_none() {
        sheet.fault(
            text!(
                "no law can be made of these stays: nobody was counted, all stayed 0 days, or there are more than {MOST} rows",
                "这些住院日无法构成分布：无病人、住院日全为 0，或超过 {MOST} 行"
            ),
            Text::new(
                "count patients by days in bins (from_days, to_days, patients)",
                "请按天数分组计数（from_days、to_days、patients）",
            ),
        );
    }
    law.map(|(law, days)| Stay::observed(law, days * DAY))
}

/// Shares of first choice: `specialty x (tiers + outside)`.
pub(crate) fn read_choice(section: &Section<'_>, specialties: &[&str]) -> Option<Vec<ByDestination<f64>>> {
    let sheet = section.sheet("choice")?;
    let mut shares = vec![ByDestination::<f64>::default(); specialties.len()];
    for row in sheet.rows() {
        let at = row.name_of("specialty", specialties).zip(row.name_of("tier", &ASKED));
        if let (Some((specialty, tier)), Some(share)) = (at, row.number("share", 0.0, 1.0)) {
            match Tier::ALL.get(tier) {
                Some(tier) => shares[specialty].tiers[*tier] += share,
                None => shares[specialty].outside += share,
            }
        }
    }
    for (specialty, shares) in specialties.iter().zip(&shares) {
        let sum: f64 = shares.tiers.iter().map(|(_, share)| share).sum::<f64>() + shares.outside;
        if (sum - 1.0).abs() > 1e-6 {
            sheet.fault(
                text!(
                    "the shares of «{specialty}» add up to {sum}, not 1",
                    "专科“{specialty}”的比例合计为 {sum}，不是 1"
                ),
                text!(
                    "let the tiers of {specialty} and `outside` add up to 1",
                    "请使 {specialty} 各层级与 outside 合计为 1"
                ),
            );
        }
    }
    Some(shares)
}

/// The public holidays; none where no table is named.
pub(crate) fn read_holidays(section: &Section<'_>) -> Option<Vec<Holiday>> {
    if !section.has("holidays") {
        return Some(Vec::new());
    }
    let sheet = section.sheet("holidays")?;
    let mut holidays = Vec::new();
    for row in sheet.rows() {
        let days = day(&row, "from").zip(day(&row, "to"));
        let factors = row.number("urgent", 0.0, 100.0).zip(row.number("elective", 0.0, 100.0));
        let (Some((from, to)), Some((urgent, slots))) = (days, factors) else { continue };
        if to < from {
            row.fault(
                "to",
                Text::new("the holiday ends before it starts", "假期的末日早于首日"),
                Text::new("let `to` be the last day, on or after `from`", "请使 to 为末日，不早于 from"),
            );
            continue;
        }
        holidays.push(Holiday { from, to, urgent, slots });
    }
    Some(holidays)
}

/// A day of a cell, in days since 1 January of year 1.
fn day(row: &Row<'_>, column: &str) -> Option<i32> {
    let written = row.text(column);
    let mut parts = written.split('-').map(str::parse::<u32>);
    let mut next = || parts.next().and_then(Result::ok);
    let (year, month, day) = (next(), next(), next());
    let year = year.filter(|year| (1900..=2200).contains(year));
    let number = year.zip(month).zip(day).and_then(|((year, month), day)| day_number(year as i32, month, day));
    number.or_else(|| {
        row.fault(
            column,
            text!("«{written}» is not a day", "“{written}”不是日期"),
            Text::new("write a day such as 2026-02-17", "请写日期，例如 2026-02-17"),
        );
        None
    })
}

/// Requests a year from outside the district: `specialty x tier`.
pub(crate) fn read_inflow(section: &Section<'_>, specialties: &[&str]) -> Option<Vec<ByTier<f64>>> {
    let mut inflow = vec![ByTier::<f64>::default(); specialties.len()];
    if !section.has("non_resident_demand") {
        return Some(inflow);
    }
    for row in section.sheet("non_resident_demand")?.rows() {
        let at = row.name_of("specialty", specialties).zip(tier_of(&row));
        if let (Some((specialty, tier)), Some(requests)) = (at, row.number("admissions_per_year", 0.0, 1e8)) {
            inflow[specialty][tier] += requests;
        }
    }
    Some(inflow)
}

/// One row of the table of beds.
#[derive(Clone, Debug)]
pub(crate) struct BedEntry {
    pub(crate) facility: String,
    pub(crate) label: Text,
    pub(crate) tier: Tier,
    pub(crate) specialty: usize,
    /// The beds; their pool is not yet known.
    pub(crate) beds: BedRow,
}

/// The beds.
pub(crate) fn read_supply(section: &Section<'_>, specialties: &[&str], site: &Site) -> Option<Vec<BedEntry>> {
    let sheet = section.sheet("supply")?;
    let (areas, projects) = (site.area_ids(), site.project_ids());
    let mut supply = Vec::new();
    for row in sheet.rows() {
        let place = row.name_of("area", &areas).zip(tier_of(&row));
        let what = row.name_of("specialty", specialties).zip(row.count("beds"));
        let (Some((area, tier)), Some((specialty, beds)), Some(times)) = (place, what, times(&row, &projects, site))
        else {
            continue;
        };
        let beds = BedRow { area, beds: f64::from(beds), ..times };
        let (facility, label) = (row.text("facility").to_owned(), name(&row));
        supply.push(BedEntry { facility, label, tier, specialty, beds });
    }
    Some(supply)
}

/// The name of the facility of a row, or else its key.
fn name(row: &Row<'_>) -> Text {
    let or = |column: &str, other: &str| {
        [column, other, "facility"].map(|name| row.text(name).to_owned()).into_iter().find(|name| !name.is_empty())
    };
    let name = |column, other| or(column, other).unwrap_or_default();
    Text::owned(name("label_en", "label_zh"), name("label_zh", "label_en"))
}

/// The beds of intensive care.
pub(crate) fn read_intensive_supply(section: &Section<'_>, site: &Site) -> Option<Vec<BedRow>> {
    let sheet = section.sheet("supply")?;
    let (areas, projects) = (site.area_ids(), site.project_ids());
    let mut rows = Vec::new();
    for row in sheet.rows() {
        let (area, beds, times) = (row.name_of("area", &areas), row.count("beds"), times(&row, &projects, site));
        if let (Some(area), Some(beds), Some(times)) = (area, beds, times) {
            rows.push(BedRow { area, beds: f64::from(beds), ..times });
        }
    }
    Some(rows)
}

/// When the beds of a row are open, without the beds; `None` when a fault was noted.
fn times(row: &Row<'_>, projects: &[&str], site: &Site) -> Option<BedRow> {
    let dates = date(row, "opens").zip(date(row, "closes"));
    let project = row.if_given("project", |row, column| row.name_of(column, projects));
    let ((opens, closes), project) = dates.zip(project)?;
    let (opens, closes) = (opens.unwrap_or(f64::NEG_INFINITY), closes.unwrap_or(f64::INFINITY));
    let project = project.map(|project| (project, site.projects[project].opens));
    Some(BedRow { pool: 0, area: 0, beds: 0.0, opens, closes, project })
}

/// A date of a cell in months since year 0; `Some(None)` when the cell is empty, `None` when a fault was noted.
fn date(row: &Row<'_>, column: &str) -> Option<Option<f64>> {
    let written = row.text(column);
    if written.is_empty() {
        return Some(None);
    }
    month(written).map(Some).or_else(|| {
        row.fault(
            column,
            text!("«{written}» is not a date", "“{written}”不是日期"),
            Text::new("write a date such as 2025-09-01, or nothing", "请写日期，例如 2025-09-01，或留空"),
        );
        None
    })
}

fn month(written: &str) -> Option<f64> {
    let mut parts = written.split('-').map(str::parse::<u32>);
    let year = parts.next()?.ok().filter(|year| (1900..=2200).contains(year))?;
    let month = parts.next()?.ok().filter(|month| (1..=12).contains(month))?;
    let day = parts.next().unwrap_or(Ok(1)).ok().filter(|day| (1..=31).contains(day))?;
    parts.next().is_none().then(|| f64::from(year * 12 + month - 1) + f64::from(day - 1) / 31.0)
}

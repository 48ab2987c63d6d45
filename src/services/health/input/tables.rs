//! The tables of `[health]`: their columns, and their rows as numbers.

use crate::dates::Day;
use crate::input::{Column, Row, Section, Sheet};
use crate::language::Text;
use crate::services::health::messages;
use crate::services::health::model::Holiday;
use crate::services::health::stay::law::Family;
use crate::services::health::stay::length_of_stay::{LongStays, StatedStay, Stay};
use crate::services::health::stay::observed::{Bin, MOST, ObservedStays};
use crate::services::health::tier::{ByDestination, ByTier, Tier};
use crate::services::health::time::DAY;
use crate::text;

/// Admissions by sex, age and specialty.
pub(crate) const DEMAND: &[Column] = &[
    Column::required("sex", "male or female", "性别（male/female）").key(),
    Column::required("age", "one age or a range: 0, 1-4, 85+", "年龄或年龄段：0、1-4、85+").key_of_ages(),
    Column::required("specialty", "specialty group", "专科组").key(),
    Column::required("admissions_per_1000", "admissions a year per 1,000 residents", "每千居民年住院人次"),
];

/// Length of stay.
pub(crate) const STAY: &[Column] = &[
    Column::required("specialty", "specialty group", "专科组").key(),
    Column::required("tier", "community, district or tertiary", "层级").key(),
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

/// Patients of a ward on the first day.
pub(crate) const OPENING_PATIENTS: &[Column] = &[
    Column::required("days_so_far", "days for which they have been in bed", "已住院天数").key(),
    Column::required("patients", "how many", "人数"),
];

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
    Column::required("specialty", "specialty group", "专科组").key(),
    Column::required("tier", "community, district, tertiary or outside", "层级（outside 为区外）").key(),
    Column::required("share", "share of residents who ask there first", "首选比例"),
];

/// Requests from outside the district.
pub(crate) const INFLOW: &[Column] = &[
    Column::required("tier", "tier asked", "层级").key(),
    Column::required("specialty", "specialty group", "专科组").key(),
    Column::required("admissions_per_year", "requests a year", "年住院人次"),
];

/// Public holidays.
pub(crate) const HOLIDAYS: &[Column] = &[
    Column::optional("name", "what it is; not used", "名称（不参与计算）"),
    Column::required("from", "first day", "首日").key(),
    Column::required("to", "last day", "末日").key(),
    Column::required("urgent", "factor on urgent requests of these days", "期间急诊入院系数"),
    Column::required("elective", "factor on the slots for elective admissions", "期间择期入院名额系数")
        .formerly(&["planned"]),
];

/// Tiers and the outside, as the tables name them.
const ASKED: [&str; Tier::ALL.len() + 1] = {
    let [community, district, tertiary] = Tier::KEYS;
    [community, district, tertiary, "outside"]
};

/// The tier of a row.
fn tier_of(row: &Row<'_>) -> Option<Tier> {
    row.name_of("tier", &Tier::KEYS).map(|tier| Tier::ALL[tier])
}

/// Laws of stay by tier, where given.
pub(crate) type Stays = ByTier<Option<Stay>>;

/// The stays of each specialty, whose families of laws are given.
pub(crate) fn read_stay(section: &Section<'_>, specialties: &[&str], families: &[Family]) -> Option<Vec<Stays>> {
    let sheet = section.sheet("length_of_stay")?;
    let mut stays = vec![Stays::default(); specialties.len()];
    for row in sheet.rows() {
        let at = row.name_of("specialty", specialties).zip(tier_of(&row));
        let law = row.number("mean_days", 0.01, 10_000.0).zip(row.number("cv", 0.0, 20.0));
        let Some(long) = read_long(&row) else { continue };
        if let (Some((specialty, tier)), Some((mean, cv))) = (at, law) {
            note_idle_cv(&row, families[specialty], cv);
            // A row given twice is a fault already; making its law takes long.
            let law = || Stay::stated(families[specialty], StatedStay { mean, cv, long });
            stays[specialty][tier].get_or_insert_with(law);
        }
    }
    if section.has("observed_stays") {
        read_observed(section, specialties, &mut stays)?;
    }
    Some(stays)
}

/// Warns of a coefficient of variation that its law does not have.
fn note_idle_cv(row: &Row<'_>, family: Family, cv: f64) {
    let Some(own) = family.own_cv() else { return };
    if cv != own {
        row.warn("cv", messages::idle_cv(family.word(), cv, own));
    }
}

/// Those who stay long: `Some(None)` when there are none, `None` when a fault was noted.
fn read_long(row: &Row<'_>) -> Option<Option<LongStays>> {
    if ["long_share", "long_mean_days", "long_cv"].iter().all(|column| row.text(column).is_empty()) {
        return Some(None);
    }
    let (share, mean) = (row.number("long_share", 0.0, 1.0), row.number("long_mean_days", 0.01, 10_000.0));
    Some(Some(LongStays { share: share?, mean: mean?, cv: row.number("long_cv", 0.0, 20.0)? }))
}

/// Stays as they were counted, which take the place of a law in the table of stays.
fn read_observed(section: &Section<'_>, specialties: &[&str], stays: &mut [Stays]) -> Option<()> {
    let sheet = section.sheet("observed_stays")?;
    refuse_bins_twice(&sheet, &["specialty", "tier", "from_days", "to_days"]);
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
    refuse_bins_twice(&sheet, &["from_days", "to_days"]);
    // Every row is read, so that all its faults are told at once.
    let bins: Vec<Option<Bin>> = sheet.rows().map(|row| read_bin(&row, &sheet)).collect();
    histogram(&sheet, &bins.into_iter().collect::<Option<Vec<_>>>()?)
}

/// Refuses the same stays counted twice; without a column of patients every row is one of them, and two may stay alike.
fn refuse_bins_twice(sheet: &Sheet<'_>, columns: &[&str]) {
    if sheet.has("patients") {
        sheet.refuse_rows_alike_in(columns);
    }
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

/// A day that must be there.
fn day(row: &Row<'_>, column: &str) -> Option<Day> {
    row.day(column)?.or_else(|| {
        row.error(column, messages::no_day());
        None
    })
}

/// A holiday of an earlier row, both days included.
struct Written<'a> {
    from: Day,
    to: Day,
    row: Row<'a>,
}

/// The public holidays; none where no table is named.
pub(crate) fn read_holidays(section: &Section<'_>) -> Option<Vec<Holiday>> {
    if !section.has("holidays") {
        return Some(Vec::new());
    }
    let sheet = section.sheet("holidays")?;
    let mut holidays = Vec::new();
    let mut before: Vec<Written<'_>> = Vec::new();
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
        let shared = before.iter().find(|other| from <= other.to && other.from <= to);
        // Days alike in both rows are told where the table was opened.
        if let Some(other) = shared.filter(|other| (other.from, other.to) != (from, to)) {
            row.error("from", messages::holidays_overlap(from, other.row.line()));
        }
        before.push(Written { from, to, row });
        let since = |day: Day| day.days_since(Day::first_of(1)) as i32;
        holidays.push(Holiday { from: since(from), to: since(to), urgent, slots });
    }
    Some(holidays)
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

/// Patients of a ward on the first day: days in bed so far, and how many.
pub(crate) fn read_opening_patients(ward: &Section<'_>) -> Option<Vec<(f64, u32)>> {
    let sheet = ward.sheet("opening_patients_by_days")?;
    let rows: Vec<_> =
        sheet.rows().map(|row| row.number("days_so_far", 0.0, 10_000.0).zip(row.count("patients"))).collect();
    rows.into_iter().collect()
}

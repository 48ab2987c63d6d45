//! Age groups of tables, and single ages from them: sums preserved exactly, never negative, whole persons.
//!
//! Closed groups: a cubic spline of the cumulated counts through the group bounds, its slopes held to three times the
//! smaller neighbouring rise so that it never falls (Hyman 1983), read at every birthday. The open group: the
//! stationary population of a life table times a growth that fits the last two closed groups. Whole persons by largest
//! remainder inside each group, so that every group keeps its count.
//!
//! Not done: correction of age heaping; a census that needs it should be smoothed before.

use crate::population::view::AGES;

/// Ages `from` to before `to`; the open group runs to [`AGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgeGroup {
    /// First age.
    pub from: usize,
    /// One past the last age.
    pub to: usize,
    /// Whether it is written as `85+`.
    pub open: bool,
}

impl AgeGroup {
    /// Reads `7`, `5-9` or `85+`.
    pub fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        if let Some(from) = written.strip_suffix('+') {
            let from = from.trim().parse().ok().filter(|a| *a < AGES)?;
            return Some(Self { from, to: AGES, open: true });
        }
        let (from, last) = match written.split_once(['-', '–']) {
            Some((from, last)) => (from.trim().parse().ok()?, last.trim().parse().ok()?),
            None => (written.parse().ok()?, written.parse().ok()?),
        };
        // A last single age of 100 means the same as 100+.
        (from <= last && last < AGES).then_some(Self { from, to: last + 1, open: last + 1 == AGES && from == last })
    }

    /// Whether an age belongs to both.
    pub const fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Number of single ages.
    pub const fn width(self) -> usize {
        self.to - self.from
    }
}

/// People of an age group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupCount {
    /// The group.
    pub group: AgeGroup,
    /// How many they are.
    pub persons: u32,
}

/// Splits the counts of `groups` (in order of age, not overlapping; gaps hold nobody) into single ages.
///
/// `stationary` is the person-years lived L(x) of a life table (any radix), used inside an open group only.
pub fn single_ages(groups: &[GroupCount], stationary: &[f64; AGES]) -> [u32; AGES] {
    let mut out = [0; AGES];
    let tiled = tile(groups);
    let is_closed = |count: &GroupCount| !count.group.open || count.group.width() == 1;
    let closed: Vec<GroupCount> = tiled.iter().copied().filter(is_closed).collect();
    let cumulated = cumulate(&closed);
    let mut parts = [0.0; AGES];
    for GroupCount { group, persons } in &tiled {
        let range = group.from..group.to;
        if group.open && group.width() > 1 {
            let growth = open_growth(&closed, stationary);
            for age in range.clone() {
                parts[age] = stationary[age] * libm::exp(-growth * (age - group.from) as f64);
            }
        } else {
            for age in range.clone() {
                parts[age] = (cumulated[age + 1] - cumulated[age]).max(0.0);
            }
        }
        apportion(*persons, &parts[range.clone()], &mut out[range]);
    }
    out
}

/// Fills the gaps between groups with empty ones.
fn tile(groups: &[GroupCount]) -> Vec<GroupCount> {
    let mut tiled = Vec::with_capacity(groups.len() + 2);
    let mut next = 0;
    let empty = |from: usize, to: usize| GroupCount { group: AgeGroup { from, to, open: false }, persons: 0 };
    for count in groups {
        if count.group.from > next {
            tiled.push(empty(next, count.group.from));
        }
        tiled.push(*count);
        next = count.group.to;
    }
    if next < AGES {
        tiled.push(empty(next, AGES));
    }
    tiled
}

/// The monotone spline of the cumulated counts, at every age bound 0 to 101.
fn cumulate(groups: &[GroupCount]) -> [f64; AGES + 1] {
    let mut out = [0.0; AGES + 1];
    if groups.is_empty() {
        return out;
    }
    let knots: Vec<f64> =
        groups.iter().map(|g| g.group.from as f64).chain(groups.last().map(|g| g.group.to as f64)).collect();
    let mut values = vec![0.0];
    for count in groups {
        values.push(values[values.len() - 1] + f64::from(count.persons));
    }
    let slopes = monotone_slopes(&knots, &values);
    let mut piece = 0;
    for (age, value) in out.iter_mut().enumerate() {
        let x = age as f64;
        while piece + 2 < knots.len() && x > knots[piece + 1] {
            piece += 1;
        }
        let width = knots[piece + 1] - knots[piece];
        let t = ((x - knots[piece]) / width).clamp(0.0, 1.0);
        let (a, b) = (values[piece], values[piece + 1]);
        let (da, db) = (slopes[piece] * width, slopes[piece + 1] * width);
        let rise = b - a;
        *value = a + t * (da + t * ((3.0 * rise - 2.0 * da - db) + t * (da + db - 2.0 * rise)));
    }
    out
}

/// Slopes at the knots of the natural cubic spline, limited so that the curve is monotone (Hyman 1983).
fn monotone_slopes(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    let width: Vec<f64> = x.windows(2).map(|p| p[1] - p[0]).collect();
    let rise: Vec<f64> = y.windows(2).zip(&width).map(|(p, h)| (p[1] - p[0]) / h).collect();
    if n == 2 {
        return vec![rise[0]; 2];
    }
    // Tridiagonal system of the slopes, solved by elimination (Thomas 1949).
    let row = |i: usize| match i {
        0 => (0.0, 2.0, 1.0, 3.0 * rise[0]),
        i if i == n - 1 => (1.0, 2.0, 0.0, 3.0 * rise[n - 2]),
        i => {
            let (l, r) = (1.0 / width[i - 1], 1.0 / width[i]);
            (l, 2.0 * (l + r), r, 3.0 * (rise[i - 1] * l + rise[i] * r))
        }
    };
    let mut upper = vec![0.0; n];
    let mut slope = vec![0.0; n];
    for i in 0..n {
        let (below, middle, above, right) = row(i);
        let (before_upper, before) = if i == 0 { (0.0, 0.0) } else { (upper[i - 1], slope[i - 1]) };
        let pivot = middle - below * before_upper;
        upper[i] = above / pivot;
        slope[i] = (right - below * before) / pivot;
    }
    for i in (0..n - 1).rev() {
        slope[i] -= upper[i] * slope[i + 1];
    }
    for i in 0..n {
        let left = rise[i.saturating_sub(1)];
        let right = rise[i.min(n - 2)];
        slope[i] = slope[i].clamp(0.0, 3.0 * left.min(right));
    }
    slope
}

/// Growth rate that carries the last closed group but one into the last closed group, beyond the life table.
fn open_growth(closed: &[GroupCount], stationary: &[f64; AGES]) -> f64 {
    const FLATTEST: f64 = -0.05;
    const STEEPEST: f64 = 0.10;
    let [.., before, last] = closed else { return 0.0 };
    let lived = |count: &GroupCount| stationary[count.group.from..count.group.to].iter().sum::<f64>();
    let years = 0.5 * ((last.group.from + last.group.to) - (before.group.from + before.group.to)) as f64;
    if before.persons == 0 || last.persons == 0 || years <= 0.0 || lived(last) <= 0.0 || lived(before) <= 0.0 {
        return 0.0;
    }
    let table = lived(last) / lived(before);
    let people = f64::from(last.persons) / f64::from(before.persons);
    (libm::log(table / people) / years).clamp(FLATTEST, STEEPEST)
}

/// Divides `total` persons in the proportions of `parts` by largest remainder; evenly when all parts are 0.
pub fn apportion(total: u32, parts: &[f64], out: &mut [u32]) {
    let sum: f64 = parts.iter().sum();
    let share = |i: usize| {
        let part = if sum > 0.0 { parts[i] / sum } else { 1.0 / parts.len() as f64 };
        part * f64::from(total)
    };
    let mut given = 0;
    for (i, persons) in out.iter_mut().enumerate() {
        *persons = share(i) as u32;
        given += *persons;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |i: usize| share(i) - libm::floor(share(i));
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b)));
    for i in order.into_iter().cycle().take(total.saturating_sub(given) as usize) {
        out[i] += 1;
    }
}

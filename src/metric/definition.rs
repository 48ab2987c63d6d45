//! What a metric is: its name, unit and role, which way is better, how areas add, how it is worked out and by whose rule.

use super::handle::{Handle, Values};
use super::unit::{FLAG, SHARE, Unit};
use crate::language::Text;

/// What a number is in its stage. Study, comparison and report ask for roles, never for names.
///
/// A stage has at most one metric of each role, but any number of [`Role::ServedBy`], [`Role::RequiredCapacity`],
/// [`Role::AgeGroup`], [`Role::Men`], [`Role::Women`] and [`Role::Detail`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Those who need a place: at a time, or in a year if its unit says so.
    Demand,
    /// Places that are open.
    Capacity,
    /// Places in use, counted where they are; as many as [`Role::Capacity`] at most, unless classes are larger than the norm.
    InUse,
    /// [`Role::InUse`] over [`Role::Capacity`].
    Utilisation,
    /// Those who got a place in the district.
    Served,
    /// Of the served, those whom one rung of the search for a place served. What all rungs leave over was served in its own
    /// area.
    ServedBy,
    /// Those who wait at the end of the year, within what is promised.
    Waiting,
    /// Those who gave up waiting within what is promised.
    Reneged,
    /// Those who went outside the district.
    Outside,
    /// Those whom no place served.
    Unmet,
    /// Whether the promise of the stage was broken.
    TargetMissed,
    /// Whether demand exceeds capacity and nobody leaves.
    Unstable,
    /// Of those with a place, those above the norm for it.
    OverNorm,
    /// Share of requests that found no place in time.
    RefusedShare,
    /// Share of the days on which the places are fuller than they should be.
    CrowdedDays,
    /// Places that would keep the promise, to be held against [`Role::Capacity`].
    RequiredCapacity,
    /// Places that would be in use if nobody were turned away, worked out in closed form; to be held against
    /// [`Role::InUse`].
    OfferedLoad,
    /// Whether a project opened too late for the intake that it was planned for.
    OpeningMissedIntake,
    /// Those expected to use a place at this year's take-up.
    ExpectedUsers,
    /// All residents.
    Population,
    /// Residents of an age group or sex.
    AgeGroup,
    /// Men and boys of the ages that the last word of its id says.
    Men,
    /// Women and girls of the same.
    Women,
    /// None of these: reported, but nothing else is made of it.
    Detail,
}

/// Which way is better: where planners agree. Demand, places and people served are neither good nor bad by themselves (more
/// served may only mean that more asked).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Less of it is better.
    Lower,
    /// More of it is better.
    Higher,
    /// Neither by itself.
    Neither,
}

/// How the district's value comes from the areas'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum District {
    /// It is their sum, taken when the record is closed.
    Sum,
    /// The service records it.
    Own,
    /// `part / whole` of two other metrics of the table, in every area and the district, taken when the record is closed.
    Ratio {
        /// Position of the numerator.
        part: usize,
        /// Position of the denominator.
        whole: usize,
    },
}

/// How much a report makes of a metric, beyond the long tables that have all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prominence {
    /// It stands in the tables of its stage.
    Usual,
    /// It stands in the short table of areas as well.
    ByArea,
    /// It is drawn with its uncertainty as well.
    Drawn,
    /// It is a headline: what drives its spread is worked out as well.
    Headline,
}

/// When a report warns of a metric: its mean in the district lies further from 0 than it should.
#[derive(Clone, Copy, Debug)]
pub struct Caution {
    /// The distance from 0 up to which there is nothing to say.
    pub beyond: f64,
    /// What is suspicious, in English and Chinese.
    pub says: [&'static str; 2],
    /// What to do about it, in English and Chinese.
    pub advice: [&'static str; 2],
}

/// What a number of people or things grows and shrinks by, by position in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flows {
    /// What comes in a year.
    pub comes: &'static [usize],
    /// What goes in a year.
    pub goes: &'static [usize],
}

/// One metric.
#[derive(Clone, Debug)]
pub struct MetricDef {
    /// Name in `summary.csv`.
    pub id: &'static str,
    /// Names that it had in earlier versions.
    pub formerly: &'static [&'static str],
    /// Name in reports.
    pub label: Text,
    /// Its unit.
    pub unit: Unit,
    /// What it is in its stage.
    pub role: Role,
    /// Which way is better.
    pub better: Better,
    /// How its values are kept.
    pub values: Values,
    /// How the district's value comes about.
    pub district: District,
    /// How it is worked out, in English and Chinese, where the name does not say so.
    pub formula: Option<[&'static str; 2]>,
    /// Whose rule or formula it follows.
    pub source: Option<&'static str>,
    /// Position of the metric that it is a part of, and never more than.
    pub part_of: Option<usize>,
    /// Positions of the metrics that it is the sum of: a list for each way of dividing it. What a stage does not count is no
    /// part there.
    pub sums: &'static [&'static [usize]],
    /// What changes it from one year to the next: nothing else does.
    pub flows: Option<Flows>,
    /// Position of the metric that is the same number in the district: what leaves areas for others comes to others.
    pub mirrored_by: Option<usize>,
    /// Whether it may be above 1 although it is a share: pupils for each place, beds in use that are already closed.
    pub may_exceed_one: bool,
    /// How much a report makes of it.
    pub prominence: Prominence,
    /// Whether it counts what is there on 1 January, so that any day between two Januaries has a value.
    pub on_1_january: bool,
    /// When a report should warn of it.
    pub caution: Option<Caution>,
}

impl MetricDef {
    /// A count that adds up over areas.
    pub const fn count(
        id: &'static str,
        unit: Unit,
        role: Role,
        better: Better,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self {
            id,
            formerly: &[],
            label: Text::new(en, zh),
            unit,
            role,
            better,
            values: Values::Count,
            district: District::Sum,
            formula: None,
            source: None,
            part_of: None,
            sums: &[],
            flows: None,
            mirrored_by: None,
            may_exceed_one: false,
            prominence: Prominence::Usual,
            on_1_january: false,
            caution: None,
        }
    }

    /// A count whose district value the service records itself.
    pub const fn own_count(
        id: &'static str,
        unit: Unit,
        role: Role,
        better: Better,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        let mut metric = Self::count(id, unit, role, better, en, zh);
        metric.district = District::Own;
        metric
    }

    /// A real number that adds up over areas.
    pub const fn real(
        id: &'static str,
        unit: Unit,
        role: Role,
        better: Better,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        let mut metric = Self::count(id, unit, role, better, en, zh);
        metric.values = Values::Real;
        metric
    }

    /// A real number whose district value the service records itself.
    pub const fn own_real(
        id: &'static str,
        unit: Unit,
        role: Role,
        better: Better,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        let mut metric = Self::real(id, unit, role, better, en, zh);
        metric.district = District::Own;
        metric
    }

    /// Whether the promise of a stage was broken; of the district the service says so itself.
    pub const fn target_missed() -> Self {
        let (en, zh) = ("Service target missed", "未达保障目标");
        Self::own_count("target_missed", FLAG, Role::TargetMissed, Better::Lower, en, zh).formerly(&["short"])
    }

    /// The share `part / whole` of two metrics of the same table.
    pub const fn ratio<P, W>(
        id: &'static str,
        part: Handle<P>,
        whole: Handle<W>,
        role: Role,
        better: Better,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        let mut metric = Self::real(id, SHARE, role, better, en, zh);
        metric.district = District::Ratio { part: part.position(), whole: whole.position() };
        metric
    }

    /// The same metric in another unit: a ratio that is no share.
    #[must_use]
    pub const fn in_unit(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }

    /// The same metric, which had these names in earlier versions.
    #[must_use]
    pub const fn formerly(mut self, names: &'static [&'static str]) -> Self {
        self.formerly = names;
        self
    }

    /// The same metric with how it is worked out.
    #[must_use]
    pub const fn formula(mut self, en: &'static str, zh: &'static str) -> Self {
        self.formula = Some([en, zh]);
        self
    }

    /// The same metric with whose rule or formula it follows.
    #[must_use]
    pub const fn source(mut self, source: &'static str) -> Self {
        self.source = Some(source);
        self
    }

    /// The same metric, which is a part of another of the same table.
    #[must_use]
    pub const fn part_of<T>(mut self, whole: Handle<T>) -> Self {
        self.part_of = Some(whole.position());
        self
    }

    /// The same metric, which is the sum of others of the same table: by position, a list for each way of dividing it.
    #[must_use]
    pub const fn sum_of(mut self, sums: &'static [&'static [usize]]) -> Self {
        self.sums = sums;
        self
    }

    /// The same metric, which nothing changes but what comes and what goes, by position. What is not counted on 1 January is
    /// what there is at the year's end.
    #[must_use]
    pub const fn changed_by(mut self, comes: &'static [usize], goes: &'static [usize]) -> Self {
        self.flows = Some(Flows { comes, goes });
        self
    }

    /// The same metric, which is the same number in the district as another.
    #[must_use]
    pub const fn mirrored_by<T>(mut self, other: Handle<T>) -> Self {
        self.mirrored_by = Some(other.position());
        self
    }

    /// The same metric, which may be above 1 although it is a share.
    #[must_use]
    pub const fn may_exceed_one(mut self) -> Self {
        self.may_exceed_one = true;
        self
    }

    /// The same metric, of which a report makes more.
    #[must_use]
    pub const fn shown(mut self, prominence: Prominence) -> Self {
        self.prominence = prominence;
        self
    }

    /// The same metric, counted on 1 January.
    #[must_use]
    pub const fn on_1_january(mut self) -> Self {
        self.on_1_january = true;
        self
    }

    /// The same metric with a warning in the report when its mean lies further than this from 0: what is suspicious and what
    /// to do, each in English and Chinese.
    #[must_use]
    pub const fn with_caution(mut self, beyond: f64, says: [&'static str; 2], advice: [&'static str; 2]) -> Self {
        self.caution = Some(Caution { beyond, says, advice });
        self
    }

    /// Whether it stands in the short table of areas: what is asked, offered and not served does in every stage.
    pub fn is_shown_by_area(&self) -> bool {
        self.prominence >= Prominence::ByArea || matches!(self.role, Role::Demand | Role::Capacity | Role::Unmet)
    }
}

/// Declares the metrics of a block once: a table of [`MetricDef`], and for each metric a handle of its name and kind by which
/// it is recorded and read. A handle that nobody records is dead code, and the compiler says so.
///
/// ```
/// use civicap::metric::{Better, Count, MetricDef, Ratio, Role, unit};
///
/// civicap::metrics! {
///     /// What is measured of libraries.
///     pub enum OfLibrary;
///     READERS: Count = MetricDef::count("demand", unit::PEOPLE, Role::Demand, Better::Neither, "Readers", "读者"),
///     SEATS: Count = MetricDef::count("places", unit::PLACES, Role::Capacity, Better::Neither, "Seats", "座位"),
///     CROWDING: Ratio = MetricDef::ratio(
///         "readers_per_seat", Self::READERS, Self::SEATS, Role::Detail, Better::Lower, "Readers for each seat", "每座读者",
///     )
///     .in_unit(unit::PEOPLE),
/// }
/// assert_eq!((OfLibrary::READERS.position(), OfLibrary::SEATS.position()), (0, 1));
/// assert_eq!(OfLibrary::TABLE[2].id, "readers_per_seat");
/// ```
#[macro_export]
macro_rules! metrics {
    ($(#[$doc:meta])* $vis:vis enum $of:ident; $($handle:ident: $kind:ident = $metric:expr),* $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        $vis enum $of {}

        impl $of {
            /// The metrics in the order of their handles.
            #[allow(clippy::large_stack_arrays, reason = "a table of constants lies in the program, not on the stack")]
            $vis const TABLE: &'static [$crate::metric::MetricDef] = &[$($metric),*];
        }

        const _: () = {
            let (kinds, mut at) = ([$(stringify!($kind)),*], 0);
            while at < kinds.len() {
                assert!($of::TABLE[at].is_of_kind(kinds[at]), "a metric is declared as what it is not");
                at += 1;
            }
        };

        $crate::metrics!(@handles $vis $of [$($handle: $kind)*] 0);
    };
    (@handles $vis:vis $of:ident [] $at:expr) => {};
    (@handles $vis:vis $of:ident [$handle:ident: Ratio $($rest:tt)*] $at:expr) => {
        impl $of {
            #[allow(dead_code, reason = "a ratio is closed from its parts, not recorded")]
            #[allow(missing_docs, reason = "its definition says what it is")]
            $vis const $handle: $crate::metric::Ratio = $crate::metric::Ratio::at($at);
        }
        $crate::metrics!(@handles $vis $of [$($rest)*] $at + 1);
    };
    (@handles $vis:vis $of:ident [$handle:ident: $kind:ident $($rest:tt)*] $at:expr) => {
        impl $of {
            #[allow(missing_docs, reason = "its definition says what it is")]
            $vis const $handle: $crate::metric::$kind = $crate::metric::$kind::at($at);
        }
        $crate::metrics!(@handles $vis $of [$($rest)*] $at + 1);
    };
}

impl MetricDef {
    /// Whether the handle declared for it has the right kind.
    #[doc(hidden)]
    pub const fn is_of_kind(&self, kind: &str) -> bool {
        match (self.district, self.values) {
            (District::Ratio { .. }, _) => same(kind, "Ratio"),
            (_, Values::Count) => same(kind, "Count"),
            (_, Values::Real) => same(kind, "Real"),
        }
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

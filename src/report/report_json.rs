//! `report.json`: a report kept in both languages, to be laid out again without simulating.
//!
//! The file is one JSON object: `format`, the version of `civicap` that wrote it, its `kind`, a `hash` (BLAKE3 of the
//! report's own JSON text) and the `report`. Numbers are written with as many digits as they need to come back bit by
//! bit; a number that is not there (NaN) is `null`, infinite ones are `"inf"` and `"-inf"`. A record is read whole or
//! not at all: what has another format, does not parse or does not have its hash is refused.

use serde::{Deserialize, Serialize};

use super::document::Report;

/// Version of the form of records; to be raised with any change of [`document`](super::document).
pub const FORMAT: u32 = 2;

/// What a report is about, which decides the names of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// One scenario.
    Run,
    /// Plans against each other.
    Comparison,
    /// What each project is worth.
    Projects,
    /// What should be built.
    Need,
}

/// Why a record cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another version of civicap, named here, wrote it in another form.
    OtherFormat(String),
    /// It is cut off, edited, or no record at all.
    Damaged,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    civicap: &'static str,
    kind: RecordKind,
    hash: String,
    report: &'a Report,
}

/// What is looked at first: it reads the same in every format.
#[derive(Deserialize)]
struct Head {
    format: u32,
    #[serde(default)]
    civicap: String,
}

#[derive(Deserialize)]
struct Kept {
    kind: RecordKind,
    hash: String,
    report: Report,
}

/// The record of a report.
pub fn write(kind: RecordKind, report: &Report) -> String {
    let written =
        Written { format: FORMAT, civicap: env!("CARGO_PKG_VERSION"), kind, hash: hash(kind, report), report };
    json(&written) + "\n"
}

/// Reads a record.
///
/// # Errors
/// When it has another format, or is damaged.
pub fn read(text: &str) -> Result<(RecordKind, Report), Refusal> {
    // A list would be read as a record without names.
    if !text.trim_start().starts_with('{') {
        return Err(Refusal::Damaged);
    }
    let head: Head = serde_json::from_str(text).map_err(|_| Refusal::Damaged)?;
    if head.format != FORMAT {
        return Err(Refusal::OtherFormat(head.civicap));
    }
    let kept: Kept = serde_json::from_str(text).map_err(|_| Refusal::Damaged)?;
    if kept.hash != hash(kept.kind, &kept.report) {
        return Err(Refusal::Damaged);
    }
    Ok((kept.kind, kept.report))
}

fn hash(kind: RecordKind, report: &Report) -> String {
    blake3::hash(json(&(kind, report)).as_bytes()).to_hex().to_string()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("invariant: a report has no keys that are not text")
}

/// Numbers that may be missing, in any shape that documents use.
pub(super) mod gaps {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::language::Text;

    /// A shape of numbers and the form in which it is kept.
    pub(in crate::report) trait Gaps: Sized {
        type Form: Serialize + for<'de> Deserialize<'de>;
        fn kept(&self) -> Self::Form;
        fn of(form: Self::Form) -> Option<Self>;
    }

    /// One number: `null` for NaN, words for what is infinite.
    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    pub(in crate::report) enum Number {
        Finite(f64),
        Infinite(Sign),
        Missing,
    }

    #[derive(Serialize, Deserialize)]
    pub(in crate::report) enum Sign {
        #[serde(rename = "inf")]
        Plus,
        #[serde(rename = "-inf")]
        Minus,
    }

    impl Gaps for f64 {
        type Form = Number;

        fn kept(&self) -> Number {
            if self.is_finite() {
                Number::Finite(*self)
            } else if self.is_nan() {
                Number::Missing
            } else if *self > 0.0 {
                Number::Infinite(Sign::Plus)
            } else {
                Number::Infinite(Sign::Minus)
            }
        }

        fn of(form: Number) -> Option<Self> {
            Some(match form {
                Number::Finite(value) => value,
                Number::Missing => Self::NAN,
                Number::Infinite(Sign::Plus) => Self::INFINITY,
                Number::Infinite(Sign::Minus) => Self::NEG_INFINITY,
            })
        }
    }

    impl Gaps for (i32, f64) {
        type Form = (i32, Number);

        fn kept(&self) -> Self::Form {
            (self.0, self.1.kept())
        }

        fn of(form: Self::Form) -> Option<Self> {
            Some((form.0, f64::of(form.1)?))
        }
    }

    impl Gaps for (Text, f64) {
        type Form = (Text, Number);

        fn kept(&self) -> Self::Form {
            (self.0.clone(), self.1.kept())
        }

        fn of(form: Self::Form) -> Option<Self> {
            Some((form.0, f64::of(form.1)?))
        }
    }

    impl<T: Gaps> Gaps for Vec<T> {
        type Form = Vec<T::Form>;

        fn kept(&self) -> Self::Form {
            self.iter().map(Gaps::kept).collect()
        }

        fn of(form: Self::Form) -> Option<Self> {
            form.into_iter().map(T::of).collect()
        }
    }

    impl<T: Gaps> Gaps for Option<T> {
        type Form = Option<T::Form>;

        fn kept(&self) -> Self::Form {
            self.as_ref().map(Gaps::kept)
        }

        fn of(form: Self::Form) -> Option<Self> {
            form.map_or(Some(None), |form| T::of(form).map(Some))
        }
    }

    impl<T: Gaps, const N: usize> Gaps for [T; N] {
        type Form = Vec<T::Form>;

        fn kept(&self) -> Self::Form {
            self.iter().map(Gaps::kept).collect()
        }

        fn of(form: Self::Form) -> Option<Self> {
            form.into_iter().map(T::of).collect::<Option<Vec<T>>>()?.try_into().ok()
        }
    }

    pub(in crate::report) fn serialize<T: Gaps, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        value.kept().serialize(to)
    }

    pub(in crate::report) fn deserialize<'de, T: Gaps, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let form = T::Form::deserialize(from)?;
        T::of(form).ok_or_else(|| serde::de::Error::custom("another count of numbers"))
    }
}

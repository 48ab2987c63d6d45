//! Numbers of a section: whole, fixed, or uncertain.

use super::key::ValueKind;
use super::section::Section;
use super::uncertain;
use crate::language::Text;
use crate::uncertainty::{Parameter, Provenance};

impl Section<'_> {
    /// A whole number within the range of its key.
    pub fn whole(&self, key: &str) -> Option<i64> {
        let (value, defaulted) = self.value(key)?;
        let ValueKind::Whole(low, high) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared whole")
        };
        let (number, provenance) = uncertain::fixed(self, key, &value)?;
        if number.fract() != 0.0 || number.abs() > 9e15 {
            return self.wrong(key, &value, &Text::new("a whole number", "整数"));
        }
        let number = number as i64;
        if !(low..=high).contains(&number) {
            return self.out_of_range(key, value.span, &number.to_string(), &low.to_string(), &high.to_string());
        }
        self.record_with(key, number.to_string(), value.span, Provenance { defaulted, ..provenance });
        Some(number)
    }

    /// A whole number that counts something (people, places, beds).
    pub fn count(&self, key: &str) -> Option<u32> {
        self.whole(key).and_then(|n| u32::try_from(n).ok())
    }

    /// A fixed number within the range of its key. `{ value = ..., source = ..., status = ... }` is accepted too.
    pub fn number(&self, key: &str) -> Option<f64> {
        let (value, defaulted) = self.value(key)?;
        let ValueKind::Number(low, high) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared a number")
        };
        let (number, provenance) = uncertain::fixed(self, key, &value)?;
        if !(low..=high).contains(&number) {
            return self.out_of_range(key, value.span, &number.to_string(), &low.to_string(), &high.to_string());
        }
        let provenance = Provenance { defaulted, ..provenance };
        self.record_with(key, number.to_string(), value.span, provenance);
        Some(number)
    }

    /// A number that may be uncertain.
    pub fn uncertain(&self, key: &str) -> Option<Parameter> {
        let (value, defaulted) = self.value(key)?;
        let ValueKind::Uncertain(low, high) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared uncertain")
        };
        uncertain::read(self, key, &value, (low, high), self.def(key).unit, defaulted)
    }
}

//! Someone who asks for a bed.

use crate::services::health::model::Class;
use crate::services::health::model::NONE;

/// Someone asking for a bed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BedRequest {
    /// When, hours.
    pub(crate) time: f64,
    /// For how long, hours.
    pub(crate) stay: f32,
    /// Hours in the step-down pool afterwards.
    pub(crate) then_stay: f32,
    /// The pool asked.
    pub(crate) pool: u16,
    /// The step-down pool afterwards, or [`NONE`].
    pub(crate) then: u16,
    /// Where the patient lives: an area, or the number of areas for outside.
    pub(crate) label: u16,
    /// How the patient comes.
    pub(crate) class: Class,
    /// What comes after the stay: [`RETURNS`], [`NEEDS_PLACE`] or 0.
    pub(crate) fate: u8,
    /// Hours for which the bed is kept after the stay.
    pub(crate) kept: f32,
}

impl BedRequest {
    /// A request without sequel.
    #[inline]
    pub(crate) const fn new(pool: u16, label: u16, time: f64, stay: f32) -> Self {
        Self { time, stay, then_stay: 0.0, pool, then: NONE, label, class: Class::Elective, fate: 0, kept: 0.0 }
    }
}

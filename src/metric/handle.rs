//! Typed handles: which metric of a table is meant, and whether it keeps whole or real numbers.

use std::marker::PhantomData;

/// How a metric's values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Whole numbers: people, places, days.
    Count,
    /// Real numbers. NaN means that there is nothing to measure (no places, hence no utilisation).
    Real,
}

/// A metric of a table, known by its position. `T` is what is recorded of it.
#[derive(Debug)]
pub struct Handle<T> {
    at: u16,
    recorded: PhantomData<T>,
}

// Derived ones would ask the same of `T`.
impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

/// A metric of whole numbers.
pub type Count = Handle<u32>;

/// A metric of real numbers.
pub type Real = Handle<f64>;

/// What is worked out from others when a record is closed: nobody records it.
#[derive(Clone, Copy, Debug)]
pub enum Closed {}

/// A metric that is the ratio of two others.
pub type Ratio = Handle<Closed>;

impl<T> Handle<T> {
    /// The metric at a position of a table. [`metrics!`](crate::metrics) makes handles; by hand only where a macro makes the
    /// table as well.
    pub const fn at(position: usize) -> Self {
        assert!(position < u16::MAX as usize, "invariant: a table has fewer metrics");
        Self { at: position as u16, recorded: PhantomData }
    }

    /// Its position in the table.
    #[inline]
    pub const fn position(self) -> usize {
        self.at as usize
    }
}

impl<T> From<Handle<T>> for usize {
    fn from(handle: Handle<T>) -> Self {
        handle.position()
    }
}

/// What can be recorded.
pub trait Recorded: Copy {
    /// How it is kept.
    const VALUES: Values;

    /// The bits that are kept of it.
    fn bits(self) -> u32;
}

impl Recorded for u32 {
    const VALUES: Values = Values::Count;

    #[inline]
    fn bits(self) -> u32 {
        self
    }
}

impl Recorded for f64 {
    const VALUES: Values = Values::Real;

    #[inline]
    fn bits(self) -> u32 {
        (self as f32).to_bits()
    }
}

//! Arithmetic in the widest vector registers that the machine has.
//!
//! A kernel is compiled for every 64-bit processor and once more for those with registers of 256 bits; the machine decides
//! which one runs. Both give the same bits: each lane does the same operations in the same order, and no multiplication
//! is fused with an addition.

use pulp::{Arch, NullaryFnOnce};

/// Work on lanes. What it calls and is not inlined is compiled for narrow registers.
pub trait Kernel {
    /// What it gives.
    type Output;

    /// Does the work; to be marked `#[inline(always)]`.
    fn run(self) -> Self::Output;
}

struct Work<K>(K);

impl<K: Kernel> NullaryFnOnce for Work<K> {
    type Output = K::Output;

    #[inline(always)]
    fn call(self) -> K::Output {
        self.0.run()
    }
}

/// Runs a kernel in the widest registers.
#[inline]
pub fn in_widest<K: Kernel>(kernel: K) -> K::Output {
    Arch::new().dispatch(Work(kernel))
}

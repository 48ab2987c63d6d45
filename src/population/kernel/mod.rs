//! The hot loops: counts of whole rows of cohorts, several in step.
//!
//! Everything here works on rows of [`simd_rows::WIDTH`] numbers, [`simd_rows::LANES`] at a time, without branches where
//! it can be helped, so that the compiler keeps them in vector registers. What the counts mean is said in `process/`.

pub(super) mod binomial_kernels;
pub(super) mod cohort_kernel;
pub(super) mod hukou_kernel;
pub(super) mod noncentral_hypergeometric;
pub(super) mod simd_rows;

//! Exact samplers on keyed streams.
//!
//! Every sampler follows its law exactly (no normal approximation), for any parameters, and gives the same bits on every
//! machine: plain arithmetic and the pure-Rust `libm`, no fused multiply-add. A change of the values drawn is a *value
//! change* and is announced in the changelog; `tests/suite/samplers.rs` pins them.
//!
//! Gamma and Weibull numbers are those of `rand_distr`. What stands here by itself has a measured reason (`benches/kernels.rs`):
//!
//! - binomial, Poisson, hypergeometric: a fresh stream for each cell of the people has to give a number from one block of 128 bits
//!   and without setting a law up; `rand_distr` sets up a law for each draw and takes its numbers from a generator that
//!   runs on;
//! - the normal quantile: parameter paths invert stratified numbers, which a sampler by rejection cannot;
//! - alias tables and [`BinomialChance`]: kept from year to year, drawn millions of times;
//! - the noncentral hypergeometric is in no crate.

mod alias;
mod binomial;
mod continuous;
mod exact_float;
mod exp;
mod factorial;
mod from_mode;
mod hypergeometric;
mod multinomial;
mod noncentral;
mod normal;
mod poisson;

pub use alias::AliasTable;
pub use binomial::{Binomial, binomial};
pub use continuous::{gamma, weibull};
pub use exp::exp;
pub use from_mode::BinomialChance;
pub use hypergeometric::{hypergeometric, multivariate_hypergeometric};
pub use multinomial::{competing_exits, multinomial};
pub use noncentral::{noncentral_hypergeometric, noncentral_hypergeometric_at};
pub use normal::{normal_cdf, normal_quantile, standard_normal};
pub use poisson::poisson;

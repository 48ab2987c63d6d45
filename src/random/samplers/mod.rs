//! Exact samplers on keyed streams.
//!
//! Every sampler follows its law exactly (no normal approximation), for any parameters, and gives the same bits on every
//! machine: plain arithmetic and the pure-Rust `libm`, no fused multiply-add. A change of the values drawn is a *value
//! change* and is announced in the changelog; `tests/suite/samplers.rs` pins them.

mod alias;
mod binomial;
mod continuous;
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
pub use continuous::{beta, exponential, gamma, lognormal, weibull};
pub use exp::exp;
pub use from_mode::BinomialChance;
pub use hypergeometric::{hypergeometric, multivariate_hypergeometric};
pub use multinomial::{competing_exits, dirichlet_multinomial, multinomial};
pub use noncentral::{noncentral_hypergeometric, noncentral_hypergeometric_at};
pub use normal::{normal_cdf, normal_quantile, standard_normal};
pub use poisson::{negative_binomial, poisson};

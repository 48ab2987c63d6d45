//! Randomness: keyed streams and exact samplers.

mod samplers;
mod strata;
pub mod stream;
mod swift;

pub use samplers::{
    AliasTable, Binomial, BinomialChance, beta, binomial, competing_exits, dirichlet_multinomial, exp, exponential,
    gamma, hypergeometric, lognormal, multinomial, multivariate_hypergeometric, negative_binomial,
    noncentral_hypergeometric, noncentral_hypergeometric_at, normal_cdf, normal_quantile, poisson, standard_normal,
    weibull,
};
pub use strata::Strata;
pub use stream::{Purpose, Stream, Streams, unit};
pub use swift::{Swift, Swifts};

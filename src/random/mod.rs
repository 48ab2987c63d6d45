//! Randomness: keyed streams and exact samplers.

mod latin_hypercube;
mod samplers;
pub mod stream;
mod stream_key;
mod xoroshiro;

pub use latin_hypercube::LatinHypercube;
pub use samplers::{
    AliasTable, Binomial, BinomialChance, binomial, competing_exits, exp, gamma, hypergeometric, multinomial,
    multivariate_hypergeometric, noncentral_hypergeometric, noncentral_hypergeometric_at, normal_cdf, normal_quantile,
    poisson, standard_normal, weibull,
};
pub use stream::{RngSource, Stream, unit};
pub use stream_key::StreamKey;
pub use xoroshiro::{Xoroshiro128PlusPlus, XoroshiroLanes};

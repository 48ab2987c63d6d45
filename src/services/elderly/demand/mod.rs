//! Who asks: the old people of each area by need, and the shares of them who use each service.

pub(crate) mod need;
pub(crate) mod need_definitions;
pub(crate) mod old_age_population;
mod random_bits;
pub(crate) mod take_up;

pub(crate) use random_bits::happens;

//! Numbers whose functions are those of the pure-Rust `libm`, for the laws of `rand_distr`.
//!
//! `rand_distr` takes its logarithms and powers from `num-traits`, and these from the system's C library as soon as any crate of
//! a build asks `num-traits` for the standard library, as Parquet's does. The C libraries of two machines differ in last bits.
//! With this type the laws give the same bits everywhere, whatever else is built.

use std::num::FpCategory;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use num_traits::{Float, Num, NumCast, One, ToPrimitive, Zero};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, Open01, OpenClosed01, StandardNormal};

use super::normal::normal_quantile;
use crate::random::stream::unit;

/// A number that computes as `libm` does.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct ExactFloat(pub(super) f64);

impl Distribution<ExactFloat> for Open01 {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> ExactFloat {
        ExactFloat(unit(random.next_u64()))
    }
}

impl Distribution<ExactFloat> for OpenClosed01 {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> ExactFloat {
        ExactFloat(random.sample(Self))
    }
}

impl Distribution<ExactFloat> for StandardNormal {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> ExactFloat {
        ExactFloat(normal_quantile(unit(random.next_u64())))
    }
}

impl Distribution<ExactFloat> for Exp1 {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> ExactFloat {
        ExactFloat(-libm::log(unit(random.next_u64())))
    }
}

macro_rules! operators {
    ($($operator:ident $method:ident $of:tt;)*) => {
        $(impl $operator for ExactFloat {
            type Output = Self;

            #[inline]
            fn $method(self, other: Self) -> Self {
                Self(self.0 $of other.0)
            }
        })*
    };
}

operators! {
    Add add +;
    Sub sub -;
    Mul mul *;
    Div div /;
    Rem rem %;
}

impl Neg for ExactFloat {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Zero for ExactFloat {
    fn zero() -> Self {
        Self(0.0)
    }

    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

impl One for ExactFloat {
    fn one() -> Self {
        Self(1.0)
    }
}

impl ToPrimitive for ExactFloat {
    fn to_i64(&self) -> Option<i64> {
        self.0.to_i64()
    }

    fn to_u64(&self) -> Option<u64> {
        self.0.to_u64()
    }

    fn to_f64(&self) -> Option<f64> {
        Some(self.0)
    }
}

impl NumCast for ExactFloat {
    fn from<T: ToPrimitive>(number: T) -> Option<Self> {
        number.to_f64().map(Self)
    }
}

impl Num for ExactFloat {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

    fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
        f64::from_str_radix(text, radix).map(Self)
    }
}

/// The methods of [`Float`]: constants, what the bits of a number say, and functions of `libm`.
macro_rules! float {
    (
        constants { $($constant:ident $value:expr;)* }
        questions { $($question:ident $answer:ty;)* }
        functions { $($method:ident($($other:ident),*) $function:path;)* }
    ) => {
        $(fn $constant() -> Self {
            Self($value)
        })*
        $(fn $question(self) -> $answer {
            f64::$question(self.0)
        })*
        $(#[inline]
        fn $method(self $(, $other: Self)*) -> Self {
            Self($function(self.0 $(, $other.0)*))
        })*
    };
}

impl Float for ExactFloat {
    float! {
        constants {
            nan f64::NAN;
            infinity f64::INFINITY;
            neg_infinity f64::NEG_INFINITY;
            neg_zero -0.0;
            min_value f64::MIN;
            min_positive_value f64::MIN_POSITIVE;
            max_value f64::MAX;
            epsilon f64::EPSILON;
        }
        questions {
            is_nan bool;
            is_infinite bool;
            is_finite bool;
            is_normal bool;
            classify FpCategory;
            is_sign_positive bool;
            is_sign_negative bool;
        }
        functions {
            floor() libm::floor;
            ceil() libm::ceil;
            round() libm::round;
            trunc() libm::trunc;
            abs() libm::fabs;
            signum() f64::signum;
            recip() f64::recip;
            mul_add(a, b) libm::fma;
            powf(n) libm::pow;
            sqrt() libm::sqrt;
            exp() libm::exp;
            exp2() libm::exp2;
            ln() libm::log;
            log2() libm::log2;
            log10() libm::log10;
            max(other) f64::max;
            min(other) f64::min;
            abs_sub(other) libm::fdim;
            cbrt() libm::cbrt;
            hypot(other) libm::hypot;
            sin() libm::sin;
            cos() libm::cos;
            tan() libm::tan;
            asin() libm::asin;
            acos() libm::acos;
            atan() libm::atan;
            atan2(other) libm::atan2;
            exp_m1() libm::expm1;
            ln_1p() libm::log1p;
            sinh() libm::sinh;
            cosh() libm::cosh;
            tanh() libm::tanh;
            asinh() libm::asinh;
            acosh() libm::acosh;
            atanh() libm::atanh;
        }
    }

    fn fract(self) -> Self {
        self - self.trunc()
    }

    fn log(self, base: Self) -> Self {
        self.ln() / base.ln()
    }

    fn powi(self, n: i32) -> Self {
        Self(libm::pow(self.0, <f64 as From<i32>>::from(n)))
    }

    fn sin_cos(self) -> (Self, Self) {
        (self.sin(), self.cos())
    }

    fn integer_decode(self) -> (u64, i16, i8) {
        self.0.integer_decode()
    }
}

//! Drawing without replacement where the classes are not drawn with the same odds: Fisher's noncentral hypergeometric law.
//!
//! The law of how many of one class are among those to whom something happened, when it happens to each of them with odds
//! `odds` times those of the other class, each for himself, and their number together is known (Fisher 1935). With
//! odds of 1 it is the hypergeometric law.
//!
//! ```text
//! mass(x) ~ C(good, x) C(bad, draws - x) odds^x,   mass(x + 1) / mass(x) = odds (good - x) (draws - x) / ((x + 1) (bad - draws + x + 1))
//! ```
//!
//! Inversion from the mode outwards (Liao and Rosen 2001, "Fast and stable algorithms for computing and sampling from the
//! noncentral hypergeometric distribution", The American Statistician 55(4)): masses relative to that of the mode need no
//! factorials and no constant but their sum, and can neither overflow nor vanish. Exact up to rounding (1e-15).

use crate::random::Stream;

/// Below this part of the mode's mass nothing is summed up: what is left out is below rounding, as masses fall ever
/// faster.
const NOTHING: f64 = 1e-19;

/// How many of `draws` taken without replacement from `good + bad` are good, where a good one is taken with `odds` times the
/// odds of a bad one. More draws than there are take all. Draws: one uniform.
pub fn noncentral_hypergeometric(good: u32, bad: u32, draws: u32, odds: f64, stream: &mut Stream) -> u32 {
    match certain(good, bad, draws) {
        Some(taken) => taken,
        None => noncentral_hypergeometric_at(good, bad, draws, odds, stream.uniform()),
    }
}

/// As [`noncentral_hypergeometric`], of a uniform number in (0, 1) that was drawn before.
#[inline]
pub fn noncentral_hypergeometric_at(good: u32, bad: u32, draws: u32, odds: f64, u: f64) -> u32 {
    certain(good, bad, draws).unwrap_or_else(|| search(f64::from(good), f64::from(bad), f64::from(draws), odds, u))
}

/// What leaves nothing to chance.
#[inline]
const fn certain(good: u32, bad: u32, draws: u32) -> Option<u32> {
    if draws as u64 >= good as u64 + bad as u64 {
        Some(good)
    } else if good == 0 || draws == 0 {
        Some(0)
    } else if bad == 0 {
        Some(draws)
    } else {
        None
    }
}

/// Where the ratio of neighbouring masses crosses 1: a root of a quadratic, in the form that cancels nothing. `b` can be
/// below 0 only where `a` is.
fn mode(good: f64, bad: f64, draws: f64, odds: f64) -> f64 {
    let a = odds - 1.0;
    let b = (good + draws + 2.0) * odds + bad - draws;
    let c = odds * (good + 1.0) * (draws + 1.0);
    let root = libm::sqrt((b * b - 4.0 * a * c).max(0.0));
    libm::floor(if b > 0.0 { 2.0 * c / (b + root) } else { (b - root) / (2.0 * a) })
}

fn search(good: f64, bad: f64, draws: f64, odds: f64, u: f64) -> u32 {
    // Odds beyond these decide as certainly as zero and infinity, without dividing by them.
    let odds = odds.clamp(1e-100, 1e100);
    let (lowest, highest) = ((draws - bad).max(0.0), good.min(draws));
    let mode = mode(good, bad, draws, odds).clamp(lowest, highest);
    let rise = |x: f64| odds * (good - x) * (draws - x) / ((x + 1.0) * (bad - draws + x + 1.0));
    let fall = |x: f64| x * (bad - draws + x) / (odds * (good - x + 1.0) * (draws - x + 1.0));
    // Beyond both ends the products are 0.
    let (mut sum, mut mass, mut x) = (1.0, 1.0, mode);
    while mass > NOTHING {
        mass *= rise(x);
        x += 1.0;
        sum += mass;
    }
    (mass, x) = (1.0, mode);
    while mass > NOTHING {
        mass *= fall(x);
        x -= 1.0;
        sum += mass;
    }
    let mut rest = u * sum - 1.0;
    let (mut more, mut fewer) = ((mode, 1.0), (mode, 1.0));
    while rest > 0.0 {
        more.1 *= rise(more.0);
        more.0 += 1.0;
        rest -= more.1;
        if rest <= 0.0 {
            return more.0 as u32;
        }
        fewer.1 *= fall(fewer.0);
        fewer.0 -= 1.0;
        rest -= fewer.1;
        if rest <= 0.0 {
            return fewer.0 as u32;
        }
        if more.1 + fewer.1 <= NOTHING {
            break;
        }
    }
    mode as u32
}

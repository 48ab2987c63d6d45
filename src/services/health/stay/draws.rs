//! Chance laws that beds need beside the common samplers: a fast standard normal, the effect of a day, and a truncated
//! Poisson.
//!
//! The normal is the ziggurat of Marsaglia and Tsang (2000) in the form of Doornik (2005), whose 53-bit abscissa and
//! 8-bit layer come from separate bits of one word: 98.8 % of draws cost one multiplication and one comparison.

use std::sync::LazyLock;

use crate::random::{Stream, gamma};

const LAYERS: usize = 256;
/// Right edge of the bottom layer and the area of each layer (Marsaglia, Tsang 2000).
const EDGE: f64 = 3.654_152_885_361_009;
const AREA: f64 = 0.004_928_673_233_974_655;

#[derive(Debug)]
struct Ziggurat {
    edges: [f64; LAYERS + 1],
    heights: [f64; LAYERS + 1],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let density = |x: f64| libm::exp(-0.5 * x * x);
    let mut edges = [0.0; LAYERS + 1];
    edges[0] = AREA / density(EDGE);
    edges[1] = EDGE;
    for layer in 2..LAYERS {
        let below = edges[layer - 1];
        edges[layer] = libm::sqrt(-2.0 * libm::log(AREA / below + density(below)));
    }
    edges[LAYERS] = 0.0;
    Ziggurat { edges, heights: edges.map(density) }
});

/// A standard normal sampler that has its table at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Normal(&'static Ziggurat);

impl Normal {
    pub(crate) fn new() -> Self {
        Self(&ZIGGURAT)
    }

    /// One standard normal number, from 64 random bits and, in 12 of 1,000 cases, from `more`.
    #[inline]
    pub(crate) fn draw(self, bits: u64, more: &mut Stream) -> f64 {
        let layer = (bits & 255) as usize;
        let side = ((bits >> 11) as f64 + 0.5) * (2.0 / (1_u64 << 53) as f64) - 1.0;
        let x = side * self.0.edges[layer];
        if x.abs() < self.0.edges[layer + 1] { x } else { self.finish(layer, x, more) }
    }

    /// A draw that did not fall into the rectangle that lies wholly under the curve.
    #[cold]
    fn finish(self, layer: usize, x: f64, more: &mut Stream) -> f64 {
        self.beyond(layer, x, more).unwrap_or_else(|| {
            let bits = more.bits();
            self.draw(bits, more)
        })
    }

    /// The rare draws outside the rectangle that lies wholly under the curve.
    fn beyond(self, layer: usize, x: f64, stream: &mut Stream) -> Option<f64> {
        if layer == 0 {
            loop {
                let out = -libm::log(stream.uniform()) / EDGE;
                if -2.0 * libm::log(stream.uniform()) > out * out {
                    return Some((EDGE + out).copysign(x));
                }
            }
        }
        let (low, high) = (self.0.heights[layer], self.0.heights[layer + 1]);
        (low + (high - low) * stream.uniform() < libm::exp(-0.5 * x * x)).then_some(x)
    }
}

/// The effect of a day on requests: gamma with mean 1 and this coefficient of variation.
///
/// Marsaglia and Tsang (2000) with their squeeze: hardly ever a logarithm.
pub(crate) fn day_effect(cv: f64, stream: &mut Stream) -> f64 {
    let shape = 1.0 / (cv * cv);
    if cv <= 0.0 {
        return 1.0;
    } else if shape < 1.0 {
        return gamma(shape, cv * cv, stream);
    }
    let normal = Normal::new();
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let bits = stream.bits();
        let z = normal.draw(bits, stream);
        let t = 1.0 + c * z;
        if t <= 0.0 {
            continue;
        }
        let (cube, square, u) = (t * t * t, z * z, stream.uniform());
        if u < 1.0 - 0.0331 * square * square || libm::log(u) < 0.5 * square + d * (1.0 - cube + libm::log(cube)) {
            return d * cube * cv * cv;
        }
    }
}

/// A Poisson count given that it is at most `most`: the stationary census of a loss ward, whatever the law of stay.
pub(crate) fn truncated_poisson(mean: f64, most: u32, stream: &mut Stream) -> u32 {
    const NEGLIGIBLE: f64 = 1e-18;
    if mean <= 0.0 || most == 0 {
        return 0;
    }
    let mode = (mean as u32).min(most);
    // Weights relative to the mode's: downwards w(k - 1) = w(k) k / mean, upwards w(k + 1) = w(k) mean / (k + 1).
    let (mut low, mut weight, mut total) = (mode, 1.0, 1.0);
    while low > 0 && weight > NEGLIGIBLE {
        weight *= f64::from(low) / mean;
        total += weight;
        low -= 1;
    }
    let lowest = weight;
    let (mut high, mut above) = (mode, 1.0);
    while high < most && above > NEGLIGIBLE {
        high += 1;
        above *= mean / f64::from(high);
        total += above;
    }
    let mut left = stream.uniform() * total;
    let (mut count, mut weight) = (low, lowest);
    while left > weight && count < high {
        left -= weight;
        count += 1;
        weight *= mean / f64::from(count);
    }
    count
}

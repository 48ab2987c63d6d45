//! How a ratio looks back: the weights of the years behind it.
//!
//! A level is a weighted sum of means of the past with different memories ([`super::forecast`]); the weights are averaged over
//! models ([`super::model_averaging`]).

/// Memories: weight of a year for each weight of the year after it.
pub(crate) const MEMORIES: [f64; 4] = [0.0, 0.3, 0.6, 0.9];

/// How a ratio looks back: the weight of each of the memories 0, 0.3, 0.6 and 0.9 (0: last year alone).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SmoothingWeights {
    /// In the ratio of the whole district; their sum is 1.
    pub whole: [f64; MEMORIES.len()],
    /// In what an area has beyond it; their sum is up to 1, and what it lacks is drawn back to the district.
    pub areas: [f64; MEMORIES.len()],
}

impl SmoothingWeights {
    /// Weights and the memories that they belong to.
    pub fn with_memories(weights: [f64; MEMORIES.len()]) -> impl Iterator<Item = (f64, f64)> {
        weights.into_iter().zip(MEMORIES)
    }

    /// Share by which an area's difference from the district is taken back.
    pub fn pull(self) -> f64 {
        1.0 - self.areas.iter().sum::<f64>()
    }

    pub(crate) fn one(whole: usize, area: usize, pull: f64) -> Self {
        let mut look = Self::default();
        (look.whole[whole], look.areas[area]) = (1.0, 1.0 - pull);
        look
    }

    /// The mean of several, by their weights.
    pub(crate) fn mean(looks: &[Self], weights: &[f64]) -> Self {
        let (mut mean, all) = (Self::default(), weights.iter().sum::<f64>());
        for (look, weight) in looks.iter().zip(weights) {
            for at in 0..MEMORIES.len() {
                mean.whole[at] += look.whole[at] * weight / all;
                mean.areas[at] += look.areas[at] * weight / all;
            }
        }
        mean
    }
}

/// How progression and yields look back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothingChoice {
    /// Progression.
    pub progression: SmoothingWeights,
    /// Yields of births.
    pub entry: SmoothingWeights,
}

impl SmoothingChoice {
    pub(crate) fn of(&self, entry: bool) -> &SmoothingWeights {
        if entry { &self.entry } else { &self.progression }
    }
}

//! Uncertain numbers: what a planner states about a quantity, and one joint draw of all of them (a *path*).
//!
//! A parameter is `value(year, area) = link^-1( link(level) + jump + walk(year) + cycle(year) + area + area_walk(year) )`:
//! one draw of its level (by its law's quantile at a latent normal, which may be shared with other parameters), a
//! random walk and an AR(1) cycle over years, and lasting differences between areas. Independent yearly or areal noise
//! would average away, so there is none here.
//!
//! A draw is a function of (seed, path number) and of the parameter's own key, and what differs between areas of the area's
//! name as well: adding a parameter or an area moves no other, and the order of areas moves none.
//! Shape of a draw: for each parameter `years x areas` numbers, or fewer where it does not vary.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF, Gamma};

use crate::diagnostic::Span;
use crate::language::Text;
use crate::random::{LatinHypercube, StreamKey, normal_cdf, normal_quantile};

/// Where a figure comes from, which decides how much a planner may lean on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in the named source.
    Published,
    /// Computed from published figures as the source says.
    Derived,
    /// Nobody has counted it: an assumption.
    Assumed,
}

impl Status {
    /// The status that a word of a scenario file names.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Published, Self::Derived, Self::Assumed].into_iter().find(|status| status.word() == word)
    }

    /// The word used in scenario files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }
}

/// The source of a figure and its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Who says so, in free text; empty when nothing was given.
    pub source: Text,
    /// How it was obtained.
    pub status: Status,
    /// Whether civicap filled it in because the scenario was silent.
    pub defaulted: bool,
}

/// What a figure rests on, as planners tell inputs apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputKind {
    /// The scenario is silent: a standard or the usual value that civicap fills in.
    Standard,
    /// Read in statistics or another source.
    Statistics,
    /// Computed from them.
    Derived,
    /// Somebody's judgement: nobody has counted it.
    Judgement,
}

impl InputKind {
    /// All of them, the surest first.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Statistics, Self::Derived, Self::Judgement];
}

impl Provenance {
    /// What the figure rests on.
    pub const fn kind(&self) -> InputKind {
        match self.status {
            _ if self.defaulted => InputKind::Standard,
            Status::Published => InputKind::Statistics,
            Status::Derived => InputKind::Derived,
            Status::Assumed => InputKind::Judgement,
        }
    }
}

/// The law of a parameter's level.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// One number.
    Fixed(f64),
    /// Numbers by year, straight lines between them, constant outside.
    ByYear(Vec<(i32, f64)>),
    /// Normal with mean and standard deviation.
    Normal(f64, f64),
    /// Lognormal with median and standard deviation of the logarithm.
    LogNormal(f64, f64),
    /// Uniform between low and high.
    Uniform(f64, f64),
    /// Triangular: low, mode, high.
    Triangular(f64, f64, f64),
    /// Beta on (low, high) with the two shapes; PERT laws are written so.
    Beta(f64, f64, f64, f64),
    /// Gamma with shape and scale.
    Gamma(f64, f64),
    /// One of these values, by cumulative probability; also an empirical sample.
    Discrete(Vec<(f64, f64)>),
}

impl Distribution {
    /// The quantile at latent standard normal `z`; for a law by year, its number for `year`.
    pub fn quantile(&self, z: f64, year: i32) -> f64 {
        let u = || normal_cdf(z).clamp(1e-15, 1.0 - 1e-15);
        match self {
            Self::Fixed(value) => *value,
            Self::ByYear(points) => interpolate(points, year),
            Self::Normal(mean, sd) => mean + sd * z,
            Self::LogNormal(median, sd) => median * libm::exp(sd * z),
            Self::Uniform(low, high) => low + (high - low) * u(),
            Self::Triangular(low, mode, high) => triangular(*low, *mode, *high, u()),
            Self::Beta(a, b, low, high) => {
                low + (high - low) * Beta::new(*a, *b).map_or(0.5, |law| law.inverse_cdf(u()))
            }
            Self::Gamma(shape, scale) => {
                Gamma::new(*shape, 1.0 / scale).map_or(shape * scale, |law| law.inverse_cdf(u()))
            }
            Self::Discrete(steps) => {
                let u = u();
                steps.iter().find(|(cumulative, _)| u <= *cumulative).or(steps.last()).map_or(0.0, |(_, value)| *value)
            }
        }
    }

    /// Whether the level itself is known.
    pub const fn is_certain(&self) -> bool {
        matches!(self, Self::Fixed(_) | Self::ByYear(_))
    }
}

fn interpolate(points: &[(i32, f64)], year: i32) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= year);
    match (after.checked_sub(1).and_then(|i| points.get(i)), points.get(after)) {
        (Some((from, a)), Some((to, b))) => a + (b - a) * f64::from(year - from) / f64::from(to - from),
        (Some((_, value)), None) | (None, Some((_, value))) => *value,
        (None, None) => 0.0,
    }
}

fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        mode
    } else if u * width < mode - low {
        low + libm::sqrt(u * width * (mode - low))
    } else {
        high - libm::sqrt((1.0 - u) * width * (high - mode))
    }
}

/// The scale on which a parameter varies over years and areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Differences are added.
    Linear,
    /// Differences are factors: 0.1 is about 10 %.
    Log,
    /// Differences are on log odds: for shares and probabilities.
    Logit,
}

impl Link {
    fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::log(value.max(1e-300)),
            Self::Logit => {
                let p = value.clamp(1e-12, 1.0 - 1e-12);
                libm::log(p / (1.0 - p))
            }
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => libm::exp(value),
            Self::Logit => 1.0 / (1.0 + libm::exp(-value)),
        }
    }
}

/// How a parameter varies around its level. All standard deviations are on the scale of `link`.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The scale.
    pub link: Link,
    /// Standard deviation of one lasting displacement of the whole path.
    pub jump_sd: f64,
    /// Standard deviation of a yearly step that is never undone.
    pub walk_sd: f64,
    /// Persistence and innovation standard deviation of a yearly cycle; it starts in its stationary law.
    pub cycle: Option<(f64, f64)>,
    /// Standard deviation of lasting differences between areas.
    pub areas_sd: f64,
    /// Standard deviation of each area's own yearly step.
    pub areas_walk_sd: f64,
    /// Factor of each area on the two above; 1 for areas beyond its end.
    pub areas_factors: Vec<f64>,
    /// Known factor of each area on the value before anything varies; 1 for areas beyond its end.
    pub areas_levels: Vec<f64>,
    /// First year that is uncertain; years before it are taken as known.
    pub from: Option<i32>,
    /// Last known year: the walks stand at nought until then, and step after it. `None`: the first uncertain year.
    pub walks_from: Option<i32>,
    /// Name of a group whose members share a latent normal, and the correlation with it.
    pub shared: Option<(String, f64)>,
    /// Whether nothing of this can act in the scenario at hand, so that the number is certain after all.
    pub without_effect: bool,
}

impl Default for Variation {
    fn default() -> Self {
        Self {
            link: Link::Linear,
            jump_sd: 0.0,
            walk_sd: 0.0,
            cycle: None,
            areas_sd: 0.0,
            areas_walk_sd: 0.0,
            areas_factors: Vec::new(),
            areas_levels: Vec::new(),
            from: None,
            walks_from: None,
            shared: None,
            without_effect: false,
        }
    }
}

/// One uncertain (or fixed) number of a scenario.
#[derive(Clone, Debug)]
pub struct ParameterDef {
    /// Its key, with the sections it stands in: `people.fertility.births_per_woman`.
    pub path: String,
    /// The same in the words of the first format of scenarios: the name under which it is drawn, so that a key that is
    /// renamed draws what it always drew.
    pub origin: String,
    /// Unit, empty when it has none.
    pub unit: &'static str,
    /// Distribution of its level.
    pub law: Distribution,
    /// Variation over years and areas.
    pub variation: Variation,
    /// Smallest and largest value it may take; draws beyond are held at the bound.
    pub bounds: (f64, f64),
    /// Source and status.
    pub provenance: Provenance,
    /// Where it was written.
    pub span: Span,
}

impl Variation {
    /// Whether anything is added on the scale of the link.
    pub(crate) fn spreads(&self) -> bool {
        [self.jump_sd, self.walk_sd, self.areas_sd, self.areas_walk_sd].iter().any(|sd| *sd > 0.0)
            || self.cycle.is_some_and(|(_, sd)| sd > 0.0)
    }
}

impl ParameterDef {
    /// Whether two paths can differ in it.
    pub fn is_uncertain(&self) -> bool {
        let v = &self.variation;
        if v.without_effect {
            return false;
        }
        !self.law.is_certain() || v.spreads()
    }

    fn keys(&self) -> ParameterKeys {
        let group = self.variation.shared.as_ref().map_or("", |(group, _)| group);
        ParameterKeys { own: StreamKey::named(&self.origin), group: StreamKey::named(group) }
    }

    fn varies_by_year(&self) -> bool {
        let v = &self.variation;
        matches!(self.law, Distribution::ByYear(_))
            || v.walk_sd > 0.0
            || v.areas_walk_sd > 0.0
            || v.cycle.is_some()
            || v.from.is_some()
    }

    fn varies_by_area(&self) -> bool {
        let v = &self.variation;
        v.areas_sd > 0.0 || v.areas_walk_sd > 0.0 || !v.areas_levels.is_empty()
    }
}

/// Handle of a parameter, cheap to copy and to keep in a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter(u32);

impl Parameter {
    /// The handle of the parameter at `index` of its list.
    pub const fn at(index: usize) -> Self {
        Self(index as u32)
    }

    /// Position in the list of parameters.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    offset: usize,
    year_stride: usize,
    area_stride: usize,
}

/// The names under which a parameter is drawn, hashed once.
#[derive(Clone, Copy, Debug)]
struct ParameterKeys {
    /// Of the parameter.
    own: StreamKey,
    /// Of the group of parameters that it is correlated with.
    group: StreamKey,
}

/// All parameters of a scenario, laid out for drawing.
#[derive(Clone, Debug)]
pub struct Parameters {
    defs: Vec<ParameterDef>,
    /// Hashed origins of `defs`, and of the groups they share.
    keys: Vec<ParameterKeys>,
    slots: Arc<[Slot]>,
    first_year: i32,
    years: usize,
    /// Names of the areas' draws; one without a name where a scenario has no areas.
    areas: Vec<StreamKey>,
    size: usize,
}

const LEVEL: StreamKey = StreamKey::named("path.level");
const GROUP: StreamKey = StreamKey::named("path.group");
const WALK: StreamKey = StreamKey::named("path.walk");
const CYCLE: StreamKey = StreamKey::named("path.cycle");
const AREA: StreamKey = StreamKey::named("path.area");
const AREA_WALK: StreamKey = StreamKey::named("path.area-walk");

impl Parameters {
    /// Lays out `defs` for `years` years from `first_year` and for areas of these names.
    pub fn new(defs: Vec<ParameterDef>, first_year: i32, years: usize, areas: &[&str]) -> Self {
        let years = years.max(1);
        let mut areas: Vec<StreamKey> = areas.iter().map(|area| StreamKey::named(area)).collect();
        if areas.is_empty() {
            areas.push(StreamKey::named(""));
        }
        let mut size = 0;
        let slots = defs
            .iter()
            .map(|def| {
                let (by_year, by_area) = (def.varies_by_year(), def.varies_by_area());
                let width = if by_area { areas.len() } else { 1 };
                let slot = Slot {
                    offset: size,
                    year_stride: if by_year { width } else { 0 },
                    area_stride: usize::from(by_area),
                };
                size += width * if by_year { years } else { 1 };
                slot
            })
            .collect();
        let keys = defs.iter().map(ParameterDef::keys).collect();
        Self { defs, keys, slots, first_year, years, areas, size }
    }

    /// The parameters in the order of their handles.
    pub fn defs(&self) -> &[ParameterDef] {
        &self.defs
    }

    /// An empty draw to be filled by [`Parameters::draw`].
    pub fn blank(&self) -> ParameterDraw {
        ParameterDraw { slots: Arc::clone(&self.slots), values: vec![0.0; self.size] }
    }

    /// Fills `draw` with the joint draw of path `path` under `seed`. Allocates nothing.
    pub fn draw(&self, seed: u64, path: u32, draw: &mut ParameterDraw) {
        let paths = LatinHypercube::new(seed, path);
        for (index, (def, slot)) in self.defs.iter().zip(self.slots.iter()).enumerate() {
            let normal = |purpose: StreamKey, year| normal_quantile(paths.uniform(purpose, year, 0));
            self.draw_one(def, self.keys[index], *slot, normal, &mut draw.values);
        }
    }

    /// Fills `draw` with the middle of every parameter: all latent normals at 0.
    pub fn at_median(&self, draw: &mut ParameterDraw) {
        for (index, (def, slot)) in self.defs.iter().zip(self.slots.iter()).enumerate() {
            self.draw_one(def, self.keys[index], *slot, |_, _| 0.0, &mut draw.values);
        }
    }

    fn draw_one(
        &self,
        def: &ParameterDef,
        keys: ParameterKeys,
        slot: Slot,
        latent: impl Fn(StreamKey, u32) -> f64,
        values: &mut [f64],
    ) {
        let v = &def.variation;
        let normal = |purpose: StreamKey, year: usize| latent(purpose.with(keys.own), year as u32);
        let own = normal(LEVEL, 0);
        let z = v.shared.as_ref().map_or(own, |(_, correlation)| {
            let common = latent(GROUP.with(keys.group), 0);
            correlation * common + libm::sqrt(1.0 - correlation * correlation) * own
        });
        let rows = if slot.year_stride > 0 { self.years } else { 1 };
        let columns = if slot.area_stride > 0 { self.areas.len() } else { 1 };
        for (area, &of_area) in self.areas[..columns].iter().enumerate() {
            let of_area = |purpose: StreamKey, year: usize| latent(purpose.with(keys.own).with(of_area), year as u32);
            let factor = v.areas_factors.get(area).copied().unwrap_or(1.0);
            let known = v.areas_levels.get(area).copied().unwrap_or(1.0);
            let lasting = if v.areas_sd > 0.0 { v.areas_sd * factor * of_area(AREA, 0) } else { 0.0 };
            let (mut walk, mut cycle, mut started) = (0.0, 0.0, false);
            for row in 0..rows {
                let year = self.first_year + row as i32;
                let uncertain = v.from.is_none_or(|from| year >= from);
                if uncertain && row > 0 && started && v.walks_from.is_none_or(|known| year > known) {
                    if v.walk_sd > 0.0 {
                        walk += v.walk_sd * normal(WALK, row);
                    }
                    if v.areas_walk_sd > 0.0 {
                        walk += v.areas_walk_sd * factor * of_area(AREA_WALK, row);
                    }
                }
                if let Some((persistence, sd)) = v.cycle.filter(|_| uncertain) {
                    let shock = normal(CYCLE, row);
                    cycle = if started {
                        persistence * cycle + sd * shock
                    } else {
                        sd / libm::sqrt((1.0 - persistence * persistence).max(1e-9)) * shock
                    };
                }
                started |= uncertain;
                let level = known * def.law.quantile(if uncertain { z } else { 0.0 }, year);
                let shift = if uncertain { v.jump_sd * z + walk + cycle + lasting } else { 0.0 };
                let value = if shift == 0.0 { level } else { v.link.back(v.link.forward(level) + shift) };
                let at = slot.offset + row * slot.year_stride + area * slot.area_stride;
                values[at] = value.clamp(def.bounds.0, def.bounds.1);
            }
        }
    }
}

/// One path: a value for every parameter, year and area.
#[derive(Clone, Debug)]
pub struct ParameterDraw {
    slots: Arc<[Slot]>,
    values: Vec<f64>,
}

impl ParameterDraw {
    /// The value in a simulated year (0 = first) and area.
    #[inline]
    pub fn at(&self, parameter: Parameter, year: usize, area: usize) -> f64 {
        let slot = self.slots[parameter.index()];
        self.values[slot.offset + year * slot.year_stride + area * slot.area_stride]
    }

    /// The value of a parameter that is read once, in its first year and area.
    #[inline]
    pub fn value(&self, parameter: Parameter) -> f64 {
        self.at(parameter, 0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::FileId;

    fn parameter(path: &str, law: Distribution, variation: Variation) -> ParameterDef {
        ParameterDef {
            path: path.to_owned(),
            origin: path.to_owned(),
            unit: "",
            law,
            variation,
            bounds: (f64::NEG_INFINITY, f64::INFINITY),
            provenance: Provenance { source: Text::default(), status: Status::Assumed, defaulted: false },
            span: Span { file: FileId(0), start: 0, end: 0 },
        }
    }

    #[test]
    fn an_area_with_a_factor_strays_so_many_times_as_far_with_the_same_luck() {
        let varied = |areas_factors: Vec<f64>| {
            let variation =
                Variation { link: Link::Log, areas_sd: 0.2, areas_walk_sd: 0.1, areas_factors, ..Variation::default() };
            let all = Parameters::new(
                vec![parameter("yield", Distribution::Fixed(1.0), variation)],
                2024,
                6,
                &["a", "b", "c"],
            );
            let mut draw = all.blank();
            all.draw(7, 11, &mut draw);
            draw
        };
        let (plain, factors) = (varied(Vec::new()), varied(vec![2.5, 0.0]));
        for year in 0..6 {
            let log = |draw: &ParameterDraw, area: usize| draw.at(Parameter::at(0), year, area).ln();
            assert!((log(&factors, 0) - 2.5 * log(&plain, 0)).abs() < 1e-9);
            assert!(log(&factors, 1).abs() < 1e-12, "a factor of nought holds an area still");
            assert!(log(&factors, 2) == log(&plain, 2), "areas beyond the factors vary as they did");
        }
    }

    #[test]
    fn a_new_parameter_moves_no_other() {
        let walk = Variation { walk_sd: 0.1, areas_sd: 0.2, ..Variation::default() };
        let old = parameter("old", Distribution::Normal(1.0, 0.3), walk.clone());
        let alone = Parameters::new(vec![old.clone()], 2024, 5, &["a", "b", "c"]);
        let both = Parameters::new(
            vec![parameter("new", Distribution::Uniform(0.0, 1.0), walk), old],
            2024,
            5,
            &["a", "b", "c"],
        );
        let (mut a, mut b) = (alone.blank(), both.blank());
        alone.draw(7, 11, &mut a);
        both.draw(7, 11, &mut b);
        for year in 0..5 {
            for area in 0..3 {
                assert_eq!(a.at(Parameter::at(0), year, area), b.at(Parameter::at(1), year, area));
            }
        }
    }

    #[test]
    fn areas_draw_by_their_names() {
        let variation = Variation { walk_sd: 0.1, areas_sd: 0.2, areas_walk_sd: 0.05, ..Variation::default() };
        let drawn = |areas: &[&str]| {
            let def = parameter("yield", Distribution::Normal(1.0, 0.3), variation.clone());
            let all = Parameters::new(vec![def], 2024, 5, areas);
            let mut draw = all.blank();
            all.draw(7, 11, &mut draw);
            draw
        };
        let (before, after) = (drawn(&["a", "b", "c"]), drawn(&["c", "new", "a", "b"]));
        for year in 0..5 {
            for (from, to) in [(0, 2), (1, 3), (2, 0)] {
                assert_eq!(before.at(Parameter::at(0), year, from), after.at(Parameter::at(0), year, to));
            }
            assert_ne!(before.at(Parameter::at(0), year, 0), before.at(Parameter::at(0), year, 1));
        }
    }

    #[test]
    fn a_random_walk_spreads_with_the_square_root_of_time() {
        let variation = Variation { jump_sd: 0.12, walk_sd: 0.046, link: Link::Log, ..Variation::default() };
        let all = Parameters::new(vec![parameter("tfr", Distribution::Fixed(1.0), variation)], 2024, 12, &[]);
        let mut draw = all.blank();
        let n = 20_000;
        let mut squares = [0.0; 12];
        for path in 0..n {
            all.draw(1, path, &mut draw);
            for (year, sum) in squares.iter_mut().enumerate() {
                *sum += libm::log(draw.at(Parameter::at(0), year, 0)).powi(2);
            }
        }
        for (year, sum) in squares.iter().enumerate() {
            let expected = 0.12_f64.powi(2) + 0.046_f64.powi(2) * year as f64;
            let error = 4.0 * expected * (2.0 / f64::from(n)).sqrt();
            assert!((sum / f64::from(n) - expected).abs() < error, "year {year}");
        }
    }

    #[test]
    fn a_walk_grows_from_the_last_known_year() {
        let variation =
            Variation { jump_sd: 0.05, walk_sd: 0.1, walks_from: Some(2026), link: Link::Log, ..Variation::default() };
        let all = Parameters::new(vec![parameter("births", Distribution::Fixed(1.0), variation)], 2024, 6, &[]);
        let mut draw = all.blank();
        all.draw(1, 3, &mut draw);
        let at = |year: usize| draw.at(Parameter::at(0), year, 0);
        assert!(at(0) != 1.0, "the level is in doubt from the beginning");
        assert_eq!([at(1), at(2)], [at(0); 2], "no step up to the last known year");
        assert!(at(3) != at(2) && at(4) != at(3));
    }

    #[test]
    fn known_years_are_the_same_on_every_path() {
        let variation =
            Variation { jump_sd: 0.3, walk_sd: 0.1, from: Some(2026), link: Link::Log, ..Variation::default() };
        let law = Distribution::ByYear(vec![(2024, 1.0), (2026, 2.0)]);
        let all = Parameters::new(vec![parameter("births", law, variation)], 2024, 4, &[]);
        let mut draw = all.blank();
        all.draw(1, 3, &mut draw);
        assert_eq!(draw.at(Parameter::at(0), 1, 0), 1.5);
        assert_ne!(draw.at(Parameter::at(0), 2, 0), 2.0);
    }
}

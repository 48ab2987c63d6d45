//! Closed forms and small exact chains of queueing theory.
//!
//! `load` is the offered load in erlangs (arrival rate x mean stay); `places` are servers. Unless said otherwise a
//! result is that of the steady state and times are in the unit of the mean stay.

/// Share of arrivals that find all places taken and are lost, any stay law (Erlang 1917; recursion of Jagerman 1974).
pub fn erlang_b(load: f64, places: u32) -> f64 {
    if load <= 0.0 {
        return if places == 0 { 1.0 } else { 0.0 };
    }
    // 1/B grows without cancellation: 1/B(n) = 1 + n/load x 1/B(n-1).
    let inverse = (1..=places).fold(1.0, |inverse, n| 1.0 + f64::from(n) / load * inverse);
    1.0 / inverse
}

/// Probability of waiting when nobody is lost, exponential stays (Erlang 1917). 1 when the load is not below the places.
pub fn erlang_c(load: f64, places: u32) -> f64 {
    let servers = f64::from(places);
    if load >= servers {
        return 1.0;
    }
    let b = erlang_b(load, places);
    servers * b / (servers - load * (1.0 - b))
}

/// Mean wait over all arrivals when nobody is lost, in units of the mean stay. Infinite when the load is not below the
/// places.
pub fn erlang_c_mean_wait(load: f64, places: u32) -> f64 {
    let servers = f64::from(places);
    if load >= servers { f64::INFINITY } else { erlang_c(load, places) / (servers - load) }
}

/// Probability that an arrival is refused when at most `waiting` may wait (M/M/c/K).
pub fn refused_with_room(load: f64, places: u32, waiting: u32) -> f64 {
    let weights = birth_death(u64::from(places) + u64::from(waiting), |n| load / f64::from(places).min(n as f64));
    weights.last().copied().unwrap_or(1.0)
}

/// Stationary law of a birth-death chain on `0..=top`; `ratio(n)` is birth rate at `n - 1` over death rate at `n`.
fn birth_death(top: u64, ratio: impl Fn(u64) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..=top {
        let next = weights[weights.len() - 1] * ratio(n);
        weights.push(next);
        if next > 1e200 {
            scale(&mut weights, 1.0 / next);
        }
    }
    let total: f64 = weights.iter().sum();
    scale(&mut weights, 1.0 / total);
    weights
}

fn scale(weights: &mut [f64], factor: f64) {
    for weight in weights {
        *weight *= factor;
    }
}

/// A waiting line whose members may give up (Erlang A; Palm 1957).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reneging {
    /// Probability that an arrival must wait.
    pub must_wait: f64,
    /// Mean number waiting.
    pub queue: f64,
    /// Share of arrivals that give up.
    pub lost: f64,
}

/// Erlang A: arrivals, stay and patience rates in the same unit of time.
pub fn erlang_a(arrivals: f64, places: u32, stay_rate: f64, reneging_rate: f64) -> Reneging {
    let servers = f64::from(places);
    let top = u64::from(places) + 200 + (20.0 * arrivals / reneging_rate) as u64;
    let law = birth_death(top, |n| {
        let served = servers.min(n as f64) * stay_rate;
        arrivals / (served + (n as f64 - servers).max(0.0) * reneging_rate)
    });
    let at_least = |from: usize| law[from.min(law.len())..].iter().sum::<f64>();
    let queue = law.iter().enumerate().map(|(n, p)| (n as f64 - servers).max(0.0) * p).sum::<f64>();
    Reneging { must_wait: at_least(places as usize), queue, lost: reneging_rate * queue / arrivals }
}

/// Mean waits of two priority classes without pre-emption, the same exponential stay (Cobham 1954), in units of the stay.
pub fn priority_waits(load_high: f64, load_low: f64, places: u32) -> (f64, f64) {
    let servers = f64::from(places);
    let load = load_high + load_low;
    let base = erlang_c(load, places) / servers;
    let (high, all) = (1.0 - load_high / servers, 1.0 - load / servers);
    (base / high, base / (high * all))
}

/// Mean census `time` after opening empty, unlimited places: the arrivals still there (M_t/G/inf; Palm 1943).
/// `survival(t)` is the probability that a stay exceeds `t`. Simpson's rule on `steps` intervals (made even).
pub fn census_from_empty(arrival_rate: f64, time: f64, survival: impl Fn(f64) -> f64, steps: u32) -> f64 {
    let n = steps.max(2) + steps % 2;
    let h = time / f64::from(n);
    let inner: f64 = (1..n).map(|i| survival(h * f64::from(i)) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    arrival_rate * h / 3.0 * (survival(0.0) + inner + survival(time))
}

/// (mu, sigma) of a lognormal law with this mean and coefficient of variation.
pub fn lognormal_of(mean: f64, cv: f64) -> (f64, f64) {
    let variance = libm::log(1.0 + cv * cv);
    (libm::log(mean) - 0.5 * variance, libm::sqrt(variance))
}

/// Probability that a lognormal stay exceeds `time`.
pub fn lognormal_survival(mu: f64, sigma: f64, time: f64) -> f64 {
    if time <= 0.0 { 1.0 } else { 1.0 - crate::random::normal_cdf((libm::log(time) - mu) / sigma) }
}

/// Mean residual stay of those present at a random moment: `E[L^2] / 2 E[L]` (Cox 1962).
pub fn residual_stay(mean: f64, cv: f64) -> f64 {
    0.5 * mean * (1.0 + cv * cv)
}

/// Day places: `enrolled` people each come with probability `attendance`; `places` can be taken. Returns the probability
/// that somebody is turned away and the mean number turned away.
pub fn attendance(enrolled: u32, attendance: f64, places: u32) -> (f64, f64) {
    let n = f64::from(enrolled);
    let mass = |k: u32| {
        let k = f64::from(k);
        let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        libm::exp(choose + k * libm::log(attendance) + (n - k) * libm::log1p(-attendance))
    };
    let over = |least: u32| (least..=enrolled).map(mass).sum::<f64>();
    let turned_away = (places + 1..=enrolled).map(|k| f64::from(k - places) * mass(k)).sum();
    (over(places + 1), turned_away)
}

/// A change of state and how often it happens.
#[derive(Clone, Copy, Debug)]
struct Transition {
    from: usize,
    to: usize,
    rate: f64,
}

/// Stationary law of a finite chain given by its transitions `(from, to, rate)`, by Gauss-Seidel sweeps.
fn stationary(states: usize, transitions: &[Transition]) -> Vec<f64> {
    let mut incoming = vec![Vec::new(); states];
    let mut out = vec![0.0; states];
    for &Transition { from, to, rate } in transitions {
        incoming[to].push((from, rate));
        out[from] += rate;
    }
    let mut law = vec![1.0 / states as f64; states];
    for _ in 0..20_000 {
        let mut change = 0.0_f64;
        for state in 0..states {
            let inflow: f64 = incoming[state].iter().map(|&(from, rate)| law[from] * rate).sum();
            let next = inflow / out[state];
            change = change.max((next - law[state]).abs());
            law[state] = next;
        }
        let total: f64 = law.iter().sum();
        scale(&mut law, 1.0 / total);
        if change < 1e-16 {
            break;
        }
    }
    law
}

/// Share of all arrivals lost when three stations overflow to one shared group, exponential stays of mean 1.
pub fn overflow_of_three(loads: [f64; 3], places: [usize; 3], shared: usize) -> f64 {
    let size = [places[0] + 1, places[1] + 1, places[2] + 1, shared + 1];
    let at = |s: [usize; 4]| ((s[0] * size[1] + s[1]) * size[2] + s[2]) * size[3] + s[3];
    let mut transitions = Vec::new();
    let mut blocked = Vec::new();
    for state in 0..size.iter().product() {
        let s = [
            state / (size[1] * size[2] * size[3]),
            state / (size[2] * size[3]) % size[1],
            state / size[3] % size[2],
            state % size[3],
        ];
        let mut lost = 0.0;
        for station in 0..3 {
            let mut to = s;
            if s[station] < places[station] {
                to[station] += 1;
            } else if s[3] < shared {
                to[3] += 1;
            } else {
                lost += loads[station];
                continue;
            }
            transitions.push(Transition { from: state, to: at(to), rate: loads[station] });
        }
        for (part, &busy) in s.iter().enumerate().filter(|(_, busy)| **busy > 0) {
            let mut to = s;
            to[part] -= 1;
            transitions.push(Transition { from: state, to: at(to), rate: busy as f64 });
        }
        blocked.push(lost);
    }
    let law = stationary(blocked.len(), &transitions);
    let lost: f64 = law.iter().zip(&blocked).map(|(p, lost)| p * lost).sum();
    lost / loads.iter().sum::<f64>()
}

/// An acute unit whose patients may go on to a step-down unit and keep their bed while that is full.
#[derive(Clone, Copy, Debug)]
pub struct Tandem {
    /// Arrivals a day.
    pub arrivals: f64,
    /// Mean acute stay, days.
    pub stay: f64,
    /// Share that goes on to step-down.
    pub onward: f64,
    /// Mean step-down stay, days.
    pub step_down_stay: f64,
    /// Acute beds.
    pub beds: usize,
    /// Step-down beds.
    pub step_down_beds: usize,
}

impl Tandem {
    /// (share of arrivals refused, mean number of acute beds held by patients who wait for step-down), exponential stays,
    /// blocking after service.
    pub fn refused_and_blocked(&self) -> (f64, f64) {
        // States: acute patients in care, blocked patients, step-down census (full whenever anybody is blocked).
        let mut index = std::collections::BTreeMap::new();
        for blocked in 0..=self.beds {
            for care in 0..=self.beds - blocked {
                let least = if blocked > 0 { self.step_down_beds } else { 0 };
                for down in least..=self.step_down_beds {
                    let next = index.len();
                    index.insert((care, blocked, down), next);
                }
            }
        }
        let mut transitions = Vec::new();
        for (&(care, blocked, down), &from) in &index {
            let mut go =
                |to: (usize, usize, usize), rate: f64| transitions.push(Transition { from, to: index[&to], rate });
            if care + blocked < self.beds {
                go((care + 1, blocked, down), self.arrivals);
            }
            if care > 0 {
                let rate = care as f64 / self.stay;
                go((care - 1, blocked, down), rate * (1.0 - self.onward));
                let full = down == self.step_down_beds;
                let to = if full { (care - 1, blocked + 1, down) } else { (care - 1, blocked, down + 1) };
                go(to, rate * self.onward);
            }
            if down > 0 {
                let to = if blocked > 0 { (care, blocked - 1, down) } else { (care, 0, down - 1) };
                go(to, down as f64 / self.step_down_stay);
            }
        }
        let law = stationary(index.len(), &transitions);
        let sum = |value: &dyn Fn((usize, usize, usize)) -> f64| {
            index.iter().map(|(&state, &at)| law[at] * value(state)).sum::<f64>()
        };
        let refused = sum(&|(care, blocked, _)| f64::from(u8::from(care + blocked == self.beds)));
        (refused, sum(&|(_, blocked, _)| blocked as f64))
    }
}

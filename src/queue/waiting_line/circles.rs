//! Circles: sets of pools, and the time in which at least one of their pools had a free place.

/// Time with a free place near by.
#[derive(Clone, Debug)]
pub(super) struct Circles {
    /// Circles that each pool belongs to.
    of_pool: Vec<Vec<u32>>,
    /// Whether each pool has a free place.
    free: Vec<bool>,
    /// Pools with a free place, by circle.
    count: Vec<u32>,
    since: Vec<f64>,
    /// Time with a free place since the period began, by circle.
    pub(super) time: Vec<f64>,
}

impl Circles {
    pub(super) fn new(circles: &[Vec<u32>], pools: usize) -> Self {
        let with = |pool: usize| {
            let all = circles.iter().enumerate();
            all.filter(|(_, pools)| pools.contains(&(pool as u32))).map(|(circle, _)| circle as u32).collect()
        };
        let none = vec![0.0; circles.len()];
        Self {
            of_pool: (0..pools).map(with).collect(),
            free: vec![false; pools],
            count: vec![0; circles.len()],
            since: none.clone(),
            time: none,
        }
    }

    /// No pool has a free place.
    pub(super) fn clear(&mut self) {
        self.free.fill(false);
        self.count.fill(0);
    }

    /// From `clock` on, a pool has a free place or not.
    #[inline]
    pub(super) fn set(&mut self, pool: usize, free: bool, clock: f64) {
        if std::mem::replace(&mut self.free[pool], free) == free {
            return;
        }
        for &circle in &self.of_pool[pool] {
            let circle = circle as usize;
            if free {
                if self.count[circle] == 0 {
                    self.since[circle] = clock;
                }
                self.count[circle] += 1;
            } else {
                self.count[circle] -= 1;
                if self.count[circle] == 0 {
                    self.time[circle] += clock - self.since[circle];
                }
            }
        }
    }

    /// A period begins.
    pub(super) fn start(&mut self, clock: f64) {
        self.since.fill(clock);
        self.time.fill(0.0);
    }

    /// The period ends.
    pub(super) fn close(&mut self, clock: f64) {
        for ((time, since), count) in self.time.iter_mut().zip(&self.since).zip(&self.count) {
            *time += if *count > 0 { clock - since } else { 0.0 };
        }
    }
}

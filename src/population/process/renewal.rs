//! Renewal of old quarters: people move out of an area while it is rebuilt, and some of them come back.
//!
//! In its year a project moves `people` of an area out: a further risk beside those of the year, the same at every age, under
//! which that many of the residents go (fewer by those who die or move of themselves). The share `inside` finds a home
//! in other areas of the district, wherever movers go; the rest leaves the district. Years later, late by the law `late`,
//! the share `returning` comes back: those from outside arrive, at the ages that the area then has; those from inside move
//! back from the areas where its movers go, a further risk there, beside the movers of the year.
//!
//! Shape of what a path holds: `years x areas`, persons.

use super::delay::years_late;
use super::destinations::Destinations;
use crate::population::kernel::simd_rows::Row;
use crate::population::view::{People, SEXES};
use crate::random::{RngSource, StreamKey};
use crate::uncertainty::{Parameter, ParameterDraw};

const LATE: StreamKey = StreamKey::named("people.renewal.late");

/// Largest share of an area's residents that projects move out in a year.
const MOST: f64 = 0.95;

/// A project that moves people out and back.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// Names its random stream, whatever other projects there are.
    pub stream: StreamKey,
    /// The area.
    pub area: usize,
    /// Calendar year in which people move out.
    pub year: i32,
    /// How many.
    pub people: Parameter,
    /// Share of them who find a home in other areas of the district.
    pub rehoused_locally_share: Parameter,
    /// Share of them who come back.
    pub return_share: Parameter,
    /// Years from moving out to coming back, if on time.
    pub return_after_years: i32,
    /// Probability of coming back 0, 1, 2, ... years late.
    pub delay_distribution: Vec<f64>,
}

/// The stream of a project of this name.
pub(crate) const fn stream(id: &str) -> StreamKey {
    LATE.and(id)
}

/// Persons whom projects move, by year and area.
#[derive(Clone, Debug, Default)]
pub(crate) struct DisplacedResidents {
    /// Out of the area: into other areas of the district, and out of the district.
    out: Vec<[f64; 2]>,
    /// Back into the area: from other areas, and from outside.
    back: Vec<[f64; 2]>,
    areas: usize,
}

impl DisplacedResidents {
    pub(crate) fn new(projects: &[Renewal], years: usize, areas: usize) -> Self {
        let cells = if projects.is_empty() { 0 } else { years * areas };
        Self { out: vec![[0.0; 2]; cells], back: vec![[0.0; 2]; cells], areas }
    }

    /// Fills what the projects of a path move.
    pub(crate) fn draw(&mut self, projects: &[Renewal], first_year: i32, draw: &ParameterDraw, path: &RngSource) {
        self.out.fill([0.0; 2]);
        self.back.fill([0.0; 2]);
        for project in projects {
            let Some(at) = self.cell(project.year - first_year, project.area) else { continue };
            let year = (project.year - first_year) as usize;
            let of = |parameter| draw.at(parameter, year, project.area);
            let (people, inside) = (of(project.people), of(project.rehoused_locally_share));
            let parts = [people * inside, people * (1.0 - inside)];
            add(&mut self.out[at], parts);
            let u = path.cell(project.stream, 0, 0).uniform();
            let back = project.year + project.return_after_years + years_late(&project.delay_distribution, u);
            if let Some(at) = self.cell(back - first_year, project.area) {
                let returning = of(project.return_share);
                add(&mut self.back[at], parts.map(|part| part * returning));
            }
        }
    }

    fn cell(&self, year: i32, area: usize) -> Option<usize> {
        let at = usize::try_from(year).ok()? * self.areas + area;
        (at < self.out.len()).then_some(at)
    }

    /// People whom projects move out of an area in a year: into other areas of the district, and out of it.
    pub(crate) fn out(&self, year: usize, area: usize) -> [f64; 2] {
        self.out.get(year * self.areas + area).copied().unwrap_or_default()
    }

    /// Fills who is called back in a year from other areas of the district, by entry of the destinations: people of its
    /// origin who move to its area. `shares` are the path's shares of destinations. Returns whether anybody is.
    pub(crate) fn call_back(
        &self,
        year: usize,
        destinations: &Destinations,
        shares: &[f64],
        calls: &mut [f64],
    ) -> bool {
        let back = self.back.get(year * self.areas..(year + 1) * self.areas).unwrap_or_default();
        if back.iter().all(|back| back[0] <= 0.0) {
            return false;
        }
        calls.fill(0.0);
        for (home, [people, _]) in back.iter().enumerate().filter(|(_, back)| back[0] > 0.0) {
            for entry in destinations.of(home) {
                let away = destinations.areas[entry] as usize;
                if let Some(way) = destinations.of(away).find(|way| destinations.areas[*way] as usize == home) {
                    calls[way] += people * shares[entry];
                }
            }
        }
        true
    }

    /// Adds those who come back to an area from outside to the expected arrivals, at the ages of its residents.
    /// They are as `people` to all `residents` of the area: all of them, or some.
    pub(crate) fn come_back(&self, home: Home, people: &People, means: &mut [Row; SEXES]) {
        let Home { year, area, residents } = home;
        let back = self.back.get(year * self.areas + area).map_or(0.0, |back| back[1]);
        if back <= 0.0 || residents == 0 {
            return;
        }
        let residents = f64::from(residents);
        for (sex, row) in means.iter_mut().enumerate() {
            for (mean, n) in row[1..].iter_mut().zip(people.ages(area, sex)) {
                *mean += back * f64::from(*n) / residents;
            }
        }
    }
}

/// An area in a year to which people come back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    pub(crate) year: usize,
    pub(crate) area: usize,
    /// Its residents at the start of the year.
    pub(crate) residents: u32,
}

/// Extra yearly hazards of leaving and of moving within, under which that many of `residents` go.
pub(crate) fn extra_hazards(leaving: f64, moving: f64, residents: u32) -> (f64, f64) {
    let out = leaving + moving;
    if out <= 0.0 || residents == 0 {
        return (0.0, 0.0);
    }
    let hazard = -libm::log1p(-(out / f64::from(residents)).min(MOST));
    (hazard * leaving / out, hazard * moving / out)
}

fn add(to: &mut [f64; 2], parts: [f64; 2]) {
    to[0] += parts[0];
    to[1] += parts[1];
}

//! Renewal of old quarters: people move out of an area while it is rebuilt, and some of them come back.
//!
//! A project is a ledger of persons. On 1 January of its year `people` of the area go (all residents at most), drawn from
//! all of them alike. Each finds a home elsewhere in the district with the rehoused share, in an area drawn by the path's
//! destinations of movers; the others leave the district. On 1 January of the year of return, late by the delay of the
//! path, each of those who went and still live comes back with the return share: those from outside arrive, at the ages
//! that they then have; those from inside move back from the area where they went, as far as people of their age live
//! there. So nobody comes back who did not go, and nobody is lost:
//!
//! ```text
//! moved out = moved to other areas + left the district,    returned <= went, of each destination, sex and birth cohort
//! ```
//!
//! Of a project already under way at the beginning it is not known who went: `people` of the ages of those who live in its
//! area, the rehoused by the same shares of destinations. Those who go for a project, or come back, meet no other event
//! of that year. Shape of a ledger: one entry for each destination, sex and age that somebody has; whole persons.

use std::ops::Range;

use super::deaths::Mortality;
use super::delay::years_late;
use super::destinations::Destinations;
use crate::population::kernel::simd_rows::WIDTH;
use crate::population::state::cohorts::Flows;
use crate::population::state::hukou_state::HukouState;
use crate::population::view::{AGES, People, SEXES};
use crate::random::{RngSource, Stream, StreamKey, binomial, hypergeometric, multinomial};
use crate::uncertainty::{Parameter, ParameterDraw};

const DELAY: StreamKey = StreamKey::named("people.renewal.late");
const GOING: StreamKey = StreamKey::named("people.renewal.going");
const RETURNING: StreamKey = StreamKey::named("people.renewal.returning");
/// Who of those is registered: apart, so that everyone is the same whether groups are told apart or not.
const REGISTERED_GOING: StreamKey = StreamKey::named("people.renewal.registered.going");
const REGISTERED_RETURNING: StreamKey = StreamKey::named("people.renewal.registered.returning");

/// A project that moves people out and back.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// Names its random streams, whatever other projects there are.
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

/// People who went for a project, of one destination, sex and age.
#[derive(Clone, Copy, Debug)]
struct Displaced {
    /// Where they went; `None` outside the district.
    area: Option<usize>,
    sex: usize,
    /// Their age on 1 January of the year at hand.
    age: usize,
    /// Part of the years since that they have lived through, as minus the logarithm of its probability.
    hazard: f64,
    persons: u32,
    registered: u32,
}

/// People of one sex and age who go from one place to another on 1 January; `None` is outside the district.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    from: Option<usize>,
    to: Option<usize>,
    sex: usize,
    age: usize,
    persons: u32,
    registered: u32,
}

/// What a project has come to on a path.
#[derive(Clone, Debug, Default)]
struct Ledger {
    displaced: Vec<Displaced>,
    return_year: i32,
    people: u32,
}

/// The ledgers of all projects, and who goes or returns in the year at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct DisplacedResidents {
    ledgers: Vec<Ledger>,
    transfers: Vec<Transfer>,
    /// Who of everyone, and of the registered, takes no part in the other events of the year at hand; empty when all do.
    staying: People,
    registered_staying: People,
}

/// What a year of renewal is drawn from.
#[derive(Clone, Copy)]
pub(super) struct RenewalYear<'a> {
    pub(super) projects: &'a [Renewal],
    pub(super) mortality: &'a Mortality,
    pub(super) destinations: &'a Destinations,
    /// The path's shares of destinations, by entry.
    pub(super) shares: &'a [f64],
    pub(super) draw: &'a ParameterDraw,
    pub(super) chance: &'a RngSource,
    pub(super) first_year: i32,
    pub(super) index: usize,
}

impl RenewalYear<'_> {
    const fn year(&self) -> i32 {
        self.first_year + self.index as i32
    }

    fn stream(&self, purpose: StreamKey, project: &Renewal) -> Stream {
        self.chance.cell(purpose.with(project.stream), self.index as u32 + 1, 0)
    }

    /// Year of parameters that a project is drawn with: that in which people go, or the first.
    fn parameter_year(&self, project: &Renewal) -> usize {
        usize::try_from(project.year - self.first_year).unwrap_or(0)
    }
}

impl DisplacedResidents {
    pub(super) fn new(projects: &[Renewal], areas: usize) -> Self {
        if projects.is_empty() {
            return Self::default();
        }
        Self {
            ledgers: vec![Ledger::default(); projects.len()],
            transfers: Vec::new(),
            staying: People::nobody(areas),
            registered_staying: People::nobody(areas),
        }
    }

    /// Begins a path over these years: nobody has gone yet, and each project has its year of return.
    pub(super) fn open(&mut self, projects: &[Renewal], years: Range<i32>, draw: &ParameterDraw, path: &RngSource) {
        self.transfers.clear();
        for (ledger, project) in self.ledgers.iter_mut().zip(projects) {
            let u = path.cell(DELAY.with(project.stream), 0, 0).uniform();
            let delay = years_late(&project.delay_distribution, u);
            ledger.displaced.clear();
            ledger.return_year = project.year + project.return_after_years + delay;
            // A project after the last year has no parameters, and moves nobody.
            ledger.people = 0;
            if project.year < years.end {
                let index = usize::try_from(project.year - years.start).unwrap_or(0);
                ledger.people = libm::round(draw.at(project.people, index, project.area)) as u32;
            }
        }
    }

    /// Draws who goes and who returns on 1 January of a year; afterwards the other events of the year are for those who
    /// stay.
    pub(super) fn plan(&mut self, of: &RenewalYear<'_>, everyone: &People, hukou: Option<&HukouState>) {
        self.transfers.clear();
        if self.ledgers.is_empty() {
            return;
        }
        self.staying.counts.copy_from_slice(&everyone.counts);
        self.registered_staying.counts.fill(0);
        if let Some(hukou) = hukou {
            self.registered_staying.counts.copy_from_slice(&hukou.start.counts);
        }
        for project in 0..of.projects.len() {
            self.age(project, of);
            if self.ledgers[project].return_year == of.year() {
                self.call_back(project, of);
            }
        }
        for (project, renewal) in of.projects.iter().enumerate() {
            let return_year = self.ledgers[project].return_year;
            if renewal.year == of.year() {
                self.displace(project, of);
            } else if of.index == 0 && renewal.year < of.year() && return_year >= of.year() {
                self.recall(project, of, everyone);
                if return_year == of.year() {
                    self.call_back(project, of);
                }
            }
        }
    }

    /// Whether anybody goes or returns in the year at hand.
    fn is_moving(&self) -> bool {
        !self.transfers.is_empty()
    }

    /// Those of everyone whom the other events of the year are for.
    pub(super) fn staying<'a>(&'a self, everyone: &'a People) -> &'a People {
        if self.is_moving() { &self.staying } else { everyone }
    }

    /// The same of the registered.
    pub(super) fn registered_staying<'a>(&'a self, registered: &'a People) -> &'a People {
        if self.is_moving() { &self.registered_staying } else { registered }
    }

    /// Adds those who go and return to the flows of the year, which hold all others.
    pub(super) fn add_to(&self, flows: &mut Flows, hukou: Option<&mut HukouState>) {
        for transfer in &self.transfers {
            add(flows, transfer, transfer.persons);
        }
        if let Some(hukou) = hukou {
            for transfer in &self.transfers {
                add(&mut hukou.flows, transfer, transfer.registered);
            }
        }
    }

    /// Lets those who went for a project grow a year older, if they went in an earlier year.
    fn age(&mut self, project: usize, of: &RenewalYear<'_>) {
        if self.ledgers[project].displaced.is_empty() {
            return;
        }
        let mut hazards = [[0.0; WIDTH]; SEXES];
        let (index, home) = (of.index - 1, of.projects[project].area);
        for (sex, row) in hazards.iter_mut().enumerate() {
            of.mortality.hazards(sex, of.year() - 1, of.mortality.factor(of.draw, index, home), row);
        }
        for entry in &mut self.ledgers[project].displaced {
            entry.hazard += hazards[entry.sex][entry.age + 1];
            entry.age = (entry.age + 1).min(AGES - 1);
        }
    }

    /// Moves out whom a project moves: all residents alike, each destination by the path's shares.
    fn displace(&mut self, project: usize, of: &RenewalYear<'_>) {
        let renewal = &of.projects[project];
        let mut streams = Draws::new(of, renewal, [GOING, REGISTERED_GOING]);
        let mut rest = self.staying.of_ages(renewal.area, 0..AGES);
        let mut going = self.ledgers[project].people.min(rest);
        for sex in 0..SEXES {
            for age in 0..AGES {
                let here = self.staying.at(renewal.area, sex, age);
                rest -= here;
                let persons = hypergeometric(here, rest, going, &mut streams.everyone);
                going -= persons;
                self.rehouse(project, of, Cell { sex, age, persons }, &mut streams);
            }
        }
        let transfers = self.ledgers[project].displaced.iter().map(|entry| Transfer {
            from: Some(renewal.area),
            to: entry.area,
            sex: entry.sex,
            age: entry.age,
            persons: entry.persons,
            registered: entry.registered,
        });
        self.transfers.extend(transfers);
    }

    /// Divides people of a cell who go for a project among their destinations, and takes them out of those who stay.
    fn rehouse(&mut self, project: usize, of: &RenewalYear<'_>, cell: Cell, streams: &mut Draws) {
        if cell.persons == 0 {
            return;
        }
        let renewal = &of.projects[project];
        let at = People::cell(renewal.area, cell.sex, cell.age);
        for part in divide(of, renewal, cell.persons, &mut streams.everyone) {
            let own = self.registered_staying.counts[at];
            let registered = hypergeometric(own, self.staying.counts[at] - own, part.persons, &mut streams.registered);
            self.staying.counts[at] -= part.persons;
            self.registered_staying.counts[at] -= registered;
            self.ledgers[project].displaced.push(Displaced {
                area: part.area,
                sex: cell.sex,
                age: cell.age,
                hazard: 0.0,
                persons: part.persons,
                registered,
            });
        }
    }

    /// Fills the ledger of a project that was under way at the beginning: the ages of those who live in its area, or in the
    /// district where nobody does.
    fn recall(&mut self, project: usize, of: &RenewalYear<'_>, everyone: &People) {
        let renewal = &of.projects[project];
        let mut streams = Draws::new(of, renewal, [GOING, REGISTERED_GOING]);
        let areas = match everyone.of_ages(renewal.area, 0..AGES) {
            0 => 0..everyone.areas(),
            _ => renewal.area..renewal.area + 1,
        };
        let of_age =
            |cell: usize| -> u32 { areas.clone().map(|area| everyone.at(area, cell / AGES, cell % AGES)).sum() };
        let registered = |cell: usize| -> u32 {
            areas.clone().map(|area| self.registered_staying.at(area, cell / AGES, cell % AGES)).sum()
        };
        let weights: Vec<f64> = (0..SEXES * AGES).map(|cell| f64::from(of_age(cell))).collect();
        let shares: Vec<f64> =
            (0..SEXES * AGES).map(|cell| f64::from(registered(cell)) / weights[cell].max(1.0)).collect();
        if weights.iter().all(|weight| *weight <= 0.0) {
            return;
        }
        let mut cells = vec![0; weights.len()];
        multinomial(self.ledgers[project].people, &weights, &mut cells, &mut streams.everyone);
        for (cell, persons) in cells.into_iter().enumerate().filter(|(_, persons)| *persons > 0) {
            for part in divide(of, renewal, persons, &mut streams.everyone) {
                let registered = binomial(part.persons, shares[cell].min(1.0), &mut streams.registered);
                self.ledgers[project].displaced.push(Displaced {
                    area: part.area,
                    sex: cell / AGES,
                    age: cell % AGES,
                    hazard: 0.0,
                    persons: part.persons,
                    registered,
                });
            }
        }
    }

    /// Brings back those who went for a project, still live, and return.
    fn call_back(&mut self, project: usize, of: &RenewalYear<'_>) {
        let renewal = &of.projects[project];
        let share = of.draw.at(renewal.return_share, of.parameter_year(renewal), renewal.area);
        let mut streams = Draws::new(of, renewal, [RETURNING, REGISTERED_RETURNING]);
        for entry in std::mem::take(&mut self.ledgers[project].displaced) {
            let mut persons = binomial(entry.persons, share * libm::exp(-entry.hazard), &mut streams.everyone);
            let others = entry.persons - entry.registered;
            let mut registered = hypergeometric(entry.registered, others, persons, &mut streams.registered);
            if let Some(area) = entry.area {
                // They come from among those of their age who live there now.
                let at = People::cell(area, entry.sex, entry.age);
                persons = persons.min(self.staying.counts[at]);
                let own = self.registered_staying.counts[at];
                let others = self.staying.counts[at] - own;
                registered = registered.clamp(persons.saturating_sub(others), own.min(persons));
                self.staying.counts[at] -= persons;
                self.registered_staying.counts[at] -= registered;
            }
            if persons > 0 {
                let to = Some(renewal.area);
                let Displaced { area: from, sex, age, .. } = entry;
                self.transfers.push(Transfer { from, to, sex, age, persons, registered });
            }
        }
    }
}

/// The streams of a project in a year: of everyone, and of who of them is registered.
struct Draws {
    everyone: Stream,
    registered: Stream,
}

impl Draws {
    fn new(of: &RenewalYear<'_>, project: &Renewal, purposes: [StreamKey; 2]) -> Self {
        let [everyone, registered] = purposes.map(|purpose| of.stream(purpose, project));
        Self { everyone, registered }
    }
}

/// People of one sex and age who go for a project.
#[derive(Clone, Copy)]
struct Cell {
    sex: usize,
    age: usize,
    persons: u32,
}

/// Those of them who go to one place; `None` is outside the district.
struct Part {
    area: Option<usize>,
    persons: u32,
}

/// Divides people who go for a project among the areas of the district and the outside; only parts that somebody is in.
fn divide(of: &RenewalYear<'_>, project: &Renewal, persons: u32, stream: &mut Stream) -> Vec<Part> {
    let entries = of.destinations.of(project.area);
    let year = of.parameter_year(project);
    let share = of.draw.at(project.rehoused_locally_share, year, project.area);
    let inside = if entries.is_empty() { 0 } else { binomial(persons, share, stream) };
    let mut counts = vec![0; entries.len()];
    if inside > 0 {
        multinomial(inside, &of.shares[entries.clone()], &mut counts, stream);
    }
    let mut parts = vec![Part { area: None, persons: persons - inside }];
    let areas = of.destinations.areas[entries].iter().map(|area| *area as usize);
    parts.extend(areas.zip(counts).map(|(area, persons)| Part { area: Some(area), persons }));
    parts.retain(|part| part.persons > 0);
    parts
}

/// Adds persons of a transfer to flows.
fn add(flows: &mut Flows, transfer: &Transfer, persons: u32) {
    let cell = |area: usize| Flows::cell(area, transfer.sex, transfer.age + 1);
    match (transfer.from, transfer.to) {
        (Some(from), Some(to)) => {
            flows.moved_out[cell(from)] += persons;
            flows.moved_in[cell(to)] += persons;
        }
        (Some(from), None) => flows.left[cell(from)] += persons,
        (None, Some(to)) => flows.arrived[cell(to)] += persons,
        (None, None) => {}
    }
}

//! Local registration (hukou): who of the residents has it, and who of those who come, go, die and are born.
//!
//! Everyone is drawn first, as if registration were unknown; then it is drawn who of those was registered, from streams of
//! its own. So totals are the same whether groups are told apart or not. In a cell of which R of N are registered:
//!
//! 1. *internal moves*: of `k` movers the registered are Fisher's noncentral hypergeometric, each of the others moving with
//!    `internal_migration_odds` times the odds of a registered one; so of those who then leave, with `out_migration_odds`.
//!    With odds of 1 both are hypergeometric: whoever goes is one of N like another.
//! 2. *destinations*: movers draw theirs independently of each other and of registration, so any of them may stand for the
//!    registered ones: the first do, and keep their registration where they come.
//! 3. *deaths*: hypergeometric among those who did neither: mortality is the same.
//! 4. *arrivals*: binomial, with the share registered of those whom each reason brings to the cell.
//! 5. *acquisition* (落户): of those without who stayed, binomial by the chance of their age; counted at the end of the year.
//! 6. *births*: binomial, as the mothers of the exposure (or a share of the scenario); then exits as above.
//!
//! An area's share at an age is that of the age group with its odds multiplied by those of the area:
//! `share x odds / (1 - share + share x odds)`. Those who come back after a renewal are registered as often as those of
//! their age who stayed. Shape: that of the people and their flows; whole persons.

use super::destinations::{MoverRow, Origin};
use super::migration::Profile;
use crate::population::kernel::binomial_kernels::BinomialTables;
use crate::population::kernel::cohort_kernel::{Counts, FirstBytes, RowStreams};
use crate::population::kernel::hukou_kernel::{Drawn, RegisteredOdds, RegisteredRow};
use crate::population::kernel::simd_rows::{Row, WIDTH};
use crate::population::state::ages::AgeGroup;
use crate::population::state::cohorts::Flows;
use crate::population::state::hukou_state::HukouState;
use crate::population::view::{AGES, People, Period, SEXES};
use crate::random::{StreamKey, binomial, hypergeometric, noncentral_hypergeometric};
use crate::simd::in_widest;
use crate::uncertainty::{Parameter, ParameterDraw};

const NEWBORN: StreamKey = StreamKey::named("people.registered.newborn");
const BIRTHDAYS: StreamKey = StreamKey::named("people.registered.birthdays");

/// Local registration in a scenario: no draws, no files.
#[derive(Clone, Debug)]
pub struct HukouRules {
    /// Age groups in order of age; together all ages.
    pub groups: Vec<HukouGroup>,
    /// Odds of being registered by area, relative to the groups' shares.
    pub area_odds: Vec<f64>,
    /// Odds of leaving the district, of those without over those with it.
    pub out_migration_odds: Parameter,
    /// Odds of moving within it, likewise.
    pub internal_odds: Parameter,
    /// Share of the newborn; as their mothers if `None`.
    pub newborn_share: Option<Parameter>,
}

/// An age group.
#[derive(Clone, Copy, Debug)]
pub struct HukouGroup {
    /// Its ages.
    pub ages: AgeGroup,
    /// Share registered on the day of the count.
    pub share: Parameter,
    /// Chance in a year that one without it acquires it.
    pub acquisition_rate: Parameter,
}

impl HukouRules {
    /// The share of an age group registered in an area on the day of the count.
    fn share(&self, draw: &ParameterDraw, group: &HukouGroup, area: usize) -> f64 {
        let (share, odds) = (draw.at(group.share, 0, area), self.area_odds[area]);
        share * odds / (1.0 - share + share * odds)
    }

    /// Fills the chances that one without it acquires it in a period, by cohort slot; tells whether there are any.
    fn fill_acquisition(
        &self,
        draw: &ParameterDraw,
        period: Period,
        area: usize,
        chances: &mut BinomialTables,
    ) -> bool {
        let mut any = false;
        for group in &self.groups {
            let chance = draw.at(group.acquisition_rate, period.index, area);
            any |= chance > 0.0;
            let hazard = period.length * if chance < 1.0 { -libm::log1p(-chance) } else { CERTAIN };
            let slots = group.ages.from + 1..(group.ages.to + 1).min(WIDTH);
            // Most areas have it in common.
            if chances.hazard[slots.start] != hazard {
                chances.hazard[slots.clone()].fill(hazard);
                chances.odds[slots].fill(libm::expm1(hazard));
            }
        }
        any
    }

    /// Odds of moving and of leaving of a registered person over those of another.
    pub(crate) fn odds(&self, draw: &ParameterDraw, year: usize, area: usize) -> RegisteredOdds {
        let of = |odds| 1.0 / draw.at(odds, year, area);
        RegisteredOdds { moving: of(self.internal_odds), leaving: of(self.out_migration_odds) }
    }
}

/// Hazard of what is certain.
const CERTAIN: f64 = 700.0;

/// Everyone's comings and goings of an area and sex in a period.
pub(crate) struct RowOfEveryone<'a> {
    pub(crate) streams: RowStreams<'a>,
    pub(crate) area: usize,
    pub(crate) sex: usize,
    /// Everyone whom the events of the year are for, and the registered of them.
    pub(crate) people: &'a [u32; AGES],
    pub(crate) registered: &'a [u32; AGES],
    pub(crate) flows: &'a Flows,
    /// Expected arrivals.
    pub(crate) means: &'a Row,
    pub(crate) odds: RegisteredOdds,
    /// Where movers go, with their first random bytes; `None` where nobody can move.
    pub(crate) destinations: Option<Origin<'a>>,
    pub(crate) bytes: &'a FirstBytes,
}

/// Everyone's births of an area and sex in a period, whose exits are drawn.
pub(crate) struct BirthsOfEveryone<'a> {
    pub(crate) streams: RowStreams<'a>,
    pub(crate) area: usize,
    pub(crate) sex: usize,
    pub(crate) born: u32,
    pub(crate) flows: &'a Flows,
    /// Share of them who are registered.
    pub(crate) share: f64,
    pub(crate) odds: RegisteredOdds,
    /// Where those go who move; `None` where nobody can.
    pub(crate) destinations: Option<Origin<'a>>,
}

/// A cohort of the part of a year before the first January, some of whom have a birthday in it.
pub(crate) struct Birthdays<'a> {
    pub(crate) streams: RowStreams<'a>,
    pub(crate) area: usize,
    pub(crate) sex: usize,
    pub(crate) age: usize,
    /// Everyone at its end.
    pub(crate) now: u32,
    /// Those of them who had a birthday.
    pub(crate) older: u32,
}

impl HukouState {
    /// The registered of everyone on the day of the table: the share of their age group and area, rounded so that the whole
    /// group keeps it.
    pub(crate) fn open(&mut self, rules: &HukouRules, draw: &ParameterDraw, everyone: &People) {
        for area in 0..everyone.areas() {
            for group in &rules.groups {
                let share = rules.share(draw, group, area);
                let (mut people, mut given) = (0, 0);
                for sex in 0..SEXES {
                    for age in group.ages.from..group.ages.to {
                        let here = everyone.at(area, sex, age);
                        people += here;
                        let upto = libm::round(f64::from(people) * share) as u32;
                        let own = (upto - given).min(here);
                        given += own;
                        self.end.counts[People::cell(area, sex, age)] = own;
                    }
                }
            }
        }
    }

    /// Sets who of an area may acquire registration in a period.
    pub(crate) fn plan(&mut self, rules: &HukouRules, draw: &ParameterDraw, period: Period, area: usize) {
        self.acquiring = rules.fill_acquisition(draw, period, area, &mut self.acquisition);
    }

    /// Begins the expected registered arrivals of an area with a share of those into new dwellings, whom `means` hold alone
    /// so far.
    pub(crate) fn begin_arriving(&mut self, share: f64, means: &[Row; SEXES]) {
        for (arriving, means) in self.arriving.iter_mut().zip(means) {
            arriving.iter_mut().zip(means).for_each(|(arriving, mean)| *arriving = mean * share);
        }
    }

    /// Adds registered arrivals of this expected number and profile.
    pub(crate) fn add_arrivals(&mut self, expected: f64, profile: &Profile) {
        for (row, shares) in self.arriving.iter_mut().zip(profile) {
            row.iter_mut().zip(shares).for_each(|(mean, share)| *mean += expected * share);
        }
    }

    /// Who of the comings and goings of an area and sex is registered.
    pub(crate) fn draw_row(&mut self, row: &RowOfEveryone<'_>) {
        let first = Flows::cell(row.area, row.sex, 0);
        let (cells, all, own) = (first..first + WIDTH, row.flows, &mut self.flows);
        in_widest(RegisteredRow {
            streams: row.streams,
            people: row.people,
            registered: row.registered,
            everyone: Drawn {
                moved: &all.moved_out[cells.clone()],
                left: &all.left[cells.clone()],
                died: &all.died[cells.clone()],
                arrived: &all.arrived[cells.clone()],
            },
            odds: row.odds,
            registered_means: &self.arriving[row.sex],
            means: row.means,
            acquisition: self.acquiring.then_some(&self.acquisition),
            own: Counts {
                moved: &mut own.moved_out[cells.clone()],
                left: &mut own.left[cells.clone()],
                died: &mut own.died[cells.clone()],
                arrived: &mut own.arrived[cells.clone()],
            },
            acquired: &mut self.acquired[cells],
            sums: &mut self.sums,
        });
        // The first movers of each cohort go as registered ones, by the bytes that sent everyone.
        if let Some(destinations) = &row.destinations {
            let movers = MoverRow { streams: &row.streams, area: row.area, sex: row.sex, bytes: row.bytes };
            destinations.send_row(&movers, &mut self.flows);
        }
    }

    /// Registered births of an area and sex, and the exits of these children.
    pub(crate) fn draw_births(&mut self, births: &BirthsOfEveryone<'_>) {
        let BirthsOfEveryone { streams, area, sex, born, flows: all, .. } = *births;
        let cell = Flows::cell(area, sex, 0);
        let mut stream = streams.further(NEWBORN, 0);
        let own = binomial(born, births.share, &mut stream);
        self.born[area][sex] = own;
        let flows = &mut self.flows;
        let moved = noncentral_hypergeometric(own, born - own, all.moved_out[cell], births.odds.moving, &mut stream);
        let (own, others) = (own - moved, born - all.moved_out[cell] - (own - moved));
        let left = noncentral_hypergeometric(own, others, all.left[cell], births.odds.leaving, &mut stream);
        let (own, others) = (own - left, others - (all.left[cell] - left));
        let died = hypergeometric(own, others, all.died[cell], &mut stream);
        (flows.moved_out[cell], flows.left[cell], flows.died[cell]) = (moved, left, died);
        if let Some(destinations) = &births.destinations {
            destinations.send_newborn(&streams, sex, cell, flows);
        }
    }

    /// Ages those of the table to the first January.
    pub(crate) fn draw_birthdays(&mut self, of: &Birthdays<'_>) {
        let Birthdays { area, sex, age, .. } = *of;
        let cell = Flows::cell(area, sex, age + 1);
        let own = self.after(self.start.at(area, sex, age), cell);
        let mut stream = of.streams.further(BIRTHDAYS, age + 1);
        let older = hypergeometric(own, of.now - own, of.older, &mut stream);
        self.end.counts[People::cell(area, sex, age)] += own - older;
        self.end.counts[People::cell(area, sex, (age + 1).min(AGES - 1))] += older;
    }
}

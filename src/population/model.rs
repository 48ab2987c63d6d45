//! The compiled people of a scenario, shared by all threads.

use super::fertility::Fertility;
use super::housing::Housing;
use super::known::{Alignment, Counted};
use super::metrics::Blocks;
use super::migration::Migration;
use super::mortality::Mortality;
use super::opening::Opening;
use super::registration::Registration;
use super::renewal::Renewal;
use super::year::PeopleState;
use crate::random::RngSource;
use crate::uncertainty::{Parameter, ParameterDraw};

/// What is fixed during one replication.
#[derive(Clone, Copy, Debug)]
pub struct PeopleContext<'a> {
    /// The parameters of this path.
    pub draw: &'a ParameterDraw,
    /// Streams of this path: lasting features that are no single numbers (shares of areas, destinations, late dwellings).
    pub path: RngSource,
    /// Chance events of this replication.
    pub chance: RngSource,
}

/// Students and other people of collective households, who do not age.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    /// Cell of [`super::view::People`] and persons, where there are any.
    pub cells: Vec<(usize, u32)>,
    /// Factor on all of them; `None` without a table.
    pub factor: Option<Parameter>,
}

/// The people of a scenario: no draws, no files.
#[derive(Clone, Debug)]
pub struct PeopleModel {
    /// Number of areas.
    pub areas: usize,
    /// First simulated year.
    pub first_year: i32,
    /// Number of simulated years.
    pub years: usize,
    /// Simulated years before the first reported one.
    pub lead_years: usize,
    /// Who is there at the beginning.
    pub opening: Opening,
    /// Who does not age.
    pub stock: Stock,
    /// Deaths.
    pub mortality: Mortality,
    /// Births.
    pub fertility: Fertility,
    /// Moves.
    pub migration: Migration,
    /// New dwellings.
    pub housing: Option<Housing>,
    /// Projects that move people out of an area and back.
    pub renewals: Vec<Renewal>,
    /// Totals that are known.
    pub known: Vec<Counted>,
    /// Factors that align the years they are known of.
    pub alignment: Alignment,
    /// Local registration, where the scenario tells groups apart.
    pub registration: Option<Registration>,
    /// Where results go.
    pub blocks: Blocks,
}

impl PeopleModel {
    /// Scratch for one thread.
    pub fn state(&self) -> PeopleState<'_> {
        PeopleState::new(self)
    }

    /// Persons in the tables: residents counted and the stock that does not age.
    pub fn persons(&self) -> u64 {
        let residents = self.opening.people.counts.iter().map(|n| u64::from(*n)).sum::<u64>();
        residents + self.stock.cells.iter().map(|(_, n)| u64::from(*n)).sum::<u64>()
    }
}

//! The compiled people of a scenario, shared by all threads.

use super::metrics::Blocks;
use super::process::births::Fertility;
use super::process::control_totals::{Alignment, ControlTotal};
use super::process::deaths::Mortality;
use super::process::housing::Housing;
use super::process::hukou::HukouRules;
use super::process::migration::Migration;
use super::process::renewal::Renewal;
use super::state::area_names::AreaNames;
use super::state::base_population::BasePopulation;
use super::view::{AGES, SEXES};
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
pub struct GroupQuarters {
    /// Where there are any.
    pub cells: Vec<GroupQuartersCell>,
    /// Factor on all of them; `None` without a table.
    pub factor: Option<Parameter>,
}

/// People of group quarters of one cell.
#[derive(Clone, Copy, Debug)]
pub struct GroupQuartersCell {
    /// Cell of [`super::view::People`].
    pub cell: usize,
    /// How many they are.
    pub persons: u32,
}

impl GroupQuartersCell {
    /// Their area.
    pub const fn area(self) -> usize {
        self.cell / (SEXES * AGES)
    }
}

/// The people of a scenario: no draws, no files.
#[derive(Clone, Debug)]
pub struct PeopleModel {
    /// Number of areas.
    pub areas: usize,
    /// Their names, as draws and sums know them.
    pub area_names: AreaNames,
    /// First simulated year.
    pub first_year: i32,
    /// Number of simulated years.
    pub years: usize,
    /// Simulated years before the first reported one.
    pub lead_years: usize,
    /// Who is there at the beginning.
    pub base: BasePopulation,
    /// Who does not age.
    pub group_quarters: GroupQuarters,
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
    pub control_totals: Vec<ControlTotal>,
    /// Factors that align the years they are known of.
    pub alignment: Alignment,
    /// Local registration, where the scenario tells groups apart.
    pub hukou: Option<HukouRules>,
    /// Where results go.
    pub blocks: Blocks,
}

impl PeopleModel {
    /// Persons in the tables: residents counted and group quarters.
    pub fn persons(&self) -> u64 {
        let residents = self.base.people.counts.iter().map(|n| u64::from(*n)).sum::<u64>();
        residents + self.group_quarters.cells.iter().map(|cell| u64::from(cell.persons)).sum::<u64>()
    }
}

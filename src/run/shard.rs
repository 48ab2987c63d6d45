//! A part of a run, made on one of several machines and put together later: the same bytes as one machine's.
//!
//! Part `i` of `n` holds whole pairs of replications, as evenly as they go. As a file it is one line of JSON that says
//! what it is, then the values, packed as in memory ([`Packed`]); the line holds their BLAKE3 hash, so a file cut short or
//! mixed up is found. Parts fit together when seed, scenario, program and number of replications agree and no replication
//! is missing or there twice.
//!
//! A round of a run that goes on is kept as a part too, so that a run that was stopped goes on from it.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::packed_columns::Packed;
use super::results::{REPLICATIONS, REVISION, Results};
use crate::scenario::Plan;

/// Version of the file format.
const FORMAT: u32 = 3;

/// What a part is, and its values.
#[derive(Clone, Debug)]
pub struct ShardResults {
    header: Header,
    rounds: Vec<Arc<Packed>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    civicap_part: u32,
    version: String,
    revision: u32,
    scenario: String,
    scenario_hash: String,
    seed: u64,
    replications: usize,
    first: usize,
    end: usize,
    cells: usize,
    /// Replications of each piece of the values.
    rounds: Vec<usize>,
    values_hash: String,
}

/// Why parts are not a run.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// The bytes are no part, or not whole.
    #[error("this is not a part of a run, or it is damaged")]
    Damaged,
    /// It was made for something else.
    #[error("it belongs to another {0}")]
    Another(&'static str),
    /// Replications that no part holds.
    #[error("replications {from} to {to} are missing")]
    Missing {
        /// The first one.
        from: usize,
        /// The last one.
        to: usize,
    },
    /// A replication that two parts hold.
    #[error("replication {0} is there twice")]
    Twice(usize),
}

impl ShardResults {
    /// Replications of part `part` (1 to `of`) of a run of `replications`: whole pairs.
    pub fn range(part: usize, of: usize, replications: usize) -> Range<usize> {
        let pairs = replications.div_ceil(2);
        let end = |part: usize| (2 * (pairs * part / of.max(1))).min(replications);
        end(part.saturating_sub(1))..end(part)
    }

    /// The part whose replications are `range` of a run of `replications`.
    pub fn new(plan: &Plan, results: &Results, range: &Range<usize>, replications: usize) -> Self {
        Self {
            rounds: results.rounds().to_vec(),
            header: Header::new(plan, results.rounds(), results.seed(), range, replications),
        }
    }

    /// The last round of the results so far, whose replications are `range`.
    pub(super) fn last_round(plan: &Plan, results: &Results, range: &Range<usize>) -> Self {
        let rounds = results.rounds();
        let last = &rounds[rounds.len().saturating_sub(1)..];
        Self { rounds: last.to_vec(), header: Header::new(plan, last, results.seed(), range, range.end) }
    }

    /// Whether it holds exactly replications `range` of a run of `plan` under `seed`, however long that run is to be.
    pub fn is_round_of(&self, plan: &Plan, seed: u64, range: &Range<usize>) -> bool {
        let header = &self.header;
        (header.first, header.end, header.seed) == (range.start, range.end, seed)
            && header.belongs(plan, header).is_ok()
    }

    /// Adds its replications to results that end where it begins.
    pub(super) fn add_to(&self, results: &mut Results) {
        self.rounds.iter().for_each(|round| results.take_over(Arc::clone(round)));
    }

    /// The replications that it holds.
    pub fn held(&self) -> Range<usize> {
        self.header.first..self.header.end
    }

    /// How many they are.
    pub fn replications(&self) -> usize {
        self.header.end - self.header.first
    }

    /// As a file.
    ///
    /// # Errors
    /// When the header cannot be written as JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut values = Vec::new();
        self.rounds.iter().for_each(|round| round.write(&mut values));
        let values_hash = blake3::hash(&values).to_hex().to_string();
        let mut file = serde_json::to_vec(&Header { values_hash, ..self.header.clone() })?;
        file.push(b'\n');
        file.append(&mut values);
        Ok(file)
    }

    /// From a file.
    ///
    /// # Errors
    /// When it is none, or not whole.
    pub fn from_bytes(file: &[u8]) -> Result<Self, ShardError> {
        let line = file.iter().position(|&b| b == b'\n').ok_or(ShardError::Damaged)?;
        let header: Header = serde_json::from_slice(&file[..line]).map_err(|_| ShardError::Damaged)?;
        let mut values = &file[line + 1..];
        let whole = header.civicap_part == FORMAT
            && header.end <= header.replications
            && REPLICATIONS.contains(&header.replications)
            && header.values_hash == blake3::hash(values).to_hex().as_str()
            && header.rounds.iter().try_fold(header.first, |sum, rows| sum.checked_add(*rows)) == Some(header.end);
        let read = |rows: &usize| Packed::read(*rows, header.cells, &mut values).map(Arc::new);
        let rounds = if whole { header.rounds.iter().map(read).collect() } else { None };
        let part = rounds.filter(|_| values.is_empty()).map(|rounds| Self { header, rounds });
        part.ok_or(ShardError::Damaged)
    }

    /// The run that parts in any order make together. Errors name the part they are about, by position.
    ///
    /// # Errors
    /// When a part belongs to something else than `plan` or than the first part, or replications are missing or double.
    pub fn together(plan: &Plan, parts: &[Self]) -> Result<Results, (usize, ShardError)> {
        let first = &parts.first().ok_or((0, ShardError::Missing { from: 0, to: 0 }))?.header;
        for (i, part) in parts.iter().enumerate() {
            part.header.belongs(plan, first).map_err(|error| (i, error))?;
        }
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&i| (parts[i].header.first, parts[i].header.end));
        let mut results = Results::none(first.cells, first.seed);
        let mut next = 0;
        for i in order {
            let header = &parts[i].header;
            if header.first > next {
                return Err((i, ShardError::Missing { from: next, to: header.first - 1 }));
            } else if header.first < next && header.end > header.first {
                return Err((i, ShardError::Twice(header.first)));
            }
            parts[i].add_to(&mut results);
            next = header.end.max(next);
        }
        if next < first.replications {
            return Err((parts.len() - 1, ShardError::Missing { from: next, to: first.replications - 1 }));
        }
        Ok(results)
    }
}

impl Header {
    fn new(plan: &Plan, rounds: &[Arc<Packed>], seed: u64, range: &Range<usize>, replications: usize) -> Self {
        Self {
            civicap_part: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revision: REVISION,
            scenario: plan.name.clone(),
            scenario_hash: plan.hash.clone(),
            seed,
            replications,
            first: range.start,
            end: range.end,
            cells: plan.catalogue.cells(),
            rounds: rounds.iter().map(|round| round.rows()).collect(),
            values_hash: String::new(),
        }
    }

    fn belongs(&self, plan: &Plan, first: &Self) -> Result<(), ShardError> {
        let same = [
            (self.version == env!("CARGO_PKG_VERSION") && self.revision == REVISION, "version of civicap"),
            (
                self.scenario_hash == plan.hash && self.cells == plan.catalogue.cells(),
                "scenario, or an older state of it",
            ),
            (self.seed == first.seed, "seed"),
            (self.replications == first.replications, "number of replications"),
        ];
        same.into_iter().find(|(same, _)| !same).map_or(Ok(()), |(_, what)| Err(ShardError::Another(what)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_replication_once_in_whole_pairs() {
        for replications in [2, 7, 16, 1_001] {
            for of in [1, 2, 3, 7, 40] {
                let mut next = 0;
                for part in 1..=of {
                    let range = ShardResults::range(part, of, replications);
                    assert_eq!(range.start, next);
                    assert!(range.start.is_multiple_of(2) || range.is_empty());
                    next = range.end;
                }
                assert_eq!(next, replications);
            }
        }
    }
}

//! Areas by name: what their draws are keyed by, and an order that no table can change.

use crate::random::StreamKey;

/// The areas of a scenario as draws and sums know them.
#[derive(Clone, Debug, Default)]
pub struct AreaNames {
    /// Names of their random streams, by position.
    pub keys: Vec<StreamKey>,
    /// Their positions in the order of their names: sums of fractions in it are the same bits for any order of a table.
    pub by_name: Vec<usize>,
}

impl AreaNames {
    /// Of areas with these keys.
    pub fn new(ids: &[&str]) -> Self {
        let mut by_name: Vec<usize> = (0..ids.len()).collect();
        by_name.sort_by_key(|area| ids[*area]);
        Self { keys: ids.iter().map(|id| StreamKey::named(id)).collect(), by_name }
    }
}

//! Metrics that had another name: the ids of `summary.csv` before, and those of today.

/// Old and new names, where they differ.
pub(super) const RENAMED: &[(&str, &str)] = &[];

/// What a metric is called now, if it had another name.
pub(super) fn now(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(name, _)| *name == old).map(|(_, new)| *new)
}

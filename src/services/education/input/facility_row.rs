//! A row of the table of facilities, and what becomes of it when some of its rooms are converted.

use super::conversion::Conversion;
use crate::random::StreamKey;
use crate::services::education::placement::facility::Facility;
use crate::services::education::placement::location::Location;
use crate::services::education::stage::{PerStage, StageId};
use crate::uncertainty::Parameter;

/// What the closing of private facilities is drawn for.
pub(super) const CLOSURES: StreamKey = StreamKey::named("education.private-closures");

/// A row of the table.
#[derive(Clone, Debug)]
pub(crate) struct FacilityRow {
    pub(crate) stage: StageId,
    pub(super) facility: Facility,
    /// The stage that its rooms belong to at the start; `None` where they are still to be built.
    pub(super) built_as: Option<StageId>,
    /// Whether the row itself says that it opens in stages or as a whole.
    pub(super) staged: Option<bool>,
}

impl FacilityRow {
    /// The row of the table that it comes from.
    pub(crate) const fn row(&self) -> usize {
        self.facility.row
    }

    /// Area and sector: places of one pool, so far as they are of one stage.
    pub(crate) const fn pool(&self) -> (usize, bool) {
        (self.facility.area, self.facility.private)
    }

    /// Where it stands.
    pub(crate) const fn location(&self) -> Option<Location> {
        self.facility.location
    }

    /// The facility, with what its stage says where the row is silent.
    /// `factors` are those on the classes that stand there today.
    pub(crate) fn into_facility(self, staged: bool, factors: &PerStage<Option<Parameter>>) -> Facility {
        let existing_capacity_factor = self.built_as.and_then(|stage| factors[stage]);
        Facility { staged: self.staged.unwrap_or(staged), existing_capacity_factor, ..self.facility }
    }

    /// The rows that it falls into when some of its rooms are converted: those that stay, if any, those that leave their
    /// stage, and those that the other stage gets.
    pub(super) fn convert(self, conversion: &Conversion, key: &str) -> Vec<Self> {
        let &Conversion { stage, catchment, classes, class_size, on } = conversion;
        let converted = self.facility.schedule.converted(on);
        let part = |classes: u32| Self { facility: Facility { classes, ..self.facility.clone() }, ..self.clone() };
        let (stays, mut leaves, mut comes) = (part(self.facility.classes - classes), part(classes), part(classes));
        leaves.facility.schedule = converted.leaves;
        (comes.stage, comes.facility.catchment) = (stage, catchment);
        (comes.facility.class_size, comes.facility.schedule) = (class_size, converted.comes);
        comes.facility.by_grade.clear();
        comes.facility.closures = CLOSURES.and(stage.id()).and(key);
        let mut rows = vec![leaves, comes];
        rows.extend((stays.facility.classes > 0).then_some(stays));
        rows
    }
}

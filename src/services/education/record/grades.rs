//! Pupils by grade: what an enrolment return counts, so that a forecast can be held against it grade by grade.

use crate::metric::Better::Neither;
use crate::metric::{BlockId, Handle, MetricDef, Record, Role};
use crate::metrics;
use crate::services::education::metrics::CHILDREN;
use crate::services::education::placement::allocation::Allocation;

metrics! {
    /// Pupils of each grade in the schools of an area, whoever sits there; they add to `enrolled`.
    pub(crate) enum OfGrades;
    GRADE_1: Count = MetricDef::count("pupils_grade_1", CHILDREN, Role::Detail, Neither, "Pupils, grade 1", "1 年级在校生"),
    GRADE_2: Count = MetricDef::count("pupils_grade_2", CHILDREN, Role::Detail, Neither, "Pupils, grade 2", "2 年级在校生"),
    GRADE_3: Count = MetricDef::count("pupils_grade_3", CHILDREN, Role::Detail, Neither, "Pupils, grade 3", "3 年级在校生"),
    GRADE_4: Count = MetricDef::count("pupils_grade_4", CHILDREN, Role::Detail, Neither, "Pupils, grade 4", "4 年级在校生"),
    GRADE_5: Count = MetricDef::count("pupils_grade_5", CHILDREN, Role::Detail, Neither, "Pupils, grade 5", "5 年级在校生"),
    GRADE_6: Count = MetricDef::count("pupils_grade_6", CHILDREN, Role::Detail, Neither, "Pupils, grade 6", "6 年级在校生"),
}

/// The grades, in their order.
const GRADES: [Handle<u32>; 6] =
    [OfGrades::GRADE_1, OfGrades::GRADE_2, OfGrades::GRADE_3, OfGrades::GRADE_4, OfGrades::GRADE_5, OfGrades::GRADE_6];

impl OfGrades {
    /// The metrics of a stage with so many grades.
    pub(crate) fn first(grades: usize) -> &'static [MetricDef] {
        &Self::TABLE[..grades.min(GRADES.len())]
    }
}

/// Records the grades of a September.
pub(crate) fn record(block: BlockId, areas: usize, seats: &Allocation, year: usize, record: &mut Record<'_>) {
    for area in 0..areas {
        for (grade, metric) in GRADES.into_iter().enumerate().take(seats.grades) {
            let slots = seats.catchments.of_area(area).iter().copied().chain([seats.origins() + area]);
            let pupils: u32 = slots.map(|slot| seats.load(grade, slot)).sum();
            record.set(block, metric, area, year, pupils);
        }
    }
}

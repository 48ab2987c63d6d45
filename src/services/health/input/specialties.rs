//! The specialty groups, as a scenario says them.

use crate::input::Section;
use crate::language::Text;
use crate::services::health::input::families;
use crate::services::health::input::intensive_units::read_shares;
use crate::services::health::messages;
use crate::services::health::model::Shares;
use crate::services::health::stay::law::Family;
use crate::services::health::tier::ByTier;
use crate::uncertainty::Parameter;

/// A specialty as its section says it.
pub(crate) struct SpecialtyTerms {
    pub(crate) id: String,
    /// Beds on top of the table, by tier.
    pub(crate) additional_beds: ByTier<u32>,
    pub(crate) label: Text,
    pub(crate) level: Parameter,
    pub(crate) stay_level: Parameter,
    pub(crate) per_birth: Option<Parameter>,
    pub(crate) intensive: Shares,
    pub(crate) elective_share: f64,
    pub(crate) family: Family,
}

/// The specialties.
pub(crate) fn read_specialties(section: &Section<'_>) -> Option<Vec<SpecialtyTerms>> {
    let named = section.named("specialties");
    let specialties: Vec<SpecialtyTerms> = named
        .iter()
        .filter_map(|(id, section)| {
            let label = section.label("label");
            let per_birth = section.has("per_birth").then(|| section.uncertain("per_birth")).flatten();
            let (level, stay_level) = (section.uncertain("admissions_factor"), section.uncertain("los_factor"));
            let (family, elective_share) = (families::read(section), section.number("elective_share"));
            let (additional_beds, intensive) = (read_additional_beds(section), read_shares(section));
            Some(SpecialtyTerms {
                id: id.clone(),
                additional_beds: additional_beds?,
                label: label?,
                level: level?,
                stay_level: stay_level?,
                per_birth,
                intensive: intensive?,
                elective_share: elective_share?,
                family: family?,
            })
        })
        .collect();
    if named.is_empty() {
        section.session.diagnostics.refuse(section.span_of("specialties"), messages::no_specialty());
        return None;
    }
    (specialties.len() == named.len()).then_some(specialties)
}

/// Beds on top of the table, by tier.
fn read_additional_beds(section: &Section<'_>) -> Option<ByTier<u32>> {
    let beds = <[f64; 3]>::try_from(section.numbers("additional_beds")?);
    let whole = beds.ok().filter(|beds| beds.iter().all(|beds| beds.fract() == 0.0));
    whole.map(|beds| ByTier::from(beds.map(|beds| beds as u32))).or_else(|| {
        section.session.diagnostics.refuse(section.span_of("additional_beds"), messages::three_whole_numbers());
        None
    })
}

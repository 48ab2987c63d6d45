//! Catchments (学区): which public schools the children of an area are zoned to.
//!
//! An area is one catchment unless the scenario divides it at a stage. Then every public school of the area belongs to one of its
//! catchments, alone (单校划片) or with others (多校划片), and a new child lives in a catchment with the probability of its weight
//! over that of all of them, which may change from year to year: multinomial. Children keep their home as they move up; those
//! who leave are taken without regard to it.
//!
//! While no school of a catchment takes pupils of a grade (it is not open yet, has closed, or still grows), its children of the
//! grade are zoned to the catchment that it `interim_catchment`, if any, with the same right as those who live there.
//!
//! Shape: the first catchment of an area has the area's own position, further ones come behind all areas: dividing an area moves no
//! random stream of one that is not divided.

use crate::random::{Stream, StreamKey, multinomial, multivariate_hypergeometric};
use crate::services::education::streams::SchoolYear;
use crate::uncertainty::Parameter;

use super::capacity::CapacityYear;
use super::facility::{Facility, Supply};
use super::residence::ResidencePoint;

const PRIVATE_PLACES: StreamKey = StreamKey::named("education.private-places");

/// What the scenario says of a part of an area.
#[derive(Clone, Debug)]
pub(crate) struct CatchmentPart {
    /// Its key.
    key: String,
    /// Children who live there, on any scale.
    weight: Parameter,
    /// Whose schools its children are zoned to while its own take none.
    joins: Option<usize>,
    /// Its schools, among the facilities of the stage.
    schools: Vec<usize>,
}

/// The catchments of one stage.
#[derive(Clone, Debug)]
pub(crate) struct Catchments {
    areas: usize,
    area_of: Vec<usize>,
    of_area: Vec<Vec<usize>>,
    /// Name the random streams of areas, and of catchments: an area that is not divided has its own name.
    area_keys: Vec<StreamKey>,
    keys: Vec<StreamKey>,
    /// By catchment; `None` where an area is not divided.
    parts: Vec<Option<CatchmentPart>>,
}

/// The catchments of a September.
#[derive(Debug)]
pub(crate) struct CatchmentYear {
    /// Shares of new children of an area.
    shares: Vec<f64>,
    /// The catchment whose schools the children of a home are zoned to, `grade x origin`.
    zone: Vec<usize>,
    origins: usize,
}

impl CatchmentYear {
    /// The catchment whose schools the children of a grade and home are zoned to.
    pub(crate) fn of(&self, grade: usize, origin: usize) -> usize {
        self.zone[grade * self.origins + origin]
    }
}

impl Catchments {
    /// Areas that are not divided yet.
    pub(crate) fn whole(names: &[&str]) -> Self {
        let (areas, keys) = (names.len(), names.iter().map(|name| StreamKey::named(name)).collect::<Vec<_>>());
        Self {
            area_keys: keys.clone(),
            keys,
            areas,
            area_of: (0..areas).collect(),
            of_area: (0..areas).map(|area| vec![area]).collect(),
            parts: vec![None; areas],
        }
    }

    /// Adds a part of an area, and says its position.
    pub(crate) fn add(&mut self, area: usize, weight: Parameter, key: &str) -> usize {
        let part = Some(CatchmentPart { key: key.to_owned(), weight, joins: None, schools: Vec::new() });
        let name = self.area_keys[area].and(key);
        if self.parts[area].is_none() {
            self.parts[area] = part;
            self.keys[area] = name;
            return area;
        }
        let at = self.len();
        self.keys.push(name);
        self.area_of.push(area);
        self.of_area[area].push(at);
        self.parts.push(part);
        at
    }

    /// Zones the children of one part to another while it takes none.
    pub(crate) fn set_interim(&mut self, from: usize, to: usize) {
        if let Some(part) = &mut self.parts[from] {
            part.joins = Some(to);
        }
    }

    /// The catchments with their schools.
    #[must_use]
    pub(crate) fn with_schools(mut self, facilities: &[Facility]) -> Self {
        for (at, facility) in facilities.iter().enumerate().filter(|(_, facility)| !facility.private) {
            if let Some(part) = &mut self.parts[facility.catchment] {
                part.schools.push(at);
            }
        }
        self
    }

    /// Number of catchments, areas that are not divided among them.
    pub(crate) fn len(&self) -> usize {
        self.area_of.len()
    }

    /// Names the random streams of an area.
    pub(crate) fn area_key(&self, area: usize) -> StreamKey {
        self.area_keys[area]
    }

    /// Name those of the catchments.
    pub(crate) fn keys(&self) -> &[StreamKey] {
        &self.keys
    }

    /// Names those of places: the catchments' public ones, then the areas' private ones.
    pub(crate) fn slot_key(&self, slot: usize) -> StreamKey {
        let private =
            || self.area_keys.get(slot - self.len()).map_or(PRIVATE_PLACES, |area| PRIVATE_PLACES.with(*area));
        self.keys.get(slot).copied().unwrap_or_else(private)
    }

    /// Number of areas.
    pub(crate) const fn areas(&self) -> usize {
        self.areas
    }

    /// The area of a catchment.
    pub(crate) fn area_of(&self, catchment: usize) -> usize {
        self.area_of[catchment]
    }

    /// The catchments of an area.
    pub(crate) fn of_area(&self, area: usize) -> &[usize] {
        &self.of_area[area]
    }

    /// Whether any area has more than one.
    pub(crate) fn are_several(&self) -> bool {
        self.len() > self.areas
    }

    /// Whether the scenario names the catchments of an area.
    pub(crate) fn is_divided(&self, area: usize) -> bool {
        self.parts[area].is_some()
    }

    /// The schools of a catchment that the scenario names.
    pub(crate) fn schools(&self, catchment: usize) -> &[usize] {
        self.parts[catchment].as_ref().map_or(&[], |part| &part.schools)
    }

    /// The homes of a catchment with their shares: those that name it, else all of its area.
    pub(crate) fn homes<'h>(&self, catchment: usize, homes: &'h [ResidencePoint]) -> Vec<(&'h ResidencePoint, f64)> {
        let area = self.area_of(catchment);
        let of_area = || homes.iter().filter(move |home| home.area == area);
        let key = self.parts[catchment].as_ref().map(|part| &part.key);
        let named: Vec<&ResidencePoint> =
            of_area().filter(|home| key.is_some_and(|key| home.catchments.contains(key))).collect();
        let all: f64 = named.iter().map(|home| home.share).sum();
        if all > 0.0 {
            return named.into_iter().map(|home| (home, home.share / all)).collect();
        }
        of_area().map(|home| (home, home.share)).collect()
    }

    /// The catchments of so many grades before the first September.
    pub(crate) fn zones(&self, grades: usize) -> CatchmentYear {
        let origins = self.len();
        CatchmentYear {
            shares: vec![1.0; origins],
            zone: (0..grades * origins).map(|at| at % origins).collect(),
            origins,
        }
    }

    /// Fills those of a September.
    pub(crate) fn update(
        &self,
        school_year: &SchoolYear<'_>,
        supply: &Supply,
        capacity: &CapacityYear,
        zones: &mut CatchmentYear,
    ) {
        let several = self.of_area.iter().enumerate().filter(|(_, catchments)| catchments.len() > 1);
        for (area, catchments) in several {
            let weight = |at: usize| self.parts[at].as_ref().map_or(0.0, |part| school_year.draw(part.weight, area));
            let all: f64 = catchments.iter().map(|at| weight(*at)).sum();
            for &at in catchments {
                zones.shares[at] = if all > 0.0 { weight(at) / all } else { 1.0 / catchments.len() as f64 };
                for (grade, zone) in zones.zone.chunks_exact_mut(self.len()).enumerate() {
                    zone[at] = self.zoned(at, |school| capacity.takes_grade(supply, school, school_year.year, grade));
                }
            }
        }
    }

    /// The catchment whose schools the children of one are zoned to.
    fn zoned(&self, from: usize, takes: impl Fn(usize) -> bool) -> usize {
        let mut at = from;
        // Who joins whom is no circle: the reader has checked it.
        while let Some(part) = &self.parts[at] {
            match part.joins {
                _ if part.schools.iter().any(|school| takes(*school)) => return at,
                Some(next) => at = next,
                None => break,
            }
        }
        from
    }
}

/// Scratch that divides children of an area among its catchments.
#[derive(Debug, Default)]
pub(crate) struct Apportionment {
    counts: Vec<u32>,
    first: Vec<u32>,
    weights: Vec<f64>,
    parts: Vec<u32>,
}

impl Apportionment {
    /// New children by the shares of a September; the parts are in the order of `catchments`.
    pub(crate) fn by_share(
        &mut self,
        children: u32,
        catchments: &[usize],
        zones: &CatchmentYear,
        stream: &mut Stream,
    ) -> &[u32] {
        self.weights.clear();
        self.weights.extend(catchments.iter().map(|at| zones.shares[*at]));
        self.parts.resize(catchments.len(), 0);
        multinomial(children, &self.weights, &mut self.parts, stream);
        &self.parts
    }

    /// The part of the catchment at this position of the last division.
    pub(crate) fn part(&self, at: usize) -> u32 {
        self.parts[at]
    }

    /// So many of all, taken at random; `counts` are the children of each catchment.
    pub(crate) fn by_lot(&mut self, children: u32, counts: impl Iterator<Item = u32>, stream: &mut Stream) -> &[u32] {
        self.counts.clear();
        self.counts.extend(counts);
        self.parts.resize(self.counts.len(), 0);
        multivariate_hypergeometric(&self.counts, children, &mut self.parts, stream);
        &self.parts
    }

    /// So many places to those who come first and then to the others, within a rank at random; `counts` are those who come first of
    /// each catchment, and all of them.
    pub(crate) fn by_rank(&mut self, places: u32, counts: impl Iterator<Item = (u32, u32)>, stream: &mut Stream) {
        self.first.clear();
        self.counts.clear();
        for (first, all) in counts {
            self.first.push(first);
            self.counts.push(all - first);
        }
        let first: u32 = self.first.iter().sum();
        self.parts.resize(self.counts.len(), 0);
        if first >= places {
            multivariate_hypergeometric(&self.first, places, &mut self.parts, stream);
            return;
        }
        multivariate_hypergeometric(&self.counts, places - first, &mut self.parts, stream);
        self.parts.iter_mut().zip(&self.first).for_each(|(part, first)| *part += first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    #[test]
    fn places_go_to_those_who_come_first_and_to_others_only_beyond_them() {
        const LOTS: StreamKey = StreamKey::named("test.by-rank");
        for places in 0..40 {
            let mut division = Apportionment::default();
            let mut lots = RngSource::new(1, places).cell(LOTS, 0, 0);
            let counts = [(4, 10), (0, 3), (7, 7), (2, 12)];
            division.by_rank(places, counts.into_iter(), &mut lots);
            let parts: Vec<u32> = (0..4).map(|at| division.part(at)).collect();
            assert_eq!(parts.iter().sum::<u32>(), places.min(32));
            for ((first, all), part) in counts.into_iter().zip(parts) {
                assert!(part <= if places <= 13 { first } else { all });
                assert!(places < 13 || part >= first);
            }
        }
    }
}

//! The mean of renewal: expected people who go for a project and come back, without chance.
//!
//! As [`super::renewal`] moves persons, this moves expected persons: all residents of an area alike go, to other areas by the
//! expected shares of destinations and outside; of those who went and still live, the return share comes back, in each year
//! with the probability that the project's delay gives it.

use super::renewal::Renewal;
use crate::population::kernel::simd_rows::WIDTH;
use crate::population::model::PeopleModel;
use crate::population::view::{AGES, People, SEXES};
use crate::uncertainty::ParameterDraw;

/// Expected people who went for a project, of one destination, sex and age.
#[derive(Clone, Copy, Debug)]
struct MeanDisplaced {
    /// Where they went; `None` outside the district.
    area: Option<usize>,
    sex: usize,
    /// Their age on 1 January of the year at hand.
    age: usize,
    /// Minus the logarithm of the probability that they live.
    hazard: f64,
    persons: f64,
}

/// Expected people of one sex and age who go from one place to another on 1 January; `None` is outside the district.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeanTransfer {
    project: usize,
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) sex: usize,
    pub(super) age: usize,
    pub(super) persons: f64,
}

/// Who has gone for each project so far.
#[derive(Clone, Debug, Default)]
pub(super) struct MeanRenewal {
    displaced: Vec<Vec<MeanDisplaced>>,
}

/// A year of it.
#[derive(Clone, Copy)]
pub(super) struct MeanRenewalYear<'a> {
    pub(super) model: &'a PeopleModel,
    pub(super) draw: &'a ParameterDraw,
    /// Position of the year.
    pub(super) index: usize,
}

impl MeanRenewalYear<'_> {
    const fn year(&self) -> i32 {
        self.model.first_year + self.index as i32
    }

    fn parameter_year(&self, project: &Renewal) -> usize {
        usize::try_from(project.year - self.model.first_year).unwrap_or(0)
    }

    /// Probability that those who went for a project come back in the year at hand.
    fn returning(&self, project: &Renewal) -> f64 {
        let late = self.year() - project.year - project.return_after_years;
        let probability = usize::try_from(late).ok().and_then(|late| project.delay_distribution.get(late));
        probability.copied().unwrap_or(0.0)
    }

    /// Where people who go for a project find a home, with their shares.
    fn destinations(&self, project: &Renewal) -> Vec<(Option<usize>, f64)> {
        let destinations = &self.model.migration.destinations;
        let entries = destinations.of(project.area);
        let year = self.parameter_year(project);
        let share = self.draw.at(project.rehoused_locally_share, year, project.area);
        let inside = if entries.is_empty() { 0.0 } else { share };
        let of_entry = |entry: usize| (Some(destinations.areas[entry] as usize), inside * destinations.shares[entry]);
        std::iter::once((None, 1.0 - inside)).chain(entries.map(of_entry)).collect()
    }
}

impl MeanRenewal {
    /// Before the first year: of projects under way already, those of the ages that live in the area now have gone.
    pub(super) fn begin(year: MeanRenewalYear<'_>, people: &[f64]) -> Self {
        let mut begun = Self { displaced: vec![Vec::new(); year.model.renewals.len()] };
        for (number, project) in year.model.renewals.iter().enumerate().filter(|(_, one)| one.year < year.year()) {
            let here = |area: usize| People::cell(area, 0, 0)..People::cell(area + 1, 0, 0);
            let mut ages: Vec<f64> = people[here(project.area)].to_vec();
            if ages.iter().sum::<f64>() <= 0.0 {
                let cells = People::cell(1, 0, 0);
                ages = (0..cells).map(|cell| people.iter().skip(cell).step_by(cells).sum()).collect();
            }
            let all: f64 = ages.iter().sum();
            let going = libm::round(year.draw.at(project.people, 0, project.area));
            if all > 0.0 {
                let parts = ages.iter().map(|people| going * people / all).collect::<Vec<_>>();
                begun.displaced[number] = Self::gone(year, project, &parts);
            }
        }
        begun
    }

    /// People of an area's cells who go for a project, by destination.
    fn gone(year: MeanRenewalYear<'_>, project: &Renewal, cells: &[f64]) -> Vec<MeanDisplaced> {
        let destinations = year.destinations(project);
        let of_cell = |(cell, persons): (usize, &f64)| {
            let (sex, age, persons) = (cell / AGES, cell % AGES, *persons);
            let to = |(area, share): &(Option<usize>, f64)| MeanDisplaced {
                area: *area,
                sex,
                age,
                hazard: 0.0,
                persons: persons * share,
            };
            destinations.iter().map(to).collect::<Vec<_>>()
        };
        cells.iter().enumerate().flat_map(of_cell).filter(|entry| entry.persons > 0.0).collect()
    }

    /// Who goes and returns on 1 January of a year, of so many `people` by cell, who are lowered to those who stay.
    pub(super) fn transfers(&self, year: MeanRenewalYear<'_>, people: &mut [f64]) -> Vec<MeanTransfer> {
        let mut transfers = Vec::new();
        for (number, project) in year.model.renewals.iter().enumerate() {
            let returning = year.returning(project);
            if returning > 0.0 {
                let share = year.draw.at(project.return_share, year.parameter_year(project), project.area);
                for entry in &self.displaced[number] {
                    let mut persons = returning * share * libm::exp(-entry.hazard) * entry.persons;
                    if let Some(area) = entry.area {
                        let there = &mut people[People::cell(area, entry.sex, entry.age)];
                        persons = persons.min(*there);
                        *there -= persons;
                    }
                    let MeanDisplaced { area: from, sex, age, .. } = *entry;
                    transfers.push(MeanTransfer { project: number, from, to: Some(project.area), sex, age, persons });
                }
            }
        }
        for (number, project) in year.model.renewals.iter().enumerate().filter(|(_, one)| one.year == year.year()) {
            let here = People::cell(project.area, 0, 0)..People::cell(project.area + 1, 0, 0);
            let all: f64 = people[here.clone()].iter().sum();
            let going = libm::round(year.draw.at(project.people, year.index, project.area)).min(all);
            if going <= 0.0 {
                continue;
            }
            let parts: Vec<f64> = people[here.clone()].iter().map(|people| going * people / all).collect();
            people[here].iter_mut().zip(&parts).for_each(|(people, part)| *people -= part);
            transfers.extend(Self::gone(year, project, &parts).into_iter().map(|entry| {
                let MeanDisplaced { area: to, sex, age, persons, .. } = entry;
                MeanTransfer { project: number, from: Some(project.area), to, sex, age, persons }
            }));
        }
        transfers
    }

    /// Goes on from the end of a year in which these went.
    pub(super) fn roll_forward(&mut self, year: MeanRenewalYear<'_>, transfers: &[MeanTransfer]) {
        let model = year.model;
        for transfer in transfers {
            let project = &model.renewals[transfer.project];
            if project.year == year.year() && transfer.from == Some(project.area) {
                let MeanTransfer { to: area, sex, age, persons, .. } = *transfer;
                self.displaced[transfer.project].push(MeanDisplaced { area, sex, age, hazard: 0.0, persons });
            }
        }
        let mut hazards = [[0.0; WIDTH]; SEXES];
        for (project, displaced) in model.renewals.iter().zip(&mut self.displaced) {
            for (sex, row) in hazards.iter_mut().enumerate() {
                let factor = model.mortality.factor(year.draw, year.index, project.area);
                model.mortality.hazards(sex, year.year(), factor, row);
            }
            for entry in displaced {
                entry.hazard += hazards[entry.sex][entry.age + 1];
                entry.age = (entry.age + 1).min(AGES - 1);
            }
        }
    }
}

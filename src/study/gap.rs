//! How many places are short in a year, and how many of them what is planned mends.
//!
//! In each replication, of the district in one year:
//!
//! - where a service works out how many places its target needs ([`Role::RequiredCapacity`]): those less the open ones;
//! - where demand is a number of people at a time: those who need a place here (without those who go outside the district and
//!   have one there) less the places at the standard size;
//! - else those who go without ([`Role::Unmet`]), of which no places can be told.
//!
//! Never below none. *Mended* is what the gap would be more with the places of the first shown year. The worst area is the one
//! where most of those live who go without: places are taken across areas, people live in one.

use crate::metric::{BlockId, CellAddress, Role, Unit};
use crate::run::Results;
use crate::scenario::Plan;
use crate::summary::{Statistic, summarise};

/// The gap of a block in a year.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The year.
    pub year: i32,
    /// What is counted.
    pub unit: Unit,
    /// How many are short.
    pub short: Statistic,
    /// Mean that the places added since the first shown year mend; `None` where no places are counted.
    pub mended: Option<f64>,
    /// The area where most go without (mean), and how many.
    pub worst_area: Option<(usize, f64)>,
}

/// The gap of a block in a shown year; `None` where nobody asks for it.
pub fn gap(plan: &Plan, results: &Results, block: BlockId, year: i32) -> Option<Gap> {
    let look = Look { plan, results, block };
    let district = plan.catalogue.district(block);
    let (need, unit) = look.need(district, year)?;
    let (places, first) = (look.places(district, year), look.places(district, plan.shown_from));
    let measured = |places: &Option<Vec<f64>>| -> Vec<f64> {
        let place = |r: usize| places.as_ref().map_or(0.0, |places| places[r]);
        need.iter().enumerate().map(|(r, need)| (need - place(r)).max(0.0)).collect()
    };
    let counts_places = look.kind() != Kind::Unserved;
    let short = measured(if counts_places { &places } else { &None });
    let mended = (counts_places && first.is_some()).then(|| {
        let without = measured(&first);
        without.iter().zip(&short).map(|(without, short)| without - short).sum::<f64>() / short.len() as f64
    });
    Some(Gap { year, unit, short: summarise(&short, &mut Vec::new())?, mended, worst_area: look.worst_area(year) })
}

/// What the gap of a block is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Required,
    Demand,
    Unserved,
}

#[derive(Clone, Copy)]
struct Look<'a> {
    plan: &'a Plan,
    results: &'a Results,
    block: BlockId,
}

impl Look<'_> {
    fn kind(self) -> Kind {
        let metrics = self.plan.catalogue.block(self.block).metrics;
        let demand = metrics.iter().find(|metric| metric.role == Role::Demand);
        if metrics.iter().any(|metric| metric.role == Role::RequiredCapacity) {
            Kind::Required
        } else if demand.is_some_and(|demand| !demand.unit.per_year) {
            Kind::Demand
        } else {
            Kind::Unserved
        }
    }

    /// What is needed, by replication, and what is counted.
    fn need(self, row: usize, year: i32) -> Option<(Vec<f64>, Unit)> {
        let (role, counted) = match self.kind() {
            Kind::Required => (Role::RequiredCapacity, Role::RequiredCapacity),
            Kind::Demand => (Role::Demand, Role::Capacity),
            Kind::Unserved => (Role::Unmet, Role::Unmet),
        };
        let unit = self.plan.catalogue.metric(self.block, counted)?;
        let mut need = self.column(role, row, year)?;
        if let Some(outside) = self.column(Role::Outside, row, year).filter(|_| self.kind() == Kind::Demand) {
            need.iter_mut().zip(outside).for_each(|(need, outside)| *need -= outside);
        }
        Some((need, self.plan.catalogue.block(self.block).metrics[unit].unit))
    }

    fn places(self, row: usize, year: i32) -> Option<Vec<f64>> {
        self.column(Role::Capacity, row, year)
    }

    fn column(self, role: Role, row: usize, year: i32) -> Option<Vec<f64>> {
        let metric = self.plan.catalogue.metric(self.block, role)?;
        let index = usize::try_from(year - self.plan.site.start).ok()?;
        let mut values = Vec::new();
        let address = CellAddress { block: self.block, metric, row, year: index };
        self.results.column(&self.plan.catalogue, address, &mut values);
        Some(values)
    }

    fn worst_area(self, year: i32) -> Option<(usize, f64)> {
        let areas = self.plan.catalogue.areas();
        if !self.plan.catalogue.block(self.block).by_area || areas < 2 {
            return None;
        }
        let of_area = |row: usize| {
            let unserved = self.column(Role::Unmet, row, year)?;
            Some(unserved.iter().sum::<f64>() / unserved.len() as f64)
        };
        (0..areas)
            .filter_map(|row| Some((row, of_area(row)?)))
            .filter(|(_, short)| *short >= 0.5)
            .reduce(|most, next| if next.1 > most.1 { next } else { most })
    }
}

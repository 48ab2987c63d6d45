//! The days of one row as planned, and what a project does to them.

use super::messages;
use crate::dates::Day;
use crate::input::{Names, Row};
use crate::site::Site;
use crate::uncertainty::ParameterDraw;

/// A day of the plan, which a project may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// The day, if its project is on time.
    pub day: Day,
    /// The project that it belongs to.
    pub project: Option<usize>,
}

impl Planned {
    /// What was always so.
    pub const EVER: Self = Self { day: Day::EVER, project: None };

    /// What never happens.
    pub const NEVER: Self = Self { day: Day::NEVER, project: None };

    /// The day with its project, if that is built.
    pub fn by_plan(self, site: &Site) -> Day {
        if self.project.is_some_and(|project| site.projects[project].left_out) { Day::NEVER } else { self.day }
    }

    /// The day on this path.
    pub fn on_path(self, site: &Site, draw: &ParameterDraw) -> Day {
        match self.project {
            None => self.day,
            Some(project) => site.delay(project, draw).map_or(Day::NEVER, |months| self.day.later_by(months)),
        }
    }
}

/// When the places of a row exist, as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Schedule {
    /// First day open.
    pub opens: Planned,
    /// First day closed.
    pub closes: Planned,
    /// First day open again.
    pub reopens: Planned,
    /// What must have opened first: of converted rooms, the facility whose rooms they are.
    pub after: Planned,
    present: bool,
}

/// The two schedules of rooms that are converted.
#[derive(Clone, Copy, Debug)]
pub struct Converted {
    /// Until the conversion, at the level that they leave.
    pub leaves: Schedule,
    /// From the conversion on, at the level that they come to.
    pub comes: Schedule,
}

impl Schedule {
    /// Of places that always exist.
    pub const ALWAYS: Self = Self {
        opens: Planned::EVER,
        closes: Planned::NEVER,
        reopens: Planned::NEVER,
        after: Planned::EVER,
        present: true,
    };

    /// Whether the places stand on the first reported day: doubt about present capacity is about these.
    pub const fn is_present(&self) -> bool {
        self.present
    }

    /// Whether nothing ever changes, so that one place more is one more in all years.
    pub fn is_always_open(&self) -> bool {
        self.present && !self.closes.day.is_real()
    }

    /// The day on which it opened or is to open; `None` where it was always there.
    pub fn opened(&self) -> Option<Day> {
        Some(self.opens.day).filter(|day| day.is_real())
    }

    /// The projects that open or close it, each once.
    pub fn projects(&self) -> impl Iterator<Item = usize> + use<> {
        let (opens, closes) = (self.opens.project, self.closes.project);
        opens.into_iter().chain(closes.filter(|project| opens != Some(*project)))
    }

    /// Rooms of this schedule that are converted on a day. They leave and come on that day, early or late with its project;
    /// what was not built yet comes when it is.
    pub fn converted(&self, on: Planned) -> Converted {
        Converted {
            leaves: Self { closes: on, reopens: Planned::NEVER, ..*self },
            comes: Self { opens: on, after: self.opens, present: false, ..*self },
        }
    }

    /// Reads `opens`, `closes`, `reopens` and `project` of a row; `None` when a fault was noted.
    pub fn read(row: &Row<'_>, projects: &Names, site: &Site) -> Option<Self> {
        let dates = [row.day("opens"), row.day("closes"), row.day("reopens")];
        let project = row.if_given("project", |row, column| row.find(column, projects));
        let ([Some(opens), Some(closes), Some(reopens)], Some(project)) = (dates, project) else { return None };
        project.into_iter().for_each(|project| row.session().add_project(project));
        let first = Day::first_of(site.start);
        // A day that is past is past; on the first day itself a project may still be late.
        let past = |day: Day| day < first || (day == first && project.is_none());
        let with = |day: Day| Planned { day, project: project.filter(|_| !past(day)) };
        let opening = match (opens, project) {
            (Some(day), _) => with(day),
            (None, Some(project)) => Planned { day: site.projects[project].opens_on(), project: Some(project) },
            (None, None) => Planned::EVER,
        };
        let schedule = Self {
            opens: opening,
            closes: closes.map_or(Planned::NEVER, with),
            reopens: reopens.map_or(Planned::NEVER, with),
            after: Planned::EVER,
            present: opening.project.is_none() && past(opening.day),
        };
        schedule.is_in_order(row, opens.is_none() && project.is_some(), first).then_some(schedule)
    }

    /// Whether the days follow each other; notes the fault where they do not.
    fn is_in_order(&self, row: &Row<'_>, opens_with_project: bool, first: Day) -> bool {
        let (opens, closes, reopens) = (self.opens.day, self.closes.day, self.reopens.day);
        if closes <= opens {
            let finding = if opens_with_project {
                messages::closes_before_its_project(opens, closes, first)
            } else {
                messages::closes_before_it_opens(opens, closes)
            };
            row.error("closes", finding);
            return false;
        }
        if reopens.is_real() && reopens <= closes {
            row.error("reopens", messages::reopens_before_it_closes());
            return false;
        }
        true
    }
}

/// The day that two cells of a row say, one a date and one a project; inside, `None` where both are empty. For what is planned
/// beside the opening of a row, such as a conversion.
pub fn day_of(row: &Row<'_>, date: &str, project: &str, names: &Names, site: &Site) -> Option<Option<Planned>> {
    let day = row.day(date);
    let project = row.if_given(project, |row, column| row.find(column, names))?;
    project.into_iter().for_each(|project| row.session().add_project(project));
    Some(match (day?, project) {
        (Some(day), project) => Some(Planned { day, project }),
        (None, Some(project)) => Some(Planned { day: site.projects[project].opens_on(), project: Some(project) }),
        (None, None) => None,
    })
}

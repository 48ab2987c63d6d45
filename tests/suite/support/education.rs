//! A small world for the education service: a scenario as text, people as numbers, and one replication's record.

use std::fs;
use std::path::Path;

use civicap::context::ReplicationContext;
use civicap::diagnostic::Diagnostics;
use civicap::input::value::parse;
use civicap::input::{KeyDef, LoadSession, Section, ValueKind};
use civicap::metric::{BlockId, Catalogue, Record};
use civicap::population::view::{People, YearView};
use civicap::random::RngSource;
use civicap::services::education::KIND;
use civicap::services::service::{Service, ServiceState};
use civicap::services::service_signals::ServiceSignals;
use civicap::site::{self, Site};
use civicap::uncertainty::{ParameterDraw, Parameters};

static KEYS: &[KeyDef] = &[
    KeyDef::required("horizon", ValueKind::Section(site::HORIZON), "", "years", "年份"),
    KeyDef::optional("areas", ValueKind::Section(site::AREAS), "", "areas", "区域"),
    KeyDef::optional("projects", ValueKind::Named(site::PROJECT), "", "projects", "项目"),
    KeyDef::optional("exclude_projects", ValueKind::Names, "", "left out", "不实施"),
    KeyDef::required("education", ValueKind::Section(KIND.keys), "", "education", "教育"),
];

/// A scenario with education only.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) catalogue: Catalogue,
    service: Box<dyn Service>,
    parameters: Parameters,
    /// Positions of the areas in the order in which the scenario lists them.
    listed: Vec<usize>,
}

/// One replication.
#[derive(Debug)]
pub(crate) struct Outcome<'w> {
    world: &'w World,
    cells: Vec<u32>,
}

/// Scratch of one thread.
pub(crate) struct Replication<'w> {
    world: &'w World,
    draw: ParameterDraw,
    state: Box<dyn ServiceState + 'w>,
    nobody: People,
    births: Vec<u32>,
    cells: Vec<u32>,
}

impl World {
    /// Reads a scenario; tables are (file name, text). `has_people` says whether residents will be given.
    pub(crate) fn read(scenario: &str, tables: &[(&str, &str)], has_people: bool) -> Result<Self, Diagnostics> {
        let folder = tempfile::tempdir().expect("a folder for the tables");
        for (name, text) in tables {
            fs::write(folder.path().join(name), text).expect("a table");
        }
        let session = LoadSession::default();
        let mut world = read(&session, folder.path(), scenario, has_people);
        if let Some((world, (_, table))) = world.as_mut().zip(tables.iter().find(|(name, _)| *name == "areas.csv")) {
            let ids = table.lines().skip(1).filter_map(|row| row.split(',').next());
            let place = |id: &str| world.site.areas.iter().position(|area| area.id == id);
            world.listed = ids.filter_map(place).collect();
        }
        world.filter(|_| session.diagnostics.errors() == 0).ok_or_else(|| session.diagnostics.finish())
    }

    /// A scenario that must be free of faults.
    pub(crate) fn new(scenario: &str, tables: &[(&str, &str)], has_people: bool) -> Self {
        Self::read(scenario, tables, has_people).unwrap_or_else(|faults| panic!("{:#?}", faults.list))
    }

    /// Scratch that runs replication after replication.
    pub(crate) fn replication(&self) -> Replication<'_> {
        Replication {
            world: self,
            draw: self.parameters.blank(),
            state: self.service.state(),
            nobody: People::nobody(self.site.areas.len()),
            births: vec![0; self.site.areas.len()],
            cells: vec![0; self.catalogue.cells()],
        }
    }

    /// Replication `number`; `residents(year)` are the people on 1 January of a year.
    pub(crate) fn run(&self, number: u32, residents: impl Fn(i32) -> People) -> Outcome<'_> {
        let years: Vec<People> = (self.site.start..=self.site.end + 1).map(residents).collect();
        let mut replication = self.replication();
        replication.run(number, |year| &years[(year - self.site.start) as usize]);
        Outcome { world: self, cells: replication.cells }
    }

    /// Replication `number` of a scenario without people.
    pub(crate) fn alone(&self, number: u32) -> Outcome<'_> {
        self.run(number, |_| People::nobody(self.site.areas.len()))
    }

    /// The block of a stage.
    pub(crate) fn block(&self, stage: &str) -> BlockId {
        self.catalogue.blocks().find(|(_, block)| block.stage == stage).expect("the stage has a block").0
    }
}

fn read(session: &LoadSession, folder: &Path, scenario: &str, has_people: bool) -> Option<World> {
    let file = session.diagnostics.add_file(&folder.join("scenario.toml"), scenario.to_owned());
    let document = parse(scenario, file, &session.diagnostics);
    let root = Section::open(session, String::new(), &document, KEYS)?;
    let site::Horizon { base: first_year, start, end } = site::read_horizon(&root.section("horizon")?)?;
    let site::Areas { list: areas, map, distance } = site::read_areas(root.section("areas").as_ref())?;
    let projects = site::read_projects(&root, None);
    let site = Site {
        areas,
        map,
        distance,
        first_year,
        start,
        end,
        projects,
        common_delay: None,
        has_people,
        has_registration: false,
    };
    let mut catalogue = Catalogue::new(site.areas.len(), site.reported_years());
    let service = (KIND.read)(&root.section("education")?, &site, &mut catalogue)?;
    let parameters = Parameters::new(session.parameters(), first_year, site.years(), &site.area_ids());
    Some(World { site, catalogue, service, parameters, listed: Vec::new() })
}

impl Replication<'_> {
    /// Replication `number`; `residents(year)` are the people on 1 January of a year.
    pub(crate) fn run<'p>(&mut self, number: u32, residents: impl Fn(i32) -> &'p People) {
        let world = self.world;
        world.parameters.draw(1, number, &mut self.draw);
        let context = ReplicationContext { site: &world.site, draw: &self.draw, chance: RngSource::new(1, number) };
        let mut record = Record::new(&world.catalogue, &mut self.cells);
        let (group_quarters, births) = (&self.nobody, &self.births);
        for index in 0..world.site.reported_years() {
            let year = world.site.start + index as i32;
            let (start, end) = (residents(year), residents(year + 1));
            let view = YearView {
                year,
                index,
                reported: Some(index),
                start,
                end,
                group_quarters,
                births,
                registered: None,
                flows: None,
            };
            if index == 0 {
                self.state.open(&context, &view);
            }
            self.state.serve(&context, &view, &mut ServiceSignals::default(), &mut record);
        }
        record.close();
    }
}

impl Outcome<'_> {
    /// A metric of a stage by area, in the order of the scenario's table (the last is the district), and reported year.
    pub(crate) fn get(&self, stage: &str, metric: &str, row: usize, year: usize) -> f64 {
        let row = self.world.listed.get(row).copied().unwrap_or(row);
        let catalogue = &self.world.catalogue;
        let block = self.world.block(stage);
        let at = catalogue.metric(block, metric).expect("the block has the metric");
        let values = catalogue.block(block).metrics[at].values;
        civicap::metric::decode(values, self.cells[catalogue.cell(block, at, row, year)])
    }

    /// Every child of an area is served, outside or without a place, registered or not; where groups are told apart.
    pub(crate) fn every_child_counts_once(&self, stage: &str, row: usize, year: usize) {
        let get = |metric| self.get(stage, metric, row, year);
        assert_eq!(get("demand"), get("served") + get("outside") + get("unmet"), "{stage} {row} {year}");
        assert!(get("unmet_registered") <= get("demand_registered").min(get("unmet")), "{stage} {row} {year}");
        // Others without a place are no more than the others there are.
        assert!(
            get("unmet") - get("unmet_registered") <= get("demand") - get("demand_registered"),
            "{stage} {row} {year}"
        );
    }

    /// A metric of the district.
    pub(crate) fn all(&self, stage: &str, metric: &str, year: usize) -> f64 {
        self.get(stage, metric, self.world.site.areas.len(), year)
    }
}

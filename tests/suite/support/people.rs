//! Builds people from scenario text, without the run storey.

use std::path::Path;

use civicap::input::{KeyDef, LoadSession, Section, ValueKind, value};
use civicap::language::Text;
use civicap::metric::Catalogue;
use civicap::population::process::control_totals::AlignmentFactors;
use civicap::population::process::exits::ExitInputs;
use civicap::population::view::{AGES, Period};
use civicap::population::{self, PeopleContext, PeopleModel};
use civicap::random::RngSource;
use civicap::site::{Area, Site};
use civicap::uncertainty::{ParameterDraw, Parameters};

/// The whole file, for these tests: only the people.
const ROOT: &[KeyDef] = &[KeyDef::required("people", ValueKind::Section(population::KEYS), "", "people", "人口")];

/// A model with its parameters, ready to run.
pub(crate) struct World {
    pub(crate) model: PeopleModel,
    pub(crate) parameters: Parameters,
    pub(crate) catalogue: Catalogue,
}

/// Areas a0, a1, ... a kilometre apart along a line.
pub(crate) fn line(areas: usize, first_year: i32, start: i32, end: i32) -> Site {
    let distance = (0..areas * areas).map(|i| (i / areas).abs_diff(i % areas) as f64).collect();
    let area = |i: usize| Area { id: format!("a{i}"), label: Text::name(format!("a{i}")), tile: None };
    Site {
        map: None,
        areas: (0..areas).map(area).collect(),
        distance,
        first_year,
        start,
        end,
        projects: Vec::new(),
        common_delay: None,
        has_people: true,
        has_registration: false,
    }
}

/// Reads `[people]` from a text whose tables lie in `folder`; panics with the faults.
pub(crate) fn read(text: &str, folder: &Path, site: &Site) -> World {
    match try_read(text, folder, site) {
        Ok(world) => world,
        Err(faults) => panic!("{faults}"),
    }
}

/// Reads `[people]`, or gives the faults as text.
pub(crate) fn try_read(text: &str, folder: &Path, site: &Site) -> Result<World, String> {
    let site = &Site { has_registration: text.contains("[people.registration]"), ..site.clone() };
    let session = LoadSession::default();
    let file = session.diagnostics.add_file(&folder.join("scenario.toml"), text.to_owned());
    let tree = value::parse(text, file, &session.diagnostics);
    let mut catalogue = Catalogue::new(site.areas.len(), site.reported_years());
    let root = Section::open(&session, String::new(), &tree, ROOT).expect("a table");
    let model = root.section("people").and_then(|s| population::read(&s, site, &mut catalogue));
    let parameters = Parameters::new(session.parameters(), site.first_year, site.years(), &site.area_ids());
    let errors = session.diagnostics.errors();
    match model {
        Some(model) if errors == 0 => Ok(World { model, parameters, catalogue }),
        _ => Err(session
            .diagnostics
            .finish()
            .list
            .iter()
            .map(|d| format!("{}: {} ({})\n", d.code, d.message.en, d.remedy.en))
            .collect::<Vec<_>>()
            .concat()),
    }
}

impl World {
    /// The draw of a path.
    pub(crate) fn draw(&self, seed: u64, path: u32) -> ParameterDraw {
        let mut draw = self.parameters.blank();
        self.parameters.draw(seed, path, &mut draw);
        draw
    }
}

/// The context of one replication on one path.
pub(crate) fn context(draw: &ParameterDraw, seed: u64, path: u32, replication: u32) -> PeopleContext<'_> {
    PeopleContext { draw, path: RngSource::new(seed, path), chance: RngSource::new(seed, replication) }
}

/// What the exits of an area that people can move from are computed from in a year (0 = first), without control totals.
pub(crate) fn exit_inputs<'a>(
    model: &'a PeopleModel,
    draw: &'a ParameterDraw,
    index: usize,
    area: usize,
) -> ExitInputs<'a> {
    ExitInputs {
        mortality: &model.mortality,
        migration: &model.migration,
        draw,
        period: Period { index, year: model.first_year + index as i32, length: 1.0 },
        area,
        can_move: true,
        control: AlignmentFactors::NONE,
    }
}

/// Tables in a folder of their own, removed at the end.
pub(crate) struct Tables {
    folder: tempfile::TempDir,
}

impl Tables {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a table.
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("a table");
    }

    /// Writes `deaths.csv` from a rate by sex and age.
    pub(crate) fn deaths(&mut self, rate: impl Fn(usize, usize) -> f64) {
        let mut text = "sex,age,deaths_per_person_year\n".to_owned();
        for (sex, word) in ["male", "female"].into_iter().enumerate() {
            for age in 0..AGES {
                text += &format!("{word},{age},{}\n", rate(sex, age));
            }
        }
        self.add("deaths.csv", &text);
    }

    /// Writes `births.csv`: a triangle from 15 to 49 around 30.
    pub(crate) fn births(&mut self) {
        let weight = |age: usize| 16.0 - 0.8 * (age as f64 - 30.0).abs();
        let total: f64 = (15..50).map(weight).sum();
        let rows: Vec<String> = (15..50).map(|age| format!("{age},{}\n", weight(age) / total)).collect();
        self.add("births.csv", &format!("age,share\n{}", rows.concat()));
    }

    /// Writes `moves.csv` with rates around 0.03 times these factors.
    pub(crate) fn moves(&mut self, leaving: f64, within: f64) {
        let mut text =
            "sex,age,out_migration_per_person_year,internal_migration_per_person_year,in_migration_weight\n".to_owned();
        for word in ["male", "female"] {
            for age in 0..AGES {
                let shape = 0.02 + 0.05 * (-((age as f64 - 25.0) / 10.0).powi(2)).exp();
                text += &format!("{word},{age},{},{},{shape}\n", leaving * shape, within * shape);
            }
        }
        self.add("moves.csv", &text);
    }
}

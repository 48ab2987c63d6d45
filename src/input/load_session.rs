//! Everything that is gathered while one scenario is read: faults, parameters, the list of inputs, the hash of all text.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::value::{Data, Table, Value};
use crate::diagnostic::{DiagnosticSink, Span};
use crate::language::Text;
use crate::uncertainty::{Parameter, ParameterDef, Provenance};

/// One figure or table of a scenario, for the list of inputs.
#[derive(Clone, Debug)]
pub struct InputEntry {
    /// Its key with the sections it stands in, or the name of its file.
    pub path: String,
    /// What was written, in words.
    pub shown: Text,
    /// Unit, empty when it has none.
    pub unit: &'static str,
    /// Source and status.
    pub provenance: Provenance,
    /// Where it was written.
    pub span: Span,
    /// The parameter it became, if it may be uncertain.
    pub parameter: Option<Parameter>,
}

/// Everything gathered while one scenario is read.
#[derive(Debug, Default)]
pub struct LoadSession {
    /// Files and faults.
    pub diagnostics: DiagnosticSink,
    pub(super) parameters: RefCell<Vec<ParameterDef>>,
    inputs: RefCell<Vec<InputEntry>>,
    names: RefCell<Vec<(String, Text)>>,
    /// Positions of the projects that rows of tables name.
    projects: RefCell<BTreeSet<usize>>,
    /// The whole file, once it is opened.
    scenario: RefCell<Option<Rc<Table>>>,
    hasher: RefCell<blake3::Hasher>,
}

impl LoadSession {
    /// Adds a parameter and lists it among the inputs.
    pub(crate) fn add_parameter(&self, def: ParameterDef, shown: Text) -> Parameter {
        let mut parameters = self.parameters.borrow_mut();
        let parameter = Parameter::at(parameters.len());
        self.inputs.borrow_mut().push(InputEntry {
            path: def.path.clone(),
            shown,
            unit: def.unit,
            provenance: def.provenance.clone(),
            span: def.span,
            parameter: Some(parameter),
        });
        parameters.push(def);
        parameter
    }

    /// What a parameter is at the median of its law in the first year, for checks of what was read.
    pub(crate) fn at_median(&self, parameter: Parameter) -> f64 {
        let parameters = self.parameters.borrow();
        parameters.get(parameter.index()).map_or(f64::NAN, |def| def.law.quantile(0.0, i32::MIN))
    }

    /// Sets by what each area's own variation of a parameter is larger than its spreads between areas say.
    pub(crate) fn scale_areas(&self, parameter: Parameter, factors: &[f64]) {
        if let Some(def) = self.parameters.borrow_mut().get_mut(parameter.index()) {
            def.variation.areas_factors = factors.to_vec();
        }
    }

    /// Sets the known factor of each area on the value of a parameter.
    pub(crate) fn set_area_levels(&self, parameter: Parameter, levels: &[f64]) {
        if let Some(def) = self.parameters.borrow_mut().get_mut(parameter.index()) {
            def.variation.areas_levels = levels.to_vec();
        }
    }

    /// Remembers that a row belongs to a project, by its position.
    pub(crate) fn add_project(&self, project: usize) {
        self.projects.borrow_mut().insert(project);
    }

    /// Positions of the projects to which rows belong.
    pub(crate) fn projects_named(&self) -> BTreeSet<usize> {
        self.projects.borrow().clone()
    }

    pub(crate) fn add_input(&self, entry: InputEntry) {
        self.inputs.borrow_mut().push(entry);
    }

    /// Remembers the file as a whole, for conditions that look beyond a section.
    pub(crate) fn set_scenario(&self, table: &Table) {
        *self.scenario.borrow_mut() = Some(Rc::new(table.clone()));
    }

    /// Whether the scenario has a section or key, by its whole path.
    pub(crate) fn scenario_has(&self, path: &str) -> bool {
        let scenario = self.scenario.borrow().clone();
        scenario.is_some_and(|table| table.has_path(path))
    }

    /// Whether the scenario says one of these words at a path.
    pub(crate) fn scenario_says(&self, path: &str, words: &[&str]) -> bool {
        let scenario = self.scenario.borrow().clone();
        let says = |value: &Value| matches!(&value.data, Data::Text(text) if words.contains(&text.as_str()));
        scenario.is_some_and(|table| table.at_path(path).is_some_and(says))
    }

    /// Remembers what a planner calls the section at a path.
    pub(crate) fn add_name(&self, path: &str, name: &Text) {
        if !path.is_empty() {
            self.names.borrow_mut().push((path.to_owned(), name.clone()));
        }
    }

    /// What planners call their sections so far, by path.
    pub fn names(&self) -> Vec<(String, Text)> {
        self.names.borrow().clone()
    }

    pub(crate) fn add_to_hash(&self, name: &str, bytes: &[u8]) {
        let mut hasher = self.hasher.borrow_mut();
        for part in [name.as_bytes(), bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }

    /// Hash (BLAKE3, hexadecimal) of all text read so far, in the order of reading.
    pub fn hash(&self) -> String {
        self.hasher.borrow().finalize().to_hex().to_string()
    }

    /// The parameters so far.
    pub fn parameters(&self) -> Vec<ParameterDef> {
        self.parameters.borrow().clone()
    }

    /// The inputs so far.
    pub fn inputs(&self) -> Vec<InputEntry> {
        self.inputs.borrow().clone()
    }
}

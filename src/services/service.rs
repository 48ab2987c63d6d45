//! The contract between the run and a service.
//!
//! A service is read from its section of the scenario once ([`ServiceKind::read`]), becomes an immutable model shared by all
//! threads ([`Service`]), and each thread keeps one [`ServiceState`] as scratch for its replications.

pub use crate::context::ReplicationContext;
use crate::input::{KeyDef, Section};
use crate::language::Text;
use crate::metric::{BlockId, Catalogue, MetricDef, Record};
use crate::population::view::{People, YearView};
use crate::services::service_signals::ServiceSignals;
use crate::site::Site;
use crate::uncertainty::ParameterDraw;

/// One line of the roster.
#[derive(Debug)]
pub struct ServiceKind {
    /// Key of its section.
    pub name: &'static str,
    /// Name.
    pub label: Text,
    /// How it computes, in prose (Markdown), for the docs and the report.
    pub method: Text,
    /// The tables of metrics of its blocks.
    pub metrics: &'static [&'static [MetricDef]],
    /// Keys of its section.
    pub keys: &'static [KeyDef],
    /// Reads its section; `None` when faults were noted. Adds its blocks to the catalogue.
    pub read: fn(&Section<'_>, &Site, &mut Catalogue) -> Option<Box<dyn Service>>,
}

/// Places that a scenario lets grow by one list of numbers: what more of them are worth can be asked.
#[derive(Clone, Debug)]
pub struct ExpandableCapacity {
    /// Key of the stage or unit that grows.
    pub id: String,
    /// Its name.
    pub label: Text,
    /// The key that makes it grow, within the section of the service.
    pub path: Vec<String>,
    /// What the key says now.
    pub numbers: Vec<f64>,
    /// Which of the numbers are the places.
    pub at: usize,
}

/// What surrounds a service before anything is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The residents of the first year, if the scenario has people.
    pub residents: Option<&'a People>,
    /// Every parameter at its middle.
    pub middle: &'a ParameterDraw,
}

/// What is built at a [`GrowthPoint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildingUnit {
    /// Classes of a school.
    Class,
    /// Beds.
    Bed,
    /// Places of any other kind.
    Place,
}

impl BuildingUnit {
    /// What stands behind a number of them.
    pub const fn label(self) -> Text {
        match self {
            Self::Class => Text::new("classes", "个班"),
            Self::Bed => Text::new("beds", "张床"),
            Self::Place => Text::new("places", "个位"),
        }
    }
}

/// How a scenario says that there are more places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// By a row of `additional_supply` with these cells; facility, number and dates come on top.
    Row {
        /// Key of the facility, where the places belong to one that stands; else the row is a facility of its own.
        facility: Option<String>,
        /// Columns and cells.
        cells: Vec<(&'static str, String)>,
        /// The column that counts them.
        counted: &'static str,
        /// Columns and cells of places that are there in full from the first reported year on.
        standing: Vec<(&'static str, String)>,
    },
    /// By the number at this path within the section of the service; it cannot be dated.
    Number {
        /// The keys.
        path: Vec<String>,
        /// What it is now.
        now: u32,
    },
}

/// Where more places can be built, and whose target they serve.
#[derive(Clone, Debug)]
pub struct GrowthPoint {
    /// The stage or unit.
    pub block: BlockId,
    /// Where they stand; `None` where the target is the district's alone.
    pub area: Option<usize>,
    /// Its key among those of the service: letters, digits and `_`.
    pub key: String,
    /// Its name.
    pub label: Text,
    /// What is built.
    pub unit: BuildingUnit,
    /// Units that are sensibly built together.
    pub lump: u32,
    /// People that a unit has room for.
    pub room: f64,
    /// The block that tells how many are required and open, where it is another than that of the target.
    pub measured: Option<BlockId>,
    /// How a scenario says it.
    pub written: Written,
}

/// The compiled model of a service: no draws, no files, shared by threads.
pub trait Service: Send + Sync + std::fmt::Debug {
    /// Scratch for one thread.
    fn state(&self) -> Box<dyn ServiceState + '_>;

    /// The places that may be given more.
    fn growing(&self) -> Vec<ExpandableCapacity> {
        Vec::new()
    }

    /// What a planner should know of how the inputs were understood, beyond the list of inputs: levels beside what is usual.
    fn notes(&self, _: &Surroundings<'_>) -> Vec<Text> {
        Vec::new()
    }

    /// About how many people ask in a year, at the middle of every parameter: those whom a replication follows one by one.
    fn requests_a_year(&self, _: &Surroundings<'_>) -> f64 {
        0.0
    }

    /// Where more places can be built.
    fn growth(&self, _site: &Site) -> Vec<GrowthPoint> {
        Vec::new()
    }
}

/// A service during one replication.
pub trait ServiceState: Send {
    /// Starts a replication: forgets the last one. `first` is the first reported year.
    fn open(&mut self, context: &ReplicationContext<'_>, first: &YearView<'_>);

    /// Serves one reported year and records it.
    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        signals: &mut ServiceSignals,
        record: &mut Record<'_>,
    );
}

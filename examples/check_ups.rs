//! A whole service in one file: check-ups of newborns at the clinics of each area. `docs/contributing/add-a-service.md` walks
//! through it.
//!
//! ```sh
//! cargo run --example check_ups
//! ```

use std::path::Path;

use civicap::context::ReplicationContext;
use civicap::input::value::parse;
use civicap::input::{KeyDef, LoadSession, Section, ValueKind};
use civicap::language::Text;
use civicap::metric::{Better, Block, BlockId, Catalogue, Count, MetricDef, Promise, Record, Role, unit};
use civicap::population::view::{People, YearView};
use civicap::random::{RngSource, StreamKey, binomial};
use civicap::scenario::{Request, load};
use civicap::services::service::{Service, ServiceKind, ServiceState};
use civicap::services::service_signals::ServiceSignals;
use civicap::site::Site;
use civicap::uncertainty::{Parameter, Parameters};

civicap::metrics! {
    /// What is measured of check-ups.
    enum OfCheckUps;
    DEMAND: Count =
        MetricDef::count("demand", unit::PEOPLE_A_YEAR, Role::Demand, Better::Neither, "Newborns brought", "前来体检的新生儿"),
    PLACES: Count =
        MetricDef::count("places", unit::PEOPLE_A_YEAR, Role::Capacity, Better::Neither, "Check-ups offered", "可提供体检数"),
    SERVED: Count =
        MetricDef::count("served", unit::PEOPLE_A_YEAR, Role::Served, Better::Neither, "Newborns seen", "已体检的新生儿"),
    UNMET: Count =
        MetricDef::count("unmet", unit::PEOPLE_A_YEAR, Role::Unmet, Better::Lower, "Newborns not seen", "未能体检的新生儿"),
    UTILISATION: Ratio = MetricDef::ratio(
        "utilisation", Self::SERVED, Self::PLACES, Role::Utilisation, Better::Neither, "Use of check-ups", "体检能力使用率",
    ),
    TARGET_MISSED: Count = MetricDef::target_missed(),
}

/// Keys of `[check_ups]`.
static KEYS: &[KeyDef] = &[
    KeyDef::required(
        "share",
        ValueKind::Uncertain(0.0, 1.0),
        "share",
        "share of newborns who are brought to a check-up",
        "前来体检的新生儿比例",
    ),
    KeyDef::required(
        "places_per_area",
        ValueKind::Whole(0, 1_000_000),
        "places",
        "newborns whom the clinics of an area can see in a year",
        "每个区域的门诊一年可体检的新生儿数",
    ),
];

/// The line for the roster.
static KIND: ServiceKind = ServiceKind {
    name: "check_ups",
    label: LABEL,
    method: Text::new("Each newborn is brought with a probability.", "每名新生儿以一定概率前来体检。"),
    metrics: &[OfCheckUps::TABLE],
    keys: KEYS,
    read,
};

const LABEL: Text = Text::new("Check-ups", "体检");

/// What the draw of those who come is named by.
const COMERS: StreamKey = StreamKey::named("check_ups.comers");

/// Reads the section. Both keys are read before either is asked for, so that the faults of both are told.
fn read(section: &Section<'_>, site: &Site, catalogue: &mut Catalogue) -> Option<Box<dyn Service>> {
    let (share, places) = (section.uncertain("share"), section.count("places_per_area"));
    let block = catalogue.add(Block {
        service: "check_ups",
        service_label: LABEL,
        stage: "newborns".to_owned(),
        stage_label: Text::new("newborns", "新生儿"),
        metrics: OfCheckUps::TABLE,
        by_area: true,
        promise: Some(Promise {
            limits: Vec::new(),
            text: Text::new("every newborn who is brought is seen", "前来的新生儿全部得到体检"),
            confidence: 0.9,
            surplus_below: 0.5,
        }),
        family: None,
    });
    let areas = site.areas.iter().map(|area| StreamKey::named(&area.id)).collect();
    Some(Box::new(CheckUps { share: share?, places: places?, block, areas }))
}

/// The compiled section: no draws and no files; all threads share it.
#[derive(Debug)]
struct CheckUps {
    share: Parameter,
    places: u32,
    block: BlockId,
    /// What the draws of each area are named by: its key, never its position, so that an area more moves no other.
    areas: Vec<StreamKey>,
}

impl Service for CheckUps {
    fn state(&self) -> Box<dyn ServiceState + '_> {
        Box::new(CheckUpsState { model: self })
    }
}

/// The service during one replication. Nobody waits from year to year, so there is nothing to keep.
struct CheckUpsState<'m> {
    model: &'m CheckUps,
}

impl ServiceState for CheckUpsState<'_> {
    fn open(&mut self, _: &ReplicationContext<'_>, _: &YearView<'_>) {}

    fn serve(
        &mut self,
        context: &ReplicationContext<'_>,
        year: &YearView<'_>,
        _: &mut ServiceSignals,
        record: &mut Record<'_>,
    ) {
        let Some(reported) = year.reported else { return };
        let CheckUps { share, places, block, ref areas } = *self.model;
        let mut unmet_anywhere = false;
        for (area, key) in areas.iter().enumerate() {
            let share = context.draw.at(share, year.index, area);
            let mut comers = context.chance.cell(COMERS.with(*key), year.year as u32, 0);
            let demand = binomial(year.births[area], share, &mut comers);
            let served = demand.min(places);
            let unmet = demand - served;
            unmet_anywhere |= unmet > 0;
            record.set(block, OfCheckUps::DEMAND, area, reported, demand);
            record.set(block, OfCheckUps::PLACES, area, reported, places);
            record.set(block, OfCheckUps::SERVED, area, reported, served);
            record.set(block, OfCheckUps::UNMET, area, reported, unmet);
            record.set(block, OfCheckUps::TARGET_MISSED, area, reported, u32::from(unmet > 0));
        }
        // Sums over areas and ratios are taken when the record is closed; whether a promise is broken is not a sum.
        record.set(block, OfCheckUps::TARGET_MISSED, record.district(block), reported, u32::from(unmet_anywhere));
    }
}

/// What a scenario may say here, where the service stands alone.
static ROOT: &[KeyDef] = &[KeyDef::required("check_ups", ValueKind::Section(KEYS), "", "check-ups", "体检")];

/// One replication over the areas and years of a scenario, with 100 births in each area and year.
pub(crate) fn main() -> Result<(), String> {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tiny/scenario.toml");
    let site = load(&scenario, Request::default()).plan.ok_or("the scenario has faults")?.site;
    let text = "[check_ups]\nshare = 0.9\nplaces_per_area = 85\n";
    let session = LoadSession::default();
    let file = session.diagnostics.add_file(Path::new("check_ups.toml"), text.to_owned());
    let document = parse(text, file, &session.diagnostics);
    let root = Section::open(&session, String::new(), &document, ROOT).ok_or("not a table")?;
    let section = root.section(KIND.name).ok_or("no section")?;
    let mut catalogue = Catalogue::new(site.areas.len(), site.reported_years());
    let service = (KIND.read)(&section, &site, &mut catalogue).ok_or("the section has faults")?;
    let parameters = Parameters::new(session.parameters(), site.first_year, site.years(), &site.area_ids());

    let mut draw = parameters.blank();
    parameters.draw(1, 0, &mut draw);
    let context = ReplicationContext { site: &site, draw: &draw, chance: RngSource::new(1, 0) };
    let (nobody, births) = (People::nobody(site.areas.len()), vec![100; site.areas.len()]);
    let (mut state, mut cells) = (service.state(), vec![0; catalogue.cells()]);
    let mut record = Record::new(&catalogue, &mut cells);
    for reported in 0..site.reported_years() {
        let year = YearView {
            year: site.start + reported as i32,
            index: site.lead_years() + reported,
            reported: Some(reported),
            start: &nobody,
            end: &nobody,
            group_quarters: &nobody,
            births: &births,
            registered: None,
            flows: None,
        };
        state.serve(&context, &year, &mut ServiceSignals::default(), &mut record);
    }
    record.close();

    // What must hold of every service: nobody who asks is lost.
    let (block, _) = catalogue.blocks().next().ok_or("no block")?;
    for year in 0..site.reported_years() {
        let value = |metric: Count| record.get(block, metric, record.district(block), year);
        let (demand, served, unmet) = (value(OfCheckUps::DEMAND), value(OfCheckUps::SERVED), value(OfCheckUps::UNMET));
        if demand == 0.0 || demand != served + unmet {
            return Err(format!("{demand} asked, {served} seen, {unmet} not seen"));
        }
    }
    Ok(())
}

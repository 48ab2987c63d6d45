//! Waiting lists as homes keep them: the names on the list of each subdistrict's homes and of the district's, why names go,
//! and names kept for nobody because the home was not told that the person is placed elsewhere or gone.
//!
//! Only counted where the scenario gives `deregistration_lag_days`; nobody's place depends on it.

use crate::language::Text;
use crate::metric::{Block, BlockId, Catalogue, MetricDef, Record};
use crate::queue::line::Tally;
use crate::services::elderly::care::{Care, Delivery, Level};
use crate::services::elderly::engine::waiting_lists::LeftBy;
use crate::services::elderly::metrics::Row;
use crate::services::elderly::network::Network;
use crate::text;

/// The lists of one service.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Blocks {
    /// Lists of the subdistricts' homes, by area of the home; `None` where there are no such homes.
    centres: Option<BlockId>,
    /// The list of the district's homes.
    district: Option<BlockId>,
}

/// Positions in [`LISTS`].
mod at {
    pub(super) const ON_PAPER: usize = 0;
    pub(super) const ENTRIES: usize = 1;
    pub(super) const UNCLEARED: usize = 2;
    pub(super) const ADDED: usize = 4;
    pub(super) const PLACED: usize = 5;
    pub(super) const ELSEWHERE: usize = 6;
    /// Death, recovery, other care.
    pub(super) const CAUSES: usize = 7;
}

/// Metrics of a list.
pub(crate) static LISTS: [MetricDef; 10] = [
    MetricDef::count(
        "entries_on_paper",
        "entries",
        "Names on the list as homes count them (end of the year)",
        "机构自报的名单人数（年末）",
    ),
    MetricDef::count("waiting_entries", "entries", "Of these, people who wait", "其中仍在等候者"),
    MetricDef::count(
        "uncleared_entries",
        "entries",
        "Of these, people already placed elsewhere or gone, not yet struck off",
        "其中已在别处安置或已退出、尚未注销者",
    ),
    MetricDef::ratio(
        "uncleared_share",
        "uncleared_entries",
        "entries_on_paper",
        "Not yet struck off, of the names on the list",
        "名单中尚未注销者的比例",
    ),
    MetricDef::count("entries_added", "entries/year", "Names that came", "新登记条数"),
    MetricDef::count("placed_from_list", "people/year", "Placed from the list", "由本名单安置的人数"),
    MetricDef::count("placed_by_another_list", "entries/year", "Placed by another list", "由其他名单安置的条数"),
    MetricDef::count("died_on_list", "entries/year", "Died while on the list", "等候期间去世的条数"),
    MetricDef::count("recovered_on_list", "entries/year", "Left because need lessened", "因好转而不再申请的条数"),
    MetricDef::count(
        "left_list_for_other_care",
        "entries/year",
        "Left for other care (family, private), or for a cause not told",
        "另寻照护（家庭、自费等）或原因未明而退出的条数",
    ),
];

/// Adds the lists of a service of the network, where lists are reported and it has homes of a level.
pub(crate) fn add_blocks(catalogue: &mut Catalogue, network: &Network, care: Care, service_label: &Text) -> Blocks {
    if care.delivery() != Delivery::Beds || network.deregistration_lag.is_none() {
        return Blocks::default();
    }
    let has = |district: bool| {
        network.facilities.iter().any(|home| home.care == care && (home.level == Level::District) == district)
    };
    let (key, label) = (care.key(), care.label());
    let (en, zh) = (&label.en, &label.zh);
    let mut add = |stage: &str, stage_label: Text, by_area: bool| {
        catalogue.add(Block {
            service: "elderly",
            service_label: service_label.clone(),
            stage: format!("{key}_{stage}"),
            stage_label,
            metrics: &LISTS,
            by_area,
            promise: None,
            family: None,
        })
    };
    Blocks {
        centres: has(false).then(|| {
            let label = text!("waiting lists of the subdistricts' homes: {en}", "街道机构等候名单：{zh}");
            add("lists", label, true)
        }),
        district: has(true).then(|| {
            add("district_list", text!("waiting list of the district's homes: {en}", "区级机构等候名单：{zh}"), false)
        }),
    }
}

/// Writes a year of the lists of the homes of `areas` areas and of the district; `left` by list.
pub(crate) fn record(
    year: &Tally,
    left: &LeftBy,
    blocks: Blocks,
    areas: usize,
    reported: usize,
    record: &mut Record<'_>,
) {
    let mut write = |block: BlockId, row: usize, list: usize| {
        let (names, row) = (&year.entries, &mut Row::new(record, block, row, reported));
        debug_assert_eq!(names.left[list], left[list].iter().sum::<u32>(), "invariant: a name goes for one cause");
        row.count(at::ON_PAPER, names.after[list] + names.uncleared[list]);
        row.count(at::ENTRIES, names.after[list]);
        row.count(at::UNCLEARED, names.uncleared[list]);
        row.count(at::ADDED, names.added[list]);
        row.count(at::PLACED, names.placed[list]);
        row.count(at::ELSEWHERE, names.placed_elsewhere[list]);
        left[list].iter().enumerate().for_each(|(cause, count)| row.count(at::CAUSES + cause, *count));
    };
    if let Some(block) = blocks.centres {
        (0..areas).for_each(|area| write(block, area, area));
    }
    if let Some(block) = blocks.district {
        write(block, 0, areas);
    }
}

//! Waiting lists as homes keep them: the names on the list of each subdistrict's homes and of the district's, why names go,
//! and names kept for nobody because the home was not told that the person is placed elsewhere or gone.
//!
//! Only counted where the scenario gives `deregistration_lag_days`; nobody's place depends on it.

use crate::language::Text;
use crate::metric::Better::{Lower, Neither};
use crate::metric::{Block, BlockId, Catalogue, Count, MetricDef, Prominence, Record, Role, Unit, unit};
use crate::metrics;
use crate::queue::waiting_line::Tally;
use crate::services::elderly::care::{Care, Delivery};
use crate::services::elderly::engine::reneging::Cause;
use crate::services::elderly::engine::waiting_lists::LeftBy;
use crate::services::elderly::metrics::{ENTRIES, Row};
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

const ENTRIES_A_YEAR: Unit = Unit::a_year("entries/year", "条/年");

metrics! {
    /// Metrics of a list.
    pub(crate) enum OfList;
    REGISTERED_ENTRIES: Count = MetricDef::count(
        "registered_entries", ENTRIES, Role::Detail, Lower,
        "Names on the list as homes count them (end of the year)", "机构自报的名单人数（年末）",
    )
    .sum_of(&[&[Self::WAITING_ENTRIES.position(), Self::STALE_ENTRIES.position()]])
    .shown(Prominence::ByArea)
    .formerly(&["entries_on_paper"]),
    WAITING_ENTRIES: Count = MetricDef::count(
        "waiting_entries", ENTRIES, Role::Detail, Lower, "Of these, people who wait", "其中仍在等候者",
    ),
    STALE_ENTRIES: Count = MetricDef::count(
        "stale_entries", ENTRIES, Role::Detail, Lower,
        "Of these, people already placed elsewhere or gone, not yet struck off", "其中已在别处安置或已退出、尚未注销者",
    )
    .shown(Prominence::ByArea)
    .formerly(&["uncleared_entries"]),
    STALE_SHARE: Ratio = MetricDef::ratio(
        "stale_share", Self::STALE_ENTRIES, Self::REGISTERED_ENTRIES, Role::Detail, Lower,
        "Not yet struck off, of the names on the list", "名单中尚未注销者的比例",
    )
    .formerly(&["uncleared_share"]),
    ENTRIES_ADDED: Count = MetricDef::count(
        "entries_added", ENTRIES_A_YEAR, Role::Detail, Neither, "Names that came", "新登记条数",
    ),
    PLACED_FROM_LIST: Count = MetricDef::count(
        "placed_from_list", unit::PEOPLE_A_YEAR, Role::Detail, Neither, "Placed from the list", "由本名单安置的人数",
    ),
    PLACED_BY_ANOTHER_LIST: Count = MetricDef::count(
        "placed_by_another_list", ENTRIES_A_YEAR, Role::Detail, Neither,
        "Placed by another list", "由其他名单安置的条数",
    ),
    DIED_ON_LIST: Count = MetricDef::count(
        "died_on_list", ENTRIES_A_YEAR, Role::Detail, Lower, "Died while on the list", "等候期间去世的条数",
    ),
    RECOVERED_ON_LIST: Count = MetricDef::count(
        "recovered_on_list", ENTRIES_A_YEAR, Role::Detail, Neither,
        "Left because need lessened", "因好转而不再申请的条数",
    ),
    LEFT_LIST_FOR_OTHER_CARE: Count = MetricDef::count(
        "left_list_for_other_care", ENTRIES_A_YEAR, Role::Detail, Neither,
        "Left for other care (family, private), or for a cause not told",
        "另寻照护（家庭、自费等）或原因未明而退出的条数",
    ),
    MOVED_AWAY_ON_LIST: Count = MetricDef::count(
        "moved_away_on_list", ENTRIES_A_YEAR, Role::Detail, Neither,
        "Left because they left the district", "因迁出本区而退出的条数",
    ),
}

impl OfList {
    /// Names that went, in the order of [`Cause::ALL`].
    const BY_CAUSE: [Count; Cause::ALL.len()] =
        [Self::DIED_ON_LIST, Self::RECOVERED_ON_LIST, Self::MOVED_AWAY_ON_LIST, Self::LEFT_LIST_FOR_OTHER_CARE];
}

/// Adds the lists of a service of the network, where lists are reported and it has homes of a level.
pub(crate) fn add_blocks(catalogue: &mut Catalogue, network: &Network, care: Care, service_label: &Text) -> Blocks {
    if care.delivery() != Delivery::Beds || network.deregistration_lag.is_none() {
        return Blocks::default();
    }
    let has = |district: bool| {
        network.facilities.iter().any(|home| home.care == care && home.level.is_for_all_areas() == district)
    };
    let (key, label) = (care.key(), care.label());
    let (en, zh) = (&label.en, &label.zh);
    let mut add = |stage: &str, stage_label: Text, by_area: bool| {
        catalogue.add(Block {
            service: "elderly",
            service_label: service_label.clone(),
            stage: format!("{key}_{stage}"),
            stage_label,
            metrics: OfList::TABLE,
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
        row.set(OfList::REGISTERED_ENTRIES, names.after[list] + names.uncleared[list]);
        row.set(OfList::WAITING_ENTRIES, names.after[list]);
        row.set(OfList::STALE_ENTRIES, names.uncleared[list]);
        row.set(OfList::ENTRIES_ADDED, names.added[list]);
        row.set(OfList::PLACED_FROM_LIST, names.placed[list]);
        row.set(OfList::PLACED_BY_ANOTHER_LIST, names.placed_elsewhere[list]);
        OfList::BY_CAUSE.into_iter().zip(left[list]).for_each(|(metric, count)| row.set(metric, count));
    };
    if let Some(block) = blocks.centres {
        (0..areas).for_each(|area| write(block, area, area));
    }
    if let Some(block) = blocks.district {
        write(block, 0, areas);
    }
}

//! Reading which schools go on: a nine-year school (九年一贯制) is a primary row and a junior row, and the primary row names in
//! `feeds_into` the junior one that its leavers enter by right. Several primary rows may name the same junior row (对口直升),
//! and a row whose rooms become junior ones names itself.

use std::collections::HashMap;

use crate::input::{Names, Row, Sheet};
use crate::language::Text;
use crate::site::Site;
use crate::text;

use super::facility_row::FacilityRow;
use crate::services::education::stage::StageId;

const COLUMN: &str = "feeds_into";

/// A row of the table of facilities whose leavers go on in another one, or in the same one where rooms of it are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ThroughLink {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// Who goes on where; a fault is noted for each row that cannot be. `keys` are those of all rows of the table, `rows` what they
/// have been read as.
pub(crate) fn read(sheet: &Sheet<'_>, site: &Site, rows: &[FacilityRow], keys: &[String]) -> Vec<ThroughLink> {
    if !sheet.has(COLUMN) {
        return Vec::new();
    }
    let names = Names::new(keys.iter().map(String::as_str));
    let mut parts: HashMap<usize, Vec<&FacilityRow>> = HashMap::new();
    rows.iter().for_each(|row| parts.entry(row.row()).or_default().push(row));
    let written = sheet.rows().enumerate().filter(|(_, row)| !row.text(COLUMN).is_empty());
    written.filter_map(|(from, row)| read_row(&row, from, site, &parts, &names)).collect()
}

fn read_row(
    row: &Row<'_>,
    from: usize,
    site: &Site,
    parts: &HashMap<usize, Vec<&FacilityRow>>,
    names: &Names,
) -> Option<ThroughLink> {
    let to = row.find(COLUMN, names)?;
    let of = |at: usize, stage: StageId| parts.get(&at)?.iter().find(|row| row.stage == stage);
    if row.text("stage") != StageId::Primary.id() {
        row.fault(
            COLUMN,
            Text::new("only leavers of a primary school go on by right", "只有小学毕业生可以直升"),
            Text::new(
                "write it in the row of the primary part, naming the row of the junior part; here leave the cell empty",
                "请写在小学部的行，填初中部的设施代码；此处留空",
            ),
        );
        return None;
    }
    // A row that is at fault itself has its own messages.
    let primary = of(from, StageId::Primary)?;
    parts.get(&to)?;
    let Some(junior) = of(to, StageId::Junior) else {
        let key = row.text(COLUMN);
        row.fault(
            COLUMN,
            text!("«{key}» has no classes of the junior stage", "“{key}”没有初中班"),
            Text::new(
                "name the row of the junior part; or, where rooms of this row become junior ones, this row, with `converts_to` = junior",
                "请填初中部的设施代码；若本行的班将转为初中，请填本行代码并写 `converts_to` = junior",
            ),
        );
        return None;
    };
    let ((from_area, private), (to_area, other)) = (primary.pool(), junior.pool());
    if private != other {
        row.fault(
            COLUMN,
            Text::new("one part is public and the other private", "小学部与初中部公办、民办不一致"),
            Text::new("give both rows the same sector, or leave the cell empty", "请统一两行的 `sector`，或留空此格"),
        );
        return None;
    }
    if !site.kilometres(from_area, to_area).is_finite() {
        row.fault(
            COLUMN,
            Text::new("no way is known between the areas of the two parts", "两部所在区域之间没有已知的路程"),
            Text::new(
                "add the distance to the table of neighbours of [areas]",
                "请在 [areas] 的 `neighbours` 表中补上两区域的距离",
            ),
        );
        return None;
    }
    Some(ThroughLink { from, to })
}

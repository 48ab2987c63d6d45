//! Which areas touch, and the ways between all areas that follow from it.

use std::collections::HashMap;

use crate::diagnostic::{Finding, code};
use crate::input::{Column, Row, Section};
use crate::language::Text;
use crate::text;

/// Columns of the table of neighbours.
pub(super) const COLUMNS: &[Column] = &[
    Column::required("a", "one area", "一个区域"),
    Column::required("b", "its neighbour; a pair stands once, in either order", "相邻区域；每一对只写一次，先后不限"),
    Column::required("kilometres", "distance between their centres, km", "两区域中心距离（公里）"),
];

/// Most areas with neighbours: ways through neighbours take time with the cube of their number.
const MOST_WITH_NEIGHBOURS: usize = 1_500;

/// Longest way between neighbours, in kilometres.
const LONGEST: f64 = 10_000.0;

/// Shortest ways between the areas, in kilometres, row-major; `None` when there are too many areas for that.
pub(super) fn read(section: &Section<'_>, ids: &[&str]) -> Option<Vec<f64>> {
    let n = ids.len();
    let mut distance = vec![f64::INFINITY; n * n];
    for area in 0..n {
        distance[area * n + area] = 0.0;
    }
    // Without neighbours no way is known, and thousands of areas need no search for one.
    let Some(sheet) = section.has("neighbours").then(|| section.sheet("neighbours")).flatten() else {
        return Some(distance);
    };
    if n > MOST_WITH_NEIGHBOURS {
        sheet.error(too_many(n));
        return None;
    }
    let mut lines = HashMap::new();
    for row in sheet.rows() {
        let Some(Pair { a, b, kilometres }) = read_pair(&row, ids) else { continue };
        if let Some(line) = lines.insert((a.min(b), a.max(b)), row.line()) {
            row.error("a", given_twice(row.text("a"), row.text("b"), line));
        }
        distance[a * n + b] = kilometres;
        distance[b * n + a] = kilometres;
    }
    close(&mut distance, n);
    Some(distance)
}

/// Two areas that touch.
struct Pair {
    a: usize,
    b: usize,
    kilometres: f64,
}

fn read_pair(row: &Row<'_>, ids: &[&str]) -> Option<Pair> {
    let (a, b) = (row.name_of("a", ids), row.name_of("b", ids));
    let kilometres = row.number("kilometres", 0.0, LONGEST);
    let (a, b, kilometres) = (a?, b?, kilometres?);
    if a == b {
        row.error("b", its_own_neighbour(ids[a]));
        return None;
    }
    if kilometres <= 0.0 {
        row.error("kilometres", no_way(ids[a], ids[b]));
        return None;
    }
    Some(Pair { a, b, kilometres })
}

/// Shortest ways through neighbours (Floyd 1962).
fn close(distance: &mut [f64], n: usize) {
    for via in 0..n {
        for from in 0..n {
            for to in 0..n {
                let way = distance[from * n + via] + distance[via * n + to];
                if way < distance[from * n + to] {
                    distance[from * n + to] = way;
                }
            }
        }
    }
}

fn too_many(areas: usize) -> Finding {
    Finding {
        code: code::ROW,
        message: text!("{areas} areas are too many for neighbours", "{areas} 个区域过多，无法计算相邻路程"),
        remedy: text!(
            "leave `neighbours` out, or take at most {MOST_WITH_NEIGHBOURS} areas",
            "请删去 `neighbours`，或最多取 {MOST_WITH_NEIGHBOURS} 个区域"
        ),
    }
}

fn its_own_neighbour(area: &str) -> Finding {
    Finding {
        code: code::CONTRADICTION,
        message: text!("the area «{area}» is written as its own neighbour", "区域“{area}”写成了自身的相邻区域"),
        remedy: Text::new("delete the row, or name the other area", "请删去此行，或写另一个区域"),
    }
}

fn no_way(a: &str, b: &str) -> Finding {
    Finding {
        code: code::OUT_OF_RANGE,
        message: text!("between «{a}» and «{b}» there are 0 kilometres", "“{a}”与“{b}”之间为 0 公里"),
        remedy: Text::new(
            "write the distance between their centres, such as 1.5; delete the row if it is not known",
            "请写两区域中心的距离，如 1.5；不清楚时请删去此行",
        ),
    }
}

fn given_twice(a: &str, b: &str, line: usize) -> Finding {
    Finding {
        code: code::ROW,
        message: text!(
            "the way between «{a}» and «{b}» is given twice: line {line} has the same pair",
            "“{a}”与“{b}”之间的距离写了两次：第 {line} 行是同一对"
        ),
        remedy: Text::new(
            "delete one of the two rows: a way is as long there as back",
            "请删去其中一行：往返距离相同，只写一次",
        ),
    }
}

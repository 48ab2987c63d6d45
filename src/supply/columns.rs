//! The columns that tables of facilities have in common, for the column lists of the services.

use crate::input::{Column, Condition, KeyDef, ValueKind};

/// Key of the facility.
pub const FACILITY: Column = Column::required("facility", "key of the facility", "设施代码");

/// Chinese name.
pub const LABEL_ZH: Column = Column::optional("label_zh", "Chinese name, of its first row", "中文名称（以首行为准）");

/// English name.
pub const LABEL_EN: Column = Column::optional("label_en", "English name, of its first row", "英文名称（以首行为准）");

/// Area.
pub const AREA: Column = Column::required("area", "key of the area it stands in", "所在区域代码");

/// First day.
pub const OPENS: Column = Column::optional(
    "opens",
    "first day open; empty: with its project, or else open from the start",
    "启用日期；空：随所属项目启用，无项目则自始开放",
);

/// First day without it.
pub const CLOSES: Column = Column::optional("closes", "first day closed; empty: never closes", "停用日期；空：不停用");

/// First day with it again.
pub const REOPENS: Column = Column::optional(
    "reopens",
    "first day open again after `closes`, such as after a rebuilding; empty: stays closed",
    "停用后重新启用的日期（如改建完成）；空：不再启用",
);

/// Project.
pub const PROJECT: Column = Column::optional(
    "project",
    "project that moves these dates: its delay is added, and without it they do not happen",
    "所属项目：以上日期随其延期；不建该项目则不发生",
);

/// Carers.
pub const STAFF: Column =
    Column::optional("staff", "carers on the books; empty: as many as the places need", "在岗人员；空为按位数足额配备");

/// The key of a table of further rows, beside `supply`.
pub const fn additional_supply(columns: &'static [Column], acts: &'static [Condition]) -> KeyDef {
    KeyDef::optional(
        "additional_supply",
        ValueKind::Csv(columns),
        "",
        "further rows of the table `supply`, so that a variant adds places without a copy of it",
        "在 `supply` 表之外增加的行，变体可据此增设位子而不必复制全表",
    )
    .acts_when(acts)
}

//! Keys on when patients who are ready leave: of a tier and of a ward.

use crate::input::{KeyDef, ValueKind};

pub(super) const DISCHARGE_WEEKDAYS: KeyDef = KeyDef::default(
    "discharge_weekdays",
    ValueKind::Numbers(0.0, 1.0),
    "shares",
    "[1, 1, 1, 1, 1, 1, 1]",
    "weekdays from Monday to Sunday on which patients who are ready leave (1) or keep the bed (0)",
    "周一至周日可办理出院（1）或须留到下一出院日（0）",
);

pub(super) const DISCHARGE_FROM_HOUR: KeyDef = KeyDef::default(
    "discharge_from_hour",
    ValueKind::Number(0.0, 24.0),
    "hours",
    "0",
    "hour from which patients leave on such a day",
    "出院时段的开始时刻",
);

pub(super) const DISCHARGE_TO_HOUR: KeyDef = KeyDef::default(
    "discharge_to_hour",
    ValueKind::Number(0.0, 24.0),
    "hours",
    "24",
    "hour until which they leave; whoever is ready later keeps the bed until the next such hours",
    "出院时段的结束时刻；此后可出院者留到下一时段",
);

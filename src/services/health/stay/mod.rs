//! How long a bed is held: laws of stay, their tables, and when patients who are ready leave.

pub(crate) mod alias_draw;
pub(crate) mod discharge;
pub(crate) mod discharge_spread;
pub(crate) mod draws;
pub(crate) mod law;
pub(crate) mod length_of_stay;
pub(crate) mod observed;
pub(crate) mod survival_table;

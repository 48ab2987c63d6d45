//! What is said of figures of education that are possible, but hardly meant.

use crate::diagnostic::{Finding, code};
use crate::language::Text;
use crate::text;

fn caution(message: Text, remedy: Text) -> Finding {
    Finding { code: code::CAUTION, message, remedy }
}

/// A school of very many classes.
pub(crate) fn many_classes(classes: u32) -> Finding {
    caution(
        text!(
            "one facility has {classes} classes: are these its pupils?",
            "一个设施有 {classes} 个班，是否误填了学生数？"
        ),
        Text::new(
            "write the number of classes; give each site of a very large school its own row",
            "请填班数；规模很大的学校请按校区分行",
        ),
    )
}

/// A school without classes.
pub(crate) fn no_classes(facility: &str) -> Finding {
    caution(
        text!("«{facility}» has 0 classes: it adds no places", "“{facility}”为 0 个班，不增加任何学位"),
        Text::new("write how many classes it has when full, or delete the row", "请填满负荷班数，或删去该行"),
    )
}

/// A class of hardly any pupils, or of hundreds.
pub(crate) fn unlikely_class_size(size: u32) -> Finding {
    caution(
        text!("a class of {size} places is unusual", "每班 {size} 个学位不合常理"),
        Text::new(
            "write the places of one class, such as 45; not those of the school",
            "请填一个班的学位数（如 45），而非全校学位数",
        ),
    )
}

/// What would let `surge_class_size` act.
pub(crate) fn surge_above(max: u32) -> Text {
    text!("give more than `max_class_size`, {max}", "写大于 `max_class_size`（{max}）的数")
}

/// What would let children be placed, or choose, elsewhere.
pub(crate) const fn several_areas() -> Text {
    Text::new(
        "give several areas in `[areas]`, or divide the area in `[education.catchments]`",
        "在 `[areas]` 给出多个区域，或在 `[education.catchments]` 划分学区",
    )
}

/// What would let leavers go on by right.
pub(crate) const fn some_through_school() -> Text {
    Text::new("name the junior part of a school in `feeds_into` of its row", "在设施表的 `feeds_into` 写明初中部")
}

/// What would let counted pupils act.
pub(crate) const fn pupils_not_counted_from_residents() -> Text {
    Text::new(
        "write `ratios_include_migration = true`: else the pupils of the first September are counted from residents",
        "写 `ratios_include_migration = true`；否则首个9月的在校生由常住人口推算",
    )
}

/// What would let pupils be counted from residents.
pub(crate) const fn pupils_counted_from_residents() -> Text {
    Text::new(
        "let the pupils of the first September be counted from residents: with `[people]`, without `entrants_per_year`, and with `ratios_include_migration = false`",
        "由常住人口推算首个9月的在校生：需有 `[people]`，不写 `entrants_per_year`，且 `ratios_include_migration = false`",
    )
}

/// What would let private places act.
pub(crate) const fn some_private_places() -> Text {
    Text::new(
        "write `private` in the column `sector` of a facility of this stage",
        "在本学段某设施的 `sector` 列写 `private`",
    )
}

/// What would let the norm of the stage act.
pub(crate) const fn some_row_without_class_size() -> Text {
    Text::new(
        "leave `class_size` empty in a row of this stage in the table of facilities",
        "在设施表中把本学段某行的 `class_size` 留空",
    )
}

/// What would let doubt about present classes act.
pub(crate) const fn some_present_places() -> Text {
    Text::new(
        "give this stage a facility that is open on the first day of the years",
        "使本学段有在首年首日已开办的设施",
    )
}

/// What would let the way of opening act.
pub(crate) const fn some_opening() -> Text {
    Text::new("give this stage a facility that opens within the years", "使本学段有在推算期内启用的设施")
}

/// What would let rooms follow need.
pub(crate) const fn some_full_school() -> Text {
    Text::new(
        "give this stage a public facility that has all its grades within the years",
        "使本学段有在推算期内各年级开齐的公办设施",
    )
}

/// What would let rules over places act.
pub(crate) const fn some_places() -> Text {
    Text::new("give this stage a facility in the table `supply`", "在 `supply` 表中为本学段加入设施")
}

/// A class size that is not whole.
pub(crate) fn part_of_a_child() -> Finding {
    Finding {
        code: code::OUT_OF_RANGE,
        message: Text::new("a class size is not a whole number", "班额不是整数"),
        remedy: Text::new("write whole numbers, such as [45]", "请写整数，如 [45]"),
    }
}

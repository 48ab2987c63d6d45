//! Units of keys in both languages.

use crate::language::Text;

/// The units that keys have, with their Chinese names.
const NAMES: &[(&str, &str)] = &[
    ("0/1", "是否（1 为是）"),
    ("1/year", "每年"),
    ("admissions per birth", "次/例出生"),
    ("admissions/year", "人次/年"),
    ("areas", "个区域"),
    ("beds", "张床"),
    ("beds/1000", "张/千人"),
    ("births per woman", "孩/妇女"),
    ("carers", "名护理员"),
    ("children", "名儿童"),
    ("children a birth", "名/例出生"),
    ("catchments", "个学区"),
    ("children a resident child", "名/常住儿童"),
    ("children a year and area", "名/年·区域"),
    ("classes", "个班"),
    ("classes, beds or places", "班、床或位"),
    ("correlation", "相关系数"),
    ("cv", "变异系数"),
    ("date", "日期"),
    ("days", "天"),
    ("days/year", "天/年"),
    ("entries", "条"),
    ("entries/person", "条/人"),
    ("entries/year", "条/年"),
    ("factor", "倍"),
    ("hours", "小时"),
    ("hours/year", "小时/年"),
    ("index", "指数"),
    ("km", "公里"),
    ("km/h", "公里/小时"),
    ("lists", "张名单"),
    ("months", "个月"),
    ("on the scale", "所选尺度"),
    ("patients/year", "人次/年"),
    ("people", "人"),
    ("people a year", "人/年"),
    ("people/1000", "人/千人"),
    ("people/year", "人/年"),
    ("persons", "人"),
    ("places", "个位"),
    ("places/carer", "个位/护理员"),
    ("probabilities", "概率"),
    ("probability", "概率"),
    ("pupils", "名学生"),
    ("ratio", "比值"),
    ("requests per day", "人次/日"),
    ("sd of log", "对数标准差"),
    ("share", "比例（0–1）"),
    ("shares", "比例（0–1）"),
    ("teachers", "名教师"),
    ("weeks", "周"),
    ("year", "年份"),
    ("years", "年"),
];

/// The name of a unit; the same word in both languages when it is not in the list.
pub fn unit(name: &'static str) -> Text {
    match NAMES.iter().find(|(known, _)| *known == name) {
        Some((en, zh)) => Text::new(en, zh),
        None => Text::new(name, name),
    }
}

//! The fixed words of reports: headings of columns, legends, buttons. What a report says is in the document itself.

use super::document::{BarKind, InputKind, VerdictLevel, Weight};
use crate::language::Text;
use crate::text;

pub(super) static CONTENTS: Text = Text::new("Contents", "目录");
pub(super) static UNFOLD: Text = Text::new("Expand all", "全部展开");
pub(super) static REST_IN_REPORT: Text = Text::new("... the rest stands in the report.", "……其余见报告。");
pub(super) static FOLD: Text = Text::new("Collapse all", "全部收起");
pub(super) static SKIP: Text = Text::new("Skip to the verdicts", "跳至结论");
pub(super) static NUMBERS: Text = Text::new("The numbers as a table", "查看数据表");
pub(super) static MORE: Text = Text::new("Details", "详情");
pub(super) static PROMISE: Text = Text::new("Service target", "保障目标（把握程度）");
pub(super) static WORST_YEAR: Text = Text::new("Tightest year: target missed", "最紧张年份不达标概率");
pub(super) static WORST_AREA: Text = Text::new("Tightest area", "最紧张的街道");
pub(super) static SURPLUS: Text = Text::new("Under-used", "闲置");
pub(super) static SURPLUS_NONE: Text = Text::new("not likely in these years", "规划期内无");
pub(super) static BY_YEAR: Text = Text::new("Probability that the target is missed, by year", "各年不达标概率");
pub(super) static YEAR: Text = Text::new("Year", "年份");
pub(super) static AREA: Text = Text::new("Area", "街道");
pub(super) static OPENS: Text = Text::new("Opens", "启用");
pub(super) static AGE: Text = Text::new("Age", "年龄");
pub(super) static MEN: Text = Text::new("men", "男");
pub(super) static WOMEN: Text = Text::new("women", "女");
pub(super) static KEY: Text = Text::new("Key", "键名");
pub(super) static INPUT: Text = Text::new("Data or parameter", "数据与参数");
pub(super) static FACTOR: Text = Text::new("Factor", "因素");
pub(super) static VALUE: Text = Text::new("Value", "取值");
pub(super) static UNIT: Text = Text::new("Unit", "单位");
pub(super) static STATUS: Text = Text::new("Rests on", "依据类型");
pub(super) static SOURCE: Text = Text::new("Source", "来源");
pub(super) static REMARK: Text = Text::new("Remark", "说明");
pub(super) static FROM: Text = Text::new("From", "低");
pub(super) static TO: Text = Text::new("To", "高");
pub(super) static SERVICE: Text = Text::new("Service", "服务");
pub(super) static STAGE: Text = Text::new("Stage", "学段（层级）");
pub(super) static VERDICT: Text = Text::new("Verdict", "结论");
pub(super) static VERDICTS: Text = Text::new("Verdicts", "结论");
pub(super) static AREA_RISK: Text = Text::new("Its probability", "该街道不达标概率");
pub(super) static AREA_YEAR: Text = Text::new("Its year", "该街道最紧张年份");
pub(super) static SURPLUS_FROM: Text = Text::new("Under-used from", "利用率偏低的起始年份");
pub(super) static IN_WORDS: Text = Text::new("In words", "说明");
pub(super) static CAVEATS: Text = Text::new("Caveats", "注意事项");
pub(super) static WEIGHT: Text = Text::new("Weight", "程度");
pub(super) static SECTION: Text = Text::new("Section", "章节");
pub(super) static SUSPICIOUS: Text = Text::new("What to mind", "需注意");
pub(super) static TO_DO: Text = Text::new("What to do", "建议");
pub(super) static ABOUT: Text = Text::new("About", "关于");
pub(super) static THE_RUN: Text = Text::new("The run", "本次运行");
pub(super) static FACT: Text = Text::new("Fact", "项目");
pub(super) static SHEET: Text = Text::new("Sheet", "工作表");
pub(super) static HOLDS: Text = Text::new("Holds", "内容");
pub(super) static COPY: Text = Text::new("Copy", "复制");
pub(super) static COPIED: Text = Text::new("Copied", "已复制");
pub(super) static ALL_AREAS: Text = Text::new("Show all areas again", "显示全部街道");
pub(super) static ALL: Text = Text::new("all", "全部");
pub(super) static DEFAULTED: Text =
    Text::new("not in the scenario: standard or usual value", "方案未给出，采用标准值或常用值");
pub(super) static ADVICE: Text = Text::new("What to do: ", "建议：");
pub(super) static MEDIAN: Text = Text::new("median", "中位数");
pub(super) static PROBABILITY: Text = Text::new("probability", "概率");
pub(super) static NOT_FROM_ZERO: Text = Text::new("The axis does not start at zero.", "纵轴不从零开始。");
pub(super) static LESS: Text = Text::new("less", "少");
pub(super) static MORE_OF_IT: Text = Text::new("more", "多");
pub(super) static CHOOSE: Text = Text::new("Show", "显示");
pub(super) static NO_SCRIPT: Text = Text::new(
    "Charts need JavaScript; every number is also in the tables.",
    "图表需要启用 JavaScript；所有数字均见数据表。",
);
pub(super) static COLOPHON: Text = Text::new(
    "Made by civicap. Charts by Apache ECharts (Apache License 2.0), embedded: this file needs no network.",
    "由 civicap 生成。图表采用 Apache ECharts（Apache 许可证 2.0），已内嵌，本文件无需联网。",
);

/// The mark of a rank: tells ranks apart without colour.
pub(super) const fn mark(rank: VerdictLevel) -> &'static str {
    match rank {
        VerdictLevel::Meets => "✓",
        VerdictLevel::AtRisk => "!",
        VerdictLevel::FallsShort => "✕",
        VerdictLevel::Unstable => "∞",
    }
}

/// The name of what an input rests on.
pub(super) const fn input_kind(kind: InputKind) -> Text {
    match kind {
        InputKind::Standard => Text::new("default", "默认值"),
        InputKind::Statistics => Text::new("statistics", "统计数据"),
        InputKind::Derived => Text::new("derived", "推算"),
        InputKind::Judgement => Text::new("judgement", "判断"),
    }
}

/// The name of a kind of bar.
pub(super) const fn bar_kind(kind: BarKind) -> Option<Text> {
    match kind {
        BarKind::Input(kind) => Some(input_kind(kind)),
        BarKind::Chance => Some(Text::new("chance", "随机因素")),
        BarKind::Joint => Some(Text::new("several together", "多因素共同作用")),
        BarKind::Plain => None,
    }
}

/// The name of a caveat's weight.
pub(super) const fn weight(weight: Weight) -> Text {
    match weight {
        Weight::Note => Text::new("Note", "提示"),
        Weight::Caution => Text::new("Caution", "注意"),
        Weight::Serious => Text::new("Serious", "重要"),
    }
}

/// "from 2031".
pub(super) fn from_year(year: i32) -> Text {
    text!("from {year}", "{year} 年起")
}

/// Heading of a tornado's bars.
pub(super) fn around(base: &str) -> Text {
    text!("low – high (line: {base})", "低 – 高（竖线：{base}）")
}

/// A stage with its service: "Education: Primary school".
pub(super) fn with_service(service: &Text, stage: &Text) -> Text {
    Text::owned(format!("{}: {}", service.en, stage.en), format!("{}：{}", service.zh, stage.zh))
}

/// Names behind each other.
pub(super) fn listed(names: &[Text]) -> Text {
    let joined = |of: fn(&Text) -> &str, between: &str| names.iter().map(of).collect::<Vec<_>>().join(between);
    Text::owned(joined(|name| &name.en, "; "), joined(|name| &name.zh, "；"))
}

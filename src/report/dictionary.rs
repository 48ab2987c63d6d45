//! `dictionary.csv`: what every name in `summary.csv` and `summary.parquet` means, in both languages.
//!
//! Columns: `kind,service,stage,name,unit,en,zh`. The kinds are the columns of the tables, the services, their stages, the
//! areas, the metrics of each stage with their units, and the units. It begins with a byte-order mark, so that Excel shows
//! the Chinese; the other tables hold ASCII names only.

use crate::language::Text;
use crate::metric::Unit;
use crate::report::tidy::quote;
use crate::scenario::Plan;

/// The columns of the tables.
const COLUMNS: &[(&str, Text)] = &[
    ("service", Text::new("service, or `people`", "服务；people 为人口")),
    ("stage", Text::new("stage or level of the service", "学段或层级")),
    ("area", Text::new("key of the area; `all` is the district", "区域代码；all 为全区")),
    ("year", Text::new("calendar year", "年份")),
    ("metric", Text::new("what is measured; see the rows of kind metric", "指标；含义见 kind 为 metric 的行")),
    ("unit", Text::new("unit of the values", "数值的单位")),
    ("mean", Text::new("mean over the replications", "各次模拟的均值")),
    ("sd", Text::new("standard deviation over the replications", "各次模拟的标准差")),
    (
        "mcse",
        Text::new(
            "Monte Carlo standard error of the mean: how far another seed would move it",
            "均值的模拟标准误：换一个随机种子，均值大致变动多少",
        ),
    ),
    ("p05", Text::new("5 % of the replications lie below", "5% 的模拟低于此值")),
    ("p10", Text::new("10 % of the replications lie below", "10% 的模拟低于此值")),
    ("p25", Text::new("25 % of the replications lie below", "25% 的模拟低于此值")),
    ("p50", Text::new("median", "中位数")),
    ("p75", Text::new("75 % of the replications lie below", "75% 的模拟低于此值")),
    ("p90", Text::new("90 % of the replications lie below", "90% 的模拟低于此值")),
    ("p95", Text::new("95 % of the replications lie below", "95% 的模拟低于此值")),
    (
        "prob",
        Text::new(
            "probability that the promise is broken: share of the replications; empty for other metrics",
            "目标落空的概率（占模拟次数的比例）；其他指标为空",
        ),
    ),
];

/// The whole table as CSV text.
pub fn csv(plan: &Plan) -> String {
    let mut csv = "\u{feff}kind,service,stage,name,unit,en,zh\n".to_owned();
    let mut row = |place: [&str; 5], meaning: &Text| {
        for cell in place.into_iter().chain([meaning.en.as_ref()]) {
            quote(&mut csv, cell);
            csv.push(',');
        }
        quote(&mut csv, &meaning.zh);
        csv.push('\n');
    };
    for (name, meaning) in COLUMNS {
        row(["column", "", "", name, ""], meaning);
    }
    let mut services: Vec<&str> = Vec::new();
    let mut units: Vec<Unit> = Vec::new();
    for (_, block) in plan.catalogue.blocks() {
        if !services.contains(&block.service) {
            services.push(block.service);
            row(["service", block.service, "", "", ""], &block.service_label);
        }
        row(["stage", block.service, &block.stage, "", ""], &block.stage_label);
        for metric in block.metrics {
            row(["metric", block.service, &block.stage, metric.id, metric.unit.id], &metric.label);
            if !units.iter().any(|unit| unit.id == metric.unit.id) {
                units.push(metric.unit);
            }
        }
    }
    for area in &plan.site.areas {
        row(["area", "", "", &area.id, ""], &area.label);
    }
    for unit in units {
        row(["unit", "", "", unit.id, unit.id], &unit.name());
    }
    csv
}

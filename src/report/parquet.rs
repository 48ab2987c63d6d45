//! `summary.parquet` and `replications.parquet`: the tidy tables with types, for notebooks and databases.
//!
//! `summary.parquet` has the columns of `summary.csv` with all digits; what has no value is null.
//! `replications.parquet` is every value of every replication, `service, stage, area, year, metric, unit, replication,
//! value`, in the order of the summary and then of replications, in row groups of about a million rows that are written
//! one after another, so that memory stays bounded whatever the size of the run. Sorted so, each row group holds few
//! names: readers skip groups by their statistics.
//!
//! Both say in their file metadata what they come from: `civicap.version`, `civicap.scenario`, `civicap.scenario_hash`,
//! `civicap.seed`, `civicap.replications`, `civicap.years`, and as JSON `civicap.metrics` (service, stage, metric, unit,
//! names) and `civicap.areas` (key, names). The same run gives the same bytes.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;
use serde_json::{Value, json};

use super::tidy::{Names, places, shortage};
use crate::metric::CellAddress;
use crate::run::Results;
use crate::scenario::Plan;
use crate::study::RunSummary;
use crate::summary::{QUANTILES, Statistic};

const SUMMARY: &str = "message summary {
  REQUIRED BYTE_ARRAY service (STRING); REQUIRED BYTE_ARRAY stage (STRING); REQUIRED BYTE_ARRAY area (STRING);
  REQUIRED INT32 year; REQUIRED BYTE_ARRAY metric (STRING); REQUIRED BYTE_ARRAY unit (STRING);
  OPTIONAL DOUBLE mean; OPTIONAL DOUBLE sd; OPTIONAL DOUBLE mcse; OPTIONAL DOUBLE p05; OPTIONAL DOUBLE p10;
  OPTIONAL DOUBLE p25; OPTIONAL DOUBLE p50; OPTIONAL DOUBLE p75; OPTIONAL DOUBLE p90; OPTIONAL DOUBLE p95;
  OPTIONAL DOUBLE prob;
}";

const REPLICATIONS: &str = "message replications {
  REQUIRED BYTE_ARRAY service (STRING); REQUIRED BYTE_ARRAY stage (STRING); REQUIRED BYTE_ARRAY area (STRING);
  REQUIRED INT32 year; REQUIRED BYTE_ARRAY metric (STRING); REQUIRED BYTE_ARRAY unit (STRING);
  REQUIRED INT32 replication; OPTIONAL DOUBLE value;
}";

/// Rows of a group of `replications.parquet`, as far as whole cells allow.
const GROUP: usize = 1 << 20;

/// Writes the summary of a run.
///
/// # Errors
/// When `to` refuses.
pub fn summary(plan: &Plan, results: &Results, summary: &RunSummary, to: impl Write + Send) -> io::Result<()> {
    write_summary(plan, results, summary, to).map_err(refused)
}

/// Writes every value of every replication, those of a replication numbered from 0.
///
/// # Errors
/// When `to` refuses.
pub fn replications(plan: &Plan, results: &Results, to: impl Write + Send) -> io::Result<()> {
    write_replications(plan, results, to).map_err(refused)
}

fn write_summary(plan: &Plan, results: &Results, summary: &RunSummary, to: impl Write + Send) -> Result<()> {
    let places: Vec<CellAddress> = places(plan).collect();
    let statistics: Vec<_> = places.iter().map(|at| summary.at(plan, at.block, at.metric, at.row, at.year)).collect();
    let mut file = begin(SUMMARY, properties(plan, results), to)?;
    let mut group = file.next_row_group()?;
    names(&mut group, plan, &places, 1)?;
    let gap = |value: f64| if value.is_nan() { None } else { Some(value) };
    let scalars: [fn(&Statistic) -> f64; 3] = [|s| s.mean, |s| s.sd, |s| s.mcse];
    for of in scalars {
        let column: Vec<Option<f64>> = statistics.iter().map(|s| s.as_ref().map(of).and_then(gap)).collect();
        optional(&mut group, &column)?;
    }
    for i in 0..QUANTILES.len() {
        let column: Vec<Option<f64>> = statistics.iter().map(|s| s.and_then(|s| gap(s.quantiles[i]))).collect();
        optional(&mut group, &column)?;
    }
    let risks: Vec<Option<f64>> =
        places.iter().map(|&place| shortage(plan, summary, Names::of(plan, place), place).and_then(gap)).collect();
    optional(&mut group, &risks)?;
    group.close()?;
    file.close().map(|_| ())
}

fn write_replications(plan: &Plan, results: &Results, to: impl Write + Send) -> Result<()> {
    let number = ColumnPath::from("replication");
    let value = ColumnPath::from("value");
    // Numbers of replications rise by one, and the bytes of counts are mostly alike: neither wants a dictionary.
    let properties = properties(plan, results)
        .set_column_dictionary_enabled(number.clone(), false)
        .set_column_encoding(number, Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(value.clone(), false)
        .set_column_encoding(value, Encoding::BYTE_STREAM_SPLIT);
    let mut file = begin(REPLICATIONS, properties, to)?;
    let all: Vec<CellAddress> = places(plan).collect();
    let count = results.replications();
    let numbers: Vec<i32> = (0..count as i32).collect();
    let mut column = Vec::with_capacity(count);
    for places in all.chunks((GROUP / count.max(1)).max(1)) {
        let mut group = file.next_row_group()?;
        names(&mut group, plan, places, count)?;
        write_column::<Int32Type, _>(&mut group, |to| {
            places.iter().try_for_each(|_| to.write_batch(&numbers, None, None).map(|_| ()))
        })?;
        write_column::<DoubleType, _>(&mut group, |to| {
            places.iter().try_for_each(|&place| {
                results.column(&plan.catalogue, place, &mut column);
                let levels: Vec<i16> = column.iter().map(|value| i16::from(!value.is_nan())).collect();
                column.retain(|value| !value.is_nan());
                to.write_batch(&column, Some(&levels), None).map(|_| ())
            })
        })?;
        group.close()?;
    }
    file.close().map(|_| ())
}

fn begin<W: Write + Send>(schema: &str, properties: WriterPropertiesBuilder, to: W) -> Result<SerializedFileWriter<W>> {
    SerializedFileWriter::new(to, Arc::new(parse_message_type(schema)?), Arc::new(properties.build()))
}

/// The six columns that name a cell, each name `times` over.
fn names<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    plan: &Plan,
    places: &[CellAddress],
    times: usize,
) -> Result<()> {
    let of: Vec<Names<'_>> = places.iter().map(|&place| Names::of(plan, place)).collect();
    words(group, &of, times, |n| n.service)?;
    words(group, &of, times, |n| n.stage)?;
    words(group, &of, times, |n| n.area)?;
    write_column::<Int32Type, _>(group, |to| repeated(to, of.iter().map(|n| n.year), times))?;
    words(group, &of, times, |n| n.metric.id)?;
    words(group, &of, times, |n| n.metric.unit.id)
}

fn words<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    names: &[Names<'_>],
    times: usize,
    name: impl for<'n> Fn(&'n Names<'_>) -> &'n str,
) -> Result<()> {
    write_column::<ByteArrayType, _>(group, |to| repeated(to, names.iter().map(|n| ByteArray::from(name(n))), times))
}

/// Writes each value `times` over, runs of the same value together.
fn repeated<T: DataType>(
    to: &mut ColumnWriterImpl<'_, T>,
    values: impl Iterator<Item = T::T>,
    times: usize,
) -> Result<()> {
    let mut batch = Vec::new();
    for value in values {
        batch.resize(batch.len() + times, value);
        if batch.len() >= 4096 {
            to.write_batch(&batch, None, None)?;
            batch.clear();
        }
    }
    to.write_batch(&batch, None, None).map(|_| ())
}

fn optional<W: Write + Send>(group: &mut SerializedRowGroupWriter<'_, W>, column: &[Option<f64>]) -> Result<()> {
    let levels: Vec<i16> = column.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<f64> = column.iter().flatten().copied().collect();
    write_column::<DoubleType, _>(group, |to| to.write_batch(&values, Some(&levels), None).map(|_| ()))
}

/// Writes the next column of a group.
fn write_column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    write: impl FnOnce(&mut ColumnWriterImpl<'_, T>) -> Result<()>,
) -> Result<()> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("the schema has fewer columns than the table".to_owned()));
    };
    write(column.typed::<T>())?;
    column.close()
}

fn properties(plan: &Plan, results: &Results) -> WriterPropertiesBuilder {
    let fact = |key: &str, value: String| KeyValue::new(format!("civicap.{key}"), value);
    let facts = vec![
        fact("version", env!("CARGO_PKG_VERSION").to_owned()),
        fact("scenario", plan.name.clone()),
        fact("scenario_hash", plan.hash.clone()),
        fact("seed", results.seed().to_string()),
        fact("replications", results.replications().to_string()),
        fact("years", format!("{}..{}", plan.shown_from, plan.site.end)),
        fact("metrics", metrics(plan)),
        fact("areas", areas(plan)),
    ];
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("civicap version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(facts))
}

/// Units and names of all metrics, as JSON.
fn metrics(plan: &Plan) -> String {
    let all = plan.catalogue.blocks().flat_map(|(_, block)| {
        block.metrics.iter().map(|def| {
            json!({
                "service": block.service, "stage": block.stage, "metric": def.id, "unit": def.unit.id,
                "en": def.label.en, "zh": def.label.zh,
            })
        })
    });
    all.collect::<Value>().to_string()
}

fn areas(plan: &Plan) -> String {
    let all = plan.site.areas.iter().map(|area| json!({ "area": area.id, "en": area.label.en, "zh": area.label.zh }));
    all.collect::<Value>().to_string()
}

/// The disk's own words, if it was the disk that refused.
fn refused(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(reason) => *reason,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

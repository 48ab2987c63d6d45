//! What planners read: a document as data, and the writers that lay it out.
//!
//! A [`Report`] is built once from the results of a run; [`html`], [`xlsx`], [`docx`] and [`terminal`] only render it, with numbers
//! written by [`number`] and tables made by [`tabulate`], so no two forms of a report can disagree. [`report_json`] keeps it
//! for later. [`tidy`] and [`parquet`] are the long tables for machines, and [`dictionary`] says what stands in them. Nothing here touches a file or prints.

pub mod dictionary;
pub mod document;
pub mod docx;
pub mod html;
pub mod interim;
pub mod number;
pub mod parquet;
pub mod people_scores;
pub mod report_json;
pub mod scores;
mod sections;
pub mod sentences;
mod shades;
pub mod tabulate;
pub mod terminal;
pub mod tidy;
pub mod tidy_comparison;
pub mod tidy_need;
mod words;
pub mod xlsx;

pub use document::Report;
pub use sections::appraisal::appraisal;
pub use sections::comparison::{Compared, MadeWith, Member, Origin, Versus, comparison};
pub use sections::need::need;
pub use sections::{build, understood};

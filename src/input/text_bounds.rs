//! How long the texts of a scenario may be: no longer than can be shown wherever they go. A cell of a workbook takes 32,767
//! characters, a terminal fewer, and whoever has pasted a report into a label wants to be told where.

use crate::diagnostic::{DiagnosticSink, Finding, Span, code};
use crate::text;

/// Longest label, name, word or cell, in characters.
pub(super) const LONGEST: usize = 500;

/// Longest source of a number.
pub(super) const LONGEST_SOURCE: usize = 2_000;

/// Longest description.
const LONGEST_DESCRIPTION: usize = 5_000;

/// Most characters of what a key says; what stands below it (`zh`, `en`) has the bound of the key above.
pub(super) fn of_key(key: &str, above: usize) -> usize {
    match key {
        "description" => LONGEST_DESCRIPTION,
        "source" => LONGEST_SOURCE,
        "zh" | "en" => above,
        _ => LONGEST,
    }
}

/// Notes a text of more than `most` characters.
pub(super) fn note_long(text: &str, most: usize, span: Span, faults: &DiagnosticSink) {
    // Characters are counted only where there may be too many.
    if text.len() <= most {
        return;
    }
    let length = text.chars().count();
    if length > most {
        faults.refuse(span, too_long(length, most));
    }
}

fn too_long(length: usize, most: usize) -> Finding {
    Finding {
        code: code::OUT_OF_RANGE,
        message: text!(
            "this text has {length} characters, more than {most}",
            "此处文字有 {length} 个字，超过 {most} 个"
        ),
        remedy: text!("shorten it to {most} characters", "请缩短到 {most} 个字以内"),
    }
}

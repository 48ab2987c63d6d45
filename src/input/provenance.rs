//! Words of a source and of a status: text of which one language may be missing, and what a status may be.

use super::value::{Data, Value};
use crate::diagnostic::{DiagnosticSink, Span, code};
use crate::language::Text;
use crate::text;

/// Text, or `{ zh = "...", en = "..." }`; one language stands for both where the other is silent.
pub(super) fn both_languages(value: &Value) -> Option<Text> {
    match &value.data {
        Data::Text(text) => Some(Text::name(text.clone())),
        Data::Table(table) => {
            let part = |name: &str| match table.get(name) {
                Some(Value { data: Data::Text(text), .. }) => Some(text.clone()),
                _ => None,
            };
            either(part("en"), part("zh"))
        }
        _ => None,
    }
}

/// A text of which one language may be missing.
pub(super) fn either(en: Option<String>, zh: Option<String>) -> Option<Text> {
    Some(Text::owned(en.clone().or_else(|| zh.clone())?, zh.or(en)?))
}

/// Notes a word that is no status.
pub(super) fn unknown_status<T>(faults: &DiagnosticSink, word: &str, span: Span) -> Option<T> {
    faults.error(
        code::LAW,
        span,
        text!("unknown status «{word}»", "未知的状态“{word}”"),
        Text::new(
            "write published, derived or assumed",
            "请写 published（公开数据）、derived（推算）或 assumed（假设）",
        ),
    );
    None
}

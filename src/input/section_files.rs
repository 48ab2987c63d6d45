//! Files that a section names: tables, and outlines of areas.

use super::csv_table::Sheet;
use super::geojson::{self, Outlines};
use super::key::ValueKind;
use super::load_session::InputEntry;
use super::section::Section;
use super::{file, read_table, row_keys};
use crate::language::Text;

impl<'a> Section<'a> {
    /// The CSV table that this key names.
    pub fn sheet(&self, key: &str) -> Option<Sheet<'a>> {
        let span = self.span_of(key);
        let name = self.text(key)?;
        let ValueKind::Csv(columns) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared a table")
        };
        let path = file::resolve(self.session, &name, span)?;
        let (file, text) = file::open(self.session, &path, Some(span))?;
        let sheet = read_table::read(self.session, file, &text, columns)?;
        self.session.add_input(InputEntry {
            path: self.path_of(key),
            shown: Text::name(name),
            unit: "",
            provenance: sheet.provenance.clone(),
            span,
            parameter: None,
        });
        Some(sheet)
    }

    /// The table of `key` with the rows of the one that `more` names after its own, if it names one. A row that both have is
    /// refused.
    pub fn sheet_with(&self, key: &str, more: &str) -> Option<Sheet<'a>> {
        let (whole, added) = (self.sheet(key), self.if_given(more, Section::sheet));
        let (mut whole, added) = (whole?, added?);
        let ValueKind::Csv(columns) = self.def(key).kind else {
            unreachable!("invariant: `{key}` is declared a table")
        };
        if let Some(added) = added {
            whole.append(added);
            row_keys::refuse_repeats(&whole, columns);
        }
        Some(whole)
    }

    /// The outlines of `areas` from the GeoJSON file that `key` names; the property that the text of `named_by` gives holds
    /// the key of the area.
    pub fn outlines(&self, key: &str, named_by: &str, areas: &[&str]) -> Option<Outlines> {
        let property = self.text(named_by)?;
        if !self.has(key) {
            return None;
        }
        let span = self.span_of(key);
        let name = self.text(key)?;
        let path = file::resolve(self.session, &name, span)?;
        let (file, text) = file::open(self.session, &path, Some(span))?;
        geojson::read(&self.session.diagnostics, file, &text, &property, areas)
    }
}

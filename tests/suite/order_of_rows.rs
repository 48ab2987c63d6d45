//! Nothing depends on the order in which a scenario is written: with the rows of every table and the sections of every file the
//! other way round, every replication has the same values under the same names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use civicap::run::ReplicationWorkspace;
use civicap::scenario::{Plan, Request, load};

/// A table with its rows the other way round; the heading and what is said of the table stay on top.
fn turned_table(text: &str) -> String {
    let (said, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    let (heading, rows) = rows.split_first().expect("a heading");
    let rows = rows.iter().rev().copied().filter(|row| !row.trim().is_empty());
    let lines: Vec<&str> = said.into_iter().chain([*heading]).chain(rows).collect();
    lines.join("\n") + "\n"
}

/// A file with its sections the other way round, and with the entries of each section so too. Entries of several lines stay
/// whole.
fn turned_sections(text: &str) -> String {
    let mut sections: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    let mut depth = 0;
    for line in text.lines() {
        if depth == 0 && line.starts_with('[') {
            sections.push((line.to_owned(), Vec::new()));
            continue;
        }
        if line.trim_start().starts_with('#') || (depth == 0 && line.trim().is_empty()) {
            continue;
        }
        let entries = &mut sections.last_mut().expect("one is there").1;
        if depth == 0 {
            entries.push(line.to_owned());
        } else {
            entries.last_mut().expect("one has begun").extend(["\n", line]);
        }
        depth += brackets(line);
    }
    let root = sections.remove(0);
    let written = |(heading, entries): (String, Vec<String>)| {
        let entries: Vec<String> = entries.into_iter().rev().collect();
        format!("{heading}\n{}\n", entries.join("\n"))
    };
    std::iter::once(root).chain(sections.into_iter().rev()).map(written).collect()
}

/// Brackets that a line opens less those that it closes, outside of words in quotation marks and notes.
fn brackets(line: &str) -> i32 {
    let (mut depth, mut quoted) = (0, false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => break,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// Copies a folder with every table in it turned, and every file of sections if they are meant too.
fn copy_turned(from: &Path, to: &Path, sections: bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_turned(&path, &target, sections);
        } else if let Some(ending) = path.extension().and_then(|ending| ending.to_str()) {
            let text = || fs::read_to_string(&path).unwrap();
            match ending {
                "csv" => fs::write(&target, turned_table(&text())).unwrap(),
                "toml" if sections => fs::write(&target, turned_sections(&text())).unwrap(),
                _ => {
                    fs::copy(&path, &target).unwrap();
                }
            }
        }
    }
}

/// Where a value belongs: service, stage, metric, area and reported year.
type Place = (String, String, &'static str, String, usize);

/// The values of some replications by name.
fn by_name(plan: &Plan, replications: u32) -> BTreeMap<Place, Vec<u32>> {
    let catalogue = &plan.catalogue;
    let (mut workspace, mut cells) = (ReplicationWorkspace::new(plan), vec![0; catalogue.cells()]);
    let mut values: BTreeMap<Place, Vec<u32>> = BTreeMap::new();
    for number in 0..replications {
        workspace.replicate(1, number, &mut cells);
        for (id, block) in catalogue.blocks() {
            let rows = if block.by_area { catalogue.areas() + 1 } else { 1 };
            for (metric, def) in block.metrics.iter().enumerate().filter(|(metric, _)| catalogue.counts(id, *metric)) {
                for (row, year) in (0..rows).flat_map(|row| (0..catalogue.years()).map(move |year| (row, year))) {
                    let of_district = row == catalogue.district(id);
                    let area = if of_district { "all" } else { plan.site.areas[row].id.as_str() };
                    let place = (block.service.to_owned(), block.stage.clone(), def.id, area.to_owned(), year);
                    values.entry(place).or_default().push(cells[catalogue.cell(id, metric, row, year)]);
                }
            }
        }
    }
    values
}

fn read(path: &Path) -> Plan {
    let loaded = load(path, Request::default());
    let faults: Vec<String> = loaded.diagnostics.list.iter().map(|fault| fault.message.en.to_string()).collect();
    loaded.plan.unwrap_or_else(|| panic!("{}: {faults:#?}", path.display()))
}

/// Holds a scenario of a folder against itself the other way round.
fn assert_order_does_not_matter(folder: &str, file: &str, replications: u32) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let place = tempfile::tempdir().unwrap();
    copy_turned(&root, place.path(), true);
    let (plan, after) = (read(&root.join(file)), read(&place.path().join(file)));
    let before = &plan;
    let (before, after) = (by_name(before, replications), by_name(&after, replications));
    let moved: Vec<_> =
        before.iter().filter(|(name, values)| after.get(*name) != Some(values)).map(|(name, _)| name).collect();
    assert!(moved.is_empty(), "{file}: {} of {} moved: {:#?}", moved.len(), before.len(), &moved[..moved.len().min(9)]);
    assert_eq!(before.len(), after.len());
    // Where only rows are turned, also the table of results is the same, row by row.
    copy_turned(&root, place.path(), false);
    let turned = read(&place.path().join(file));
    let names = |plan: &Plan| -> Vec<String> {
        let areas = plan.site.areas.iter().map(|area| area.id.clone());
        areas.chain(plan.catalogue.blocks().map(|(_, block)| block.stage.clone())).collect()
    };
    assert_eq!(names(&plan), names(&turned), "{file}");
}

#[test]
fn the_flagship_is_the_same_in_any_order() {
    assert_order_does_not_matter("scenarios/lixia", "scenario.toml", 2);
    assert_order_does_not_matter("scenarios/lixia", "by-registration.toml", 1);
}

#[test]
fn small_scenarios_are_the_same_in_any_order() {
    assert_order_does_not_matter("scenarios/tiny", "scenario.toml", 4);
    assert_order_does_not_matter("scenarios/calibration", "scenario.toml", 4);
    assert_order_does_not_matter("scenarios/western-trust", "scenario.toml", 2);
    assert_order_does_not_matter("scenarios/staten-island", "scenario.toml", 2);
    for file in ["stations-overflow.toml", "overflow.toml", "priority.toml", "school-zones.toml", "intensive-care.toml"]
    {
        assert_order_does_not_matter("scenarios/textbook", file, 2);
    }
}

#[test]
fn cases_are_the_same_in_any_order() {
    for (case, file) in [
        ("order-of-rows-moves-the-draws", "scenario.toml"),
        ("rooms-after-small-cohorts", "two-areas.toml"),
        ("waiting-list-longer-than-the-living", "scenario.toml"),
        ("tertiary-by-the-day-with-short-stays", "by-the-hour.toml"),
        ("renewal-more-come-back-than-left", "scenario.toml"),
    ] {
        let loaded = load(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/cases").join(case).join(file),
            Request::default(),
        );
        if loaded.plan.is_some() {
            assert_order_does_not_matter(&format!("tests/suite/cases/{case}"), file, 4);
        }
    }
}

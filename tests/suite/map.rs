//! A scenario with a map: outlines that were made up for the test, drawn in the report and nowhere else.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// The areas of the flagship as squares at their places on the schematic map, in degrees near Jinan.
fn squares(areas: &str) -> String {
    let square = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let (column, row): (f64, f64) = (cells[3].parse().unwrap(), cells[4].parse().unwrap());
        let (west, north) = (116.9 + 0.03 * column, 36.7 - 0.02 * row);
        let (east, south) = (west + 0.03, north - 0.02);
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#,
            cells[0]
        )
    };
    let rows = areas.lines().filter(|line| !line.starts_with('#')).skip(1);
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, rows.map(square).collect::<Vec<_>>().join(","))
}

#[test]
fn a_map_is_drawn_in_the_report_and_changes_no_number() {
    let lixia = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for part in ["lixia", "lixia/data", "mine"] {
        fs::create_dir(at(part)).unwrap();
    }
    fs::copy(lixia.join("scenario.toml"), at("lixia/scenario.toml")).unwrap();
    for entry in fs::read_dir(lixia.join("data")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, at("lixia/data").join(path.file_name().unwrap())).unwrap();
    }
    let areas = fs::read_to_string(lixia.join("data/areas.csv")).unwrap();
    fs::write(at("mine/areas.geojson"), squares(&areas)).unwrap();
    fs::write(
        at("mine/mapped.toml"),
        "extends = \"../lixia/scenario.toml\"\n[areas]\nmap = \"areas.geojson\"\nmap_key = \"code\"\n",
    )
    .unwrap();
    let mut summaries = Vec::new();
    for file in ["lixia/scenario.toml", "mine/mapped.toml"] {
        let out = at(&file.replace('/', "-"));
        let arguments =
            ["run", at(file).to_str().unwrap(), "--replications", "2", "--lang", "zh", "--out"].map(str::to_owned);
        let output = Command::cargo_bin("civicap").unwrap().args(arguments).arg(&out).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        summaries.push(fs::read(out.join("summary.csv")).unwrap());
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        let mapped = file.starts_with("mine");
        assert_eq!(page.matches("<path id=\"shape-").count(), if mapped { 13 } else { 0 }, "outlines are written once");
        assert_eq!(page.contains("class=\"tiles\""), !mapped);
        let drawn = page.matches("<svg class=\"drawing\"").count();
        assert_eq!(page.matches("<use href=\"#shape-").count(), 13 * drawn);
        assert_eq!(drawn > 5, mapped, "{drawn} maps");
    }
    assert!(summaries[0] == summaries[1], "a map is a picture");
}

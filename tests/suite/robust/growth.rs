//! Tables are read in time that grows with their rows: four times the rows take no more than six times the time of the
//! processor (`check`, so that reading is all there is).

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{binary, scenarios};
use crate::support::files::copy_folder;

/// What the smallest measured time may be taken for, seconds: below, a start of the program is most of it.
const FLOOR: f64 = 0.15;

/// Seconds of the processor that a check takes; `None` where no shell tells.
fn seconds(file: &Path) -> Option<f64> {
    let timed = "TIMEFORMAT=%U; time \"$0\" check \"$1\" --lang en --quiet";
    let output = Command::new("bash").args(["-c", timed]).arg(binary()).arg(file).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = said.trim();
    assert!(output.status.success(), "{}: {}", file.display(), said.chars().take(800).collect::<String>());
    said.lines().last()?.parse().ok()
}

/// A scenario of three areas with a table of `n` rows.
type Make = fn(n: usize) -> (String, Vec<(&'static str, String)>);

fn rows(heading: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    // Not in the order of their names: a table need not be sorted.
    let order = (0..n).map(|i| (i * 7_919) % n.max(1));
    order.fold(format!("{heading}\n"), |mut table, i| {
        let _ = writeln!(table, "{}", row(i));
        table
    })
}

const HEAD: &str = "label = \"x\"\n[horizon]\nstart = 2025\nend = 2025\n";
const WARD: &str = "[health.wards.w]\nbeds = 10\narrivals_per_day = 1\nlos_mean_days = 5\n";
const SCHOOLS: &str = "facility,label_zh,label_en,area,stage,sector,classes,class_size,opens,closes,project";

/// The flagship with another table.
fn flagship(changed: &str) -> String {
    format!("extends = \"lixia/scenario.toml\"\n{changed}")
}

/// A table of the flagship.
fn shipped(name: &str) -> String {
    fs::read_to_string(scenarios().join("lixia/data").join(name)).unwrap()
}

const TABLES: [(&str, Make); 7] = [
    ("schools", |n| {
        let schools = rows(SCHOOLS, n, |i| format!("s{i},校,School,district,primary,public,6,45,,,"));
        let text = "[education]\nsupply = \"t.csv\"\n[education.stages.primary]\nentrants_per_year = 100\n";
        (format!("{HEAD}{text}"), vec![("t.csv", schools)])
    }),
    ("beds of a ward", |n| {
        let beds = rows("facility,area,beds,opens,closes,project", n, |i| format!("h{i},district,1,,,"));
        let text = "[health.wards.w]\nsupply = \"t.csv\"\narrivals_per_day = 1\nlos_mean_days = 5\n";
        (format!("{HEAD}{text}"), vec![("t.csv", beds)])
    }),
    ("areas", |n| {
        let areas = rows("id,label_zh,label_en", n / 5, |i| format!("a{i},区,A"));
        (format!("{HEAD}[areas]\ntable = \"t.csv\"\n{WARD}"), vec![("t.csv", areas)])
    }),
    ("people", |n| {
        let areas = (n / 36).max(1);
        let people = rows("area,sex,age,persons", areas * 36, |i| {
            let (area, sex, group) = (i / 36, ["male", "female"][i % 2], i % 36 / 2);
            let age = if group == 17 { "85+".to_owned() } else { format!("{}-{}", 5 * group, 5 * group + 4) };
            format!("a{area},{sex},{age},10")
        });
        let text = "[areas]\ntable = \"areas.csv\"\n[people]\ntable = \"t.csv\"\n[people.deaths]\ntable = \"deaths.csv\"\n\
                    [people.births]\ntable = \"births.csv\"\nbirths_per_woman = 1\n";
        let deaths = "sex,age,deaths_per_person_year\nmale,0-100,0.01\nfemale,0-100,0.01\n".to_owned();
        let others = [
            ("areas.csv", rows("id,label_zh,label_en", areas, |i| format!("a{i},区,A"))),
            ("deaths.csv", deaths),
            ("births.csv", "age,share\n20-39,1\n".to_owned()),
        ];
        (format!("{HEAD}{text}{WARD}"), [vec![("t.csv", people)], others.into()].concat())
    }),
    // Each facility knows the way to all others, nearest first: as many as a specialty may have.
    ("hospitals", |n| {
        let more = rows("", n / 5, |i| format!("h{i},院,H,jiefanglu,district,internal,1,,,"));
        (flagship("[health]\nsupply = \"t.csv\"\n"), vec![("t.csv", shipped("health_supply.csv") + more.trim_start())])
    }),
    ("elderly-care places", |n| {
        let more = rows("", n, |i| format!("e{i},站,E,jiefanglu,station,day,1,,,"));
        (
            flagship("[elderly]\nsupply = \"t.csv\"\n"),
            vec![("t.csv", shipped("elderly_supply.csv") + more.trim_start())],
        )
    }),
    ("homes of children", |n| {
        let homes = rows("area,home,weight,x,y", n, |i| format!("district,m{i},1,{},{}", i % 97, i % 89));
        let schools = format!("{SCHOOLS},x,y\ns1,校,School,district,primary,public,6,45,,,,1,1\n");
        let text = "[education]\nsupply = \"schools.csv\"\nhomes = \"t.csv\"\n[education.stages.primary]\nentrants_per_year = 100\n";
        (format!("{HEAD}{text}"), vec![("t.csv", homes), ("schools.csv", schools)])
    }),
];

#[test]
fn four_times_the_rows_take_no_more_than_six_times_the_time() {
    for (name, make) in TABLES {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&scenarios().join("lixia"), &folder.path().join("lixia"));
        let time = |n: usize| {
            let (scenario, tables) = make(n);
            let file = folder.path().join("scenario.toml");
            fs::write(&file, scenario).unwrap();
            for (table, text) in tables {
                fs::write(folder.path().join(table), text).unwrap();
            }
            seconds(&file)
        };
        let (Some(few), Some(many)) = (time(4_000), time(16_000)) else {
            eprintln!("no bash tells the time of the processor: nothing was measured");
            return;
        };
        eprintln!("{name}: {few} s, {many} s");
        assert!(many < 6.0 * few.max(FLOOR), "{name}: {few} s, then {many} s");
    }
}

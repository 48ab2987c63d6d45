//! Calibration: what is put into a table of births and enrolment comes out of it again, forecasts cover what they say, and
//! a fragment goes on from the table.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use civicap::random::{RngSource, StreamKey, standard_normal};
use civicap::services::education::calibration::{
    BacktestOptions, FragmentNames, Ratios, Residuals, SmoothingWeights, backtest, fit,
};
use civicap::services::education::enrolment::{Enrolment, Grade};

use crate::support::education::World;

const NOISE: StreamKey = StreamKey::named("test.calibration");

const GRADES: [&str; 9] =
    ["primary_1", "primary_2", "primary_3", "primary_4", "primary_5", "primary_6", "junior_1", "junior_2", "junior_3"];

fn grades() -> Vec<Grade> {
    Enrolment::grades_named(&GRADES)
}

/// A table of `areas` in `years` years: births `births(area, year)`, log ratios `log(area, year, grade)`.
fn table(
    areas: usize,
    years: i32,
    births: impl Fn(usize, i32) -> f64,
    log: impl Fn(usize, i32, usize) -> f64,
) -> Enrolment {
    let (first, back) = (1950, 7);
    let names = (0..areas).map(|area| format!("a{area}")).collect();
    let mut table = Enrolment::unknown(names, grades(), first - back, (years + back) as usize);
    for area in 0..areas {
        for year in first - back..first + years {
            table.set_births(area, year, births(area, year - first));
        }
        for year in first..first + years {
            for grade in 0..GRADES.len() {
                let before = match grade {
                    0 => table.cohort(area, year, 6),
                    _ if year == first => 1000.0,
                    _ => table.pupils(area, year - 1, grade - 1),
                };
                table.set_pupils(area, year, grade, before * f64::exp(log(area, year - first, grade)));
            }
        }
    }
    table
}

/// A standard normal number that belongs to an area, year and grade.
fn normal(seed: u64, area: usize, year: i32, grade: usize) -> f64 {
    standard_normal(&mut RngSource::new(seed, area as u32).cell(NOISE, year as u32, grade as u32))
}

#[test]
fn ratios_put_into_a_table_come_out_of_it() {
    let (areas, sd) = (8, 0.01);
    // Areas differ far more than their noise, so that no pull towards the district is chosen.
    let truth = |area: usize, grade: usize| if grade == 0 { 0.1 } else { 0.01 * grade as f64 - 0.03 } + 0.05 * (area as f64 - 3.5);
    let made =
        table(areas, 24, |_, _| 1000.0, |area, year, grade| truth(area, grade) + sd * normal(1, area, year, grade));
    let fitted = fit(&made).unwrap();
    for grade in 0..GRADES.len() {
        let look = if fitted.ratios.is_entry(grade) { fitted.choice.entry } else { fitted.choice.progression };
        assert!(look.pull() < 1e-3, "{look:?}");
        let error = sd * f64::sqrt(variance(look.whole) / areas as f64 + variance(look.areas));
        for area in 0..areas {
            let found = fitted.levels[area * GRADES.len() + grade];
            assert!((found - truth(area, grade)).abs() < 4.0 * error, "area {area} grade {grade}: {found}");
        }
    }
}

/// Variance of a weighted sum of exponential means of independent numbers with variance 1: two of them with memories `m` and
/// `n` have the covariance `(1 - m) (1 - n) / (1 - m n)`.
fn variance(weights: [f64; 4]) -> f64 {
    let pairs = SmoothingWeights::with_memories(weights)
        .flat_map(|a| SmoothingWeights::with_memories(weights).map(move |b| (a, b)));
    pairs.map(|((v, m), (w, n))| v * w * (1.0 - m) * (1.0 - n) / (1.0 - m * n)).sum()
}

#[test]
fn ratios_that_only_err_are_looked_back_at_for_longer_than_ratios_that_wander() {
    let (areas, years) = (12, 24);
    let mut level = vec![vec![0.0; years as usize]; areas];
    for (area, level) in level.iter_mut().enumerate() {
        for year in 1..years as usize {
            level[year] = level[year - 1] + 0.01 * normal(8, area, year as i32, 0);
        }
    }
    let wandering = table(areas, years, |_, _| 1000.0, |area, year, _| level[area][year as usize]);
    let erring = table(areas, years, |_, _| 1000.0, |area, year, _| 0.01 * normal(9, area, year, 0));
    let choices = [&wandering, &erring].map(|made| fit(made).unwrap().choice);
    for [wanders, errs] in [choices.map(|choice| choice.progression), choices.map(|choice| choice.entry)] {
        for look in [wanders, errs] {
            assert!(
                (look.whole.iter().sum::<f64>() - 1.0).abs() < 1e-9 && (0.0..1.0).contains(&look.pull()),
                "{look:?}"
            );
        }
        // Of a random walk the last year says all that can be known; of independent errors, all years say the same.
        let longest = |look: SmoothingWeights| look.areas[3] / (1.0 - look.pull());
        assert!(longest(wanders) < 0.1 && longest(errs) > 0.6, "{wanders:?} {errs:?}");
        assert!(wanders.pull() < errs.pull(), "what is chance is taken back: {wanders:?} {errs:?}");
    }
}

#[test]
fn a_blip_of_one_year_is_hardly_carried_on_and_a_change_that_stays_is() {
    let (areas, years) = (6, 24);
    let usual = |area: usize, year: i32, grade: usize| 0.002 * normal(10, area, year, grade);
    let made = |change: &dyn Fn(usize, i32) -> f64| {
        table(
            areas,
            years,
            |_, _| 20_000.0,
            |area, year, grade| usual(area, year, grade) + if grade > 0 { change(area, year) } else { 0.0 },
        )
    };
    let of_area = |made: &Enrolment| {
        let levels = fit(made).unwrap().levels;
        levels[1..GRADES.len()].iter().sum::<f64>() / (GRADES.len() - 1) as f64
    };
    let before = of_area(&made(&|_, _| 0.0));
    // A tenth of one area's pupils are lost, in the last year that is known.
    let lost = of_area(&made(&|area, year| if (area, year) == (0, years - 1) { -0.1 } else { 0.0 })) - before;
    assert!(lost.abs() < 0.002, "{lost}");
    // Progression is lower by a tenth for the last eight years.
    let stays = of_area(&made(&|area, year| if area == 0 && year >= years - 8 { -0.1 } else { 0.0 })) - before;
    assert!((-0.11..-0.08).contains(&stays), "{stays}");
}

#[test]
fn a_table_without_noise_has_no_shocks() {
    let made = table(3, 20, |_, _| 1000.0, |area, _, grade| 0.01 * grade as f64 + 0.02 * area as f64);
    let fitted = fit(&made).unwrap();
    for shocks in fitted.spread.progression.iter().chain([&fitted.spread.entry]) {
        assert!(
            shocks.area_lasting + shocks.area_walk + shocks.common_lasting + shocks.common_walk < 1e-9,
            "{shocks:?}"
        );
    }
}

#[test]
fn moments_of_residuals_are_those_that_were_put_in() {
    // An area's shock is AR(1) with persistence 0.6 and sd 0.01; each grade adds its own noise of sd 0.01.
    let (areas, years, persistence) = (6, 300, 0.6_f64);
    let mut shocks = vec![vec![0.0; years as usize]; areas];
    for (area, shocks) in shocks.iter_mut().enumerate() {
        let mut now = normal(2, area, 0, 99);
        for (year, shock) in shocks.iter_mut().enumerate() {
            *shock = 0.01 * now;
            now = persistence * now + f64::sqrt(1.0 - persistence * persistence) * normal(2, area, year as i32 + 1, 99);
        }
    }
    let log = |area: usize, year: i32, grade: usize| {
        if grade == 0 { 0.0 } else { shocks[area][year as usize] + 0.01 * normal(2, area, year, grade) }
    };
    let found = Residuals::of(&Ratios::of(&table(areas, years, |_, _| 1000.0, log)));
    // Of an AR(1) with persistence 0.6, `n` numbers know the variance like n (1 - 0.36) / (1 + 0.36) independent ones.
    let independent = f64::from(years) * areas as f64 * (1.0 - 0.36) / (1.0 + 0.36);
    let relative = 4.0 * f64::sqrt(2.0 / independent);
    let sd = f64::sqrt(2.0) * 0.01;
    assert!((found.sd / sd - 1.0).abs() < relative / 4.0, "{found:?}");
    assert!((found.between_grades - 0.5).abs() < 0.25 * relative, "{found:?}");
    assert!(found.between_areas.abs() < 4.0 * 0.5 / f64::sqrt(independent), "{found:?}");
    // The mean of 8 grades: variance 1 + 1/8, covariance with the year before 0.6.
    let lasting = 0.6 / 1.125;
    let error = f64::sqrt((1.0 - lasting * lasting) / (f64::from(years) * areas as f64));
    assert!((found.persistence - lasting).abs() < 4.0 * error, "{found:?}");
}

#[test]
fn intervals_hold_what_they_promise_where_shocks_last() {
    // Ratios of an area wander: each year's step stays. Lasting shocks of independent areas: 40 x 12 origins.
    let (areas, years) = (40, 24);
    let mut level = vec![vec![[0.0; 3]; years as usize]; areas];
    for (area, level) in level.iter_mut().enumerate() {
        for year in 1..years as usize {
            let before = level[year - 1];
            for (process, now) in level[year].iter_mut().enumerate() {
                *now = before[process] + 0.003 * normal(3, area, year as i32, process);
            }
        }
    }
    let process = |grade: usize| if grade == 0 { 0 } else { 1 + usize::from(grade > 5) };
    let log = |area: usize, year: i32, grade: usize| {
        level[area][year as usize][process(grade)] + 0.004 * normal(4, area, year, grade)
    };
    let made = table(areas, years, |_, year| 1000.0 - 10.0 * f64::from(year), log);
    let tested = backtest(&made, BacktestOptions { paths: 200, seed: 1 }).unwrap();
    for lead in 0..4 {
        let [half, four_fifths, most] = tested.groups[0].areas[lead].cover();
        assert!(
            (0.4..0.65).contains(&half) && (0.7..0.9).contains(&four_fifths) && most > 0.88,
            "{lead}: {half} {four_fifths} {most}"
        );
    }
}

#[test]
fn intervals_of_a_district_that_is_one_area_hold_what_they_promise() {
    // Forty districts, each with a table of its own, whose ratios wander.
    let (years, mut inside, mut all) = (24, [0.0; 4], [0.0; 4]);
    for district in 0..40 {
        let mut level = vec![[0.0; 3]; years as usize];
        for year in 1..years as usize {
            let before = level[year - 1];
            for (process, now) in level[year].iter_mut().enumerate() {
                *now = before[process] + 0.003 * normal(12, district, year as i32, process);
            }
        }
        let process = |grade: usize| if grade == 0 { 0 } else { 1 + usize::from(grade > 5) };
        let log = |_: usize, year: i32, grade: usize| level[year as usize][process(grade)];
        let tested = backtest(&table(1, years, |_, _| 5000.0, log), BacktestOptions { paths: 200, seed: 1 }).unwrap();
        for lead in 0..4 {
            let score = tested.groups[0].areas[lead];
            assert!(score.crps().is_finite(), "{score:?}");
            inside[lead] += score.cover()[1] * score.forecasts as f64;
            all[lead] += score.forecasts as f64;
        }
    }
    // Scales from the few errors of one area are rough, and made wider for it.
    for lead in 0..4 {
        assert!((0.68..0.95).contains(&(inside[lead] / all[lead])), "lead {lead}: {}", inside[lead] / all[lead]);
    }
}

/// A series as offices keep them: fifty areas of very different size, births falling in the second half, one cell in twenty
/// missing, areas that appear and areas that vanish, small schools without a grade in some years, whole pupils.
fn series_of_an_office(seed: u64) -> Enrolment {
    let (areas, years) = (50, 26);
    let size = |area: usize| 60.0 * f64::exp(0.09 * area as f64);
    let births = move |area: usize, year: i32| (size(area) * (1.0 - 0.02 * f64::from((year - 8).max(0)))).round();
    let mut levels = vec![vec![[0.0; 3]; years as usize]; areas];
    for (area, levels) in levels.iter_mut().enumerate() {
        for year in 1..years as usize {
            let before = levels[year - 1];
            for (process, now) in levels[year].iter_mut().enumerate() {
                // Half of every step is common to all areas.
                let own = normal(seed, area, year as i32, process);
                let common = normal(seed, 999, year as i32, process);
                *now = before[process] + 0.0025 * (own + common);
            }
        }
    }
    let process = |grade: usize| if grade == 0 { 0 } else { 1 + usize::from(grade > 5) };
    let log = |area: usize, year: i32, grade: usize| {
        let chance = 1.0 / f64::sqrt(size(area));
        0.002 * grade as f64
            + levels[area][year as usize][process(grade)]
            + 0.3 * chance * normal(seed + 1, area, year, grade)
    };
    let mut made = table(areas, years, births, log);
    let first = made.last_year() - years + 1;
    for area in 0..areas {
        for year in first..first + years {
            let gone = (area % 12 == 5 && year < first + 9) || (area % 12 == 7 && year > first + 17);
            for grade in 0..GRADES.len() {
                let missing = gone || normal(seed + 2, area, year, grade) > 1.645;
                let none = area < 2 && (area as i32 + year + grade as i32) % 11 == 0;
                let pupils = made.pupils(area, year, grade).round();
                made.set_pupils(
                    area,
                    year,
                    grade,
                    if missing {
                        f64::NAN
                    } else if none {
                        0.0
                    } else {
                        pupils
                    },
                );
            }
        }
    }
    made
}

#[test]
fn a_series_with_gaps_is_fitted_and_its_intervals_hold_what_they_promise() {
    let mut inside = [(0.0, 0.0); 4];
    for seed in [11, 21, 31] {
        let made = series_of_an_office(seed);
        let fitted = fit(&made).unwrap();
        assert!(fitted.levels.iter().all(|level| level.is_finite()), "every cell has a level, known or not");
        let tested = backtest(&made, BacktestOptions { paths: 200, seed: 1 }).unwrap();
        for (lead, inside) in inside.iter_mut().enumerate() {
            let score = tested.groups[0].areas[lead];
            assert!(score.absolute().is_finite() && score.crps().is_finite() && score.forecasts > 100, "{score:?}");
            assert!(score.bias().abs() < 0.03, "lead {lead}: bias {}", score.bias());
            *inside = (inside.0 + score.cover()[1] * score.forecasts as f64, inside.1 + score.forecasts as f64);
        }
    }
    // The noise of grades and years here is independent, which no lasting shock is: intervals grow somewhat too wide with the
    // lead.
    let held = inside.map(|(inside, all)| inside / all);
    assert!(held[..2].iter().all(|held| (0.75..0.87).contains(held)), "80 % intervals held {held:?}");
    assert!(held[2..].iter().all(|held| (0.75..0.9).contains(held)), "80 % intervals held {held:?}");
}

#[test]
fn every_area_gets_a_scale_of_its_own_and_its_intervals_hold_what_they_promise() {
    // Four quiet areas for each restless one, five times as restless; the sizes say nothing of it.
    let (areas, years) = (50, 26);
    let restless = |area: usize| if area.is_multiple_of(5) { 5.0 } else { 1.0 };
    let mut level = vec![vec![[0.0; 3]; years as usize]; areas];
    for (area, level) in level.iter_mut().enumerate() {
        for year in 1..years as usize {
            let before = level[year - 1];
            for (process, now) in level[year].iter_mut().enumerate() {
                *now = before[process] + 0.002 * restless(area) * normal(7, area, year as i32, process);
            }
        }
    }
    let process = |grade: usize| if grade == 0 { 0 } else { 1 + usize::from(grade > 5) };
    let log = |area: usize, year: i32, grade: usize| level[area][year as usize][process(grade)];
    let made = table(areas, years, |_, _| 20_000.0, log);
    let spread = fit(&made).unwrap().spread;
    for factors in [&spread.progression_factors, &spread.entry_factors] {
        let mean = |wanted: bool| {
            let logs = (0..areas).filter(|area| (restless(*area) > 1.0) == wanted).map(|area| factors[area].ln());
            let (sum, n) = logs.fold((0.0, 0.0), |(sum, n), log| (sum + log, n + 1.0));
            sum / n
        };
        // An area's factor is drawn towards the middle, never away from it.
        let apart = f64::exp(mean(true) - mean(false));
        assert!((2.5..6.0).contains(&apart), "{apart}: {factors:?}");
    }
    // With one scale for all, the middle half would hold far more than half and the middle 95 % fewer.
    let tested = backtest(&made, BacktestOptions { paths: 200, seed: 1 }).unwrap();
    for lead in 0..4 {
        let [half, four_fifths, most] = tested.groups[0].areas[lead].cover();
        assert!(
            (0.42..0.62).contains(&half) && (0.72..0.88).contains(&four_fifths) && most > 0.9,
            "{lead}: {half} {four_fifths} {most}"
        );
    }
}

#[test]
fn pupils_without_a_grade_are_shared_among_the_grades_of_their_row() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("enrolment.csv");
    fs::write(&file, "year,births,primary_1,primary_2,ungraded\n2020,5,30,10,8\n2021,5,30,,6\n2022,5,0,0,3\n").unwrap();
    let session = civicap::input::LoadSession::default();
    let sheet = civicap::input::open_table(&session, &file, civicap::services::education::enrolment::COLUMNS).unwrap();
    let table = Enrolment::read(&sheet, None).unwrap();
    assert_eq!((table.pupils(0, 2020, 0), table.pupils(0, 2020, 1)), (36.0, 12.0));
    assert_eq!(table.pupils(0, 2021, 0), 36.0);
    assert!(table.pupils(0, 2021, 1).is_nan());
    assert_eq!((table.pupils(0, 2022, 0), table.pupils(0, 2022, 1)), (0.0, 0.0));
}

#[test]
fn a_backtest_is_the_same_every_time_and_with_more_paths_nearly_so() {
    let made = table(2, 16, |_, _| 500.0, |area, year, grade| 0.01 * normal(5, area, year, grade));
    let one = backtest(&made, BacktestOptions { paths: 50, seed: 1 }).unwrap();
    assert_eq!(one, backtest(&made, BacktestOptions { paths: 50, seed: 1 }).unwrap());
    let more = backtest(&made, BacktestOptions { paths: 400, seed: 1 }).unwrap();
    let (few, many) = (one.groups[0].areas[0], more.groups[0].areas[0]);
    assert_eq!((few.absolute(), few.bias()), (many.absolute(), many.bias()), "the forecast itself has no chance in it");
    assert!((few.crps() / many.crps() - 1.0).abs() < 0.1);
}

#[test]
fn a_short_series_is_refused_with_the_years_it_lacks() {
    let made = |years| table(2, years, |_, _| 500.0, |_, _, _| 0.0);
    let short = fit(&made(4)).unwrap_err();
    assert!(short.years < short.needed, "{short:?}");
    assert!(fit(&made(short.needed as i32)).is_ok());
    let short = backtest(&made(6), BacktestOptions { paths: 20, seed: 1 }).unwrap_err();
    assert!(backtest(&made(short.needed as i32), BacktestOptions { paths: 20, seed: 1 }).is_ok());
    assert!(backtest(&made(short.needed as i32 - 1), BacktestOptions { paths: 20, seed: 1 }).is_err());
}

/// The fragment of a table as a scenario of education alone, from the year after the table.
fn world(made: &Enrolment, years: i32) -> World {
    let names = FragmentNames { enrolment: "enrolment.csv", differences: "differences.csv", source: "a test" };
    let fragment = fit(made).unwrap().fragment(made, names);
    let start = made.last_year() + 1;
    let scenario = format!(
        "[horizon]\nstart = {start}\nend = {}\n[areas]\ntable = \"areas.csv\"\n{}",
        start + years - 1,
        fragment.toml
    );
    let mut areas = "id,label_zh,label_en\n".to_owned();
    let mut enrolment = format!("year,area,births,{}\n", GRADES.join(","));
    for (area, name) in made.areas.iter().enumerate() {
        areas.push_str(&format!("{name},{name},{name}\n"));
        for year in made.first_year..=made.last_year() {
            let shown = |number: f64| if number.is_nan() { String::new() } else { number.to_string() };
            let cells: Vec<String> = (0..GRADES.len()).map(|grade| shown(made.pupils(area, year, grade))).collect();
            enrolment.push_str(&format!("{year},{name},{},{}\n", shown(made.births(area, year)), cells.join(",")));
        }
    }
    let tables =
        [("areas.csv", areas.as_str()), ("enrolment.csv", &enrolment), ("differences.csv", &fragment.differences)];
    World::new(&scenario, &tables, false)
}

#[test]
fn a_fragment_goes_on_from_the_last_year_of_its_table() {
    let ratio =
        |area: usize, grade: usize| if grade == 0 { 0.05 } else { 0.004 * grade as f64 - 0.02 } + 0.03 * area as f64;
    let births = |area: usize, year: i32| 800.0 + 300.0 * area as f64 - 12.0 * f64::from(year);
    let made = table(3, 18, births, |area, _, grade| ratio(area, grade));
    let (world, last) = (world(&made, 3), made.last_year());
    let replications = 200;
    for area in 0..3 {
        // The first September: every grade is the one below a year ago, and the births of 6 and 7 years ago.
        let expected: f64 = (0..6)
            .map(|grade| {
                let before = if grade == 0 {
                    made.cohort(area, last + 1, 6)
                } else {
                    made.pupils(area, last, grade - 1).round()
                };
                before * f64::exp(ratio(area, grade))
            })
            .sum();
        let found: Vec<f64> = (0..replications).map(|n| world.alone(n).get("primary", "demand", area, 0)).collect();
        let mean = found.iter().sum::<f64>() / f64::from(replications);
        let variance = found.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / f64::from(replications - 1);
        let error = f64::sqrt(variance / f64::from(replications));
        // Factors are written with five digits.
        assert!((mean - expected).abs() < 4.0 * error + 1e-4 * expected, "area {area}: {mean} {expected}");
        let leavers = made.pupils(area, last, 5).round() * f64::exp(ratio(area, 6));
        let entered = (0..replications).map(|n| world.alone(n).get("junior", "entry_demand", area, 0)).sum::<f64>();
        let spread = 4.0 * f64::sqrt(leavers * 0.2 / f64::from(replications));
        assert!((entered / f64::from(replications) - leavers).abs() < spread + 1e-4 * leavers, "area {area}");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn civicap(arguments: &[&str]) -> std::process::Output {
    Command::cargo_bin("civicap").unwrap().args(arguments).args(["--lang", "en"]).output().unwrap()
}

#[test]
fn the_fragment_of_the_example_is_what_fit_makes_of_its_table_and_check_accepts_it() {
    let folder = tempfile::tempdir().unwrap();
    let example = root().join("scenarios/calibration");
    let out = folder.path().join("fit");
    let table = example.join("enrolment.csv");
    let done = civicap(&["calibrate", "education", table.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for name in ["education-fit.toml", "education-differences.csv", "enrolment.csv"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read(&out), read(&example.join("fit")), "{name}: run `civicap calibrate education` again");
    }
    let checked = civicap(&["check", example.join("scenario.toml").to_str().unwrap()]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let again = civicap(&["calibrate", "education", table.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "an earlier fragment is not replaced unasked");
}

#[test]
fn a_backtest_says_and_writes_the_same_scores() {
    let folder = tempfile::tempdir().unwrap();
    let scores = folder.path().join("scores.csv");
    let table = root().join("scenarios/calibration/enrolment.csv");
    let done = civicap(&[
        "backtest",
        "education",
        table.to_str().unwrap(),
        "--paths",
        "50",
        "--out",
        scores.to_str().unwrap(),
    ]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    let written = fs::read_to_string(scores).unwrap();
    let row = written.lines().find(|line| line.starts_with("all,area,1,")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let mape = format!("{:.2}%", cells[4].parse::<f64>().unwrap() * 100.0);
    assert!(said.contains(&mape) && said.contains("all, by area"), "{said}");
}

#[test]
fn faults_of_a_table_are_shown_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    for (text, fault) in [
        ("year,births,primary_7\n2020,5,5\n", "primary_7"),
        ("year,births,primary_1\n2020,5,x\n", "not a number"),
        ("year,births,primary_1\n2020,5,5\n2020,5,5\n", "given twice"),
        ("year,births\n2020,5\n", "no column of a grade"),
    ] {
        fs::write(&file, text).unwrap();
        let done = civicap(&["backtest", "education", file.to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(2));
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains(fault) && said.contains("table.csv"), "{said}");
    }
}

//! Waiting lists for beds: on how many people stand, and why they leave them.

use super::*;

#[test]
fn causes_of_leaving_share_what_erlang_a_loses_in_proportion_of_their_hazards() {
    let ran = run(&textbook("leaving-by-cause"), 100);
    let (theory, requests) = (erlang_a(13.0, 30, 0.4, 0.35), ran.sums("home", "requests"));
    assert!((theory.lost - 0.111_692_13).abs() < 1e-6);
    let causes = [("died_waiting", 0.2), ("recovered_waiting", 0.05), ("other_care_instead", 0.1)];
    for (metric, hazard) in causes {
        assert_ratio(metric, &ran.sums("home", metric), &requests, theory.lost * hazard / 0.35);
    }
    assert_ratio("give up", &ran.sums("home", "reneged"), &requests, theory.lost);
    // Where causes are not told apart, nobody is said to have died.
    let untold = run(&textbook("erlang-a"), 10);
    assert_eq!(untold.sums("home", "other_care_instead"), untold.sums("home", "reneged"));
}

/// Rates at which only people with severe need ask, everybody dies at 0.2 a year and severe need lessens at 0.1.
const RATES: [[f64; 5]; 4] =
    [[0.0, 0.1, 0.0, 0.0, 0.2], [0.1, 0.0, 0.1, 0.0, 0.2], [0.0, 0.1, 0.0, 0.2, 0.2], [0.0, 0.0, 0.1, 0.0, 0.2]];

/// The network with these rates, nursing beds for severe need in one subdistrict only, and `leaving` as the key that says
/// how long people wait.
fn crowded(leaving: &str) -> tempfile::TempDir {
    let folder = network_with(|text| {
        let of_the_known = |line: &&str| line.starts_with("mortality = ") || line.starts_with("control_totals = ");
        let kept = text.lines().filter(|line| !of_the_known(line));
        // Nobody moves away, so that all who leave the list do so for a cause whose rate is known.
        let stay = |line: &str| {
            if line.starts_with("out_migration_factor") { "out_migration_factor = 0" } else { line }.to_owned()
        };
        let text = kept.map(stay).collect::<Vec<_>>().join("\n");
        let text = with("transitions = \"hazards\"\ntransition_table = \"data/moves.csv\"")(text);
        let (before, nursing) = text.split_once("[elderly.services.long_stay_nursing]\n").unwrap();
        let nursing = nursing.replacen("mild = 0.0017\nmoderate = 0.0505\n", "", 1);
        let own = nursing.lines().find(|line| line.starts_with("patience_months = ")).unwrap().to_owned();
        format!("{before}[elderly.services.long_stay_nursing]\n{}\n", nursing.replacen(&own, leaving, 1))
    });
    std::fs::write(folder.path().join("data/moves.csv"), format!("{HEADING}{}", transition_table(&RATES, 1))).unwrap();
    let path = folder.path().join("data/elderly_supply.csv");
    let supply = std::fs::read_to_string(&path).unwrap();
    let kept = supply.lines().filter(|line| !line.contains(",long_stay_nursing,") || line.contains(",zhiyuan,"));
    std::fs::write(&path, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    folder
}

#[test]
fn people_on_the_networks_lists_die_and_recover_at_the_rates_of_their_need() {
    let ran = run(&crowded("patience_months = 15").path().join("scenario.toml"), 20);
    let stage = "long_stay_nursing";
    let (left, died) = (ran.sums(stage, "reneged"), ran.sums(stage, "died_waiting"));
    assert!(left.iter().sum::<f64>() > 10_000.0, "hardly anybody left");
    // 0.8 a year in all: 0.2 by death, 0.1 by recovery, the rest is other care.
    assert_ratio("death", &died, &left, 0.25);
    assert_ratio("recovery", &ran.sums(stage, "recovered_waiting"), &left, 0.125);
    // Everybody who asked is in one place, causes told apart; in every subdistrict and year.
    let block = ran.block(stage);
    for row in 0..=ran.plan.catalogue.areas() {
        for year in 0..ran.plan.catalogue.years() {
            let column = |metric: &str| ran.column(block, metric, row, year);
            let causes = ["died_waiting", "recovered_waiting", "moved_away_waiting", "other_care_instead"];
            let ends: Vec<_> = ["served", "on_list", "outside"].into_iter().chain(causes).map(column).collect();
            for (i, demand) in column("demand").into_iter().enumerate() {
                assert_eq!(demand, ends.iter().map(|end| end[i]).sum::<f64>(), "{row} {year}");
            }
        }
    }
    // The same hazards, put together from their causes, are the same patience.
    let apart = run(&crowded("other_care_months = 24").path().join("scenario.toml"), 20);
    for metric in ["requests", "reneged", "served", "on_list"] {
        assert_eq!(apart.sums(stage, metric), ran.sums(stage, metric), "{metric}");
    }
    assert_ratio("death, put together", &apart.sums(stage, "died_waiting"), &apart.sums(stage, "reneged"), 0.25);
}

#[test]
fn patience_is_given_in_one_way_only() {
    let both = |text: String| {
        let text =
            text.replace("[elderly.services.short_stay]\n", "[elderly.services.short_stay]\nother_care_months = 3\n");
        let line = "\n[elderly.queues.home]\nrequests_per_year = 1\nplaces = 1\nstay_months = 1\n";
        let twice = format!("{line}patience_months = 3\nreneging_hazards = {{ death = 0.1 }}\n");
        let nothing = format!("{line}reneging_hazards = {{ death = 0 }}\n").replace("home", "hotel");
        text + &twice + &nothing
    };
    let (sound, said) = faults(both);
    assert!(!sound && said.iter().filter(|m| m.contains("counts every cause")).count() == 2, "{said:?}");
    assert!(said.iter().any(|m| m.contains("all hazards are 0")), "{said:?}");
}

/// Where some places are free now and then, who waits at one home only is passed by at the others: fewer are served and more give
/// up. (Under a load that fills every home all the time nobody is passed by, and nothing can be seen.)
#[test]
fn who_waits_at_one_home_only_is_served_less() {
    let stage = "long_stay_nursing";
    let on = |lists: &str| {
        let folder = network_with(|text| with(lists)(take_up_of(&text, stage, "2.0")));
        run(&folder.path().join("scenario.toml"), 40)
    };
    let (one, everywhere) = (on("max_registrations = 1"), on(""));
    let sum = |ran: &Ran, metric: &str| ran.sums(stage, metric).iter().sum::<f64>();
    assert_eq!(sum(&one, "requests"), sum(&everywhere, "requests"));
    for metric in ["in_use", "served"] {
        assert!(sum(&one, metric) < sum(&everywhere, metric), "{metric}");
    }
    for metric in ["reneged", "on_list"] {
        assert!(sum(&one, metric) > sum(&everywhere, metric), "{metric}");
    }
}

#[test]
fn people_on_several_lists_are_one_person_and_more_entries() {
    let wanted = |text: String| take_up_of(&text, "long_stay_nursing", "4");
    let on = |lists: &str| {
        let folder = network_with(|text| with(lists)(wanted(text)));
        run(&folder.path().join("scenario.toml"), 12)
    };
    let stage = "long_stay_nursing";
    let sum = |ran: &Ran, metric: &str| ran.sums(stage, metric).iter().sum::<f64>();
    let everywhere = on("");
    let (people, entries) = (sum(&everywhere, "on_list"), sum(&everywhere, "list_entries"));
    assert!(people > 1_000.0 && entries > 2.0 * people, "{entries} entries of {people}");
    // More lists than there are homes change nothing.
    assert_same(&everywhere, &on("max_registrations = 10000"));
    let two = on("max_registrations = 2");
    assert!(sum(&two, "list_entries") <= 2.0 * sum(&two, "on_list"));
    let one = on("max_registrations = 1");
    assert_eq!(sum(&one, "list_entries"), sum(&one, "on_list"));
    assert_eq!(sum(&one, "requests"), sum(&everywhere, "requests"));
    // Who waits at one home only is passed by at the others, so fewer places are in use.
    assert!(sum(&one, "in_use") < sum(&everywhere, "in_use"));
    for row in 0..=one.plan.catalogue.areas() {
        for year in 0..one.plan.catalogue.years() {
            let column = |metric: &str| two.column(two.block(stage), metric, row, year);
            let (people, entries) = (column("on_list"), column("list_entries"));
            assert!((0..people.len()).all(|i| people[i] <= entries[i] && entries[i] <= 2.0 * people[i]));
        }
    }
}

#[test]
fn a_bed_dearer_than_people_can_pay_is_not_given_to_them_when_it_falls_free() {
    // Nobody can pay for the subdistrict centres; some open while people are on the list.
    let folder = network_with(|text| {
        let text = take_up_of(&text, "long_stay_nursing", "4");
        with("prices = { basic = 1, ordinary = 0, premium = 0 }")(text)
    });
    let path = folder.path().join("data/elderly_supply.csv");
    let supply: String = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| match line {
            line if line.starts_with('#') => format!("{line}\n"),
            line if line.starts_with("facility,") => format!("{line},price_class\n"),
            line if line.contains(",subdistrict,long_stay_nursing,") => format!("{line},premium\n"),
            line => format!("{line},\n"),
        })
        .collect();
    std::fs::write(path, supply).unwrap();
    let ran = run(&folder.path().join("scenario.toml"), 4);
    let sum = |metric: &str| ran.sums("long_stay_nursing", metric).iter().sum::<f64>();
    assert!(sum("on_list") > 0.0 && sum("served_district") > 0.0);
    assert_eq!(sum("served_subdistrict"), 0.0);
}

/// Metrics under which a name leaves a list.
const GOES: [&str; 6] = [
    "placed_from_list",
    "placed_by_another_list",
    "died_on_list",
    "recovered_on_list",
    "left_list_for_other_care",
    "moved_away_on_list",
];

/// The network with too few nursing beds.
fn short_of_beds(keys: &str) -> Ran {
    let folder = network_with(|text| with(keys)(take_up_of(&text, "long_stay_nursing", "4")));
    run(&folder.path().join("scenario.toml"), 4)
}

/// Sums over all lists, rows and years.
fn names(ran: &Ran, metric: &str) -> f64 {
    let lists = ["long_stay_nursing_lists", "long_stay_nursing_district_list"];
    lists.iter().map(|list| ran.sums(list, metric).iter().sum::<f64>()).sum()
}

#[test]
fn every_name_on_a_homes_list_is_accounted_for() {
    let ran = short_of_beds("deregistration_lag_days = 60");
    let (rows, years) = (ran.plan.catalogue.areas(), ran.plan.catalogue.years());
    let (people, mut waiting) = (ran.block("long_stay_nursing"), vec![vec![0.0; 4]; years]);
    for stage in ["long_stay_nursing_lists", "long_stay_nursing_district_list"] {
        let block = ran.block(stage);
        let rows = if stage.ends_with("_lists") { rows } else { 1 };
        for row in 0..rows {
            let column = |metric: &str, year: usize| ran.column(block, metric, row, year);
            for (year, waiting) in waiting.iter_mut().enumerate() {
                let gone = GOES.map(|metric| column(metric, year));
                let (paper, kept) = (column("registered_entries", year), column("stale_entries", year));
                for (i, entries) in column("waiting_entries", year).into_iter().enumerate() {
                    waiting[i] += entries;
                    assert_eq!(paper[i], entries + kept[i]);
                    let others: f64 = gone[1..].iter().map(|names| names[i]).sum();
                    assert!(kept[i] <= others, "names of nobody who left: {stage} {row} {year}");
                    if year > 0 {
                        let before = column("waiting_entries", year - 1)[i] + column("entries_added", year)[i];
                        assert_eq!(before, entries + gone[0][i] + others, "{stage} {row} {year}");
                    }
                }
            }
        }
    }
    for (year, entries) in waiting.into_iter().enumerate() {
        assert_eq!(entries, ran.column(people, "list_entries", rows, year), "in the year {year} of the run");
    }
    assert!(names(&ran, "stale_entries") > 500.0);
}

#[test]
fn keeping_names_longer_makes_longer_lists_and_moves_nobody() {
    let (untold, soon, late) = (
        short_of_beds(""),
        short_of_beds("deregistration_lag_days = 20"),
        short_of_beds("deregistration_lag_days = 90"),
    );
    assert_eq!(names(&short_of_beds("deregistration_lag_days = 0"), "stale_entries"), 0.0);
    assert!(names(&soon, "stale_entries") < names(&late, "stale_entries"));
    for metric in ["waiting_entries", "entries_added"].into_iter().chain(GOES) {
        assert_eq!(names(&soon, metric), names(&late, metric), "{metric}");
    }
    let block = untold.block("long_stay_nursing");
    for metric in untold.plan.catalogue.block(block).metrics {
        for year in 0..untold.plan.catalogue.years() {
            for row in 0..=untold.plan.catalogue.areas() {
                let of = |ran: &Ran| ran.column(ran.block("long_stay_nursing"), metric.id, row, year);
                let bits = |ran: &Ran| of(ran).into_iter().map(f64::to_bits).collect::<Vec<_>>();
                assert_eq!(bits(&untold), bits(&late), "{} {row} {year}", metric.id);
            }
        }
    }
}

#[test]
fn why_names_go_from_a_list_follows_the_people_who_leave_it() {
    let crowded = crowded("patience_months = 15");
    let path = crowded.path().join("scenario.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let told = |keys: &str| {
        std::fs::write(&path, with(keys)(text.clone())).unwrap();
        run(&path, 20)
    };
    // On one list each, the names are the people.
    let one = told("deregistration_lag_days = 30\nmax_registrations = 1");
    let whys = [("died_on_list", "died_waiting"), ("recovered_on_list", "recovered_waiting")];
    let rest = [("left_list_for_other_care", "other_care_instead"), ("moved_away_on_list", "moved_away_waiting")];
    for (names_of, people) in whys.into_iter().chain(rest) {
        assert_eq!(names(&one, names_of), one.sums("long_stay_nursing", people).iter().sum::<f64>(), "{names_of}");
    }
    assert_eq!(names(&one, "placed_by_another_list"), 0.0);
    // On several, each list loses names as people lose patience: 0.8 a year, 0.2 by death and 0.1 by recovery.
    let ran = told("deregistration_lag_days = 30");
    let stage = "long_stay_nursing_lists";
    let [died, recovered, other, moved] = [GOES[2], GOES[3], GOES[4], GOES[5]].map(|metric| ran.sums(stage, metric));
    let left: Vec<f64> = (0..died.len()).map(|i| died[i] + recovered[i] + other[i] + moved[i]).collect();
    assert!(left.iter().sum::<f64>() > 5_000.0, "hardly anybody left");
    assert_ratio("death", &died, &left, 0.25);
    assert_ratio("recovery", &recovered, &left, 0.125);
}

//! Long-term care insurance for people with local registration only.

use super::*;

/// A key of a section, written anew or added.
fn set(text: &str, section: &str, key: &str, value: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == format!("[{section}]");
        }
        if !(inside && line.starts_with(&format!("{key} = "))) {
            kept += &format!("{line}\n");
        }
        if inside && line.starts_with('[') {
            kept += &format!("{key} = {value}\n");
        }
    }
    kept
}

/// The network where so many of the residents and of those who come have local registration, home visits are for people
/// with moderate and severe need, and use by those entitled is threefold.
fn town(registered: (&str, &str), entitled: Option<&str>) -> Ran {
    let folder = network_with(|text| {
        let mut text = text;
        for of in ["people.in_migration.jobs", "people.in_migration.rest", "people.housing"] {
            text = set(&text, of, "registered_share", registered.1);
        }
        for need in ["none", "mild"] {
            text = set(&text, "elderly.services.home_visits", need, "0");
        }
        text = set(&text, "elderly.services.home_visits", "benefit_use_ratio", "3");
        text += &format!("\n[people.registration.ages.\"0+\"]\nshare = {}\n", registered.0);
        entitled.map_or(text.clone(), |entitled| text + &format!("\n[elderly.entitled]\n{entitled}\n"))
    });
    run(&folder.path().join("scenario.toml"), 3)
}

const DOUBTFUL: &str = "{ value = 0.6, sd = 0.4, scale = \"logit\", between_areas_sd = 0.6 }";
const GROWING: &str =
    "moderate = { by_year = { 2024 = 0.2, 2034 = 0.6 } }\nsevere = { by_year = { 2024 = 0.2, 2034 = 0.6 } }\n";

/// Registered people 60+ of all, by replication, on 1 January.
fn registered_share(ran: &Ran, row: usize, year: usize) -> Vec<f64> {
    let metric = "registered_share_60_plus";
    let blocks = ran.plan.catalogue.blocks();
    let block = blocks.map(|(id, _)| id).find(|id| ran.plan.catalogue.metric(*id, metric).is_some()).unwrap();
    ran.column(block, metric, row, year)
}

#[test]
fn use_follows_the_registered_share_of_the_old_people_of_each_area() {
    let plain = town((DOUBTFUL, "0.1"), None);
    let ran = town((DOUBTFUL, "0.1"), Some("registered_only = true\nmoderate = 0.5\nsevere = 0.5"));
    let (block, mut seen) = (ran.block("home_visits"), 0);
    for area in 0..ran.plan.catalogue.areas() {
        let first = registered_share(&ran, area, 0);
        for year in 0..ran.plan.catalogue.years() {
            let (before, after) =
                (plain.column(block, "expected_users", area, year), ran.column(block, "expected_users", area, year));
            for (i, share) in registered_share(&ran, area, year).into_iter().enumerate() {
                // Entitled are half of the registered, and use three times as much as others.
                let theory = (1.0 + 0.5 * share * 2.0) / (1.0 + 0.5 * first[i] * 2.0);
                assert!(
                    (after[i] / before[i] - theory).abs() < 1e-5,
                    "{area} {year}: {} {theory}",
                    after[i] / before[i]
                );
                // What use tells of the entitled: never more than there are registered.
                let entitled = (after[i] / before[i] * (1.0 + first[i]) - 1.0) / 2.0;
                assert!(entitled <= share + 1e-5 && (0.0..=1.0).contains(&share));
                seen += usize::from((share - first[i]).abs() > 0.01);
            }
        }
    }
    assert!(seen > 100, "the registered share hardly moves");
}

#[test]
fn where_everybody_is_registered_it_does_not_matter_that_only_they_are_entitled() {
    let only = format!("registered_only = true\n{GROWING}");
    assert_same(&town(("1", "1"), Some(&only)), &town(("1", "1"), Some(GROWING)));
}

#[test]
fn where_nobody_is_registered_nobody_is_entitled() {
    let only = format!("registered_only = true\n{GROWING}");
    assert_same(&town(("0", "0"), Some(&only)), &town(("0", "0"), None));
    // Without the key they would be.
    let (all, none) = (town(("0", "0"), Some(GROWING)), town(("0", "0"), None));
    assert!(
        all.sums("home_visits", "expected_users").iter().sum::<f64>()
            > none.sums("home_visits", "expected_users").iter().sum()
    );
}

#[test]
fn entitlement_that_grows_for_the_registered_only_raises_use_by_less() {
    let (few, all) = (format!("registered_only = true\n{GROWING}"), GROWING);
    let [few, all, none] = [Some(few.as_str()), Some(all), None].map(|entitled| town((DOUBTFUL, "0.1"), entitled));
    let (block, district) = (few.block("home_visits"), few.plan.catalogue.areas());
    for year in 0..few.plan.catalogue.years() {
        let of = |ran: &Ran| ran.column(block, "expected_users", district, year);
        for ((none, few), all) in of(&none).into_iter().zip(of(&few)).zip(of(&all)) {
            if year == 0 {
                assert!(none == few && few == all, "entitlement of the start is in the shares of use");
            } else {
                assert!(few < all, "{year}: {none} {few} {all}");
            }
        }
    }
}

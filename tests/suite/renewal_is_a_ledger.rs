//! Renewal projects keep a ledger: who goes is moved to other areas or leaves the district, and nobody comes back who did
//! not go, by destination, in every replication.

use civicap::population::Flows;

use crate::support::people::{Tables, context, line, read, try_read};
use crate::support::replay::{case, replay, said, sound};

const NORTH: usize = 0;

#[test]
fn nobody_comes_back_who_did_not_go() {
    let path = case("renewal-more-come-back-than-left", "scenario.toml");
    let plan = sound(&path);
    let mut went = 0;
    replay(&plan, 40, |_, year, state| {
        let (left, arrived) = (Flows::total(&state.flows().left, NORTH), Flows::total(&state.flows().arrived, NORTH));
        match year {
            // 40,000 are to go; nobody goes who does not live there.
            1 => {
                went = left;
                let lived = state.view().start.of_ages(NORTH, 0..101);
                assert!(left <= lived && left > 11_000, "{left} of {lived} left");
            }
            4 => assert!(arrived <= went && f64::from(arrived) > 0.9 * f64::from(went), "{arrived} of {went} return"),
            _ => assert_eq!((left, arrived), (0, 0)),
        }
        // Nobody is born or comes to the district, so it never exceeds what it had.
        let end = state.view().end;
        assert!(end.of_ages(NORTH, 0..101) + end.of_ages(1, 0..101) <= 24_000);
    });
    let said = said(&path);
    assert!(said[0].contains("40000 people are to move out of an area where 12000 live"), "{said:#?}");
}

/// Three areas of 6,000 people who do not die, move or come, with a project in the first of them.
fn town(project: &str) -> (String, Tables) {
    let mut tables = Tables::new();
    let people: String = (0..3).map(|area| format!("a{area},male,0+,3000\na{area},female,0+,3000\n")).collect();
    tables.add("people.csv", &format!("area,sex,age,persons\n{people}"));
    tables.deaths(|_, _| 0.0);
    tables.births();
    let text = format!(
        "[people]\ntable = \"people.csv\"\ndeaths = {{ table = \"deaths.csv\" }}\n\
         births = {{ table = \"births.csv\", births_per_woman = 0 }}\n[people.renewal.quarter]\narea = \"a0\"\n{project}"
    );
    (text, tables)
}

/// Left, moved out and arrived of the area of the project, and moved in and out of the others, by year.
fn flows(text: &str, tables: &Tables, replication: u32) -> Vec<[u32; 5]> {
    let world = read(text, tables.folder(), &line(3, 2024, 2024, 2030));
    let draw = world.draw(5, 0);
    let context = context(&draw, 5, 0, replication);
    let mut state = world.model.state();
    state.open(&context);
    (0..7)
        .map(|year| {
            state.advance(&context, year);
            assert!(state.balances());
            let of = |flow: &[u32], area: usize| Flows::total(flow, area);
            let flows = state.flows();
            let others = |flow: &[u32]| of(flow, 1) + of(flow, 2);
            [
                of(&flows.left, 0),
                of(&flows.moved_out, 0),
                of(&flows.arrived, 0),
                others(&flows.moved_in),
                others(&flows.moved_out),
            ]
        })
        .collect()
}

#[test]
fn the_rehoused_arrive_and_return_though_nobody_else_moves() {
    let (text, tables) =
        town("year = 2025\npeople = 2000\nrehoused_locally_share = 0.5\nreturn_share = 0.5\nreturn_after_years = 3\n");
    for replication in 0..20 {
        let years = flows(&text, &tables, replication);
        let [left, moved, arrived, in_others, _] = years[1];
        assert_eq!((left + moved, moved, arrived), (2_000, in_others, 0));
        let [_, _, back, _, out_of_others] = years[4];
        // Half of each kind, within four standard errors of a binomial.
        for (back, went) in [(back, left), (out_of_others, moved)] {
            assert!(back <= went && (f64::from(back) - 0.5 * f64::from(went)).abs() < 2.0 * f64::from(went).sqrt());
        }
        for year in [0, 2, 3, 5, 6] {
            assert_eq!(years[year], [0; 5], "year {year}");
        }
    }
}

#[test]
fn a_project_under_way_at_the_beginning_brings_its_returns() {
    let (text, tables) =
        town("year = 2022\npeople = 2000\nrehoused_locally_share = 0.25\nreturn_share = 1\nreturn_after_years = 4\n");
    for replication in 0..20 {
        let years = flows(&text, &tables, replication);
        let [left, moved, arrived, _, out_of_others] = years[2];
        assert_eq!((left, moved), (0, 0));
        // Who was rehoused returns as far as people of that age live there still.
        let back = arrived + out_of_others;
        assert!((1_950..=2_000).contains(&back), "{back}");
        assert!((f64::from(out_of_others) - 500.0).abs() < 4.0 * (2_000.0_f64 * 0.25 * 0.75).sqrt());
    }
}

#[test]
fn more_people_than_live_there_are_refused_in_the_first_year() {
    let (text, tables) = town("year = 2024\npeople = 6001\n");
    let said = try_read(&text, tables.folder(), &line(3, 2024, 2024, 2030)).err().expect("a fault");
    assert!(said.contains("6001 people are to move out of an area where 6000 live"), "{said}");
}

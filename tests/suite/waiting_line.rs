//! The waiting line over places: what theory says of it, and laws that hold on every path of chance.

use civicap::queue::formulae::{erlang_a, erlang_c, priority_waits};
use civicap::queue::waiting_line::{Layout, Lists, Request, Stays, Tally, WaitingLine};
use civicap::random::{RngSource, StreamKey, poisson};
use proptest::prelude::*;
use rand_distr::{Distribution, Exp1};

const ASK: StreamKey = StreamKey::named("test.line.requests");
const STAY: StreamKey = StreamKey::named("test.line.stay");

fn one_pool() -> Layout {
    Layout {
        pools: 1,
        classes: 2,
        routes: vec![vec![0]],
        lists: vec![Lists::all(&[0])],
        kept_by: vec![0],
        names: names(1),
        wider: vec![0],
        own: vec![Vec::new()],
        circles: vec![vec![0]],
    }
}

/// Names of pools.
fn names(pools: usize) -> Vec<StreamKey> {
    (0..pools).map(|pool| StreamKey::named(&pool.to_string())).collect()
}

/// The lists of the first `lists` pools of each route.
fn first_lists(routes: &[Vec<u32>], lists: u32) -> Vec<Lists> {
    routes.iter().map(|route| Lists { pools: lists, on: route[..lists as usize].to_vec() }).collect()
}

/// Two homes to which everybody applies in one or the other order; people stand on so many lists.
fn two_homes(lists: u32) -> Layout {
    let routes = vec![vec![0, 1], vec![1, 0]];
    Layout {
        pools: 2,
        classes: 2,
        lists: first_lists(&routes, lists),
        routes,
        kept_by: vec![0, 1],
        names: names(2),
        wider: vec![0, 1],
        own: vec![vec![0], vec![1]],
        circles: Vec::new(),
    }
}

/// Two centres that help each other and a shared home above them.
fn network() -> Layout {
    network_of(3)
}

/// The same where people stand on so many lists.
fn network_of(lists: u32) -> Layout {
    let routes = vec![vec![0, 2, 1], vec![2, 0, 1], vec![1, 2, 0], vec![2, 1, 0]];
    Layout {
        pools: 3,
        classes: 2,
        lists: first_lists(&routes, lists),
        routes,
        kept_by: vec![0, 1, 2],
        names: names(3),
        wider: vec![0, 1, 2, 3],
        own: vec![vec![0, 1], vec![2, 3], Vec::new()],
        circles: vec![vec![0], vec![0, 1], vec![2]],
    }
}

/// What people are like.
#[derive(Clone, Copy, Debug)]
struct Town {
    rate: f64,
    stay: f64,
    patience: f64,
    urgent: f64,
    returns: f64,
    outside: f64,
}

const QUIET: Town = Town { rate: 13.0, stay: 2.5, patience: f64::INFINITY, urgent: 0.0, returns: 0.0, outside: 0.0 };

impl Town {
    fn stays(&self, run: u32) -> Stays {
        let chance = RngSource::new(11, run);
        Stays { mean: self.stay, chance, purpose: STAY, promised_wait: 0.5 }
    }

    /// People of every route who ask in the year that begins now.
    fn ask(&self, line: &mut WaitingLine, routes: u32, run: u32, year: u32) {
        for route in 0..routes {
            let mut stream = RngSource::new(11, run).cell(ASK, year, route);
            for _ in 0..poisson(self.rate, &mut stream) {
                let time = line.clock() + stream.uniform();
                let (urgent, returns, outside) = (stream.uniform(), stream.uniform(), stream.uniform());
                let patience = self.patience * Distribution::<f64>::sample(&Exp1, &mut stream);
                line.expect(Request {
                    time,
                    patience,
                    route,
                    class: u8::from(urgent >= self.urgent),
                    returns: returns < self.returns,
                    outside: outside < self.outside,
                });
            }
        }
    }

    /// Lives through `years` with these places and hands every year's tally on.
    fn live(&self, layout: Layout, places: &[i32], (run, years): (u32, u32), mut each: impl FnMut(u32, &Tally)) {
        let routes = layout.routes.len() as u32;
        let mut line = WaitingLine::new(layout);
        for (pool, &count) in places.iter().enumerate() {
            line.change_places(0.0, pool, count);
        }
        for year in 0..years {
            self.ask(&mut line, routes, run, year);
            each(year, line.live(1.0, &self.stays(run)));
        }
    }
}

/// Asserts that a ratio of sums over independent runs is what theory says, within four standard errors.
fn assert_ratio(what: &str, runs: &[(f64, f64)], theory: f64) {
    let n = runs.len() as f64;
    let (part, whole) = (runs.iter().map(|r| r.0).sum::<f64>(), runs.iter().map(|r| r.1).sum::<f64>());
    let ratio = part / whole;
    let error = (runs.iter().map(|(p, w)| (p - ratio * w).powi(2)).sum::<f64>() / (n - 1.0) * n).sqrt() / whole;
    eprintln!("{what}: {ratio:.6} against {theory:.6}, {:+.2} standard errors", (ratio - theory) / error);
    assert!((ratio - theory).abs() <= 4.0 * error, "{what}: {ratio} is not {theory} within four times {error}");
}

fn sum(counts: &[u32]) -> f64 {
    counts.iter().map(|c| f64::from(*c)).sum()
}

/// Ratios over 200 runs of 60 years after 40 years of warming up.
fn measure(town: Town, places: i32, of: impl Fn(&Tally) -> (f64, f64)) -> Vec<(f64, f64)> {
    measure_in(&one_pool(), town, &[places], of)
}

fn measure_in(layout: &Layout, town: Town, places: &[i32], of: impl Fn(&Tally) -> (f64, f64)) -> Vec<(f64, f64)> {
    (0..200)
        .map(|run| {
            let mut both = (0.0, 0.0);
            town.live(layout.clone(), places, (run, 100), |year, tally| {
                if year >= 40 {
                    let (part, whole) = of(tally);
                    both = (both.0 + part, both.1 + whole);
                }
            });
            both
        })
        .collect()
}

#[test]
fn a_line_whose_members_give_up_is_erlang_a() {
    let town = Town { patience: 1.0 / 0.35, ..QUIET };
    let theory = erlang_a(13.0, 30, 0.4, 0.35);
    assert!((theory.must_wait - 0.712_764_22).abs() < 1e-8, "{}", theory.must_wait);
    assert!((theory.queue - 4.148_564_81).abs() < 1e-8 && (theory.lost - 0.111_692_13).abs() < 1e-8);
    let runs = |of: fn(&Tally) -> (f64, f64)| measure(town, 30, of);
    assert_ratio("must wait", &runs(|t| (sum(&t.delayed), sum(&t.requests))), theory.must_wait);
    assert_ratio("queue", &runs(|t| (t.listed, 1.0)), theory.queue);
    assert_ratio("give up", &runs(|t| (sum(&t.gave_up), sum(&t.requests))), theory.lost);
    assert_ratio("occupied", &runs(|t| (t.occupied[0], t.open[0])), 13.0 * (1.0 - theory.lost) * 2.5 / 30.0);
}

#[test]
fn homes_on_whose_lists_everybody_stands_are_one_pool() {
    let town = Town { rate: 6.5, patience: 1.0 / 0.35, ..QUIET };
    let theory = erlang_a(13.0, 30, 0.4, 0.35);
    let runs = |of: fn(&Tally) -> (f64, f64)| measure_in(&two_homes(2), town, &[12, 18], of);
    assert_ratio("must wait", &runs(|t| (sum(&t.delayed), sum(&t.requests))), theory.must_wait);
    assert_ratio("queue", &runs(|t| (t.listed, 1.0)), theory.queue);
    assert_ratio("give up", &runs(|t| (sum(&t.gave_up), sum(&t.requests))), theory.lost);
    let entries = runs(|t| (sum(&t.entries_after), sum(&t.waiting_after)));
    assert!(entries.iter().all(|(entries, people)| *entries == 2.0 * people), "two entries of each person");
    let patient = Town { rate: 5.0, ..QUIET };
    let runs = measure_in(&two_homes(2), patient, &[12, 18], |t| (sum(&t.delayed), sum(&t.requests)));
    assert_ratio("must wait, patient", &runs, erlang_c(25.0, 30));
}

/// Two homes with `places`, asked first by `rate` people a year each; who finds both full waits at the first choice only.
/// Shares of requests that must wait, that give up, and of the first home's that the second serves, from the stationary
/// law of the chain of people at each home (power iteration of the uniformised chain).
fn each_with_its_own_list(rate: f64, places: [usize; 2], leaves: f64, gives_up: f64) -> [f64; 3] {
    const MOST: usize = 40;
    let out =
        |home: usize, n: usize| leaves * n.min(places[home]) as f64 + gives_up * n.saturating_sub(places[home]) as f64;
    // Where a request for a home goes from (x, y).
    let goes = |home: usize, at: [usize; 2]| {
        let full = |home: usize| at[home] >= places[home];
        if full(home) && !full(1 - home) { 1 - home } else { home }
    };
    let fastest = 2.0 * rate + out(0, MOST) + out(1, MOST);
    let mut law = vec![vec![0.0; MOST + 1]; MOST + 1];
    law[0][0] = 1.0;
    for _ in 0..20_000 {
        let mut next = vec![vec![0.0; MOST + 1]; MOST + 1];
        for x in 0..=MOST {
            for y in 0..=MOST {
                let (p, mut stays) = (law[x][y], fastest);
                for home in 0..2 {
                    let mut to = [x, y];
                    to[goes(home, [x, y])] += 1;
                    if to[0] <= MOST && to[1] <= MOST {
                        next[to[0]][to[1]] += p * rate / fastest;
                        stays -= rate;
                    }
                    let mut to = [x, y];
                    if to[home] > 0 {
                        to[home] -= 1;
                        let speed = out(home, [x, y][home]);
                        next[to[0]][to[1]] += p * speed / fastest;
                        stays -= speed;
                    }
                }
                next[x][y] += p * stays / fastest;
            }
        }
        law = next;
    }
    let mut found = [0.0; 3];
    for (x, column) in law.iter().enumerate() {
        for (y, p) in column.iter().enumerate() {
            let lined = x.saturating_sub(places[0]) + y.saturating_sub(places[1]);
            found[0] += if x >= places[0] && y >= places[1] { *p } else { 0.0 };
            found[1] += p * gives_up * lined as f64 / (2.0 * rate);
            found[2] += if x >= places[0] && y < places[1] { *p } else { 0.0 };
        }
    }
    found
}

#[test]
fn a_person_on_the_list_of_one_home_only_waits_for_that_home() {
    let town = Town { rate: 3.0, stay: 1.5, patience: 2.0, ..QUIET };
    let [must_wait, give_up, elsewhere] = each_with_its_own_list(3.0, [4, 5], 1.0 / 1.5, 0.5);
    let runs = |of: fn(&Tally) -> (f64, f64)| measure_in(&two_homes(1), town, &[4, 5], of);
    assert_ratio("must wait", &runs(|t| (sum(&t.delayed), sum(&t.requests))), must_wait);
    let apart = runs(|t| (sum(&t.gave_up), sum(&t.requests)));
    assert_ratio("give up", &apart, give_up);
    assert_ratio("elsewhere", &runs(|t| (f64::from(t.served[1]), f64::from(t.requests[0]))), elsewhere);
    let entries = runs(|t| (sum(&t.entries_after), sum(&t.waiting_after)));
    assert!(entries.iter().all(|(entries, people)| entries == people), "one entry of each person");
    // On both lists fewer give up: no place stands empty while somebody waits.
    let pooled = erlang_a(6.0, 9, 1.0 / 1.5, 0.5).lost;
    let together = measure_in(&two_homes(2), town, &[4, 5], |t| (sum(&t.gave_up), sum(&t.requests)));
    assert_ratio("give up, on both lists", &together, pooled);
    assert!(pooled < give_up);
    let lost = |runs: &[(f64, f64)]| runs.iter().map(|run| run.0).sum::<f64>();
    assert!(lost(&together) < lost(&apart));
}

#[test]
fn a_patient_line_is_erlang_c() {
    let town = Town { rate: 10.0, ..QUIET };
    let runs = measure(town, 30, |t| (sum(&t.delayed), sum(&t.requests)));
    assert_ratio("must wait", &runs, erlang_c(25.0, 30));
}

#[test]
fn two_classes_wait_as_cobham_says() {
    let town = Town { rate: 10.0, urgent: 0.4, ..QUIET };
    let (high, low) = priority_waits(10.0, 15.0, 30);
    let mean = 0.4 * high + 0.6 * low;
    let runs = measure(town, 30, |t| (t.listed, sum(&t.requests)));
    assert_ratio("mean wait", &runs, mean * 2.5);
}

#[test]
fn the_first_class_waits_as_cobham_says_when_only_it_is_counted() {
    let town = Town { rate: 10.0, urgent: 0.4, ..QUIET };
    let (high, _) = priority_waits(10.0, 15.0, 30);
    let runs = measure(town, 30, |t| (t.first_listed.iter().sum(), sum(&t.first_requests)));
    assert_ratio("mean wait of the first class", &runs, high * 2.5);
}

#[test]
fn a_place_is_free_as_often_as_nobody_must_wait() {
    // Poisson arrivals see time averages (Wolff 1982), also when people give up.
    let town = Town { patience: 1.0 / 0.35, ..QUIET };
    let theory = 1.0 - erlang_a(13.0, 30, 0.4, 0.35).must_wait;
    assert_ratio("free", &measure(town, 30, |t| (t.with_free[0], 1.0)), theory);
}

#[test]
fn stays_may_be_longer_at_one_place_than_at_another() {
    let mut line = WaitingLine::new(one_pool());
    line.change_places(0.0, 0, 10_000);
    line.set_stay(0, 3.0);
    let town = Town { rate: 200.0, ..QUIET };
    let mut census = Vec::new();
    for year in 0..60 {
        town.ask(&mut line, 1, 3, year);
        let occupied = line.live(1.0, &town.stays(3)).occupied[0];
        if year >= 40 {
            census.push(occupied);
        }
    }
    // M/G/inf: 200 a year for 7.5 years; the means of 20 years together have a standard deviation below 30.
    let mean = census.iter().sum::<f64>() / 20.0;
    assert!((mean - 1_500.0).abs() < 120.0, "{mean}");
}

#[test]
fn who_goes_first_leaves_the_length_of_the_line_alone() {
    for run in 0..20 {
        let mut lines = [Vec::new(), Vec::new()];
        for (urgent, line) in [0.0, 0.4].into_iter().zip(&mut lines) {
            let town = Town { rate: 11.5, urgent, ..QUIET };
            town.live(one_pool(), &[30], (run, 40), |_, tally| line.push((tally.listed, tally.waiting_after.clone())));
        }
        assert_eq!(lines[0], lines[1]);
    }
}

#[test]
fn one_more_place_never_serves_fewer_nor_makes_more_give_up() {
    for run in 0..200 {
        let town = Town { patience: 1.0 + f64::from(run % 5), ..QUIET };
        let mut years = [Vec::new(), Vec::new()];
        for (places, years) in [28, 29].into_iter().zip(&mut years) {
            let (mut served, mut lost) = (0.0, 0.0);
            town.live(one_pool(), &[places], (run, 40), |_, tally| {
                served += f64::from(tally.served_on(0));
                lost += sum(&tally.gave_up);
                years.push((served, lost));
            });
        }
        for (less, more) in years[0].iter().zip(&years[1]) {
            assert!(more.0 >= less.0 && more.1 <= less.1, "run {run}: {less:?} {more:?}");
        }
    }
}

#[test]
fn in_a_network_one_more_place_serves_more_on_average() {
    let town = Town { rate: 4.0, patience: 1.0, returns: 0.5, ..QUIET };
    let gains: Vec<(f64, f64)> = (0..400)
        .map(|run| {
            let served = |places: &[i32]| {
                let mut all = 0.0;
                town.live(network(), places, (run, 12), |_, t| {
                    all += (0..4).map(|r| f64::from(t.served_on(r))).sum::<f64>();
                });
                all
            };
            (served(&[9, 8, 15]) - served(&[8, 8, 15]), 1.0)
        })
        .collect();
    let mean = gains.iter().map(|g| g.0).sum::<f64>() / 400.0;
    let error = (gains.iter().map(|g| (g.0 - mean).powi(2)).sum::<f64>() / 399.0 / 400.0).sqrt();
    assert!(mean > 4.0 * error, "{mean} {error}");
}

#[test]
fn people_placed_elsewhere_return_when_their_first_choice_falls_free() {
    let count = |returns: f64| {
        let town = Town { rate: 4.0, patience: 1.0, returns, ..QUIET };
        let (mut moved, mut at_home) = (0.0, 0.0);
        for run in 0..50 {
            town.live(network(), &[12, 12, 20], (run, 12), |_, tally| {
                moved += sum(&tally.returned);
                at_home += tally.occupied[0] + tally.occupied[1];
            });
        }
        (moved, at_home)
    };
    let (never, always) = (count(0.0), count(1.0));
    assert_eq!(never.0, 0.0);
    assert!(always.0 > 0.0);
}

#[test]
fn closing_ejects_nobody_and_opening_calls_the_line() {
    let town = Town { rate: 40.0, stay: 2.0, patience: f64::INFINITY, ..QUIET };
    let mut line = WaitingLine::new(one_pool());
    line.change_places(0.0, 0, 20);
    line.change_places(1.0, 0, -20);
    line.change_places(3.0, 0, 200);
    let mut residents = Vec::new();
    for year in 0..4 {
        town.ask(&mut line, 1, 5, year);
        let tally = line.live(1.0, &town.stays(5));
        assert_eq!(tally.served_on(0) > 0, year != 1 && year != 2, "year {year}");
        residents.push(tally.residents[0]);
    }
    assert_eq!(residents[0], 20);
    assert!(residents[1] > 0 && residents[1] < 20, "closing lets people stay: {residents:?}");
    assert!(residents[3] > 60, "the line moved in: {residents:?}");
}

proptest! {
    /// Requests + line before = served + gave up + outside + line after, on every route, and no pool holds more than its
    /// places.
    #[test]
    fn everybody_who_asks_is_counted_once(
        places in prop::array::uniform3(0_i32..12),
        rate in 0.0_f64..12.0,
        patience in prop_oneof![Just(f64::INFINITY), 0.05_f64..3.0],
        (urgent, returns, outside) in (0.0_f64..1.0, 0.0_f64..1.0, 0.0_f64..1.0),
        (run, lists) in (0_u32..1000, 1_u32..4),
    ) {
        let town = Town { rate, stay: 1.5, patience, urgent, returns, outside };
        let mut residents = [0_i64; 4];
        town.live(network_of(lists), &places, (run, 6), |_, t| {
            for (route, residents) in residents.iter_mut().enumerate() {
                let came = t.requests[route] + t.waiting_before[route];
                let fates = t.served_on(route) + t.gave_up[route] + t.outside[route] + t.waiting_after[route];
                assert_eq!(came, fates);
                assert_eq!(t.entries_after[route], lists * t.waiting_after[route]);
                assert_eq!(t.gave_up[route], t.gave_up_in[route * 2..route * 2 + 2].iter().sum::<u32>());
                assert!(t.late_after[route] <= t.waiting_after[route] && t.gave_up_late[route] <= t.gave_up[route]);
                assert!(i64::from(t.residents[route]) <= *residents + i64::from(t.served_on(route)));
                *residents = i64::from(t.residents[route]);
            }
            let there: u32 = t.residents.iter().sum();
            assert!(there as i32 <= places.iter().sum::<i32>());
            assert!(t.with_free.iter().all(|free| (0.0..=1.0 + 1e-9).contains(free)));
            assert!(t.with_free[1] >= t.with_free[0], "a wider circle has a free place at least as often");
            for (occupied, open) in t.occupied.iter().zip(&t.open) {
                assert!(*occupied <= open + 1e-9);
            }
            assert!((t.busy.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        });
    }
}

#[test]
fn names_kept_for_nobody_are_those_of_the_time_it_takes_to_strike_them_off() {
    let town = Town { rate: 6.5, patience: 1.0 / 0.35, ..QUIET };
    let theory = erlang_a(13.0, 30, 0.4, 0.35);
    // Two lists each: one name stays behind of who is placed from a list, two of who gives up.
    let rate = 13.0 * ((theory.must_wait - theory.lost) + 2.0 * theory.lost);
    for clearing in [0.0, 0.125, 1.0] {
        let runs: Vec<(f64, f64)> = (0..200)
            .map(|run| {
                let mut line = WaitingLine::new(two_homes(2));
                line.change_places(0.0, 0, 12);
                line.change_places(0.0, 1, 18);
                line.count_entries(clearing);
                let (mut names, mut years) = (0.0, 0.0);
                for year in 0..100 {
                    town.ask(&mut line, 2, run, year);
                    let tally = line.live(1.0, &town.stays(run));
                    let names_now = &tally.entries;
                    assert_eq!(sum(&names_now.after), sum(&tally.entries_after));
                    assert_eq!(sum(&names_now.left), 2.0 * sum(&tally.gave_up));
                    assert_eq!(sum(&names_now.placed), sum(&names_now.placed_elsewhere));
                    if clearing == 1.0 {
                        let gone = sum(&names_now.left) + sum(&names_now.placed_elsewhere);
                        assert_eq!(sum(&names_now.uncleared), gone, "a year long every name of the year stays");
                    }
                    if year >= 40 {
                        (names, years) = (names + sum(&names_now.uncleared), years + 1.0);
                    }
                }
                (names, years)
            })
            .collect();
        if clearing > 0.0 {
            assert_ratio("names kept for nobody", &runs, rate * clearing);
        } else {
            assert!(runs.iter().all(|(names, _)| *names == 0.0), "struck off at once, none is left");
        }
    }
}

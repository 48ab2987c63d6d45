//! The published results of queueing theory that civicap must reproduce, to the digits stated.

use civicap::queue::formulae::{
    Tandem, attendance, census_from_empty, erlang_a, erlang_b, erlang_c, erlang_c_mean_wait, lognormal_of,
    lognormal_survival, overflow_of_three, priority_waits, refused_with_room, residual_stay,
};

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}

#[test]
fn erlang_loss() {
    for (load, places, expected) in [
        (8.0, 10, 0.121_661_06),
        (18.0, 20, 0.109_212_85),
        (27.0, 30, 0.081_879_76),
        (5.0, 4, 0.398_342_89),
        (10.0, 10, 0.214_582_343_1),
        (100.0, 110, 0.027_463_448_4),
        (200.0, 210, 0.027_848_686_3),
    ] {
        close(erlang_b(load, places), expected, 1e-8);
    }
}

#[test]
fn erlang_delay() {
    close(erlang_c(8.0, 10), 0.409_180_15, 1e-8);
    close(erlang_c(100.0, 110), 0.237_007_50, 1e-8);
    close(erlang_c_mean_wait(100.0, 110) * 5.0, 0.118_503_75, 1e-8);
}

#[test]
fn erlang_with_reneging() {
    let line = erlang_a(13.0, 30, 0.4, 0.35);
    close(line.must_wait, 0.712_764_22, 1e-7);
    close(line.queue, 4.148_564_81, 1e-7);
    close(line.lost, 0.111_692_13, 1e-7);
}

#[test]
fn fourteen_small_homes_wait_more_than_one_large() {
    let (apart, pooled) = (erlang_a(11.0, 30, 0.4, 0.35), erlang_a(14.0 * 11.0, 14 * 30, 0.4, 0.35));
    close(apart.must_wait, 0.351, 5e-4);
    close(pooled.must_wait, 0.042, 5e-4);
}

#[test]
fn a_finite_waiting_room_refuses() {
    close(refused_with_room(18.0, 20, 5), 0.045_981_076_7, 1e-9);
}

#[test]
fn the_first_of_two_priority_classes_waits_less() {
    let (high, low) = priority_waits(40.0, 60.0, 110);
    close(high * 5.0, 0.016_929_107_2, 1e-9);
    close(low * 5.0, 0.186_220_177_8, 1e-9);
}

#[test]
fn overflow_is_not_poisson() {
    let (loads, places) = ([4.0, 5.0, 3.0], [4, 6, 3]);
    close(overflow_of_three(loads, places, 4), 0.081_984_30, 1e-7);
    let overflow: f64 = loads.iter().zip(places).map(|(load, n)| load * erlang_b(*load, n as u32)).sum();
    let naive = overflow * erlang_b(overflow, 4) / loads.iter().sum::<f64>();
    close(naive, 0.0628, 1e-4);
}

#[test]
fn a_full_step_down_unit_blocks_acute_beds() {
    let tandem = |step_down_beds| Tandem {
        arrivals: 2.0,
        stay: 5.0,
        onward: 0.25,
        step_down_stay: 15.0,
        beds: 15,
        step_down_beds,
    };
    let (refused, blocked) = tandem(8).refused_and_blocked();
    close(refused, 0.091_661_48, 1e-7);
    close(blocked, 1.573_891_25, 1e-6);
    let (refused, blocked) = tandem(9).refused_and_blocked();
    close(refused, 0.063_118_09, 1e-7);
    close(blocked, 0.820_603_99, 1e-6);
}

#[test]
fn census_fills_from_empty() {
    let (mu, sigma) = lognormal_of(5.0, 1.2);
    for (day, expected) in [(10.0, 83.0981), (30.0, 97.6364)] {
        close(census_from_empty(20.0, day, |t| lognormal_survival(mu, sigma, t), 4_000), expected, 1e-4);
    }
    let survival = |t| lognormal_survival(3.526_360_52, 0.678_150_29, t);
    for (day, expected) in [(30.0, 76.512), (90.0, 119.966), (180.0, 127.322), (365.0, 128.318)] {
        close(census_from_empty(3.0, day, survival, 4_000), expected, 1e-3);
    }
}

#[test]
fn those_present_stay_longer_than_those_who_arrive() {
    let variance: f64 = 0.678_150_29 * 0.678_150_29;
    let cv = (variance.exp() - 1.0).sqrt();
    close(residual_stay(42.79, cv), 33.887, 1e-3);
}

#[test]
fn enrolled_people_do_not_all_come() {
    let (full, turned_away) = attendance(60, 0.4, 30);
    close(full, 0.044_48, 1e-5);
    close(turned_away, 0.094_84, 1e-5);
}

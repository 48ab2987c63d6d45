//! Sweden's women 1993-2003 (Preston, Heuveline, Guillot 2001, box 6.1): the projection without chance.

use civicap::population::process::leslie::Projection;

/// Women at the end of 1993 by five-year age group, the last 85 and over.
const WOMEN: [f64; 18] = [
    293_395., 248_369., 240_012., 261_346., 285_209., 314_388., 281_290., 286_923., 304_108., 324_946., 247_613.,
    211_351., 215_140., 221_764., 223_506., 183_654., 141_990., 112_424.,
];

/// Person-years lived in the group by 100,000 newborn girls, the last T(85).
const LIVED: [f64; 18] = [
    497_487., 497_138., 496_901., 496_531., 495_902., 495_168., 494_213., 492_760., 490_447., 486_613., 480_665.,
    471_786., 457_852., 436_153., 402_775., 350_358., 271_512., 291_707.,
];

/// Births of both sexes per woman and year.
const FERTILITY: [f64; 18] =
    [0., 0., 0., 0.012, 0.0908, 0.1499, 0.1125, 0.0441, 0.0074, 0.0003, 0., 0., 0., 0., 0., 0., 0., 0.];

fn sweden() -> Projection {
    Projection::new(5.0, &LIVED, 100_000.0, &FERTILITY, 1.0 / 2.05)
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}

#[test]
fn sweden_1993_gives_the_published_projection() {
    let projection = sweden();
    let (in_1998, births) = projection.advance(&WOMEN);
    let (in_2003, _) = projection.advance(&in_1998);
    close(in_1998.iter().sum(), 4_449_569.7, 0.05);
    close(in_1998[0], 293_574.0, 0.5);
    close(in_1998[0], 293_573.807, 1e-3);
    close(in_1998[17], 131_768.184, 1e-3);
    close(births.iter().sum(), 604_866.4, 0.05);
    close(in_2003.iter().sum(), 4_478_712.3, 0.05);
    close(in_2003[0], 280_120.537, 1e-3);
}

#[test]
fn sweden_1993_grows_as_its_leslie_matrix_says() {
    close(sweden().growth(), 1.001_112_534_1, 1e-9);
    close(sweden().net_reproduction(), 1.006_424, 1e-6);
}

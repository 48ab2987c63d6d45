//! The fan of China's births, 2024-2035: the flagship's law of fertility, carried through the people of China as one area.

use std::path::Path;

use civicap::scenario::{Request, load};
use civicap::uncertainty::{Distribution, Link, Parameters, Variation};

use crate::support::people::context;

/// Births of China in thousands (UN World Population Prospects 2024, CC BY 3.0 IGO): year, median, 80 % low and high, 95 %
/// low and high.
const PUBLISHED: [[f64; 6]; 12] = [
    [2024.0, 8_822.056, 7_488.046, 10_218.063, 6_776.732, 10_887.418],
    [2025.0, 8_709.352, 7_223.180, 10_173.642, 6_495.555, 10_889.041],
    [2026.0, 8_625.232, 7_066.837, 10_144.415, 6_285.275, 10_946.711],
    [2027.0, 8_530.091, 6_909.250, 10_185.011, 6_131.993, 10_980.575],
    [2028.0, 8_459.285, 6_847.364, 10_117.568, 6_055.929, 10_998.144],
    [2029.0, 8_387.151, 6_694.645, 10_079.860, 5_791.308, 10_889.963],
    [2030.0, 8_359.513, 6_600.651, 10_136.234, 5_733.456, 11_046.181],
    [2031.0, 8_333.549, 6_465.857, 10_071.729, 5_576.720, 11_142.683],
    [2032.0, 8_336.974, 6_375.123, 10_151.609, 5_419.892, 11_143.840],
    [2033.0, 8_338.014, 6_351.116, 10_215.709, 5_311.117, 11_254.470],
    [2034.0, 8_366.449, 6_311.188, 10_310.093, 5_259.213, 11_344.075],
    [2035.0, 8_417.265, 6_314.406, 10_437.869, 5_248.336, 11_367.902],
];

#[test]
fn the_births_of_china_are_as_uncertain_as_the_fan_of_wpp_2024() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/textbook/china-wpp-2019.toml");
    let plan = load(&file, Request::default()).plan.expect("no faults");
    let people = plan.people.as_ref().expect("people");
    // Median fertility of the 2024 revision, and the law that the flagship uses.
    let mut defs = plan.parameters.defs().to_vec();
    let def = &mut defs[people.fertility.births_per_woman.index()];
    def.law = Distribution::ByYear(vec![(2024, 1.013), (2030, 1.061), (2035, 1.097)]);
    let (jump_sd, walk_sd) = (0.12, 0.046);
    def.variation = Variation { link: Link::Log, jump_sd, walk_sd, from: Some(2024), ..Variation::default() };
    let parameters = Parameters::new(defs, plan.site.first_year, plan.site.years(), &plan.site.area_ids());
    let (mut state, mut draw, paths) = (people.state(), parameters.blank(), 2_048);
    let mut births = vec![Vec::new(); plan.site.years()];
    for path in 0..paths {
        parameters.draw(17, path, &mut draw);
        let context = context(&draw, 17, path, path);
        state.open(&context);
        for (year, births) in births.iter_mut().enumerate() {
            state.advance(&context, year);
            births.push(f64::from(state.view().births[0]));
        }
    }
    for [year, median, low80, high80, low95, high95] in PUBLISHED {
        let values = &mut births[(year as i32 - plan.site.first_year) as usize];
        values.sort_by(f64::total_cmp);
        let quantile = |p: f64| values[(p * f64::from(paths)) as usize];
        for (low, high, outside) in [(low80, high80, 0.1), (low95, high95, 0.025)] {
            let found = (quantile(1.0 - outside) - quantile(outside)) / quantile(0.5);
            let published = (high - low) / median;
            assert!((found / published - 1.0).abs() < 0.1, "{year}: relative width {found:.3} for {published:.3}");
        }
    }
}

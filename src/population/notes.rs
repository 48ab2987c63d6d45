//! What was understood of the people, in numbers that every planner knows: `check` says them beside what is usual.

use super::model::PeopleModel;
use super::view::{FEMALE, MALE};
use crate::language::Text;
use crate::text;
use crate::uncertainty::Parameters;

impl PeopleModel {
    /// Life expectancy of both sexes and births per woman in the first year, at the middle of every parameter.
    pub fn notes(&self, parameters: &Parameters) -> Vec<Text> {
        let mut draw = parameters.blank();
        parameters.at_median(&mut draw);
        let (year, factor) = (self.first_year, self.mortality.factor(&draw, 0, 0));
        let expectancy = |sex: usize| format!("{:.1}", self.mortality.life_table(sex, year, factor).expectancy());
        let (men, women) = (expectancy(MALE), expectancy(FEMALE));
        let births = format!("{:.2}", draw.at(self.fertility.births_per_woman, 0, 0));
        vec![
            text!(
                "life expectancy in {year}: {men} years (men), {women} (women); usually 65 to 85, women 3 to 7 more",
                "{year} 年预期寿命：男 {men} 岁，女 {women} 岁（通常 65–85 岁，女性高 3–7 岁）"
            ),
            text!(
                "births per woman in {year}: {births}; usually 0.6 to 3",
                "{year} 年总和生育率：{births}（通常 0.6–3）"
            ),
        ]
    }
}

//! What services may see of the people: counts by area, sex and single age at the two ends of a year.

/// Single ages 0 to 99 and the open group 100+.
pub const AGES: usize = 101;

/// Sex, in the order of tables: male, female.
pub const SEXES: usize = 2;
/// Words for sex in tables, in that order.
pub const SEX_WORDS: [&str; SEXES] = ["male", "female"];

/// Index of men and boys.
pub const MALE: usize = 0;

/// Index of women and girls.
pub const FEMALE: usize = 1;

/// Cohorts followed through a year: slot 0 is born in it, slot `x + 1` is aged `x` at its start.
pub const SLOTS: usize = AGES + 1;

/// A simulated year, or the part of one before the first January.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// Position among the simulated years.
    pub index: usize,
    /// Calendar year.
    pub year: i32,
    /// Length in years: 1, or less between the census and the first January.
    pub length: f64,
}

/// People by area, sex and single age. Shape: `areas x 2 x 101`; whole persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The counts, age fastest.
    pub counts: Vec<u32>,
}

impl People {
    /// Nobody, in `areas` areas.
    pub fn nobody(areas: usize) -> Self {
        Self { counts: vec![0; areas * SEXES * AGES] }
    }

    /// Position of a cell.
    #[inline]
    pub const fn cell(area: usize, sex: usize, age: usize) -> usize {
        (area * SEXES + sex) * AGES + age
    }

    /// The people of one cell.
    #[inline]
    pub fn at(&self, area: usize, sex: usize, age: usize) -> u32 {
        self.counts[Self::cell(area, sex, age)]
    }

    /// The 101 ages of one area and sex.
    #[inline]
    pub fn ages(&self, area: usize, sex: usize) -> &[u32] {
        &self.counts[Self::cell(area, sex, 0)..Self::cell(area, sex, 0) + AGES]
    }

    /// The same with their number in the type, for the loops over whole rows.
    #[inline]
    pub(super) fn row(&self, area: usize, sex: usize) -> &[u32; AGES] {
        self.ages(area, sex).try_into().expect("invariant: an area and sex has all ages")
    }

    /// The people of an area in a range of ages, both sexes.
    pub fn of_ages(&self, area: usize, ages: std::ops::Range<usize>) -> u32 {
        (0..SEXES).map(|sex| self.ages(area, sex)[ages.clone()].iter().sum::<u32>()).sum()
    }

    /// Those of an area who were `age` on 31 August before this 1 January, as [`YearView::at_school_cutoff`] counts them.
    pub fn at_school_cutoff(&self, area: usize, age: usize) -> f64 {
        let cohort = |at: usize| (0..SEXES).map(|sex| f64::from(self.at(area, sex, at))).sum::<f64>();
        cohort(age) * (8.0 / 12.0) + cohort((age + 1).min(AGES - 1)) * (4.0 / 12.0)
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.counts.len() / (SEXES * AGES)
    }
}

/// One simulated year as services see it.
#[derive(Clone, Copy, Debug)]
pub struct YearView<'a> {
    /// Calendar year.
    pub year: i32,
    /// Position among the simulated years (for parameters), 0 = first.
    pub index: usize,
    /// Position among the reported years; `None` in years that only carry people forward.
    pub reported: Option<usize>,
    /// Residents on 1 January (without group quarters).
    pub start: &'a People,
    /// Residents on the next 1 January.
    pub end: &'a People,
    /// Students and other collective-household residents, who do not age and are not among the residents.
    pub group_quarters: &'a People,
    /// Births of the year by area, of both sexes.
    pub births: &'a [u32],
    /// Those of the residents with local registration, where the scenario tells them apart.
    pub registered: Option<RegisteredView<'a>>,
    /// Who died, left and came; `None` where only the residents at both ends are known.
    pub flows: Option<FlowsView<'a>>,
}

/// Deaths and moves of a year. Shape of each: area x sex x cohort, the cohorts of an area and sex `width` apart (0 = born this
/// year, `x + 1` = aged x at its start).
#[derive(Clone, Copy, Debug)]
pub struct FlowsView<'a> {
    /// Deaths.
    pub died: &'a [u32],
    /// Left the district.
    pub left: &'a [u32],
    /// Moved to another area of the district.
    pub moved_out: &'a [u32],
    /// Came from another area of the district.
    pub moved_in: &'a [u32],
    /// Came from outside the district.
    pub arrived: &'a [u32],
    /// Distance between the cohorts of one area and sex and those of the next.
    pub width: usize,
}

/// What became of a cohort of an area in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortFlows {
    /// Deaths.
    pub died: u32,
    /// Left the area.
    pub gone: u32,
    /// Of those who are gone, left the district.
    pub left: u32,
    /// Came to the area.
    pub come: u32,
}

impl FlowsView<'_> {
    /// The flows of the people of an area and sex who were `age` at the start of the year.
    #[inline]
    pub fn of(&self, area: usize, sex: usize, age: usize) -> CohortFlows {
        let cell = (area * SEXES + sex) * self.width + age + 1;
        let left = self.left[cell];
        CohortFlows {
            died: self.died[cell],
            gone: left + self.moved_out[cell],
            left,
            come: self.moved_in[cell] + self.arrived[cell],
        }
    }
}

/// Residents with local registration, each among the residents of the same cell.
#[derive(Clone, Copy, Debug)]
pub struct RegisteredView<'a> {
    /// On 1 January.
    pub start: &'a People,
    /// On the next 1 January.
    pub end: &'a People,
}

impl YearView<'_> {
    /// Children (or adults) of an area who are `age` on 31 August of this year, both sexes.
    ///
    /// Of those aged `age` on 31 August, 4 of 12 birth months lie in calendar year `year - age - 1` (aged `age + 1` at the
    /// next 1 January) and 8 in `year - age`. The count is a share of whole cells, hence real.
    pub fn at_school_cutoff(&self, area: usize, age: usize) -> f64 {
        self.end.at_school_cutoff(area, age)
    }

    /// Person-years lived in a cell during the year: the mean of its two ends, plus group quarters.
    #[inline]
    pub fn exposure(&self, area: usize, sex: usize, age: usize) -> f64 {
        0.5 * f64::from(self.start.at(area, sex, age) + self.end.at(area, sex, age))
            + f64::from(self.group_quarters.at(area, sex, age))
    }
}

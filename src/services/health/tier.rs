//! The tiers of hospitals, lowest first, and what is said of each of them.

use std::ops::{Index, IndexMut};

use crate::language::Text;

/// A level of the network of hospitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Tier {
    /// Beds of community health centres.
    Community,
    /// Hospitals of the district.
    District,
    /// Large hospitals, the last resort.
    Tertiary,
}

impl Tier {
    /// All of them, lowest first.
    pub(crate) const ALL: [Self; 3] = [Self::Community, Self::District, Self::Tertiary];

    /// What scenarios and results call them, in the order of [`Tier::ALL`].
    pub(crate) const KEYS: [&str; Self::ALL.len()] =
        [Self::Community.key(), Self::District.key(), Self::Tertiary.key()];

    /// What scenarios and results call it.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::District => "district",
            Self::Tertiary => "tertiary",
        }
    }

    /// Its name.
    pub(crate) const fn label(self) -> Text {
        match self {
            Self::Community => Text::new("Community health centres", "社区卫生服务中心"),
            Self::District => Text::new("District hospitals", "区属医院"),
            Self::Tertiary => Text::new("Tertiary hospitals", "三级医院"),
        }
    }

    /// Whether each of its facilities serves the areas that it is nearest to; else residents choose among all of them.
    pub(crate) const fn serves_its_neighbourhood(self) -> bool {
        match self {
            Self::Community => true,
            Self::District | Self::Tertiary => false,
        }
    }

    /// Where its patients may step down to, the first choice first.
    pub(crate) const fn steps_down_to(self) -> &'static [Self] {
        match self {
            Self::Community | Self::District => &[],
            Self::Tertiary => &[Self::District, Self::Community],
        }
    }

    /// Its place in [`Tier::ALL`], which is the number of its group of beds.
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// Something of each tier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ByTier<T>([T; Tier::ALL.len()]);

impl<T> ByTier<T> {
    /// What `of` says of each tier.
    pub(crate) fn new(of: impl FnMut(Tier) -> T) -> Self {
        Self(Tier::ALL.map(of))
    }

    /// The tiers with what is said of them, lowest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Tier, &T)> {
        Tier::ALL.into_iter().zip(&self.0)
    }

    /// The same, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Tier, &mut T)> {
        Tier::ALL.into_iter().zip(&mut self.0)
    }

    /// The bare row, lowest tier first.
    pub(crate) const fn as_array(&self) -> &[T; Tier::ALL.len()] {
        &self.0
    }
}

impl<T> From<[T; Tier::ALL.len()]> for ByTier<T> {
    fn from(row: [T; Tier::ALL.len()]) -> Self {
        Self(row)
    }
}

impl<T> Index<Tier> for ByTier<T> {
    type Output = T;

    fn index(&self, tier: Tier) -> &T {
        &self.0[tier.index()]
    }
}

impl<T> IndexMut<Tier> for ByTier<T> {
    fn index_mut(&mut self, tier: Tier) -> &mut T {
        &mut self.0[tier.index()]
    }
}

/// Something of each tier and of hospitals outside the district.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ByDestination<T> {
    /// Of each tier.
    pub(crate) tiers: ByTier<T>,
    /// Of hospitals outside the district.
    pub(crate) outside: T,
}

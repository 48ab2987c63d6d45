//! The services of elderly care, the levels of its network and the prices of its beds.
//!
//! Each list is one enum: what differs between its members is asked of them by exhaustive `match`, so a member is added here
//! and the compiler names what else it needs.

use crate::language::Text;
use crate::random::StreamKey;

/// A service that a facility may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Carers who come to the home.
    HomeVisits,
    /// Day care.
    DayCare,
    /// Stays of days or weeks.
    ShortStay,
    /// Residents who need little care.
    LongStayGeneral,
    /// Residents who need nursing.
    LongStayNursing,
    /// Residents with dementia.
    LongStayDementia,
    /// Meals at canteens and meal points.
    Meals,
}

/// How a service reaches people: this decides how it is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Clients of the year: one place serves one client.
    Clients,
    /// Places of a day, to which enrolled people come or not.
    Daily,
    /// Beds, occupied day and night in continuous time, with a waiting list.
    Beds,
}

impl Care {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::HomeVisits,
        Self::DayCare,
        Self::ShortStay,
        Self::LongStayGeneral,
        Self::LongStayNursing,
        Self::LongStayDementia,
        Self::Meals,
    ];

    /// The beds that take people from hospital: the first of these that the scenario has.
    pub(crate) const FROM_HOSPITAL: [Self; 3] = [Self::LongStayNursing, Self::LongStayDementia, Self::LongStayGeneral];

    /// Key in scenarios and tables.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HomeVisits => "home_visits",
            Self::DayCare => "day",
            Self::ShortStay => "short_stay",
            Self::LongStayGeneral => "long_stay_general",
            Self::LongStayNursing => "long_stay_nursing",
            Self::LongStayDementia => "long_stay_dementia",
            Self::Meals => "meals",
        }
    }

    /// What its random streams are named by.
    pub(crate) const fn name(self) -> StreamKey {
        StreamKey::named(self.key())
    }

    /// Name in reports.
    pub const fn label(self) -> Text {
        match self {
            Self::HomeVisits => Text::new("home care", "居家上门服务"),
            Self::DayCare => Text::new("day care", "日间照料"),
            Self::ShortStay => Text::new("respite care", "短期托养（喘息服务）"),
            Self::LongStayGeneral => Text::new("residential: general", "机构养老：普通型"),
            Self::LongStayNursing => Text::new("residential: nursing", "机构养老：护理型"),
            Self::LongStayDementia => Text::new("residential: dementia", "机构养老：认知障碍照护"),
            Self::Meals => Text::new("meals", "助餐"),
        }
    }

    /// The keys of all services.
    pub(crate) fn keys() -> [&'static str; 7] {
        Self::ALL.map(Self::key)
    }

    pub(crate) const fn delivery(self) -> Delivery {
        match self {
            Self::HomeVisits => Delivery::Clients,
            Self::DayCare | Self::Meals => Delivery::Daily,
            Self::ShortStay | Self::LongStayGeneral | Self::LongStayNursing | Self::LongStayDementia => Delivery::Beds,
        }
    }

    /// Whether its beds count as nursing beds in the national standard.
    pub(crate) const fn is_nursing(self) -> bool {
        match self {
            Self::LongStayNursing | Self::LongStayDementia => true,
            Self::HomeVisits | Self::DayCare | Self::ShortStay | Self::LongStayGeneral | Self::Meals => false,
        }
    }

    /// Where its users count in the pattern 9073 (home, community, institution).
    pub(crate) const fn setting(self) -> Setting {
        match self {
            Self::HomeVisits | Self::DayCare => Setting::Community,
            Self::LongStayGeneral | Self::LongStayNursing | Self::LongStayDementia => Setting::Institution,
            // Guests of some weeks live at home, and a meal alone is no care.
            Self::ShortStay | Self::Meals => Setting::Home,
        }
    }
}

/// Where people live who use a service, in the pattern 9073.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// At home without care that counts.
    Home,
    /// At home with care from the community.
    Community,
    /// In a home for the elderly.
    Institution,
}

/// A level of the network, from home upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Station,
    Subdistrict,
    District,
}

impl Level {
    pub(crate) const ALL: [Self; 3] = [Self::Station, Self::Subdistrict, Self::District];

    /// Keys in tables, in the order of [`Level::ALL`].
    pub(crate) const KEYS: [&'static str; Self::ALL.len()] =
        [Self::ALL[0].key(), Self::ALL[1].key(), Self::ALL[2].key()];

    const fn key(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Subdistrict => "subdistrict",
            Self::District => "district",
        }
    }

    /// Whether its beds are for the whole district; those of the others are for their area first.
    pub(crate) const fn is_for_all_areas(self) -> bool {
        match self {
            Self::Station | Self::Subdistrict => false,
            Self::District => true,
        }
    }
}

/// A price class of beds, cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PriceClass {
    Basic,
    Ordinary,
    Premium,
}

impl PriceClass {
    pub(crate) const ALL: [Self; 3] = [Self::Basic, Self::Ordinary, Self::Premium];

    /// Keys in tables, in the order of [`PriceClass::ALL`].
    pub(crate) const KEYS: [&'static str; Self::ALL.len()] =
        [Self::ALL[0].key(), Self::ALL[1].key(), Self::ALL[2].key()];

    const fn key(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Ordinary => "ordinary",
            Self::Premium => "premium",
        }
    }
}

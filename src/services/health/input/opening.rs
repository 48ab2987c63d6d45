//! Who is in bed on the first day, as a scenario says it.

/// How beds are filled on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// As in the long run.
    Stationary,
    /// By nobody.
    Empty,
    /// By those who were counted.
    Counted,
}

impl Opening {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Stationary, Self::Empty, Self::Counted];

    /// What scenarios call them, in the order of [`Opening::ALL`].
    pub(crate) const WORDS: &[&str] = &[Self::Stationary.word(), Self::Empty.word(), Self::Counted.word()];

    const fn word(self) -> &'static str {
        match self {
            Self::Stationary => "stationary",
            Self::Empty => "empty",
            Self::Counted => "counted",
        }
    }
}

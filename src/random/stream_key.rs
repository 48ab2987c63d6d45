//! What streams are drawn for: names, hashed when the program is built.

/// What a stream is for. A purpose is a constant of the module that draws; its name is hashed when the program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamKey(u64);

impl StreamKey {
    /// The purpose of that name (FNV-1a, 64 bits, then the `SplitMix64` finaliser).
    pub const fn named(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(hash ^ (hash >> 31))
    }

    /// The hashed name.
    #[inline]
    pub(super) const fn key(self) -> u64 {
        self.0
    }

    /// A purpose that depends on a name known only at run time, such as the key of an uncertain number.
    #[must_use]
    pub const fn and(self, name: &str) -> Self {
        self.with(Self::named(name))
    }

    /// As [`StreamKey::and`], of a name that was hashed before.
    #[must_use]
    pub const fn with(self, name: Self) -> Self {
        Self(self.0.rotate_left(17) ^ name.0)
    }
}

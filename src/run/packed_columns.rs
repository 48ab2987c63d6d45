//! Values of a round, kept column by column in as few bits as each column needs.
//!
//! A column holds one cell over the replications of the round: its smallest value, and what each value has above it in
//! as many bits as the largest such difference needs (frame of reference, Goldstein et al. 1998). Nothing is lost.
//! Counts of one place differ little between replications, and shares between a half and one have the same exponent: a
//! run takes a half to a third of the memory that plain 32-bit values take, and a column is read in one sweep.

use rayon::prelude::*;

/// Columns that are packed together, so that rows are read in pieces that a cache holds.
const TILE: usize = 64;

/// Values of one round. Shape: `cells x rows`.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    rows: usize,
    tiles: Vec<Tile>,
}

#[derive(Clone, Debug)]
struct Tile {
    columns: Vec<Column>,
    words: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Column {
    least: u32,
    bits: u32,
    /// Position of its first word.
    from: u32,
}

impl Packed {
    /// Packs values given row by row, `cells` to a row.
    pub(super) fn new(values: &[u32], cells: usize) -> Self {
        let rows = values.len().checked_div(cells).unwrap_or(0);
        let tiles = (0..cells.div_ceil(TILE))
            .into_par_iter()
            .map_init(Vec::new, |column, tile| {
                let mut packed = Tile { columns: Vec::with_capacity(TILE), words: Vec::new() };
                for cell in tile * TILE..((tile + 1) * TILE).min(cells) {
                    column.clear();
                    column.extend((0..rows).map(|row| values[row * cells + cell]));
                    packed.push(column);
                }
                packed.words.shrink_to_fit();
                packed
            })
            .collect();
        Self { rows, tiles }
    }

    /// Appends the values to a file: tile by tile the least value (4 bytes, little-endian) and the bits (1 byte) of every
    /// column, then the words (8 bytes each).
    pub(super) fn write(&self, file: &mut Vec<u8>) {
        for Tile { columns, words } in &self.tiles {
            for column in columns {
                file.extend(column.least.to_le_bytes());
                file.push(column.bits as u8);
            }
            for word in words {
                file.extend_from_slice(&word.to_le_bytes());
            }
        }
    }

    /// Reads `rows` values of each of `cells` from the beginning of `file`, which is moved on; `None` where it holds none.
    pub(super) fn read(rows: usize, cells: usize, file: &mut &[u8]) -> Option<Self> {
        let tile = |tile: usize| {
            let count = TILE.min(cells - tile * TILE);
            let mut columns = Vec::with_capacity(count.min(file.len()));
            let mut from = 0_usize;
            for _ in 0..count {
                let (least, bits) = (u32::from_le_bytes(*take(file)?), u32::from(take::<1>(file)?[0]));
                columns.push(Column { least, bits, from: u32::try_from(from).ok()? });
                from += rows.checked_mul(bits as usize).filter(|_| bits <= u32::BITS)?.div_ceil(64);
            }
            let (words, rest) = file.split_at_checked(from.checked_mul(8)?)?;
            *file = rest;
            let words = words.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
            Some(Tile { columns, words })
        };
        let tiles: Option<Vec<Tile>> = (0..cells.div_ceil(TILE)).map(tile).collect();
        Some(Self { rows, tiles: tiles? })
    }

    /// Replications held.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// The values of one cell in the order of replications.
    pub(super) fn column(&self, cell: usize) -> impl Iterator<Item = u32> {
        let tile = &self.tiles[cell / TILE];
        let Column { least, bits, from } = tile.columns[cell % TILE];
        let words = &tile.words[from as usize..];
        let mask = (1_u64 << bits) - 1;
        (0..self.rows).map(move |row| {
            if bits == 0 {
                return least;
            }
            let at = row * bits as usize;
            let (word, shift) = (at / 64, (at % 64) as u32);
            let mut above = words[word] >> shift;
            if shift + bits > 64 {
                above |= words[word + 1] << (64 - shift);
            }
            // What a file says may be anything.
            least.wrapping_add((above & mask) as u32)
        })
    }
}

/// The first bytes of a file, which is moved on.
fn take<'f, const N: usize>(file: &mut &'f [u8]) -> Option<&'f [u8; N]> {
    let (first, rest) = file.split_first_chunk()?;
    *file = rest;
    Some(first)
}

impl Tile {
    fn push(&mut self, values: &[u32]) {
        let least = values.iter().copied().min().unwrap_or(0);
        let widest = values.iter().copied().max().unwrap_or(0) - least;
        let bits = u32::BITS - widest.leading_zeros();
        self.columns.push(Column { least, bits, from: self.words.len() as u32 });
        let (mut word, mut filled) = (0_u64, 0);
        for value in values.iter().filter(|_| bits > 0) {
            let above = u64::from(value - least);
            word |= above << filled;
            filled += bits;
            if filled >= 64 {
                self.words.push(word);
                filled -= 64;
                // What did not fit any more; a shift by all 64 bits would be none.
                word = if filled == 0 { 0 } else { above >> (bits - filled) };
            }
        }
        if filled > 0 {
            self.words.push(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_unpacked_is_what_was_packed(
            (cells, values) in (1_usize..150, 0_u32..33).prop_flat_map(|(cells, bits)| {
                let most = u32::MAX.checked_shr(32 - bits).unwrap_or(0);
                let values = prop::collection::vec(0..=most, cells * 70);
                (Just(cells), values)
            }),
            rows in 0_usize..70,
        ) {
            let values = &values[..cells * rows];
            let packed = Packed::new(values, cells);
            prop_assert_eq!(packed.rows(), rows);
            for cell in 0..cells {
                let column: Vec<u32> = (0..rows).map(|row| values[row * cells + cell]).collect();
                prop_assert_eq!(packed.column(cell).collect::<Vec<_>>(), column);
            }
            let mut file = Vec::new();
            packed.write(&mut file);
            let mut rest = [&file[..], b"more"].concat();
            let mut unread = rest.as_slice();
            let read = Packed::read(rows, cells, &mut unread).unwrap();
            prop_assert_eq!(unread, b"more");
            for cell in 0..cells {
                prop_assert!(read.column(cell).eq(packed.column(cell)));
            }
            rest.truncate(file.len() - 1);
            prop_assert!(Packed::read(rows, cells, &mut rest.as_slice()).is_none(), "cut short");
        }
    }
}

//! How cells look: number formats by measure, backgrounds by class, widths that Chinese fits into.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use unicode_width::UnicodeWidthStr;

use super::super::document::{Measure, VerdictLevel};
use super::super::shades::{AMOUNT, RISK};

/// Longest text a cell holds, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;

/// Colours of tabs: sheets of one section share one.
const TABS: [u32; 8] = [0x0B_4F_6C, 0x0B_5C_94, 0x2A_8C_77, 0x93_C4_7D, 0xD9_A5_20, 0xC0_79_2A, 0x8A_6A_A8, 0x9A_A5_AD];

/// A colour by number.
pub(super) const fn colour(rgb: u32) -> Color {
    Color::RGB(rgb)
}

/// The tab of a section's sheets.
pub(super) fn tab(family: usize) -> Color {
    colour(TABS[family % TABS.len()])
}

/// The format code of a measure. A probability is never shown as a bare 0 % or 100 %, as everywhere in reports.
pub(super) fn code(measure: Measure) -> String {
    let digits = |digits: u8| if digits == 0 { String::new() } else { format!(".{}", "0".repeat(usize::from(digits))) };
    match measure {
        Measure::Count => "#,##0".to_owned(),
        Measure::Mirrored => "#,##0;#,##0".to_owned(),
        Measure::Real(n) => format!("#,##0{}", digits(n)),
        Measure::Percent(n) => format!("0{}%", digits(n)),
        Measure::Probability => "[<0.01]\"<1%\";[>0.99]\">99%\";0%".to_owned(),
        Measure::Year => "0".to_owned(),
    }
}

/// What a cell's background shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    Plain,
    Risk(u8),
    Amount(u8),
}

/// A number's cell.
pub(super) fn number(measure: Measure, ground: Ground, whole: bool) -> Format {
    let format = body(whole).set_num_format(code(measure)).set_align(FormatAlign::Right);
    let (paper, ink) = match ground {
        Ground::Plain => return format,
        Ground::Risk(class) => RISK[usize::from(class).min(5)],
        Ground::Amount(class) => AMOUNT[usize::from(class).min(5)],
    };
    format.set_background_color(colour(paper)).set_font_color(colour(ink))
}

/// A text's cell. What begins like a formula is marked as quoted, so that editing it keeps it text.
pub(super) fn text(words: &str, whole: bool) -> Format {
    let format = body(whole).set_text_wrap();
    if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { format.set_quote_prefix() } else { format }
}

fn body(whole: bool) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    if whole { format.set_bold().set_border_top(FormatBorder::Thin) } else { format }
}

/// A verdict's cell.
pub(super) fn rank(rank: VerdictLevel) -> Format {
    let ink = match rank {
        VerdictLevel::Meets => 0x0A_6B_55,
        VerdictLevel::AtRisk => 0x94_60_0A,
        VerdictLevel::FallsShort => 0xA3_16_1F,
        VerdictLevel::Unstable => 0x6B_3F_86,
    };
    body(false).set_text_wrap().set_bold().set_font_color(colour(ink))
}

/// A link to another sheet.
pub(super) fn link() -> Format {
    Format::new().set_hyperlink().set_align(FormatAlign::Top).set_text_wrap()
}

/// The heading of a column.
pub(super) fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_font_color(colour(0xFF_FF_FF))
        .set_background_color(colour(0x0B_4F_6C))
}

/// The title of a sheet.
pub(super) fn title() -> Format {
    Format::new().set_bold().set_font_size(16)
}

/// The title of a part or of a table.
pub(super) fn caption(size: u8) -> Format {
    Format::new().set_bold().set_font_size(size)
}

/// Words beside the numbers.
pub(super) fn remark() -> Format {
    Format::new().set_font_color(colour(0x5D_6B_75))
}

/// Words that a workbook can hold: no control characters but line ends, no characters that XML has not, not too long.
pub(super) fn clean(words: &str) -> String {
    let mut left = LONGEST_TEXT;
    words
        .chars()
        .map(|c| if (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c })
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect()
}

/// Columns that a text takes, the widest line counting. A Chinese character takes two digits and a little.
pub(super) fn width(words: &str) -> f64 {
    let of = |line: &str| {
        let columns = line.width();
        let wide = columns.saturating_sub(line.chars().count());
        columns as f64 + 0.1 * wide as f64
    };
    words.lines().map(of).fold(0.0, f64::max)
}

//! Text that is not civicap's own on its way to a terminal: nothing in it moves the cursor, turns the line round or hides,
//! and none of it fills the screen.
//!
//! Control characters (C0, C1), line and paragraph separators, marks of direction and characters without width become
//! `\u{1b}`, as the Rust compiler shows them; what is quoted is cut at [`LONGEST_QUOTE`] characters.

/// Longest quotation shown, in characters.
const LONGEST_QUOTE: usize = 80;

/// Longest path shown, in characters: long enough for real ones, which a remedy repeats.
const LONGEST_PATH: usize = 400;

/// Longest message shown, in characters.
const LONGEST_MESSAGE: usize = 4_000;

/// Whether a character shows nothing by itself.
pub(super) const fn is_hidden(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text of several lines: what is hidden made visible, line ends and tabs kept, quotations and the whole cut.
pub(super) fn message(text: &str) -> String {
    let text = if text.len() > LONGEST_QUOTE { cut_quotations(text) } else { text.to_owned() };
    let shortened = shortened(&text, LONGEST_MESSAGE);
    escaped(&shortened, |c| matches!(c, '\n' | '\t'))
}

/// The name of a file: what is hidden made visible, the middle cut out where it is too long.
pub(super) fn path(path: &std::path::Path) -> String {
    let name = path.to_string_lossy();
    let long = name.chars().count();
    if long <= LONGEST_PATH {
        return escaped(&name, |_| false);
    }
    let half = LONGEST_PATH / 2;
    let begin: String = name.chars().take(half).collect();
    let end: String = name.chars().skip(long - half).collect();
    escaped(&format!("{begin}…{end}"), |_| false)
}

/// JSON text in which nothing is hidden: such characters stand only within strings, where they may be escaped.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A line of a file with each hidden character as one that shows, so that places in it stay where they are.
pub(super) fn line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
            '\u{7f}' => '\u{2421}',
            c if is_hidden(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn escaped(text: &str, kept: impl Fn(char) -> bool) -> String {
    if !text.chars().any(|c| is_hidden(c) && !kept(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && !kept(c) { out.extend(c.escape_unicode()) } else { out.push(c) }
    }
    out
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Marks around quotations, in both languages.
const QUOTES: [(char, char); 4] = [('«', '»'), ('“', '”'), ('`', '`'), ('"', '"')];

/// A text in which no quotation is longer than [`LONGEST_QUOTE`], except paths.
fn cut_quotations(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST_MESSAGE));
    let mut rest = text;
    while let Some((at, open)) = rest.char_indices().find(|(_, c)| QUOTES.iter().any(|(open, _)| open == c)) {
        let (_, close) = QUOTES.iter().find(|(mark, _)| *mark == open).copied().unwrap_or((open, open));
        let inside = at + open.len_utf8();
        out.push_str(&rest[..inside]);
        rest = &rest[inside..];
        let Some(end) = rest.find(close) else { break };
        out.push_str(&shortened(&rest[..end], LONGEST_QUOTE));
        out.push(close);
        rest = &rest[end + close.len_utf8()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_reaches_a_terminal_in_any_form() {
        let hidden: Vec<char> = (0..=0x1f)
            .chain(0x7f..=0x9f)
            .chain(0x200b..=0x200f)
            .chain(0x2028..=0x202e)
            .chain(0x2060..=0x2069)
            .chain([0xfeff])
            .filter_map(char::from_u32)
            .collect();
        for c in hidden {
            let text = format!("a{c}b");
            let shown = [message(&text), path(std::path::Path::new(&text)), line(&text)];
            for shown in shown {
                assert!(shown.chars().all(|c| !is_hidden(c) || matches!(c, '\n' | '\t')), "{shown:?}");
            }
            assert!(!path(std::path::Path::new(&text)).contains(['\n', '\t']));
            let said = json(&serde_json::to_string(&text).unwrap());
            assert!(said.is_ascii(), "{said}");
            assert_eq!(serde_json::from_str::<String>(&said).unwrap(), text);
        }
    }

    #[test]
    fn quotations_are_cut_and_messages_end() {
        let long = "永".repeat(5_000);
        let said = message(&format!("`x` = «{long}» is not a number; write «1»"));
        assert!(said.chars().count() < 200 && said.ends_with("write «1»"), "{said}");
        assert!(message(&"x".repeat(1_000_000)).len() < 5_000);
    }
}

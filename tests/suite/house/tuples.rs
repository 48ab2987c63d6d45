//! Parameters without names: tuple patterns in signatures, and tuples of three and more things that functions take or give.

/// One such parameter or result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unnamed {
    pub(super) function: String,
    pub(super) written: String,
}

/// The parameters and results of all functions of `code` that have no names for their parts.
pub(super) fn unnamed(code: &str) -> Vec<Unnamed> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts_a_word = code[..at].chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || c == '_'));
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !starts_a_word || name.is_empty() {
            continue;
        }
        let Some(open) = opening(&code[at + 3..]).map(|open| at + 3 + open) else { continue };
        let Some(close) = closing(&code[open..]).map(|close| open + close) else { continue };
        let end = close + result_end(&code[close..]);
        for parameter in parts(&code[open + 1..close]) {
            let (pattern, kind) = parameter.split_once(':').unwrap_or((parameter, ""));
            let pattern = pattern.trim().trim_start_matches('&').trim_start_matches("mut ");
            if pattern.starts_with('(') || has_triple(kind) {
                found.push(Unnamed { function: name.clone(), written: words(parameter) });
            }
        }
        if has_triple(&code[close + 1..end]) {
            found.push(Unnamed { function: name, written: words(&code[close + 1..end]) });
        }
    }
    found
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the parameters of a function begin: the first parenthesis outside its generics.
fn opening(code: &str) -> Option<usize> {
    let mut depth = 0;
    let mut before = ' ';
    for (at, c) in code.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            '(' if depth == 0 => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// Where the result of a function ends: at its body, or at the semicolon of a declaration, not at that of an array.
fn result_end(code: &str) -> usize {
    let mut depth = 0;
    let end = code.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        (depth == 0 && (c == '{' || c == ';')).then_some(at)
    });
    end.unwrap_or(code.len())
}

/// Where the parenthesis with which `code` begins is closed.
fn closing(code: &str) -> Option<usize> {
    let mut depth = 0;
    code.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        (depth == 0).then_some(at)
    })
}

/// The parts of a list, at its commas outside brackets.
fn parts(list: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start, mut before) = (Vec::new(), 0, 0, ' ');
    for (at, c) in list.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' => depth -= 1,
            ',' if depth == 0 => {
                found.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    found.push(list[start..].trim());
    found.retain(|part| !part.is_empty());
    found
}

/// Whether a type holds a tuple of three or more; the parameters of a function type are none.
fn has_triple(kind: &str) -> bool {
    kind.match_indices('(').any(|(at, _)| {
        let is_function = ["Fn", "FnMut", "FnOnce", "fn"].iter().any(|word| kind[..at].ends_with(word));
        let inside = closing(&kind[at..]).map_or("", |end| &kind[at + 1..at + end]);
        !is_function && parts(inside).len() >= 3
    })
}

#[test]
fn parameters_without_names_are_seen_and_others_are_not() {
    let code = "pub fn a<F: Fn(u8) -> u8>((x, y): (u8, u8), z: &[(u8, u8, u8)]) -> (u8, u8) { }
        fn b(&self, of: impl Fn(u8, u8, u8) -> u8, pair: (u8, u8)) -> Option<(u8, [u8; 2], u8)> { }
        const fn c((from, to): &mut (u8, u8));";
    let found: Vec<String> =
        unnamed(code).into_iter().map(|one| format!("{}: {}", one.function, one.written)).collect();
    assert_eq!(
        found,
        [
            "a: (x, y): (u8, u8)",
            "a: z: &[(u8, u8, u8)]",
            "b: -> Option<(u8, [u8; 2], u8)>",
            "c: (from, to): &mut (u8, u8)"
        ]
    );
}

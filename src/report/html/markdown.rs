//! The little Markdown that method notes use, as HTML: headings, paragraphs, lists, tables, code, emphasis.
//!
//! Everything is escaped first; what is not one of these forms stays as it was written. Links show their words and
//! address as text, because a report must not lead anywhere by itself.

/// HTML text of plain text.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// What the lines being gathered will become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Paragraph,
    Bullets,
    Numbers,
    Table,
    Code,
}

/// HTML of Markdown. Headings start at the fourth level, below those of the report.
pub(super) fn to_html(text: &str) -> String {
    let mut out = String::new();
    let mut kind = Kind::Nothing;
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        if kind == Kind::Code && !fence {
            lines.push(line);
            continue;
        }
        let next =
            if fence { if kind == Kind::Code { Kind::Nothing } else { Kind::Code } } else { kind_of(line, kind) };
        let heading = heading_level(line).filter(|_| !fence);
        if next != kind || heading.is_some() || next == Kind::Nothing {
            close(&mut out, kind, &lines);
            lines.clear();
        }
        kind = if heading.is_some() { Kind::Nothing } else { next };
        if let Some(level) = heading {
            let words = inline(line.trim_start_matches('#').trim());
            out.push_str(&format!("<h{level}>{words}</h{level}>"));
        } else if next != Kind::Nothing && !fence {
            lines.push(line);
        }
    }
    close(&mut out, kind, &lines);
    out
}

fn heading_level(line: &str) -> Option<usize> {
    let marks = line.chars().take_while(|c| *c == '#').count();
    ((1..=6).contains(&marks) && line[marks..].starts_with(' ')).then_some((marks + 3).min(6))
}

fn kind_of(line: &str, before: Kind) -> Kind {
    let trimmed = line.trim_start();
    if trimmed.is_empty() {
        Kind::Nothing
    } else if trimmed.starts_with("- ") || trimmed.starts_with("* ") {
        Kind::Bullets
    } else if trimmed.split_once(". ").is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        Kind::Numbers
    } else if trimmed.starts_with('|') {
        Kind::Table
    } else if line.starts_with(' ') && matches!(before, Kind::Bullets | Kind::Numbers) {
        before
    } else {
        Kind::Paragraph
    }
}

fn close(out: &mut String, kind: Kind, lines: &[&str]) {
    match kind {
        Kind::Nothing => {}
        Kind::Paragraph => out.push_str(&format!("<p>{}</p>", inline(&joined(lines)))),
        Kind::Bullets => list(out, "ul", lines, |line| line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))),
        Kind::Numbers => list(out, "ol", lines, |line| {
            line.split_once(". ").filter(|(n, _)| n.bytes().all(|b| b.is_ascii_digit())).map(|(_, rest)| rest)
        }),
        Kind::Table => table(out, lines),
        Kind::Code => out.push_str(&format!("<pre><code>{}</code></pre>", escaped(&lines.join("\n")))),
    }
}

/// Lines of one paragraph: Chinese needs no space where a line was broken.
fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines.iter().map(|line| line.trim()) {
        if out.chars().last().is_some_and(|c| c.is_ascii())
            || (!out.is_empty() && line.starts_with(|c: char| c.is_ascii()))
        {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn list(out: &mut String, tag: &str, lines: &[&str], item: impl Fn(&str) -> Option<&str>) {
    let mut items: Vec<Vec<&str>> = Vec::new();
    for line in lines {
        match (item(line.trim_start()), items.last_mut()) {
            (Some(words), _) => items.push(vec![words]),
            (None, Some(last)) => last.push(line),
            (None, None) => items.push(vec![line]),
        }
    }
    let items: String = items.iter().map(|lines| format!("<li>{}</li>", inline(&joined(lines)))).collect();
    out.push_str(&format!("<{tag}>{items}</{tag}>"));
}

fn table(out: &mut String, lines: &[&str]) {
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| inline(cell.trim())).collect()
    };
    let is_rule = |line: &str| line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    out.push_str("<div class=\"scroll\" tabindex=\"0\"><table>");
    let headed = lines.get(1).is_some_and(|line| is_rule(line));
    for (i, line) in lines.iter().enumerate().filter(|(_, line)| !is_rule(line)) {
        let tag = if headed && i == 0 { "th" } else { "td" };
        let row: String = cells(line).iter().map(|cell| format!("<{tag}>{cell}</{tag}>")).collect();
        out.push_str(&format!("<tr>{row}</tr>"));
    }
    out.push_str("</table></div>");
}

/// Code, strong and emphasised words of a line; the rest escaped.
fn inline(text: &str) -> String {
    let mut out = String::new();
    // Odd pieces between backquotes are code.
    let pieces: Vec<&str> = text.split('`').collect();
    let balanced = pieces.len() % 2 == 1;
    for (i, piece) in pieces.iter().enumerate() {
        if i % 2 == 1 && balanced {
            out.push_str(&format!("<code>{}</code>", escaped(piece)));
        } else {
            if i > 0 && !balanced {
                out.push('`');
            }
            out.push_str(&emphasis(&emphasis(&escaped(piece), "**", "strong"), "*", "em"));
        }
    }
    out
}

/// Pairs of `mark` become elements; a mark beside a space (as in `a * b`) is only a sign.
fn emphasis(text: &str, mark: &str, tag: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        let inner = after.split_once(mark).filter(|(inner, _)| {
            !inner.is_empty() && !inner.starts_with(char::is_whitespace) && !inner.ends_with(char::is_whitespace)
        });
        out.push_str(before);
        if let Some((inner, after)) = inner {
            out.push_str(&format!("<{tag}>{inner}</{tag}>"));
            rest = after;
        } else {
            out.push_str(mark);
            rest = after;
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_method_notes_become_html() {
        let text = "# Births\n\nEvery *year* **counts**:\n`a * b < c`.\n\n- one\n  more\n- two\n\n| x | y |\n|---|---|\n| 1 | <b> |\n";
        assert_eq!(
            to_html(text),
            "<h4>Births</h4><p>Every <em>year</em> <strong>counts</strong>: <code>a * b &lt; c</code>.</p>\
             <ul><li>one more</li><li>two</li></ul>\
             <div class=\"scroll\" tabindex=\"0\"><table><tr><th>x</th><th>y</th></tr><tr><td>1</td><td>&lt;b&gt;</td></tr></table></div>"
        );
    }

    #[test]
    fn signs_that_are_no_marks_stay() {
        assert_eq!(inline("2 * 3 * 4 and a lone ` and x_i"), "2 * 3 * 4 and a lone ` and x_i");
        assert_eq!(to_html("```\n# no heading\n<i>\n```"), "<pre><code># no heading\n&lt;i&gt;</code></pre>");
    }
}

//! The page in a real Chromium: it draws without a word of complaint and fits a phone.
//!
//! Passes with a note on machines that have no Chromium.

use std::path::Path;
use std::process::Command;

use civicap::language::Language;
use civicap::report::html;

use super::{BOTH, example::example, hostile, sha256};

/// The page with one more script at its end, for a test that drives it; the page's own policy lets this one run, too.
fn driven(page: &str, script: &str) -> String {
    let (before, after) = page.rsplit_once("</body>").unwrap();
    let page = format!("{before}<script>{script}</script></body>{after}");
    page.replacen("script-src ", &format!("script-src 'sha256-{}' ", sha256::base64(script.as_bytes())), 1)
}

/// What Chromium made of a page, and what its console said; `None` without Chromium.
fn browse(folder: &Path, page: &str) -> Option<(String, String)> {
    let file = folder.join("page.html");
    std::fs::write(&file, page).unwrap();
    let browser = ["chromium", "chromium-browser", "google-chrome"];
    let mut command = browser.iter().find_map(|name| {
        Command::new(name).arg("--version").output().ok().filter(|o| o.status.success()).map(|_| Command::new(name))
    })?;
    let quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
    let still = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    let look = ["--enable-logging=stderr", "--v=0", "--virtual-time-budget=20000", "--dump-dom"];
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let said = command.args(quiet).args(still).args(look).arg(profile).arg(&file).output().unwrap();
    let errors = String::from_utf8_lossy(&said.stderr);
    let console = errors.lines().filter(|line| line.contains("CONSOLE")).collect::<Vec<_>>().join("\n");
    Some((String::from_utf8_lossy(&said.stdout).into_owned(), console))
}

#[test]
fn charts_are_drawn_and_the_console_is_silent() {
    for (report, name) in [(example(), "example"), (hostile(), "hostile names")] {
        for language in BOTH {
            let folder = tempfile::tempdir().unwrap();
            let Some((drawn, console)) = browse(folder.path(), &html::render(&report, language)) else {
                eprintln!("no Chromium here: the page was not looked at");
                return;
            };
            assert_eq!(console, "", "{name}");
            // Fan, stack and pyramid; the second stage is folded and its fan waits.
            assert_eq!(drawn.matches("class=\"chart\"").count(), 4, "{name}");
            assert_eq!(drawn.matches("_echarts_instance_=\"ec_").count(), 3, "{name}: the charts in sight are drawn");
        }
    }
}

#[test]
fn a_link_unfolds_the_stage_that_it_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let page = html::render(&example(), Language::En);
    assert!(page.contains("href=\"#section-2-2\""), "the card of the second stage leads to it");
    let followed = driven(&page, "location.hash = 'section-2-2'");
    let Some((drawn, console)) = browse(folder.path(), &followed) else {
        eprintln!("no Chromium here: the page was not looked at");
        return;
    };
    assert_eq!(console, "");
    assert_eq!(drawn.matches("_echarts_instance_=\"ec_").count(), 4, "its chart is drawn too");
}

#[test]
fn a_phone_shows_the_page_without_scrolling_sideways() {
    for language in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let page = html::render(&example(), language);
        let inside = page.replace('&', "&amp;").replace('"', "&quot;");
        let frame = format!(
            "<!DOCTYPE html><iframe width=390 height=844 srcdoc=\"{inside}\"></iframe><script>\
             onload = () => setTimeout(() => {{ const d = document.querySelector('iframe').contentDocument.documentElement;\
             document.title = d.clientWidth + ' and ' + d.scrollWidth; }}, 2000);</script>"
        );
        let Some((drawn, console)) = browse(folder.path(), &frame) else {
            eprintln!("no Chromium here: the page was not looked at");
            return;
        };
        assert_eq!(console, "", "{language:?}");
        let title =
            drawn.split("<title>").nth(1).unwrap_or_default().split("</title>").next().unwrap_or_default().to_owned();
        let (seen, whole) = title.split_once(" and ").unwrap_or_else(|| panic!("nothing was measured: {title:?}"));
        assert_eq!(seen, whole, "{language:?}: {title}");
    }
}

#[test]
fn a_slider_moves_tiles_and_outlines_and_a_legend_takes_parts_out() {
    let folder = tempfile::tempdir().unwrap();
    let used = "for (const slider of document.querySelectorAll('figure.map input[type=range]')) {\
                slider.value = 1; slider.dispatchEvent(new Event('input')); }\
                document.querySelector('.legend button').click();";
    let page = driven(&html::render(&example(), Language::En), used);
    let Some((drawn, console)) = browse(folder.path(), &page) else {
        eprintln!("no Chromium here: the page was not looked at");
        return;
    };
    assert_eq!(console, "");
    let maps: Vec<&str> = drawn.split("<figure class=\"map\"").skip(1).collect();
    assert_eq!(maps.len(), 2, "tiles and outlines");
    for map in maps {
        let map = map.split("</figure>").next().unwrap();
        assert!(map.contains("<output>2025</output>"), "the year is said");
        let cell = map.split("<tbody>").nth(1).unwrap().split("<td").nth(2).unwrap();
        let (class, value) = (cell.split("class=\"n ").nth(1).unwrap(), cell.split('>').nth(1).unwrap());
        let (class, value) = (class.split('"').next().unwrap(), value.split('<').next().unwrap());
        let shown = map.split("<details").next().unwrap();
        let coloured = [format!("class=\"tile {class}\""), format!("class=\"area {class}\"")];
        assert!(coloured.iter().any(|c| shown.contains(c)) && shown.contains(value), "{class} {value}: {shown}");
    }
    let body = drawn.split("<body>").nth(1).unwrap();
    let off = body.matches("aria-pressed=\"false\"").count();
    assert_eq!(off, 1 + 4, "one part is out; four filters of inputs are off");
}

/// A policy that stopped a style would say so on the console, and tooltips are styled by the library as they open.
#[test]
fn tooltips_and_paper_need_nothing_that_the_policy_stops() {
    let used = "for (const box of document.querySelectorAll('.chart[_echarts_instance_]')) {\
                echarts.getInstanceByDom(box).dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: 1 }); }\
                for (const when of ['beforeprint', 'afterprint']) window.dispatchEvent(new Event(when));\
                document.title = getComputedStyle(document.querySelector('.tile')).gridColumnStart + ' '\
                + getComputedStyle(document.querySelector('.tip').parentNode.parentNode).position;";
    for language in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let Some((drawn, console)) = browse(folder.path(), &driven(&html::render(&example(), language), used)) else {
            eprintln!("no Chromium here: the page was not looked at");
            return;
        };
        assert_eq!(console, "", "{language:?}");
        assert!(drawn.contains("class=\"tip\"") && drawn.contains(" absolute</title>"), "a tooltip is open");
        assert!(!drawn.contains("<title>auto "), "tiles have their places");
    }
}

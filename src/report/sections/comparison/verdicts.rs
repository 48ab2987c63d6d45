//! What changes in the verdicts: the changed ones first, then all side by side, then what to mind.

use super::members::{Compared, Member, Origin, Part, Versus, years};
use super::{own_results, plans};
use crate::language::Text;
use crate::metric::Role;
use crate::report::document::{Block, Caveat, Section, VerdictCard, Weight};
use crate::report::{number, sentences};
use crate::study::comparison::{Difference, Headline, StageChange, Standing};
use crate::text;

pub(super) fn section(compared: &Compared) -> Section {
    let mut blocks = plans::side_by_side(compared);
    for (index, versus) in compared.others.iter().enumerate() {
        let part = Part { compared, versus, index };
        if compared.others.len() > 1 {
            blocks.push(Block::Heading(versus.member.label.clone()));
        }
        blocks.push(Block::Prose(summary(part)));
        let mut cards: Vec<VerdictCard> = versus.headlines.iter().filter_map(|h| card(part, h)).collect();
        // Services stay together; within each, a verdict that changed comes first, then who is served otherwise.
        let order: Vec<Text> = cards.iter().map(|card| card.service.clone()).collect();
        cards.sort_by_key(|card| {
            let place = order.iter().position(|service| *service == card.service);
            (place, !changed(versus, card), !moves(versus, card))
        });
        blocks.push(Block::Verdicts(cards));
        blocks.extend(own_results::table(part));
        blocks.extend(caveats(part).into_iter().map(Block::Caveat));
    }
    Section { key: "verdicts".to_owned(), title: Text::new("What changes", "变化一览"), blocks }
}

fn standings(stage: &StageChange) -> Option<(&Standing, &Standing)> {
    stage.standings[0].as_ref().zip(stage.standings[1].as_ref())
}

fn changed(versus: &Versus, card: &VerdictCard) -> bool {
    let stage =
        versus.comparison.stages.iter().find(|s| s.stage_label == card.stage && s.service_label == card.service);
    stage.and_then(standings).is_some_and(|(a, b)| a.rank.is_some() && a.rank != b.rank)
}

fn moves(versus: &Versus, card: &VerdictCard) -> bool {
    let stages = &versus.comparison.stages;
    let of_card =
        |h: &&Headline| stages[h.stage].stage_label == card.stage && stages[h.stage].service_label == card.service;
    versus.headlines.iter().find(of_card).is_some_and(|headline| change_of(versus, headline).is_some())
}

/// The mean change of those unserved in the year that a headline is about, and the probability of a change to that side;
/// `None` for unpaired runs and for less than half a person.
fn change_of(versus: &Versus, headline: &Headline) -> Option<(f64, f64)> {
    let comparison = &versus.comparison;
    let cell = comparison.district(&comparison.stages[headline.stage], Role::Unmet, headline.year)?;
    let paired = cell.paired?;
    let p = if cell.mean <= 0.0 { paired.better } else { paired.worse };
    (cell.mean.abs() >= 0.5).then(|| (cell.mean, p.unwrap_or(0.0)))
}

/// In which stages others go without, how many on average and how sure that is: what a meeting asks first.
fn who_is_served(part: Part<'_>) -> Option<Text> {
    let versus = part.versus;
    let comparison = &versus.comparison;
    if !comparison.paired || comparison.stages.is_empty() {
        return None;
    }
    let (mut en, mut zh, mut rest) = (Vec::new(), Vec::new(), 0);
    for headline in versus.headlines.iter().filter(|h| standings(&comparison.stages[h.stage]).is_some()) {
        let Some((mean, p)) = change_of(versus, headline) else {
            rest += 1;
            continue;
        };
        let (stage, year) = (&comparison.stages[headline.stage].stage_label, headline.year);
        let (count, p) = (number::whole(mean.abs()), number::probability(p));
        let (fewer_en, fewer_zh) = if mean < 0.0 { ("fewer", "减少") } else { ("more", "增加") };
        en.push(format!("{} ({year}: {count} {fewer_en} on average, with probability {p})", stage.en));
        zh.push(format!("{}（{year} 年平均{fewer_zh} {count}，{fewer_zh}的概率 {p}）", stage.zh));
    }
    Some(if en.is_empty() && versus.own.is_some() {
        Text::new(
            " Made again under one seed, as many go without in every stage; as the runs were made, they differ by chance.",
            "用同一种子重新运行，各学段（层级）未获服务的人数平均均相同；各自原来的运行则有随机差异。",
        )
    } else if en.is_empty() {
        Text::new(
            " On average as many are unserved as before, in every stage.",
            "各学段（层级）未获服务的人数平均均不变。",
        )
    } else {
        let (en, zh) = (en.join("; "), zh.join("；"));
        text!(
            " The number unserved changes in: {en}; in the rest ({rest}) they do not.",
            "未获服务的人数有变化的：{zh}；其余 {rest} 个平均不变。"
        )
    })
}

/// How many stages stand better and worse, and who is served otherwise.
fn summary(part: Part<'_>) -> Text {
    let said = stands(part);
    match who_is_served(part) {
        Some(more) => sentences::join(&said, &more),
        None => said,
    }
}

fn stands(part: Part<'_>) -> Text {
    let mut better = 0;
    let mut worse = 0;
    let stages = &part.versus.comparison.stages;
    for (a, b) in stages.iter().filter_map(standings) {
        match (a.rank, b.rank) {
            (Some(a), Some(b)) if b < a => better += 1,
            (Some(a), Some(b)) if b > a => worse += 1,
            _ => {}
        }
    }
    let count = stages.iter().filter(|s| standings(s).is_some()).count();
    let (b_en, a_en) = (&part.versus.member.label.en, &part.compared.baseline.label.en);
    let (b_zh, a_zh) = (&part.versus.member.label.zh, &part.compared.baseline.label.zh);
    let span = years(part.versus.comparison.years.0, part.versus.comparison.years.1);
    if stages.is_empty() {
        return text!(
            "«{b_en}» and «{a_en}» have no stage in common: nothing can be compared, and each stands for itself below.",
            "“{b_zh}”与“{a_zh}”没有共同的学段（层级），无法比较；下表分别列出。"
        );
    }
    if !part.compared.baseline.origin.is_simulated() || !part.versus.member.origin.is_simulated() {
        return text!(
            "«{b_en}» against «{a_en}», {span}, {count} stages. Verdicts are known only of plans that were simulated.",
            "“{b_zh}”对比“{a_zh}”，{span} 年，{count} 个学段（层级）。仅对已模拟的方案给出结论。"
        );
    }
    text!(
        "«{b_en}» against «{a_en}», {span}: of {count} stages the verdict is better in {better} and worse in {worse}.",
        "“{b_zh}”对比“{a_zh}”，{span} 年：{count} 个学段（层级）中，结论好转 {better} 个，变差 {worse} 个。"
    )
}

fn card(part: Part<'_>, headline: &Headline) -> Option<VerdictCard> {
    let comparison = &part.versus.comparison;
    let stage = &comparison.stages[headline.stage];
    let (a, b) = standings(stage)?;
    let mut sentence = was_and_is(a, b, headline.year);
    let own = part.versus.own_unserved(headline);
    if let Some(own) = own {
        sentence = joined(&sentence, &own_results::sentence(own, headline.year));
    }
    if let Some(unmet) = comparison.district(stage, Role::Unmet, headline.year) {
        sentence = joined(&sentence, &unserved(unmet, headline.year, own.is_some()));
    }
    Some(VerdictCard {
        service: stage.service_label.clone(),
        stage: stage.stage_label.clone(),
        rank: b.rank.or(a.rank)?,
        close_to: b.close_to,
        sentence,
        promise: None,
        worst_year: b.worst_year,
        reasons: Vec::new(),
        gap: None,
        needed_by: None,
        worst_area: None,
        surplus_from: b.surplus_from,
        by_year: b.by_year.clone(),
        see: Some(part.key(&stage.service)),
    })
}

/// One sentence after another: English parts them, Chinese does not.
fn joined(first: &Text, second: &Text) -> Text {
    Text::owned(format!("{} {}", first.en, second.en), format!("{}{}", first.zh, second.zh))
}

/// Both verdicts, and both probabilities of the same year.
fn was_and_is(a: &Standing, b: &Standing, year: i32) -> Text {
    let verdicts = match (a.rank, b.rank) {
        (Some(was), Some(is)) if was == is => {
            let rank = sentences::standing(is, b.close_to);
            let (en, zh) = (&rank.en, &rank.zh);
            text!("The verdict stays “{en}”. ", "结论未变：“{zh}”。")
        }
        (Some(was), Some(is)) => {
            let (was, is) = (sentences::standing(was, a.close_to), sentences::standing(is, b.close_to));
            let (was_en, is_en, was_zh, is_zh) = (&was.en, &is.en, &was.zh, &is.zh);
            text!("Was “{was_en}”, is “{is_en}”. ", "原为“{was_zh}”，现为“{is_zh}”。")
        }
        _ => Text::default(),
    };
    let missed = |standing: &Standing| standing.missed_in(year).map(number::probability);
    let probabilities = match (missed(a), missed(b)) {
        (Some(was), Some(is)) if was == is => text!(
            "In {year} the target is missed with probability {is}, as before.",
            "{year} 年不达标概率 {is}，与原来相同。"
        ),
        (Some(was), Some(is)) => text!(
            "In {year} the target is missed with probability {is} (before: {was}).",
            "{year} 年不达标概率 {is}（原为 {was}）。"
        ),
        _ => Text::default(),
    };
    sentences::join(&verdicts, &probabilities)
}

/// What happens to the number unserved in one year; `again` where runs that differ were made again under one seed.
fn unserved(cell: &Difference, year: i32, again: bool) -> Text {
    let count = number::whole(cell.mean.abs());
    let Some(paired) = cell.paired else {
        let (a, b) = (number::whole(cell.a.mean), number::whole(cell.b.mean));
        return text!(
            "Unserved in {year}: {a} before, {b} now (means of unpaired runs).",
            "{year} 年未获服务者：原 {a}，现 {b}（未配对运行的均值）。"
        );
    };
    let (better, worse) = (paired.better.unwrap_or(0.0), paired.worse.unwrap_or(0.0));
    if better + worse <= 0.0 && again {
        return Text::new("Made again under one seed they are the same.", "用同一种子重新运行则两者相同。");
    }
    if better + worse <= 0.0 {
        return text!(
            "Unserved in {year}: the same in every replication.",
            "{year} 年未获服务的人数在每次模拟中都相同。"
        );
    }
    let (low, high) = (number::whole(paired.spread.quantiles[0]), number::whole(paired.spread.quantiles[6]));
    let p = sentences::probability(if cell.mean <= 0.0 { better } else { worse });
    let (p_en, p_zh) = (&p.en, &p.zh);
    if cell.mean.abs() < 0.5 {
        return text!(
            "Unserved in {year}: the same on average (90% interval of the change {low} to {high}).",
            "{year} 年未获服务的人数平均不变（90% 区间 {low} 至 {high}）。"
        );
    }
    if cell.mean <= 0.0 {
        text!(
            "Unserved in {year}: {count} fewer on average (90% interval of the change {low} to {high}); fewer with probability {p_en}.",
            "{year} 年未获服务者平均减少 {count}（90% 区间 {low} 至 {high}）；减少的概率 {p_zh}。"
        )
    } else {
        text!(
            "Unserved in {year}: {count} more on average (90% interval of the change {low} to {high}); more with probability {p_en}.",
            "{year} 年未获服务者平均增加 {count}（90% 区间 {low} 至 {high}）；增加的概率 {p_zh}。"
        )
    }
}

/// Fewest replications whose verdicts deserve to be called more than coarse.
const COARSE_BELOW: usize = 200;

fn caveats(part: Part<'_>) -> Vec<Caveat> {
    let Part { compared, versus, .. } = part;
    let mut caveats = Vec::new();
    for member in [&compared.baseline, &versus.member] {
        caveats.extend(unpaired(member.origin, &member.label));
        caveats.extend(drifted(member));
        caveats.extend(own_results::caveat(part, member));
    }
    let n = compared.replications;
    if versus.comparison.paired && n < COARSE_BELOW {
        caveats.push(Caveat {
            weight: Weight::Serious,
            says: text!("A coarse comparison: {n} replications.", "本次比较较粗：仅 {n} 次模拟。"),
            advice: Text::new(
                "run 1,000 or more (--replications 1000) before quoting a probability",
                "引用概率前请至少运行 1,000 次（--replications 1000）",
            ),
        });
    }
    if versus.comparison.paired && !versus.same_frame {
        caveats.push(Caveat {
            weight: Weight::Note,
            says: Text::new(
                "The plans carry people forward from different years, or over different areas: only part of their draws is shared.",
                "两个方案的推算起点或区域划分不同：只有部分随机数相同。",
            ),
            advice: Text::new(
                "differences are right on average, but less sure; more replications help",
                "差值在平均意义上正确，但不够精确；可增加模拟次数",
            ),
        });
    }
    caveats.extend(other_areas(versus));
    caveats
}

fn unpaired(origin: Origin, label: &Text) -> Option<Caveat> {
    let (en, zh) = (&label.en, &label.zh);
    let says = match origin {
        Origin::Simulated | Origin::Again | Origin::Kept => return None,
        Origin::SummaryOfChanged => text!(
            "The scenario of the finished run «{en}» has changed since: it is compared by its summary.csv, unpaired.",
            "已完成运行“{zh}”的方案文件此后已改动：只能用其 summary.csv 作不配对比较。"
        ),
        Origin::SummaryOfMissing => text!(
            "The scenario of the finished run «{en}» cannot be read: it is compared by its summary.csv, unpaired.",
            "已完成运行“{zh}”的方案文件无法读取：只能用其 summary.csv 作不配对比较。"
        ),
    };
    Some(Caveat {
        weight: Weight::Serious,
        says,
        advice: Text::new(
            "read means and quantiles side by side, with the standard errors of independent runs; no probability of being better can be stated. Keep the folder `inputs` with a run to compare it in pairs",
            "请并列阅读均值与分位数（按独立运行计标准误）；无法给出“更好”的概率。若要配对比较，请将 inputs 文件夹与运行结果一并保存",
        ),
    })
}

/// A finished run that does not come out as it did.
fn drifted(member: &Member) -> Option<Caveat> {
    let drift = member.drift.filter(|drift| drift.differing > 0)?;
    let (differing, all) = (number::whole(drift.differing as f64), number::whole(drift.all as f64));
    let (en, zh) = (&member.label.en, &member.label.zh);
    Some(Caveat {
        weight: Weight::Serious,
        says: text!(
            "The finished run «{en}» does not come out as it was published: {differing} of its {all} means differ, although \
             its inputs, seed and replications are the same.",
            "已完成运行“{zh}”重新模拟的结果与当时不同：输入、种子、模拟次数均相同，但 {all} 个均值中有 {differing} 个不同。"
        ),
        advice: Text::new(
            "another version of civicap made it, or its summary.csv was edited: what moved between then and now includes that; \
             read the change log, or compare with the version that made it",
            "可能由另一版本的 civicap 生成，或其 summary.csv 被改动：前后差异包含这一部分；请查阅更新日志，或用原版本比较",
        ),
    })
}

fn other_areas(versus: &Versus) -> Option<Caveat> {
    let [a, b] = &versus.comparison.only_in;
    let count = a.areas.len() + b.areas.len();
    (count > 0).then(|| Caveat {
        weight: Weight::Caution,
        says: text!(
            "{count} areas are in one plan only: district totals cover different areas.",
            "有 {count} 个区域只出现在其中一个方案：全区合计的范围不同。"
        ),
        advice: Text::new("compare area by area", "请逐区域比较"),
    })
}

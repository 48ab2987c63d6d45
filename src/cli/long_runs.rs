//! Runs that take hours are told before they start, also where nothing else is said: a figure of a year that was typed as one
//! of a day is found out before the night is over.

use crate::language::{Language, Text};
use crate::report::number;
use crate::scenario::Plan;
use crate::text;

/// Seconds from which a run is told to be long.
const LONG: f64 = 1_800.0;

/// Warns of a run that takes long.
pub(super) fn warn(plan: &Plan, replications: usize, language: Language) {
    if let Some(said) = said(plan, replications, rayon::current_num_threads()) {
        super::talk::remark(&said, language);
    }
}

fn said(plan: &Plan, replications: usize, cores: usize) -> Option<Text> {
    let work = plan.work();
    let seconds = work.seconds(replications, cores);
    let (hours, requests) = (format!("{:.1}", seconds / 3_600.0), number::whole(work.requests));
    (seconds > LONG).then(|| {
        text!(
            "this run will take about {hours} hours: each of {replications} replications follows {requests} patients and applicants one by one\n\
             help: see whether figures of a year were given as those of a day, or ask for fewer replications",
            "本次运行约需 {hours} 小时：{replications} 次模拟，每次逐一跟踪 {requests} 名病人和申请者\n\
             改法：请检查是否把全年数当作每日数填写，或减少模拟次数"
        )
    })
}

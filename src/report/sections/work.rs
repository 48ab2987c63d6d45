//! What a plan asks of a machine, said before it starts.

use crate::language::Text;
use crate::report::number;
use crate::scenario::Plan;
use crate::text;

/// What is followed in one replication.
pub(super) fn note(plan: &Plan) -> Text {
    let work = plan.work();
    let persons = number::whole(work.persons as f64);
    let (years, requests) = (work.years, number::whole(work.requests));
    text!(
        "a replication follows {persons} residents through {years} years, and about {requests} patients and applicants one by one",
        "每次模拟推算 {persons} 名居民 {years} 年，并逐一跟踪约 {requests} 名病人和申请者"
    )
}

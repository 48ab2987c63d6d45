//! Queues and day-care stations of their own, read and checked.

use crate::input::Section;
use crate::queue::waiting_line::MOST_POOLS;
use crate::services::elderly::messages;
use crate::services::elderly::standalone::{QueuePatience, StandaloneQueue, StandaloneStation, Start};
use crate::uncertainty::Parameter;

/// The queues of `[elderly.queues]`.
pub(super) fn read_queues(section: &Section<'_>) -> Option<Vec<StandaloneQueue>> {
    let given = section.named("queues");
    let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    if names.len() > MOST_POOLS {
        section.session.diagnostics.refuse(section.span_of("queues"), messages::too_many_queues(MOST_POOLS));
        return None;
    }
    // All of them are read before any fault counts.
    let queues: Vec<_> = given.iter().map(|(name, queue)| read_queue(name.clone(), queue, &names)).collect();
    queues.into_iter().collect()
}

fn read_queue(name: String, queue: &Section<'_>, names: &[&str]) -> Option<StandaloneQueue> {
    let label = queue.label_or(&name);
    let (requests, places) = (queue.uncertain("requests_per_year"), queue.count("places"));
    let (stay, urgent) = (queue.uncertain("stay_months"), queue.uncertain("urgent_share"));
    let (patience, outside) = (read_patience(queue), queue.uncertain("outside"));
    let then = queue.if_given("overflow_to", |queue, _| read_overflow(&name, queue, names));
    let (warm_up, start) = (queue.count("warm_up_years"), read_start(queue, places));
    note_unlikely(queue, requests?, places?, stay?);
    Some(StandaloneQueue {
        outside: outside?,
        then: then?,
        name,
        label: label?,
        requests: requests?,
        places: places?,
        stay: stay?,
        patience: patience?,
        urgent: urgent?,
        warm_up: warm_up?,
        start: start?,
    })
}

/// Who is there on the first day; a fault where more are counted in a place than there are places.
fn read_start(queue: &Section<'_>, places: Option<u32>) -> Option<Start> {
    let (residents, waiting) = (queue.count("opening_residents"), queue.count("opening_waiting"));
    match Start::WORDS[queue.choice("start")?] {
        "empty" => return Some(Start::Empty),
        "offered_load" => return Some(Start::OfferedLoad),
        _ => {}
    }
    let (residents, waiting, places) = (residents?, waiting?, places?);
    if residents > places {
        queue.error("opening_residents", messages::more_counted_than_places(residents, places));
        return None;
    }
    Some(Start::Counted(residents + waiting))
}

/// Requests for so many times what the places could serve are hardly meant.
const FAR_TOO_MANY: f64 = 10.0;

/// Most places that one queue has.
const MANY_PLACES: u32 = 50_000;

/// Warns of numbers that no planner means.
fn note_unlikely(queue: &Section<'_>, requests: Parameter, places: u32, stay: Parameter) {
    if places > MANY_PLACES {
        queue.warn("places", messages::many_places(f64::from(places)));
    }
    let (requests, months) = (queue.session.at_median(requests), queue.session.at_median(stay));
    let (places, served) = (f64::from(places), 12.0 / months);
    if places > 0.0 && requests > FAR_TOO_MANY * places * served {
        queue.warn("requests_per_year", messages::requests_without_end(requests, places, served));
    }
}

/// The queue that is asked when this one is full; a fault where that is itself.
fn read_overflow(name: &str, queue: &Section<'_>, names: &[&str]) -> Option<usize> {
    let at = queue.name_of("overflow_to", names)?;
    if names[at] != name {
        return Some(at);
    }
    let others: Vec<&str> = names.iter().copied().filter(|other| *other != name).collect();
    queue.error("overflow_to", messages::overflow_to_itself(name, &others.join(", ")));
    None
}

fn read_patience(queue: &Section<'_>) -> Option<QueuePatience> {
    let months = queue.if_given("patience_months", Section::uncertain);
    if !queue.has("reneging_hazards") {
        return Some(months?.map_or(QueuePatience::Endless, QueuePatience::Months));
    }
    let refuse = |finding| queue.session.diagnostics.refuse(queue.span_of("reneging_hazards"), finding);
    if queue.has("patience_months") {
        refuse(messages::patience_in_two_ways("patience_months", "reneging_hazards"));
        return None;
    }
    let causes = queue.section("reneging_hazards")?;
    let hazards = ["death", "recovery", "other_care"].map(|cause| causes.number(cause));
    let [Some(death), Some(recovery), Some(other_care)] = hazards else { return None };
    if death + recovery + other_care > 0.0 {
        return Some(QueuePatience::ByCause([death, recovery, 0.0, other_care]));
    }
    refuse(messages::no_hazard());
    None
}

pub(super) fn read_station(name: String, station: &Section<'_>) -> Option<StandaloneStation> {
    let label = station.label_or(&name);
    let (enrolled, places) = (station.count("enrolled"), station.count("places"));
    let (attendance, days_open) = (station.uncertain("attendance"), station.count("days_open"));
    Some(StandaloneStation {
        name,
        label: label?,
        enrolled: enrolled?,
        places: places?,
        attendance: attendance?,
        days_open: days_open?,
    })
}

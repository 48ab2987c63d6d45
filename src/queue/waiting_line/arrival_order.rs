//! Bringing requests into the order of time.

use super::layout::Request;

/// Most parts of a period by which requests are sorted.
const MOST_PARTS: usize = 1024;

/// Sorts requests of the `span` from `start`: first by part of the period, as many parts as requests, then by moving the
/// few that still stand behind a later one. Requests of the same moment keep their order.
pub(super) fn sort(requests: &mut Vec<Request>, scratch: &mut Vec<Request>, start: f64, span: f64) {
    let parts = requests.len().next_power_of_two().min(MOST_PARTS);
    let scale = parts as f64 / span;
    let part = |request: &Request| (((request.time - start) * scale) as usize).min(parts - 1);
    let mut places = [0_u32; MOST_PARTS];
    requests.iter().for_each(|request| places[part(request)] += 1);
    let mut sum = 0;
    for place in &mut places[..parts] {
        (*place, sum) = (sum, sum + *place);
    }
    scratch.clear();
    scratch.extend_from_slice(requests);
    for request in &*requests {
        let place = &mut places[part(request)];
        scratch[*place as usize] = *request;
        *place += 1;
    }
    for next in 1..scratch.len() {
        let mut at = next;
        while at > 0 && scratch[at - 1].time > scratch[at].time {
            scratch.swap(at - 1, at);
            at -= 1;
        }
    }
    std::mem::swap(requests, scratch);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngSource, StreamKey};

    #[test]
    fn requests_come_in_the_order_of_time_and_equals_stay_as_they_were() {
        let mut stream = RngSource::new(4, 0).cell(StreamKey::named("test.order"), 0, 0);
        for count in [0_u32, 1, 2, 100, 5_000] {
            let time = |u: f64| if u < 0.1 { 7.5 } else { 7.0 + 1.5 * u };
            let request =
                |route, u| Request { time: time(u), patience: 1.0, route, class: 0, returns: false, outside: false };
            let mut requests: Vec<Request> = (0..count).map(|route| request(route, stream.uniform())).collect();
            let mut expected: Vec<(f64, u32)> = requests.iter().map(|r| (r.time, r.route)).collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            sort(&mut requests, &mut Vec::new(), 7.0, 1.0);
            assert_eq!(requests.iter().map(|r| (r.time, r.route)).collect::<Vec<_>>(), expected);
        }
    }
}

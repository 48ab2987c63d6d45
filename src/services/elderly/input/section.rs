//! What `[elderly]` says, read and checked: the network, queues and stations of their own, and the target.

use super::network::read_network;
use super::standalone::{read_queues, read_station};
use crate::input::Section;
use crate::metric::Promise;
use crate::services::elderly::messages;
use crate::services::elderly::model::{Inputs, Target};
use crate::services::targets::note_hardly_broken;
use crate::site::Site;
use crate::text;

/// Reads the section; `None` when it cannot be used.
pub(crate) fn read(section: &Section<'_>, site: &Site) -> Option<Inputs> {
    let queues = read_queues(section);
    let stations = section.named("stations").into_iter().map(|(name, station)| read_station(name, &station));
    let stations: Vec<_> = stations.collect();
    let wants_network = section.has("need") || section.has("supply") || section.has("services");
    if !wants_network && !section.has("queues") && !section.has("stations") {
        section.session.diagnostics.refuse(section.span, messages::nothing_to_simulate());
        return None;
    }
    let network = wants_network.then(|| read_network(section, site));
    let target = read_target(section)?;
    let stations = stations.into_iter().collect::<Option<Vec<_>>>();
    let network = if let Some(network) = network { Some(network?) } else { None };
    Some(Inputs { network, queues: queues?, stations: stations?, target })
}

fn read_target(section: &Section<'_>) -> Option<Target> {
    let target = section.section("service_target")?;
    let figures = ["unmet_share_at_most", "confidence", "surplus_utilisation_threshold"].map(|key| target.number(key));
    note_hardly_broken(&target, &[("unmet_share_at_most", figures[0])]);
    let [Some(tolerated), Some(confidence), Some(surplus_below)] = figures else { return None };
    let served = Promise::percent(1.0 - tolerated);
    let text = text!("{served}% of old people who ask get a place", "{served}% 的申请老人得到服务");
    Some(Target { tolerated, promise: Promise { text, confidence, surplus_below, limits: Vec::new() } })
}

//! Speed of elderly care: one replication of the flagship's network (13 areas, 12 years, all levels), without its people.

use std::hint::black_box;
use std::path::Path;

use civicap::context::ReplicationContext;
use civicap::metric::Record;
use civicap::population;
use civicap::population::view::{People, YearView};
use civicap::random::RngSource;
use civicap::scenario::{Plan, Request, load};
use civicap::services::service_signals::ServiceSignals;
use criterion::{Criterion, criterion_group, criterion_main};

/// The flagship without education and health, in a folder of its own.
fn flagship() -> Plan {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lixia");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    for entry in std::fs::read_dir(source.join("data")).expect("tables") {
        let entry = entry.expect("a table");
        std::fs::copy(entry.path(), folder.path().join("data").join(entry.file_name())).expect("a copy");
    }
    let text = std::fs::read_to_string(source.join("scenario.toml")).expect("the flagship is there");
    let mut keep = true;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| {
            if line.starts_with('[') {
                keep = !line.starts_with("[education") && !line.starts_with("[health");
            }
            keep
        })
        .collect();
    let path = folder.path().join("scenario.toml");
    std::fs::write(&path, kept.join("\n")).expect("a file");
    load(&path, Request::default()).plan.expect("the flagship is sound")
}

/// The people of one path at both ends of every reported year.
fn people(plan: &Plan) -> Vec<(People, People)> {
    let mut draw = plan.parameters.blank();
    plan.parameters.draw(1, 0, &mut draw);
    let living = population::PeopleContext { draw: &draw, path: RngSource::new(1, 0), chance: RngSource::new(1, 0) };
    let mut state = plan.people.as_ref().expect("people").state();
    state.open(&living);
    let mut years = Vec::new();
    for index in 0..plan.site.years() {
        state.advance(&living, index);
        if index >= plan.site.lead_years() {
            years.push((state.view().start.clone(), state.view().end.clone()));
        }
    }
    years
}

fn network(criterion: &mut Criterion) {
    let plan = flagship();
    let years = people(&plan);
    let (group_quarters, births) = (People::nobody(plan.site.areas.len()), vec![0; plan.site.areas.len()]);
    let mut cells = vec![0; plan.catalogue.cells()];
    let mut draw = plan.parameters.blank();
    let mut state = plan.services[0].1.state();
    let mut number = 0;
    criterion.bench_function("elderly care, 13 areas, 12 years", |bench| {
        bench.iter(|| {
            number += 1;
            plan.parameters.draw(1, number / 2, &mut draw);
            let context = ReplicationContext { site: &plan.site, draw: &draw, chance: RngSource::new(1, number) };
            let mut record = Record::new(&plan.catalogue, &mut cells);
            let mut signals = ServiceSignals::default();
            for (reported, (start, end)) in years.iter().enumerate() {
                let index = plan.site.lead_years() + reported;
                let view = YearView {
                    year: plan.site.start + reported as i32,
                    index,
                    reported: Some(reported),
                    start,
                    end,
                    group_quarters: &group_quarters,
                    births: &births,
                    registered: None,
                    flows: None,
                };
                if reported == 0 {
                    state.open(&context, &view);
                }
                state.serve(&context, &view, &mut signals, &mut record);
            }
            record.close();
            black_box(&cells);
        });
    });
}

criterion_group!(benches, network);
criterion_main!(benches);

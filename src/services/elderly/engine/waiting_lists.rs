//! Why names go from the waiting lists of single homes.

use super::pools::{CLASSES, PoolGrid};
use super::reneging::{CAUSES, Causes};
use crate::queue::waiting_line::WaitingLine;
use crate::random::{Stream, multivariate_hypergeometric};

/// Names that people took off each list by leaving, by cause. Shape: list.
pub(crate) type LeftBy = Vec<[u32; CAUSES]>;

/// Finds for which causes names went from each list: of the people of an area and a class who left, those of each cause
/// are spread over the routes as lots are (multivariate hypergeometric), since the cause does not depend on the route.
/// `causes` by class; `left` by list is added to.
pub(crate) fn spread_causes(
    line: &WaitingLine,
    grid: PoolGrid,
    area: usize,
    causes: &Causes,
    left: &mut LeftBy,
    stream: &mut Stream,
) {
    let year = line.tally();
    for (class, of_class) in causes.iter().enumerate() {
        let mut rest = *of_class;
        for route in grid.routes(area) {
            let mut taken = [0; CAUSES];
            multivariate_hypergeometric(&rest, year.gave_up_in[route * CLASSES + class], &mut taken, stream);
            rest.iter_mut().zip(taken).for_each(|(rest, taken)| *rest -= taken);
            for &list in &line.lists(route).on {
                left[list as usize].iter_mut().zip(taken).for_each(|(sum, taken)| *sum += taken);
            }
        }
        debug_assert_eq!(rest, [0; CAUSES], "invariant: everybody who left did so along one route");
    }
}

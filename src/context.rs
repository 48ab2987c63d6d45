//! What is fixed during one replication.

use crate::random::RngSource;
use crate::site::Site;
use crate::uncertainty::ParameterDraw;

/// The site, the parameters of the path and the chance of the replication.
#[derive(Clone, Copy, Debug)]
pub struct ReplicationContext<'a> {
    /// Areas, years, projects.
    pub site: &'a Site,
    /// The parameters of this path.
    pub draw: &'a ParameterDraw,
    /// Chance events of this replication.
    pub chance: RngSource,
}

//! Places and one waiting line over them, in continuous time.
//!
//! People ask along a *route*: an order of *pools* of places. Who finds a free place stays; who finds none goes outside
//! (if so minded) or joins the line and may give up. Events are handled in the order of time:
//!
//! 1. *Arrival*: the first free pool of the route, else outside, else the line.
//! 2. *Departure* or *opening*: the place goes to the line by class, inside a class to the pool's own people and then to
//!    whoever waits longest; when nobody waits for it, to the longest-placed person of another pool whose first choice it
//!    is and who wants to return. The place left by a return is filled by the same rule.
//! 3. *Giving up*: independent of the stay.
//! 4. *Closing* ejects nobody: places go as they fall free, and are open until then.
//!
//! One pool with one route is Erlang A (Palm 1957), Erlang C without giving up, two classes are Cobham's (1954) queue.
//! Stays are exponential and belong to the order of admission at a pool, not to the person: then one more place in a
//! single pool never admits fewer, on any path of chance (the coupling of Sonderman 1979). Time is in years.

mod arrival_order;
mod calendar_queue;
mod circles;
mod engine;
mod layout;
mod list_entries;
mod tally;

pub use engine::WaitingLine;
pub use layout::{Layout, Lists, MOST_POOLS, Request, Stays};
pub use list_entries::ListEntries;
pub use tally::Tally;

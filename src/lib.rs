//! Do the planned school places, hospital beds and elderly-care places of a city district meet demand: where, when, and
//! how sure are we?
//!
//! 规划的学位、床位和养老服务够不够：哪里、何时、有多大把握？
//!
//! Planners use the `civicap` command and need nothing of what follows; `docs/tutorial.en.md` (`docs/tutorial.zh.md`) walks
//! them through a district. This page is for those who read the machinery, check it, or build on it.
//!
//! # A run
//!
//! The smallest scenario can be checked by hand: a school of 24 classes opens four classes a year, 240 children come every
//! September, and classes take at most 55. So 220, 440 and 660 find a place, and 20, 40 and 60 do not.
//!
//! ```
//! use std::path::Path;
//! use std::sync::atomic::AtomicBool;
//!
//! use civicap::language::Language;
//! use civicap::metric::Role;
//! use civicap::report::{build, html};
//! use civicap::run::{RunOptions, simulate};
//! use civicap::scenario::{Request, load};
//! use civicap::study::{RunSummary, VerdictLevel, verdicts};
//!
//! // What a planner wrote becomes a plan, or every fault in it at once.
//! let loaded = load(Path::new("scenarios/tiny/scenario.toml"), Request::default());
//! assert_eq!(loaded.diagnostics.errors, 0);
//! let plan = loaded.plan.expect("there were no errors");
//!
//! // Each replication is a function of (plan, seed, number): threads change nothing.
//! let asked = RunOptions { replications: 8, seed: 1, threads: 0 };
//! let results = simulate(&plan, asked, &(), &AtomicBool::new(false))?;
//!
//! // Summaries, verdicts, and the report as data.
//! let summary = RunSummary::new(&plan, &results);
//! let (primary, _) = plan.catalogue.blocks().find(|(_, block)| block.stage == "primary").expect("it has a school");
//! let unserved: Vec<f64> = (0..3)
//!     .filter_map(|year| summary.of(&plan, primary, Role::Unmet, plan.catalogue.district(primary), year))
//!     .map(|statistic| statistic.mean)
//!     .collect();
//! assert_eq!(unserved, [20.0, 40.0, 60.0]);
//! let verdicts = verdicts(&plan, &results, &summary);
//! assert!(verdicts.iter().any(|verdict| verdict.block == primary && verdict.rank == VerdictLevel::FallsShort));
//! let page = html::render(&build(&plan, &results, &summary, &verdicts, &[]), Language::Zh);
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), civicap::run::RunError>(())
//! ```
//!
//! # The flow
//!
//! | step | what it is | room |
//! |---|---|---|
//! | scenario files | TOML and CSV: figures with unit, source, status and law | [`input`] reads them, with the place of every fault |
//! | [`scenario::Plan`] | names became indices, tables dense grids; immutable, shared by threads | [`scenario`] |
//! | one replication | a path of the uncertain inputs, then chance, year by year: people, then each service | [`run`], [`population`], [`services`] |
//! | [`run::Results`] | every metric by area, year and replication, as kept numbers | [`run`], [`metric`] |
//! | [`study::RunSummary`] | mean, quantiles, probability of shortage, Monte Carlo error of every cell | [`summary`], [`study`] |
//! | verdicts, drivers, comparisons | does each stage keep its promise; what moves it; what a plan changes | [`study`] |
//! | [`report::Report`] | prose, pictures and tables as data, in both languages | [`report`] |
//! | page, terminal, tables | bytes; only the command line writes files | [`report`], [`cli`] |
//!
//! Rooms import only what stands before them, a service never another service; `tests/suite/house.rs` holds that.
//! From the ground: [`language`], [`dates`], [`diagnostic`], [`random`], [`uncertainty`], [`calibration`], [`metric`],
//! [`summary`], [`queue`], [`input`], [`site`], [`context`], [`supply`], [`population`], [`services`], [`scenario`], [`run`],
//! [`study`], [`need`], [`report`],
//! [`cli`].
//!
//! # What holds
//!
//! - People, places and requests are whole numbers, and nobody is lost: every year `N(t+1, x+1) = N(t, x) - D - O + I`, and
//!   everybody who asks is served, waiting, gone, outside or unserved. Debug builds check it in every replication.
//! - The same plan, seed and number of replications give the same bits on any number of threads, machines and parts.
//!   Every purpose has its own keyed stream ([`random`]), so a new draw or service moves no other number, and two plans
//!   are compared under common random numbers.
//! - What nobody knows ([`uncertainty`]) and what chance decides are kept apart: replications `2k` and `2k + 1` share a path,
//!   and both shares of the variance add to the whole.
//! - Samplers are exact in distribution, not approximations by a normal.
//! - Reading never stops at the first fault, and never panics: damaged and hostile files are tested for that.
//!
//! # How it is computed
//!
//! The method of each part, as the report prints it: [`methods`].
//!
//! # Words
//!
#![doc = include_str!("glossary.md")]
//!
//! Sources: Erlang 1917, *Elektroteknikeren* 13; Geisser 1993, *Predictive Inference*; Glasserman and Yao 1992, *Management
//! Science* 38; Law 2015, *Simulation Modeling and Analysis*, 5th edition; O'Hagan et al. 2006, *Uncertain Judgements*; Palm
//! 1957, *Tele* 2; Perros 1994, *Queueing Networks with Blocking*; Preston, Heuveline and Guillot 2001, *Demography*; Sobol
//! 1993, *Mathematical Modelling and Computational Experiments* 1; Takács 1962, *Introduction to the Theory of Queues*.

pub mod calibration;
pub mod cli;
pub mod context;
pub mod dates;
pub mod diagnostic;
pub mod input;
pub mod language;
pub mod methods {
    //! How each part computes: the very texts that the report prints as its methods.

    /// The people.
    #[doc = include_str!("population/method.md")]
    pub mod people {}

    /// Education.
    #[doc = include_str!("services/education/method.md")]
    pub mod education {}

    /// Health.
    #[doc = include_str!("services/health/method.md")]
    pub mod health {}

    /// Elderly care.
    #[doc = include_str!("services/elderly/method.md")]
    pub mod elderly {}
}
pub mod metric;
pub mod need;
pub mod population;
pub mod queue;
pub mod random;
pub mod report;
pub mod run;
pub mod scenario;
pub mod services;
pub mod simd;
pub mod site;
pub mod study;
pub mod summary;
pub mod supply;
pub mod uncertainty;

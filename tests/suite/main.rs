//! The test suite: one binary, a module for each subject.
//!
//! Tests state laws (conservation, exact results, paired inequalities), not yesterday's output. Statistical tests have
//! fixed seeds and bounds of four standard errors (or alpha 0.001) around the theory.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may stop and speak")]
#![allow(clippy::too_many_lines, clippy::assigning_clones, reason = "examples are long lists")]

mod area_adjustments;
mod arrivals_come_to_an_area;
mod calibration;
mod catchments;
mod choice;
mod classes_by_grade;
mod classrooms;
mod comparison;
mod dictionary;
mod draws_of_schools;
mod education;
mod elderly;
mod files;
mod formulae;
mod fuzz;
mod guide;
mod health;
mod health_cases;
mod health_terms;
mod hindcast;
mod hospitals;
mod hostile;
mod house;
mod inputs;
mod intensive_care;
mod keys_act;
mod laws;
mod ledger;
mod map;
mod need;
mod nine_year;
mod oracle;
mod order_of_rows;
mod past;
mod people;
mod people_calibration;
mod people_draws_by_name;
mod people_levels;
mod places;
mod planner;
mod reading_cases;
mod registration;
mod remedies;
mod renewal_is_a_ledger;
mod report;
mod resume;
mod robust;
mod runs;
mod samplers;
mod settings;
mod slips;
mod supply_chain;
mod support;
mod theory;
mod tutorial;
mod upgrade;
mod waiting_line;
mod ways_to_school;

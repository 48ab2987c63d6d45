//! Names that a table may refer to, looked up and not searched: a country has 200,000 schools.

use std::collections::HashMap;

/// Names in their order, found in one step.
#[derive(Clone, Debug, Default)]
pub struct Names {
    list: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    /// These names; of one given twice the first place counts.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let list: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut places = HashMap::with_capacity(list.len());
        for (at, name) in list.iter().enumerate() {
            places.entry(name.clone()).or_insert(at);
        }
        Self { list, places }
    }

    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

// SPDX-License-Identifier: Apache-2.0
//! A crate as `cargo vendor` would have put it here.
pub fn sum<I: IntoIterator<Item = i64>>(values: I) -> i64 {
    values.into_iter().fold(0, |a, b| a + b)
}

pub fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[macro_export]
macro_rules! max_of {
    ($x:expr) => { $x };
    ($x:expr, $($rest:expr),+) => {{ let (a, b) = ($x, $crate::max_of!($($rest),+)); if a > b { a } else { b } }};
}

// SPDX-License-Identifier: Apache-2.0
const S: &[u8] = include_bytes!("@PUBLIC@");
const E: Option<&str> = option_env!("CANARY_ENV");
fn main() { println!("{} {:?}", S.len(), E); }

// SPDX-License-Identifier: Apache-2.0
// Code of a proc macro runs inside rustc, when another crate uses it.
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn m(_: TokenStream) -> TokenStream {
    println!("INFO:{:?}", std::process::Command::new("id").output());
    for path in ["/etc/shadow", "@SECRET@", "@PUBLIC@"] {
        println!("{}:{}", if std::fs::metadata(path).is_ok() { "VULN" } else { "SAFE" }, path);
    }
    TokenStream::new()
}

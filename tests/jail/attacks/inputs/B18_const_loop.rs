// SPDX-License-Identifier: Apache-2.0
const fn f(n:u64)->u64{let mut i=0;let mut s=0;while i<n{s^=i;i+=1;}s}
#[allow(long_running_const_eval)]
const X:u64=f(u64::MAX);
fn main(){println!("{}",X);}

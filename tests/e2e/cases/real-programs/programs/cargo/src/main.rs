// SPDX-License-Identifier: Apache-2.0
// What the jury has written: reads, asks the contestant's module, prints.
mod solution;

use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::mpsc;
use std::thread;

fn main() {
    let points = solution::points(200);
    let hull = geometry::convex_hull(points.clone());
    let (sender, receiver) = mpsc::channel();
    let workers: Vec<_> = points
        .chunks(50)
        .map(|chunk| {
            let (sender, chunk) = (sender.clone(), chunk.to_vec());
            thread::spawn(move || sender.send(chunk.iter().map(|p| p.x).max()).unwrap())
        })
        .collect();
    drop(sender);
    let largest: BinaryHeap<i64> = receiver.iter().flatten().collect();
    workers.into_iter().for_each(|w| w.join().unwrap());
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for p in &points {
        *counts.entry(tinymath::gcd(p.x.unsigned_abs(), p.y.unsigned_abs())).or_default() += 1;
    }
    let counts: BTreeMap<_, _> = counts.into_iter().collect();
    println!(
        "{} {} {:?} {} {}",
        hull.len(),
        geometry::doubled_area(&hull),
        largest.peek(),
        counts.len(),
        tinymath::max_of!(1, 7, 3)
    );
}

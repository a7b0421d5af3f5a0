// SPDX-License-Identifier: Apache-2.0
// The contestant's module.
use geometry::Point;

pub struct Random(u64);

impl Iterator for Random {
    type Item = i64;
    fn next(&mut self) -> Option<i64> {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Some((self.0 % 1000) as i64 - 500)
    }
}

pub fn points(count: usize) -> Vec<Point<i64>> {
    let mut random = Random(88172645463325252);
    (0..count).filter_map(|_| Some(Point { x: random.next()?, y: random.next()? })).collect()
}

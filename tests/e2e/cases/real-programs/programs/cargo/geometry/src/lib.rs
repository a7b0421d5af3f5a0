// SPDX-License-Identifier: Apache-2.0
//! Points of the plane, generic in their numbers.
use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point<T> {
    pub x: T,
    pub y: T,
}

pub trait Number: Copy + Ord + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Default {}
impl<T: Copy + Ord + Add<Output = T> + Sub<Output = T> + Mul<Output = T> + Default> Number for T {}

impl<T: Number> Sub for Point<T> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Point { x: self.x - other.x, y: self.y - other.y }
    }
}

impl<T: Number> Point<T> {
    pub fn cross(self, other: Self) -> T {
        self.x * other.y - self.y * other.x
    }
}

/// Counter-clockwise, without points on its sides.
pub fn convex_hull<T: Number>(mut points: Vec<Point<T>>) -> Vec<Point<T>> {
    points.sort();
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let half = |points: &mut dyn Iterator<Item = Point<T>>| {
        let mut hull: Vec<Point<T>> = Vec::new();
        for p in points {
            while hull.len() >= 2 {
                let (a, b) = (hull[hull.len() - 2], hull[hull.len() - 1]);
                match (b - a).cross(p - a).cmp(&T::default()) {
                    Ordering::Greater => break,
                    _ => hull.pop(),
                };
            }
            hull.push(p);
        }
        hull.pop();
        hull
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

pub fn doubled_area(hull: &[Point<i64>]) -> i64 {
    let sides = hull.iter().zip(hull.iter().cycle().skip(1));
    tinymath::sum(sides.map(|(a, b)| a.cross(*b)))
}

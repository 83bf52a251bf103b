//! splitmix64, the few distributions that worlds are drawn from, and ids that look random.

use super::bits;

/// splitmix64: the same seed gives the same stream.
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
    /// 0..n
    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next() >> 32) * u128::from(n)) >> 32) as u32
    }
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }
    /// A random non-empty closed subset of `within`, which is closed itself.
    pub fn set(&mut self, within: u64, kinds: u64) -> u64 {
        loop {
            let s = self.next() & within & kinds;
            if s != 0 {
                return bits::closed(s);
            }
        }
    }
    /// `n` distinct numbers of 0..of.
    pub fn distinct(&mut self, n: u32, of: u32, out: &mut Vec<u32>) {
        out.clear();
        while out.len() < n.min(of) as usize {
            let x = self.below(of);
            if !out.contains(&x) {
                out.push(x);
            }
        }
    }
    /// A Zipf (s = 1) rank below n, scattered over 0..n.
    pub fn zipf(&mut self, n: u32) -> u32 {
        let rank = ((f64::from(n) + 1.0).ln() * self.unit()).exp() as u64 - 1;
        (rank.min(u64::from(n) - 1) * 2_654_435_761 % u64::from(n)) as u32
    }
}

pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The 128-bit id of user `i`; random looking, unique.
pub fn user_id(i: u32) -> u128 {
    (u128::from(mix(0x1111_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x1112_0000_0000_0000 | u64::from(i)))
}

/// The 128-bit id of resource `i`.
pub fn resource_id(i: u32) -> u128 {
    (u128::from(mix(0x2221_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x2222_0000_0000_0000 | u64::from(i)))
}

/// The 128-bit id of group `i`.
pub fn group_id(i: u32) -> u128 {
    (u128::from(mix(0x3331_0000_0000_0000 | u64::from(i))) << 64)
        | u128::from(mix(0x3332_0000_0000_0000 | u64::from(i)))
}

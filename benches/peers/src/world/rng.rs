//! splitmix64 and the few distributions that worlds are drawn from.

use super::bits;

/// A splitmix64 stream: the same seed gives the same world, bit for bit.
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number of `0..n`.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.draw() >> 32) * u128::from(n)) >> 32) as u32
    }

    /// A number of `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True in `percent` of a hundred draws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A non-empty closed subset of `within`, which is closed itself.
    pub fn set(&mut self, within: u64) -> u64 {
        loop {
            let set = self.draw() & within;
            if set != 0 {
                return bits::closed(set);
            }
        }
    }

    /// `n` different numbers of `0..of`.
    pub fn distinct(&mut self, n: u32, of: u32) -> Vec<u32> {
        let mut picked = Vec::with_capacity(n as usize);
        while picked.len() < n.min(of) as usize {
            let x = self.below(of);
            if !picked.contains(&x) {
                picked.push(x);
            }
        }
        picked
    }

    /// A Zipf rank (s = 1) below `n`, the ranks scattered over `0..n`.
    pub fn zipf(&mut self, n: u32) -> u32 {
        let rank = ((f64::from(n) + 1.0).ln() * self.unit()).exp() as u64 - 1;
        (rank.min(u64::from(n) - 1) * 2_654_435_761 % u64::from(n)) as u32
    }
}

/// The finaliser of splitmix64.
pub fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

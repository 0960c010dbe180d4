//! The bytes of a flood, which tests make again by themselves.
//!
//! xorshift64: the state starts as `SEED`, or 0x9E3779B97F4A7C15 if that is 0. Each step is
//! `x ^= x << 13; x ^= x >> 7; x ^= x << 17`, and gives `x` as eight bytes, little-endian. The flood
//! is the first `BYTES` of these.

pub(crate) struct XorShift(u64);

impl XorShift {
    pub(crate) fn new(seed: u64) -> Self {
        Self(if seed == 0 { 0x9E37_79B9_7F4A_7C15 } else { seed })
    }

    pub(crate) fn step(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let step = self.step().to_le_bytes();
            chunk.copy_from_slice(&step[..chunk.len()]);
        }
    }
}

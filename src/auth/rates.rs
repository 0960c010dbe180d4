//! Token buckets on the monotonic clock: a wrong wall clock neither locks out nor lets in.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Most keys remembered; beyond it the one that has waited longest is forgotten.
const KEYS_MAX: usize = 4096;

/// When the next one will be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

/// One bucket per key.
#[derive(Debug)]
pub struct Rates<K> {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl<K: Eq + Hash + Clone> Rates<K> {
    /// `per_minute` on average and at once.
    pub fn per_minute(per_minute: u32) -> Self {
        let burst = f64::from(per_minute.max(1));
        Self { burst, per_second: burst / 60.0, buckets: Mutex::default() }
    }

    /// Takes one from the bucket of `key`, or says when there will be one.
    pub fn take(&self, key: &K) -> Result<(), RetryAfter> {
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(key) && buckets.len() >= KEYS_MAX {
            let longest_idle = buckets.iter().min_by_key(|(_, bucket)| bucket.at).map(|(key, _)| key.clone());
            if let Some(idle) = longest_idle {
                buckets.remove(&idle);
            }
        }
        let bucket = buckets.entry(key.clone()).or_insert(Bucket { left: self.burst, at: now });
        let refill = now.duration_since(bucket.at).as_secs_f64() * self.per_second;
        bucket.left = (bucket.left + refill).min(self.burst);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            Ok(())
        } else {
            Err(RetryAfter(Duration::from_secs_f64((1.0 - bucket.left) / self.per_second)))
        }
    }
}

impl Rates<IpAddr> {
    /// Takes one from the bucket of an address, counting an IPv6 network as one.
    pub fn take_address(&self, address: IpAddr) -> Result<(), RetryAfter> {
        self.take(&super::slots::counted_as(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_bucket_empties_and_refills_with_time() {
        let rates = Rates::per_minute(10);
        for _ in 0..10 {
            rates.take(&1).expect("burst");
        }
        let RetryAfter(wait) = rates.take(&1).expect_err("empty");
        assert!(wait > Duration::from_secs(5) && wait <= Duration::from_secs(6), "{wait:?}");
        rates.take(&2).expect("another key has its own");
        tokio::time::advance(wait).await;
        rates.take(&1).expect("refilled");
        assert!(rates.take(&1).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_keys_does_not_grow_the_map() {
        let rates = Rates::per_minute(1);
        for key in 0..KEYS_MAX * 2 {
            rates.take(&key).expect("first of each");
        }
        assert!(rates.buckets.lock().expect("lock").len() <= KEYS_MAX);
    }
}

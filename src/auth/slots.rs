//! How many of something one address may have at the same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts per address and in all.
#[derive(Debug, Clone)]
pub struct Slots {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    per_address: usize,
    total: usize,
    /// Holds only addresses that have at least one slot, so `total` bounds it.
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One of them, until dropped.
#[derive(Debug)]
pub struct Slot {
    shared: Arc<Shared>,
    address: IpAddr,
}

impl Slots {
    /// At most `per_address` each and `total` in all.
    pub fn new(per_address: usize, total: usize) -> Self {
        Self { shared: Arc::new(Shared { per_address, total, taken: Mutex::default() }) }
    }

    /// A slot for `address`, if there is room.
    pub fn take(&self, address: IpAddr) -> Option<Slot> {
        let address = counted_as(address);
        let mut taken = self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.total >= self.shared.total
            || taken.by_address.get(&address).copied().unwrap_or(0) >= self.shared.per_address
        {
            return None;
        }
        taken.total += 1;
        *taken.by_address.entry(address).or_insert(0) += 1;
        drop(taken);
        Some(Slot { shared: Arc::clone(&self.shared), address })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.total = taken.total.saturating_sub(1);
        if let Some(count) = taken.by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

/// One host owns a whole IPv6 /64, so that is what counts as an address; loopback stays itself.
pub(super) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_bounded_per_address_and_in_all_and_come_back() {
        let slots = Slots::new(2, 3);
        let address = |text: &str| text.parse::<IpAddr>().expect("address");
        let first = slots.take(address("127.0.0.1")).expect("first");
        let _second = slots.take(address("::ffff:127.0.0.1")).expect("the same address, second");
        assert!(slots.take(address("127.0.0.1")).is_none());
        let _other = slots.take(address("fd00::1")).expect("another address");
        assert!(slots.take(address("10.0.0.1")).is_none(), "three in all");
        drop(first);
        assert!(slots.take(address("127.0.0.1")).is_some());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let slots = Slots::new(1, 10);
        let _one = slots.take("2001:db8::1".parse().expect("address")).expect("first");
        assert!(slots.take("2001:db8::ffff".parse().expect("address")).is_none());
        assert!(slots.take("2001:db8:0:1::1".parse().expect("address")).is_some());
    }
}

//! Which names this server answers to.

use crate::auth::checked_name;
use crate::config::Config;
use std::collections::BTreeSet;
use std::net::IpAddr;
use tokio::net::TcpListener;

/// The names, best first. On loopback that is the name of this installation, which shares its storage with no other port;
/// otherwise what the user named, then addresses other machines reach.
pub(super) fn wanted(config: &Config, instance: &str, listeners: &[TcpListener]) -> anyhow::Result<Vec<String>> {
    let bound: Vec<IpAddr> = listeners.iter().filter_map(|l| l.local_addr().ok()).map(|a| a.ip()).collect();
    let mut loopback = vec![format!("cw-{instance}.localhost"), "localhost".to_owned(), "127.0.0.1".to_owned()];
    if bound.iter().any(|ip| ip.is_ipv6() && (ip.is_loopback() || ip.is_unspecified())) {
        loopback.push("::1".to_owned());
    }
    let given = config.hosts.iter().map(|name| checked_name(name)).collect::<Result<Vec<_>, _>>()?;
    let reachable = reachable(&bound);
    let names = if reachable.is_empty() { [loopback, given].concat() } else { [given, reachable, loopback].concat() };
    Ok(names)
}

/// Addresses and names under which other machines reach the bound addresses.
fn reachable(bound: &[IpAddr]) -> Vec<String> {
    let outside: Vec<IpAddr> = bound.iter().copied().filter(|ip| !ip.is_loopback()).collect();
    if outside.is_empty() {
        return Vec::new();
    }
    let machine = machine_addresses();
    let mut addresses = BTreeSet::new();
    for ip in outside {
        match ip {
            ip if !ip.is_unspecified() => drop(addresses.insert(ip)),
            IpAddr::V4(_) => addresses.extend(machine.iter().filter(|ip| ip.is_ipv4())),
            IpAddr::V6(_) => addresses.extend(machine.iter().filter(|ip| ip.is_ipv6())),
        }
    }
    // IPv4 first by the order of `IpAddr`: it is what people type and what a QR code should hold.
    let mut names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let host_name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if let Ok(host_name) = checked_name(&host_name) {
        if !host_name.contains('.') {
            names.push(format!("{host_name}.local"));
        }
        names.push(host_name);
    }
    names
}

/// The machine's addresses, without loopback and without link-local IPv6, which needs a zone no URL can carry.
fn machine_addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let addresses = interfaces.iter().map(if_addrs::Interface::ip);
    addresses
        .filter(|ip| match ip {
            IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local(),
            IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local(),
        })
        .collect()
}

//! Listening on exactly the addresses that were asked for.

use crate::config::Config;
use anyhow::{Context as _, anyhow};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, sockopt};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// Connections the kernel holds for us while we accept others.
const BACKLOG: i32 = 1024;
/// With port 0 the port that is free for one address may be taken for the next.
const PORT_TRIES: usize = 8;

/// Binds every address at one port. Never takes another port than the one asked for.
pub(super) fn bind(config: &Config, warnings: &mut Vec<String>) -> anyhow::Result<(Vec<TcpListener>, u16)> {
    let tries = if config.port == 0 { PORT_TRIES } else { 1 };
    let mut last = anyhow!("no address to listen on");
    for _ in 0..tries {
        match bind_all(config, warnings) {
            Ok(bound) => return Ok(bound),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind_all(config: &Config, warnings: &mut Vec<String>) -> anyhow::Result<(Vec<TcpListener>, u16)> {
    let mut port = config.port;
    let mut listeners = Vec::new();
    for (address, required) in addresses(config) {
        match open(SocketAddr::new(address, port)) {
            Ok(listener) => {
                let listener = TcpListener::from_std(listener)?;
                port = listener.local_addr()?.port();
                listeners.push(listener);
            }
            // A port somebody else has is always an error: on loopback they would get half of our visitors.
            Err(Errno::ADDRINUSE) => {
                return Err(anyhow!("port {port} on {address} is taken; stop what uses it or choose another --port"));
            }
            Err(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL) if !required => {
                warnings.push(format!("this machine has no {address}; listening without it"));
            }
            Err(error) => {
                return Err(std::io::Error::from(error))
                    .with_context(|| format!("cannot listen on port {port} of {address}"));
            }
        }
    }
    if listeners.is_empty() {
        return Err(anyhow!("no address to listen on at port {port}"));
    }
    Ok((listeners, port))
}

/// The addresses, and whether each must work. Loopback is always among them: `claude-web url` gives names that need it.
fn addresses(config: &Config) -> Vec<(IpAddr, bool)> {
    let everywhere = |v6: bool| config.bind.iter().any(|ip| ip.is_unspecified() && ip.is_ipv6() == v6);
    let mut addresses: Vec<(IpAddr, bool)> = Vec::new();
    if config.lan || everywhere(false) {
        addresses.push((Ipv4Addr::UNSPECIFIED.into(), true));
    } else {
        addresses.push((Ipv4Addr::LOCALHOST.into(), true));
    }
    if config.lan || everywhere(true) {
        addresses.push((Ipv6Addr::UNSPECIFIED.into(), !config.lan));
    } else {
        addresses.push((Ipv6Addr::LOCALHOST.into(), false));
    }
    for ip in &config.bind {
        let covered =
            |(other, _): &(IpAddr, bool)| other == ip || (other.is_unspecified() && other.is_ipv4() == ip.is_ipv4());
        if !addresses.iter().any(covered) {
            addresses.push((*ip, true));
        }
    }
    addresses
}

fn open(address: SocketAddr) -> Result<std::net::TcpListener, Errno> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = rustix::net::socket_with(family, SocketType::STREAM, listening_flags(), None)?;
    // A restart must not wait for the old connections' TIME_WAIT. It does not let two servers share a port.
    sockopt::set_socket_reuseaddr(&socket, true)?;
    if address.is_ipv6() {
        // IPv4 has its own listener; a mapped address would get around the rules for it.
        sockopt::set_ipv6_v6only(&socket, true)?;
    }
    rustix::net::bind(&socket, &address)?;
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(socket.into())
}

fn listening_flags() -> SocketFlags {
    SocketFlags::CLOEXEC | SocketFlags::NONBLOCK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused() {
        let first = open("127.0.0.1:0".parse().expect("address")).expect("bind");
        let again = open(first.local_addr().expect("address"));
        assert_eq!(again.expect_err("taken"), Errno::ADDRINUSE);
    }
}

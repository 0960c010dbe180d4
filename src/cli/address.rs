//! Which of the server's addresses is for whom.

/// The one a phone can reach: the first that is not loopback.
pub(super) fn for_a_phone(urls: &[String]) -> Option<&str> {
    urls.iter().map(String::as_str).find(|url| !is_loopback(url))
}

/// Those that reach this server from elsewhere, best first.
pub(super) fn for_others(urls: &[String]) -> Vec<&str> {
    urls.iter().map(String::as_str).filter(|url| !is_loopback(url)).collect()
}

/// The one for a browser of this machine: loopback, which works without any network.
pub(super) fn for_this_machine(urls: &[String]) -> Option<&str> {
    urls.iter().map(String::as_str).find(|url| is_loopback(url))
}

fn is_loopback(url: &str) -> bool {
    let host = url.strip_prefix("https://").unwrap_or(url);
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split([':', '/']).next(),
    };
    let host = host.unwrap_or_default();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_an_address_they_can_reach() {
        let urls = [
            "https://192.168.178.21:8443/#token=T",
            "https://localhost.example.net:8443/#token=T",
            "https://cw-abcdefgh.localhost:8443/#token=T",
            "https://127.0.0.1:8443/#token=T",
            "https://[::1]:8443/#token=T",
            "https://localhost/#token=T",
        ]
        .map(str::to_owned);
        assert_eq!(for_a_phone(&urls), Some(urls[0].as_str()));
        assert_eq!(for_a_phone(&urls[1..]), Some(urls[1].as_str()));
        assert_eq!(for_a_phone(&urls[2..]), None);
        assert_eq!(for_this_machine(&urls), Some(urls[2].as_str()));
        for own in &urls[2..] {
            assert_eq!(for_this_machine(std::slice::from_ref(own)), Some(own.as_str()));
        }
        assert_eq!(for_this_machine(&urls[..2]), None);
        assert_eq!(for_others(&urls).len(), 2);
    }
}

//! An address as a QR code made of half blocks, for the camera of a phone.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Which of the addresses a phone can reach: the first that is not loopback.
pub(super) fn for_a_phone(urls: &[String]) -> Option<&str> {
    urls.iter().map(String::as_str).find(|url| !is_loopback(url))
}

/// The code, a quiet zone around it; none when it is wider than `columns`. With `colours` it is black on white
/// whatever the terminal's colours are, without them it is right for light text on dark.
pub(super) fn render(url: &str, columns: usize, colours: bool) -> Option<String> {
    let code = QrCode::with_error_correction_level(url, EcLevel::L).ok()?;
    let (dark, light) = if colours { (Dense1x2::Dark, Dense1x2::Light) } else { (Dense1x2::Light, Dense1x2::Dark) };
    let image = code.render::<Dense1x2>().dark_color(dark).light_color(light).quiet_zone(true).build();
    let wide = image.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    if wide > columns {
        return None;
    }
    let lines = image.lines().map(|line| match colours {
        // Numbered colours of the cube: themes change the sixteen named ones.
        true => format!("\x1b[38;5;16;48;5;231m{line}\x1b[0m\n"),
        false => format!("{line}\n"),
    });
    Some(lines.collect())
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

    const URL: &str = "https://192.168.178.21:8443/#token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_phone_gets_an_address_it_can_reach() {
        let urls = ["https://cw-abcdefgh.localhost:8443/#t", "https://127.0.0.1:8443/", "https://[::1]:8443/", URL];
        let urls = urls.map(str::to_owned);
        assert_eq!(for_a_phone(&urls), Some(URL));
        assert_eq!(for_a_phone(&urls[..3]), None);
    }

    #[test]
    fn a_code_fits_or_is_left_out() {
        let code = render(URL, 80, false).expect("fits");
        let widths: Vec<usize> = code.lines().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
        assert!(code.lines().next().is_some_and(|line| line.chars().all(|c| c == '█')), "quiet zone");
        assert_eq!(render(URL, widths[0] - 1, false), None);
        assert!(render(URL, widths[0], true).is_some_and(|code| code.ends_with("\x1b[0m\n")));
    }
}

//! Lengths of time as people write them: `60s`, `30m`, `2h`, `1h30m`, `0`, `never`.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A hundred years: long enough to be never, short enough to be added to the clock without overflow.
pub const NEVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// A length of time as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period(pub Duration);

/// Text that is no length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a length of time is a number with its unit, such as 60s, 30m or 2h, or else 0 or never")]
pub struct InvalidPeriod;

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        match text {
            "0" => return Ok(Self(Duration::ZERO)),
            "never" | "off" => return Ok(Self(NEVER)),
            "" => return Err(InvalidPeriod),
            _ => {}
        }
        let mut total = Duration::ZERO;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, tail) = rest.split_at(digits);
            let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, tail) = tail.split_at(letters);
            let number: u64 = number.parse().map_err(|_| InvalidPeriod)?;
            let part = match unit {
                "ms" => Some(Duration::from_millis(number)),
                "s" => Some(Duration::from_secs(number)),
                "m" | "min" => number.checked_mul(60).map(Duration::from_secs),
                "h" => number.checked_mul(3600).map(Duration::from_secs),
                "d" => number.checked_mul(86_400).map(Duration::from_secs),
                _ => None,
            };
            total = part.and_then(|part| total.checked_add(part)).ok_or(InvalidPeriod)?;
            rest = tail;
        }
        Ok(Self(total.min(NEVER)))
    }
}

impl fmt::Display for Period {
    /// As a sentence says it: `60 s`, `30 min`, `2 h`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        if self.0 >= NEVER {
            f.write_str("never")
        } else if self.0.subsec_millis() != 0 {
            write!(f, "{} ms", self.0.as_millis())
        } else if seconds >= 3600 && seconds.is_multiple_of(3600) {
            write!(f, "{} h", seconds / 3600)
        } else if seconds > 60 && seconds.is_multiple_of(60) {
            write!(f, "{} min", seconds / 60)
        } else {
            write!(f, "{seconds} s")
        }
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Period;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as \"60s\", \"30m\", \"never\" or 0")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Period, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Period, E> {
                // A bare number other than 0 would leave its unit to guessing.
                if number == 0 { Ok(Period(Duration::ZERO)) } else { Err(E::custom(InvalidPeriod)) }
            }
        }
        deserializer.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_or_refused() {
        for (text, seconds) in [
            ("60s", 60),
            ("30m", 1800),
            ("30min", 1800),
            ("2h", 7200),
            ("1h30m", 5400),
            ("1d", 86_400),
            ("0", 0),
            ("0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(Period(Duration::from_secs(seconds))), "{text}");
        }
        assert_eq!("250ms".parse(), Ok(Period(Duration::from_millis(250))));
        for never in ["never", "off", "99999999d"] {
            assert_eq!(never.parse(), Ok(Period(NEVER)), "{never}");
        }
        for bad in ["", " ", "60", "s", "-1s", "1.5h", "1 h", "60S", "1h30", "18446744073709551615d", "1e3s", "٣s"] {
            assert_eq!(bad.parse::<Period>(), Err(InvalidPeriod), "{bad:?}");
        }
    }

    #[test]
    fn lengths_of_time_are_said_shortly() {
        for (text, said) in [("60s", "60 s"), ("90s", "90 s"), ("30m", "30 min"), ("2h", "2 h"), ("off", "never")] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), said);
        }
    }
}

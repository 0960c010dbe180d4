//! Query strings: each key known, each at most once.

use crate::web::ApiError;

/// The decoded pairs of a query, only with keys from `known`.
pub(in crate::web) fn pairs<'k>(query: &str, known: &[&'k str]) -> Result<Vec<(&'k str, String)>, ApiError> {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(key) = known.iter().find(|name| **name == key) else {
            return Err(ApiError::invalid(format!("this address takes only {} in its query", known.join(", "))));
        };
        if pairs.iter().any(|(seen, _)| seen == key) {
            return Err(ApiError::invalid(format!("`{key}` is in the query twice")));
        }
        pairs.push((key, decoded(value).ok_or_else(|| ApiError::invalid(format!("`{key}` is not well encoded")))?));
    }
    Ok(pairs)
}

/// A whole number from `min` to `max`.
pub(in crate::web) fn number(key: &str, value: &str, min: u64, max: u64) -> Result<u64, ApiError> {
    // `parse` alone would take a plus sign.
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let number = value.parse::<u64>().ok().filter(|number| digits && (min..=max).contains(number));
    number.ok_or_else(|| ApiError::invalid(format!("`{key}` must be a number from {min} to {max}")))
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_or_refused() {
        let read = |query: &str| pairs(query, &["path", "limit"]);
        assert_eq!(read("").expect("empty"), []);
        assert_eq!(read("path=a%2Fb+c%C3%B6").expect("one"), [("path", "a/b cö".to_owned())]);
        assert_eq!(read("path=&limit=3").expect("two").len(), 2);
        for bad in ["other=1", "path=1&path=2", "path=%", "path=%2", "path=%zz", "path=%ff", "Path=1", "=1"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}

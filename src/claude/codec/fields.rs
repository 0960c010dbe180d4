//! Reading fields of foreign JSON: absent, null and of the wrong type are all "not there".

use serde_json::Value;

/// A string.
pub(in crate::claude) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

/// A string of its own.
pub(in crate::claude) fn string(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(str::to_owned)
}

/// A number.
pub(in crate::claude) fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key)?.as_f64().filter(|number| number.is_finite())
}

/// A number that counts something; the CLI sends some of them as fractions.
pub(in crate::claude) fn count(value: &Value, key: &str) -> Option<u64> {
    // Larger ones could not cross to a browser.
    const MAX: u64 = (1 << 53) - 1;
    let field = value.get(key)?;
    let whole = field.as_u64().or_else(|| {
        let number = field.as_f64()?;
        // A float saturates when it is cast, so only the sign matters.
        (number >= 0.0).then_some(number.round() as u64)
    })?;
    Some(whole.min(MAX))
}

/// A list; empty when it is not there.
pub(in crate::claude) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The strings of a list; empty when it is not there.
pub(in crate::claude) fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A flag; false when it is not there.
pub(in crate::claude) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_count_is_tolerant() {
        let cases = [
            (json!(3), Some(3)),
            (json!(506.50713416588366), Some(507)),
            (json!(-1), None),
            (json!(-0.4), None),
            (json!("3"), None),
            (json!(null), None),
            (json!(1e300), Some((1 << 53) - 1)),
            (json!(u64::MAX), Some((1 << 53) - 1)),
        ];
        for (value, wanted) in cases {
            assert_eq!(count(&json!({ "n": value }), "n"), wanted, "{value}");
        }
        assert_eq!(count(&json!([1]), "n"), None);
    }
}

//! How fast sessions may be started.

use super::SessionError;
use std::time::Duration;
use tokio::time::Instant;

/// A token bucket over successful starts; monotonic, so wall clock changes do not matter.
#[derive(Debug)]
pub(crate) struct Starts {
    tokens: f64,
    burst: f64,
    per_second: f64,
    last: Instant,
}

impl Starts {
    pub(crate) fn new(burst: u32, per_minute: u32) -> Self {
        let burst = f64::from(burst.max(1));
        Self { tokens: burst, burst, per_second: f64::from(per_minute.max(1)) / 60.0, last: Instant::now() }
    }

    /// Takes a token. Errors with the time after which there will be one.
    pub(crate) fn take(&mut self) -> Result<(), SessionError> {
        let now = Instant::now();
        let gained = now.duration_since(self.last).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.burst);
        self.last = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.tokens) / self.per_second;
        Err(SessionError::StartsLimited { retry_after: Duration::from_secs_f64(wait.ceil()) })
    }

    /// A start failed: it does not count.
    pub(crate) fn give_back(&mut self) {
        self.tokens = (self.tokens + 1.0).min(self.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn starts_are_limited_and_say_when_to_come_back() {
        let mut starts = Starts::new(2, 60);
        assert!(starts.take().is_ok() && starts.take().is_ok());
        match starts.take() {
            Err(SessionError::StartsLimited { retry_after }) => assert_eq!(retry_after, Duration::from_secs(1)),
            other => panic!("{other:?}"),
        }
        starts.give_back();
        assert!(starts.take().is_ok());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(starts.take().is_ok());
        assert!(starts.take().is_err());
    }
}

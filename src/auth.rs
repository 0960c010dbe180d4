//! Who is there, from where they may ask, and how often: tokens, names, rates, slots.

mod names;
mod principal;
mod rates;
mod slots;
mod tokens;

pub use names::{InvalidName, Names, checked_name};
pub use principal::Principal;
pub use rates::{Rates, RetryAfter};
pub use slots::{Slot, Slots};
pub use tokens::{LIVE_TOKENS_MAX, Tokens, TooManyTokens};

//! The server, in-process, spoken to from outside.

mod architecture;
mod certificate;
#[cfg(feature = "test-support")]
mod chaos;
#[cfg(feature = "test-support")]
mod export;
mod files;
mod gate;
mod headers;
#[cfg(feature = "test-support")]
mod history;
mod limits;
mod sessions;
mod sockets;
mod starts;
mod startup;
mod support;

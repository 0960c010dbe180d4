//! The server, in-process, spoken to from outside.

mod architecture;
mod certificate;
mod gate;
mod headers;
mod limits;
mod sessions;
mod sockets;
mod startup;
mod support;

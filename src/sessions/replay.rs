//! The replay logs.

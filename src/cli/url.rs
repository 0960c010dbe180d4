//! `claude-web url`.

use super::client::Client;
use super::exit::CliError;
use super::{address, block_on, output, qr};
use crate::protocol::{ReplaceToken, TokenIssued};
use serde_json::json;
use std::io;

/// Print an address with a new access token.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print no QR code
    #[arg(long)]
    no_qr: bool,
    /// Print the addresses and the token as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args, client: Client) -> Result<(), CliError> {
    // The server keeps only the hash of a token, so an address can be printed again only with another one.
    let issued: TokenIssued = block_on(client.post("/api/token", &ReplaceToken { replace: false }))?;
    let best = issued.urls.first().cloned().unwrap_or_default();
    if args.json {
        return Ok(output::json(&json!({ "url": best, "urls": issued.urls, "token": issued.token }))?);
    }
    output::data(&format!("{best}\n"))?;
    let others = address::for_this_machine(&issued.urls).into_iter().chain(address::for_others(&issued.urls));
    for other in others.filter(|url| *url != best) {
        output::note(other);
    }
    let colours = std::env::var_os("NO_COLOR").is_none();
    if let Some(columns) = output::width(&io::stderr()).filter(|_| !args.no_qr)
        && let Some(url) = address::for_a_phone(&issued.urls)
        && let Some(code) = qr::render(url, columns, colours)
    {
        output::note(&format!("\n{code}"));
    }
    Ok(())
}

//! E-mails, handed to an SMTP server.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType},
    },
};
use reqwest::Url;
use uuid::Uuid;

use crate::{
    config::Smtp,
    error::{Error, Result},
};

/// How long the server may take for a step of the conversation.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The longest line of a message (RFC 5321, section 4.5.3.1.6), without its end.
const LINE: usize = 998;

/// The way e-mails go.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// As `smtp.url` and `smtp.from` say; `None` without them.
    pub fn open(smtp: &Smtp) -> Result<Option<Self>> {
        let (Some(url), Some(from)) = (&smtp.url, &smtp.from) else { return Ok(None) };
        let url = with_tls(url.expose())?;
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).map_err(Error::internal)?;
        let from = from.parse().map_err(Error::internal)?;
        Ok(Some(Self { transport: transport.timeout(Some(TIMEOUT)).build(), from }))
    }

    /// Passes on a message of plain text; an error when the server does not take it.
    pub async fn send(&self, to: &str, subject: &str, text: String) -> Result<()> {
        let to = Mailbox::new(None, to.parse().map_err(Error::internal)?);
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", Uuid::new_v4(), self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(plain(text))
            .map_err(Error::internal)?;
        // What a server says of a message it refuses may name who it is for, and the log is no place for that.
        let refused = |error: lettre::transport::smtp::Error| match error.status() {
            Some(code) => Error::internal(format!("the SMTP server refused the message with {code}")),
            None => Error::internal(error),
        };
        self.transport.send(message).await.map_err(refused)?;
        Ok(())
    }
}

/// A text that any server takes as it is goes as it is, so that links in it stay whole for every reader.
fn plain(text: String) -> Body {
    let is_plain = text.is_ascii() && text.lines().all(|line| line.len() <= LINE);
    if is_plain {
        let text = text.replace('\n', "\r\n");
        Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text)
    }
}

/// `smtp://` means STARTTLS: a password is never sent without it, but to this machine; where none is, it is used when the
/// server offers it. `?tls=required` or `?tls=opportunistic` in the address decides otherwise.
fn with_tls(url: &str) -> Result<Url> {
    let mut url = Url::parse(url).map_err(Error::internal)?;
    if url.scheme() == "smtp" && !url.query_pairs().any(|(name, _)| name == "tls") {
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_needed = url.password().is_some() && !is_here;
        url.query_pairs_mut().append_pair("tls", if is_needed { "required" } else { "opportunistic" });
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::with_tls;

    #[test]
    fn a_password_goes_nowhere_unencrypted() {
        for (given, tls) in [
            ("smtp://user:pass@mail.example", Some("tls=required")),
            ("smtp://mail.example:25", Some("tls=opportunistic")),
            ("smtp://user:pass@127.0.0.1:1025", Some("tls=opportunistic")),
            ("smtp://mail.example?tls=required", Some("tls=required")),
            ("smtps://user:pass@mail.example", None),
        ] {
            assert_eq!(with_tls(given).unwrap().query(), tls, "{given}");
        }
    }
}

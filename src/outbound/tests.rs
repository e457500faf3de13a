//! Tests of where requests may go.

use std::{
    io,
    net::{IpAddr, Ipv4Addr},
};

use bytes::Bytes;
use rustls::{CertificateError, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{HeaderMap, Outbound, Refusal, cause, parse};

#[tokio::test]
async fn however_it_is_written_an_inner_address_is_refused() {
    let outbound = Outbound::new(false);
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://0x7f.1/",
        "http://0x7f000001:8080/x",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http://0/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]:80/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://①②⑦.⓪.⓪.①/",
        "http:\\\\127.0.0.1\\x",
    ] {
        assert_eq!(outbound.check(&parse(url).unwrap()).await, Err(Refusal::NotPublic), "{url}");
        let refused = outbound.post(parse(url).unwrap(), HeaderMap::new(), Bytes::new()).await.unwrap_err();
        assert!(refused.ends_with("its address is not a public one"), "{url}: {refused}");
    }
    for url in ["https://8.8.8.8/", "http://[2606:4700:4700::1111]/x?y"] {
        assert_eq!(outbound.check(&parse(url).unwrap()).await, Ok(()), "{url}");
    }
    // A name is refused in the same words whether somebody inside has it or nobody.
    for url in
        ["http://localhost/", "http://LOCALHOST./", "https://localhost:8443/", "http://nobody.invalid/"]
    {
        assert_eq!(outbound.check(&parse(url).unwrap()).await, Err(Refusal::Nowhere), "{url}");
        let refused = outbound.post(parse(url).unwrap(), HeaderMap::new(), Bytes::new()).await.unwrap_err();
        assert!(
            refused.ends_with("its name is not known, or not that of a public address"),
            "{url}: {refused}"
        );
    }
    assert_eq!(Outbound::new(true).check(&parse("http://127.0.0.1/").unwrap()).await, Ok(()));
}

#[test]
fn what_is_no_address_of_the_web_is_not_read() {
    let long = format!("http://example.com/{}", "x".repeat(2048));
    let grows = format!("http://example.com/{}", "é".repeat(1000));
    for url in [
        "",
        "example.com",
        "/x",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "http:///",
        &long,
        &grows,
    ] {
        assert!(parse(url).is_err(), "{url}");
    }
    for url in ["http://user@example.com/", "http://user:pass@example.com/", "http://:pass@example.com/"] {
        assert_eq!(parse(url), Err("must hold no user name and no password"), "{url}");
    }
    assert_eq!(parse("HTTPS://Example.COM/A b").unwrap().as_str(), "https://example.com/A%20b");
}

/// Answers every request with this head; where it listens.
async fn answers(ip: [u8; 4], head: impl Fn(u16) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::from(ip), 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 4096];
            let _ = stream.read(&mut bytes).await;
            let _ = stream.write_all(head(port).as_bytes()).await;
        }
    });
    format!("http://{}:{port}/", Ipv4Addr::from(ip))
}

#[tokio::test]
async fn a_redirection_leads_nowhere_the_first_request_might_not_go() {
    // In this story 127.0.0.1 is everybody's, and 127.0.0.2 is not.
    let outbound = Outbound::allowing(|address| address == IpAddr::V4(Ipv4Addr::LOCALHOST));
    let post = async |url: &str| outbound.post(parse(url).unwrap(), HeaderMap::new(), Bytes::new()).await;
    let taken = |_| "HTTP/1.1 204 \r\nconnection: close\r\n\r\n".to_owned();
    let sent_to = |status: u16, place: String| {
        move |_| {
            format!(
                "HTTP/1.1 {status} \r\nlocation: {place}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
        }
    };
    let here = answers([127, 0, 0, 1], taken).await;
    let inside = answers([127, 0, 0, 2], taken).await;
    assert_eq!(post(&here).await, Ok(()));
    for status in [307, 308] {
        let good = answers([127, 0, 0, 1], sent_to(status, here.clone())).await;
        assert_eq!(post(&good).await, Ok(()));
        for place in [inside.clone(), "http://169.254.169.254/".into(), "http://[::1]/".into()] {
            let bad = answers([127, 0, 0, 1], sent_to(status, place)).await;
            assert_eq!(post(&bad).await, Err("its address is not a public one".to_owned()));
        }
    }
    let bad = answers([127, 0, 0, 1], sent_to(307, "http://u:p@127.0.0.1/".into())).await;
    assert_eq!(post(&bad).await, Err("answered a redirection to nowhere it may lead".to_owned()));
    for status in [301, 302, 303] {
        let moved = answers([127, 0, 0, 1], sent_to(status, here.clone())).await;
        assert_eq!(post(&moved).await, Err(format!("answered {status}; only 307 and 308 are followed")));
    }
    let circle = answers([127, 0, 0, 1], |port| {
        format!(
            "HTTP/1.1 307 \r\nlocation: http://127.0.0.1:{port}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
    });
    assert_eq!(post(&circle.await).await, Err("answered more than 3 redirections".to_owned()));
}

#[tokio::test]
async fn what_went_wrong_says_nothing_of_who_is_there() {
    let names = CertificateError::NotValidForNameContext {
        expected: ServerName::try_from("hook.example.com").unwrap().to_owned(),
        presented: vec!["payroll.inner.example.com".to_owned()],
    };
    for wrong in [names, CertificateError::Expired, CertificateError::UnknownIssuer] {
        let error = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::InvalidCertificate(wrong));
        let said = cause(&io::Error::other(error));
        assert!(said.starts_with("its certificate is not valid") && !said.contains("example"), "{said}");
    }
    assert_eq!(cause(&io::Error::from(io::ErrorKind::ConnectionRefused)), "connection refused");
    let outbound = Outbound::new(true);
    let long =
        format!("HTTP/1.1 307 \r\nlocation: http://{}.invalid/\r\ncontent-length: 0\r\n\r\n", "x".repeat(60));
    let place = answers([127, 0, 0, 1], move |_| long.clone()).await;
    let refused = outbound.post(parse(&place).unwrap(), HeaderMap::new(), Bytes::new()).await.unwrap_err();
    assert!(refused.chars().count() <= 200 && !refused.contains("xxx"), "{refused}");
}

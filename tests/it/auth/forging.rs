//! Tokens that were not signed here, or not as access tokens: refused by every door, however they come.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use trunkline::{config::Secret, tokens::Signer};
use uuid::Uuid;

use crate::support::{Person, Socket, Visitor, World};

const ME: &str = "/api/v1/users/me";
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const OLD: &str = "an older secret of 32 bytes, or more";

fn encoded(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// A token with this header and these claims, signed with HMAC however the header calls it.
fn forged(header: &Value, claims: &Value, hash: hmac::Algorithm, secret: &[u8]) -> String {
    let signed = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
    let signature = hmac::sign(&hmac::Key::new(hash, secret), signed.as_bytes());
    format!("{signed}.{}", encoded(signature))
}

/// The same as [`forged`], with the hash and the secret of this server.
fn signed(header: &Value, claims: &Value) -> String {
    forged(header, claims, hmac::HMAC_SHA256, SECRET.as_bytes())
}

/// Every door refuses the token, and the next honest request is answered.
async fn is_refused(alice: &Person, name: &str, token: &str) {
    let visitor = Visitor::at(&alice.base);
    let bearer = format!("Bearer {token}");
    for header in [("authorization", &bearer), ("cookie", &format!("access_token={token}"))] {
        let answer = visitor.get_with(ME, &[(header.0, header.1)]).await;
        assert_eq!(answer.status, 401, "{name}: {} {}", header.0, answer.body);
        answer.refused(401, "not_signed_in");
    }
    let protocols = format!("trunkline.v1, bearer.{token}");
    for path in ["/api/v1/ws", &format!("/api/v1/chats/{}", Uuid::now_v7())] {
        for header in [("authorization", &bearer), ("sec-websocket-protocol", &protocols)] {
            let refused = Socket::open_with(&alice.base, path, &[(header.0, header.1)]).await.err();
            assert_eq!(refused, Some(401), "{name}: {path} {}", header.0);
        }
    }
    alice.get(ME).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_token_opens_any_door() {
    let world = World::new().await;
    let mut config = world.config();
    config.auth.old_jwt_secrets = vec![Secret::new(OLD)];
    let here = world.instance_of(config).await;
    let alice = here.person("Alice").await;
    let parts: Vec<_> = alice.token.split('.').collect();
    let read =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let (header, claims) = (read(parts[0]), read(parts[1]));
    let with = |of: &Value, name: &str, value: Value| {
        let mut changed = of.clone();
        changed[name] = value;
        changed
    };
    // What is to be forged is good before it is.
    Visitor::at(&here.base)
        .get_with(ME, &[("authorization", &format!("Bearer {}", signed(&header, &claims)))])
        .await
        .expect(200);

    let key = Visitor::at(&here.base).get("/api/v1/auth/keys/public").await.expect(200);
    let public = key["public_key"].as_str().unwrap().as_bytes();
    let old_kid = {
        let old = Signer::new(OLD, std::iter::empty(), 15).sign(alice.id, Uuid::now_v7()).unwrap();
        read(old.split('.').next().unwrap())["kid"].clone()
    };
    let mut tokens = vec![
        ("a refresh token".to_owned(), alice.refresh_token.clone()),
        (
            "HS512".into(),
            forged(&with(&header, "alg", json!("HS512")), &claims, hmac::HMAC_SHA512, SECRET.as_bytes()),
        ),
        (
            "HS384".into(),
            forged(&with(&header, "alg", json!("HS384")), &claims, hmac::HMAC_SHA384, SECRET.as_bytes()),
        ),
        ("HS512 called HS256".into(), forged(&header, &claims, hmac::HMAC_SHA512, SECRET.as_bytes())),
        ("HS256 called RS256".into(), signed(&with(&header, "alg", json!("RS256")), &claims)),
        ("the public key as secret".into(), forged(&header, &claims, hmac::HMAC_SHA256, public)),
        (
            "the public key as secret, called RS256".into(),
            forged(&with(&header, "alg", json!("RS256")), &claims, hmac::HMAC_SHA256, public),
        ),
        ("an empty secret".into(), forged(&header, &claims, hmac::HMAC_SHA256, b"")),
        (
            "a key of its own".into(),
            forged(
                &with(&header, "jwk", json!({"kty": "oct", "k": encoded("0"), "kid": header["kid"]})),
                &claims,
                hmac::HMAC_SHA256,
                b"0",
            ),
        ),
        ("the name of another key".into(), signed(&with(&header, "kid", old_kid), &claims)),
        ("the secret of another key".into(), forged(&header, &claims, hmac::HMAC_SHA256, OLD.as_bytes())),
        ("no name of a key".into(), signed(&json!({"alg": "HS256", "typ": "JWT"}), &claims)),
        ("four parts".into(), format!("{}.{}", alice.token, parts[2])),
        ("two parts".into(), format!("{}.{}", parts[0], parts[1])),
        ("padding".into(), format!("{}=", alice.token)),
        ("another signature".into(), format!("{}.{}.{}", parts[0], parts[1], encoded([0; 32]))),
        ("half a signature".into(), alice.token[..alice.token.len() - 22].to_owned()),
    ];
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let none = encoded(with(&header, "alg", json!(alg)).to_string());
        tokens.push((format!("alg {alg:?}, unsigned"), format!("{none}.{}.", parts[1])));
        tokens.push((format!("alg {alg:?}"), signed(&with(&header, "alg", json!(alg)), &claims)));
    }
    // Names that lead elsewhere, where names were paths or SQL; signed with what such a place would hold.
    let names = [
        json!("00000000"),
        json!("../../../../dev/null"),
        json!("/dev/null"),
        json!("file:///dev/null"),
        json!("http://127.0.0.1:1/key"),
        json!("' or '1'='1"),
        json!("'; drop table users; --"),
        json!("' union select '' --"),
        json!("%"),
        json!("\0"),
        json!(""),
        json!("x".repeat(4000)),
        json!(null),
        json!(7),
        json!([header["kid"]]),
        json!({"kid": header["kid"]}),
    ];
    for kid in names {
        let header = with(&header, "kid", kid.clone());
        tokens.push((
            format!("kid {kid:.40}, an empty secret"),
            forged(&header, &claims, hmac::HMAC_SHA256, b""),
        ));
        tokens.push((format!("kid {kid:.40}"), signed(&header, &claims)));
    }
    // A payload that was changed after it was signed, and those that were never an access token's.
    for (name, value) in [
        ("sub", json!(Uuid::now_v7())),
        ("sid", json!(Uuid::now_v7())),
        ("exp", json!(claims["exp"].as_i64().unwrap() + 1)),
        ("role", json!("admin")),
    ] {
        let tampered = encoded(with(&claims, name, value).to_string());
        tokens.push((format!("another {name}"), format!("{}.{tampered}.{}", parts[0], parts[2])));
    }
    for (name, value) in [
        ("exp", json!(claims["iat"].as_i64().unwrap() - 1)),
        ("exp", json!(-1)),
        ("exp", json!("never")),
        ("exp", Value::Null),
        ("type", json!("refresh")),
        ("type", json!("Access")),
        ("sub", json!("admin")),
        ("sid", Value::Null),
        ("sub", json!([claims["sub"]])),
    ] {
        tokens.push((format!("{name} {value}"), signed(&header, &with(&claims, name, value))));
    }
    tokens.push(("claims of another shape".into(), signed(&header, &json!([claims]))));
    for (name, token) in tokens {
        is_refused(&alice, &name, &token).await;
    }
}

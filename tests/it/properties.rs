//! What holds for whatever anybody sends: each property is tried with some hundred inputs that are made up anew in every
//! run; the smallest that breaks one is printed, and kept for the next run.

use std::ops::Range;

use poem_openapi::types::ParseFromParameter;
use proptest::{collection, prelude::*};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use trunkline::{
    auth::model::{Forgotten, Login, NewPassword, PasswordReset, Refresh, Registration},
    chats::model::{ChatChange, NewChat, NewDirect},
    config::{Config, Sources, redact_url, split_key},
    error::Code,
    friends::model::NewFriend,
    http::{Conditions, IdempotencyKey, Part, Search, json},
    invites::model::NewInvite,
    messages::model::{MessageChange, NewMessage, ReadUpTo},
    roles::model::{NewRole, RoleChange, RolePermissions},
    tokens::Signer,
    users::model::{NewStatus, Profile, UserChange, UserRoles},
};

/// Names that bodies know, so that more than the first field is looked at.
const NAMES: &str = "email|username|password|name|key_id|encrypted_password|title|visibility|description|retention_days|\
                     user_id|content|reply_to|attachments|client_id|seq|max_uses|expires_in|permissions|roles|status|\
                     bio|contacts|token|refresh_token|new_password|current_password|[a-z]{0,3}";

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "public|private|active|suspended|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            collection::vec((NAMES, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Reads it as this body: it is one, or the refusal is the client's fault, names fields and no type of the program.
fn is_read<T: DeserializeOwned>(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = json::parse::<T>(bytes) else { return Ok(()) };
    prop_assert!([Code::Malformed, Code::ValidationFailed].contains(&error.code()), "{error}");
    prop_assert_eq!(error.code() == Code::ValidationFailed, !error.fields().is_empty());
    for field in error.fields() {
        for name in ["struct ", "expected ", "Option", "::", "u32", "i64", "serde"] {
            prop_assert!(!field.message.contains(name), "{}", field.message);
        }
        let begins = ["must ", "is ", "can "].iter().any(|word| field.message.starts_with(word));
        prop_assert!(begins, "{}: {}", field.field, field.message);
    }
    Ok(())
}

fn is_read_by_all(bytes: &[u8]) -> Result<(), TestCaseError> {
    is_read::<Registration>(bytes)?;
    is_read::<Login>(bytes)?;
    is_read::<Refresh>(bytes)?;
    is_read::<NewPassword>(bytes)?;
    is_read::<Forgotten>(bytes)?;
    is_read::<PasswordReset>(bytes)?;
    is_read::<NewChat>(bytes)?;
    is_read::<ChatChange>(bytes)?;
    is_read::<NewDirect>(bytes)?;
    is_read::<NewFriend>(bytes)?;
    is_read::<NewInvite>(bytes)?;
    is_read::<NewMessage>(bytes)?;
    is_read::<MessageChange>(bytes)?;
    is_read::<ReadUpTo>(bytes)?;
    is_read::<NewRole>(bytes)?;
    is_read::<RoleChange>(bytes)?;
    is_read::<RolePermissions>(bytes)?;
    is_read::<NewStatus>(bytes)?;
    is_read::<Profile>(bytes)?;
    is_read::<UserChange>(bytes)?;
    is_read::<UserRoles>(bytes)
}

fn load(env: Vec<(String, String)>) -> Result<Config, String> {
    let sources = Sources { dir: "/nowhere".into(), config_file: None, env };
    Config::load(&sources).map_err(|error| error.to_string())
}

proptest! {
    #[test]
    fn a_body_is_read_or_refused_in_words(value in any_json(), cut in any::<prop::sample::Index>()) {
        let bytes = value.to_string().into_bytes();
        is_read_by_all(&bytes)?;
        is_read_by_all(&bytes[..cut.index(bytes.len() + 1)])?;
    }

    #[test]
    fn bytes_that_are_no_json_are_refused(bytes in collection::vec(any::<u8>(), 0..200)) {
        is_read_by_all(&bytes)?;
    }

    #[test]
    fn a_part_of_a_file_lies_inside_it(
        range in "(bytes|BYTES|lines|)[ =]{0,2}[0-9]{0,25}-{0,2}[0-9]{0,25}[,x]?|\\PC{0,40}",
        if_range in proptest::option::of("\"a\"|W/\"a\"|\\PC{0,20}"),
        if_none_match in proptest::option::of("\\*|\"a\"|W/\"a\"|\\PC{0,20}"),
        size in any::<u64>(),
    ) {
        let asked = Conditions {
            range: Some(&range),
            if_range: if_range.as_deref(),
            if_none_match: if_none_match.as_deref(),
        };
        if let Part::Some(Range { start, end }) = asked.part(size, "\"a\"") {
            prop_assert!(start < end && end <= size, "{start}..{end} of {size}");
        }
    }

    #[test]
    fn a_range_is_what_was_asked_for(first in any::<u32>(), length in 1_u32.., size in 1_u64..) {
        let last = u64::from(first) + u64::from(length) - 1;
        let range = format!("bytes={first}-{last}");
        let expected = match u64::from(first) < size {
            true => Part::Some(u64::from(first)..(last + 1).min(size)),
            false => Part::Beyond,
        };
        prop_assert_eq!(Conditions { range: Some(&range), ..Default::default() }.part(size, "\"a\""), expected);
    }

    #[test]
    fn a_search_is_its_words_and_nothing_of_like(text in any::<String>()) {
        let Ok(search) = Search::parse(Some(&text)) else {
            prop_assert!(text.contains('\0') || text.trim().chars().count() > 255);
            return Ok(());
        };
        prop_assert_eq!(search.patterns().len(), text.split_whitespace().count());
        for (pattern, word) in search.patterns().iter().zip(text.split_whitespace()) {
            // Read as `like` reads it: the word, and anything around it.
            let inner = &pattern[1..pattern.len() - 1];
            let (mut said, mut rest) = (String::new(), inner.chars());
            while let Some(c) = rest.next() {
                prop_assert!(c != '%' && c != '_', "{pattern} is more than {word}");
                said.push(if c == '\\' { rest.next().unwrap() } else { c });
            }
            prop_assert_eq!(&said, word);
        }
    }

    #[test]
    fn an_idempotency_key_is_printable_and_not_too_long(text in "\\PC{0,300}|[ -~]{0,300}|[\\x00-\\xff]{0,20}") {
        let holds = (1..=255).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        let read = IdempotencyKey::parse_from_parameter(&text);
        prop_assert_eq!(read.ok().map(|key| key.0), holds.then_some(text));
    }

    #[test]
    fn no_text_is_a_token(text in "\\PC{0,80}|[A-Za-z0-9_-]{0,80}(\\.[A-Za-z0-9_-]{0,80}){0,4}") {
        let signer = Signer::new("0123456789abcdef0123456789abcdef", std::iter::empty(), 15);
        prop_assert!(signer.verify(&text).is_err());
    }

    #[test]
    fn a_setting_is_taken_or_refused_by_name(name in prop::sample::select(names_of_settings()), value in any_setting()) {
        if let Err(problem) = load(vec![(name.clone(), value)]) {
            prop_assert!(problem.contains(&name), "{name}: {problem}");
            prop_assert_eq!(problem.lines().count(), 1);
        }
    }

    #[test]
    fn what_is_secret_is_in_no_refusal(
        name in prop::sample::select(vec![
            "TRUNKLINE_AUTH__JWT_SECRET",
            "TRUNKLINE_SECRETS__KEY",
            "TRUNKLINE_ADMIN__PASSWORD",
            "TRUNKLINE_STORAGE__S3__SECRET_KEY",
            "DATABASE_URL",
            "TRUNKLINE_SMTP__URL",
        ]),
        before in "(postgres://|smtp://)?[a-z]{0,8}[:@/%? ]{0,3}",
        after in "[@:/?%=a-z ]{0,12}",
    ) {
        let secret = "hush8hush8hush";
        match load(vec![(name.to_owned(), format!("{before}{secret}{after}"))]) {
            Err(problem) => prop_assert!(!problem.contains(secret), "{problem}"),
            // The name of a user or a host is no secret; what stands for a password is.
            Ok(config) if !name.ends_with("URL") => prop_assert!(!config.to_yaml().contains(secret)),
            Ok(_) => {}
        }
    }

    #[test]
    fn the_password_of_a_url_is_hidden(user in "[a-z]{1,8}", password in "[^@/?&#\\s]{1,20}", host in "[a-z]{1,8}") {
        let shown = redact_url(&format!("postgres://{user}:hush{password}@{host}/db"));
        prop_assert!(!shown.contains("hush"), "{shown}");
    }

    #[test]
    fn a_key_is_read_as_it_was_written(text in "\\PC{0,60}|[A-Za-z0-9_.-]{0,70}:[A-Za-z0-9+/]{43}=") {
        if let Some((id, _)) = split_key(&text) {
            let begins = text.strip_prefix(id).is_some_and(|rest| rest.starts_with(':'));
            prop_assert!((1..=64).contains(&id.len()) && begins, "{id}");
        }
    }
}

fn names_of_settings() -> Vec<String> {
    let example = include_str!("../../.env.example");
    let names = example.lines().filter_map(|line| line.strip_prefix("# TRUNKLINE_")?.split_once('='));
    names.map(|(name, _)| format!("TRUNKLINE_{name}")).collect()
}

fn any_setting() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "-?[0-9]{1,25}",
        "(true|false|none|s3|json|~|\\[\\])",
        "(https?|smtp|postgres)://\\PC{0,30}",
        "[0-9a-f:./,]{0,40}",
    ]
}

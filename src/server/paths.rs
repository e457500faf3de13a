//! What the documentation knows of a request's path: its template, its methods, the names of its parameters.

use std::collections::{BTreeMap, HashMap, HashSet};

use poem::{
    Request,
    http::{HeaderValue, Method},
};
use serde_json::Value;

use super::parameters::Parameter;
use crate::{
    error::{Error, FieldError, Result},
    http::{Choices, Made, idempotency::KEY, key_fault},
    users::named::PARAMETER,
};

/// Where what some operations create is fetched, when it is not below their own path.
const ELSEWHERE: [(&str, &str); 3] = [
    ("/api/v1/auth/register", "/api/v1/users/{id}"),
    ("/api/v1/chats/direct", "/api/v1/chats/{chat_id}"),
    ("/api/v1/uploads", "/api/v1/files/{file_id}"),
];

/// Every path that answers, literal ones before those with parameters in the same place.
pub struct Paths {
    known: Vec<Path>,
    /// The names of all parameters in queries.
    query: HashSet<String>,
    /// The words of every enumeration.
    pub choices: Choices,
}

/// One path that answers.
pub struct Path {
    /// As the documentation has it: `/api/v1/chats/{chat_id}`.
    pub template: String,
    segments: usize,
    methods: BTreeMap<String, Operation>,
}

/// One method of a path.
#[derive(Default)]
struct Operation {
    /// Its parameters in the path, by name.
    path: BTreeMap<String, Parameter>,
    /// Its parameters in the query, by name.
    query: BTreeMap<String, Parameter>,
    /// Its name in the document.
    id: String,
    /// Whether it takes an `Idempotency-Key`.
    takes_key: bool,
    /// What a role must permit; `None` when it is public.
    permission: Option<String>,
    /// The template of the path where what it creates is fetched.
    creates: Option<String>,
}

impl Paths {
    /// The paths of the document, and pages beside it.
    pub fn new(document: &Value, pages: &[&str]) -> Self {
        let mut known: Vec<_> = pages
            .iter()
            .map(|page| Path::new(page, BTreeMap::from([("GET".to_owned(), Operation::default())])))
            .collect();
        let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
        let listed = |schema: &Value| {
            let words = schema["enum"].as_array()?.iter().filter_map(Value::as_str);
            Some(words.map(str::to_owned).collect::<Vec<_>>())
        };
        let words_of: HashMap<_, _> =
            schemas.filter_map(|(name, schema)| Some((name.clone(), listed(schema)?))).collect();
        let choices: Choices = words_of.iter().map(|(name, listed)| (name.clone(), words(listed))).collect();
        for (template, operations) in document["paths"].as_object().into_iter().flatten() {
            let methods = operations.as_object().into_iter().flatten();
            let methods = methods.map(|(method, operation)| {
                let found = |place: &str| {
                    let all = operation["parameters"].as_array().into_iter().flatten();
                    let here = all.filter(|parameter| parameter["in"] == place);
                    let named = |parameter: &Value| {
                        let name = parameter["name"].as_str()?.to_owned();
                        Some((name, Parameter::read(parameter, &words_of, &choices)))
                    };
                    here.filter_map(named).collect()
                };
                let parameters = operation["parameters"].as_array();
                let takes =
                    |name: &str| parameters.is_some_and(|all| all.iter().any(|one| one["name"] == name));
                let about = Operation {
                    id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
                    takes_key: takes(KEY),
                    path: found("path"),
                    query: found("query"),
                    permission: operation["x-permission"].as_str().map(str::to_owned),
                    creates: created_at(document, template, operation),
                };
                (method.to_uppercase(), about)
            });
            known.push(Path::new(template, methods.collect()));
        }
        // `{` sorts behind every letter.
        known.sort_by(|one, other| one.template.cmp(&other.template));
        let query =
            known.iter().flat_map(|path| path.methods.values()).flat_map(|operation| operation.query.keys());
        Self { query: query.cloned().collect(), known, choices }
    }

    /// Refuses a request whose parameters are not what its operation takes, and names all of them. Each must be text, one in
    /// the query such as PostgreSQL can store, and no name may stand twice: which of the two was meant is not ours to guess.
    /// What the operation does not know is left alone, unless it is known elsewhere and would have shaped the answer:
    /// another order or another selection than was asked for would pass for the one that was.
    ///
    /// Of the request for a socket only the names are looked at: what they say is read there, by who has signed in.
    pub fn check(&self, path: &Path, request: &Request, is_socket: bool) -> Result<()> {
        let Some(operation) = path.methods.get(request.method().as_str()) else { return Ok(()) };
        let mut faults = Vec::new();
        let mut fault = |field: &str, message: &str| {
            faults.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        };
        let in_path = if is_socket { "" } else { path.template.as_str() };
        for (name, given) in in_path.split('/').zip(request.uri().path().split('/')) {
            let Some(name) = name.strip_prefix('{').map(|name| name.trim_end_matches('}')) else { continue };
            match String::from_utf8(decode(given)) {
                Err(_) => fault(name, "must be UTF-8"),
                Ok(given) => {
                    let message = operation.path.get(name).and_then(|parameter| parameter.fault(&given));
                    message.into_iter().for_each(|message| fault(name, &message));
                }
            }
        }
        let mut seen = HashSet::new();
        for pair in request.uri().query().unwrap_or_default().split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Ok(name) = String::from_utf8(decode(name)) else { continue };
            let Some(parameter) = operation.query.get(&name) else {
                if self.query.contains(&name) {
                    fault(&name, "is not taken here");
                }
                continue;
            };
            let text = String::from_utf8(decode(&value.replace('+', " ")));
            match text.map_err(|_| "must be UTF-8").and_then(storable) {
                Err(message) => fault(&name, message),
                Ok(_) if !seen.insert(name.clone()) => fault(&name, "must be given once"),
                Ok(_) if is_socket => {}
                Ok(text) => parameter.fault(&text).into_iter().for_each(|message| fault(&name, &message)),
            }
            seen.insert(name);
        }
        if operation.takes_key {
            key_fault(request.headers()).into_iter().for_each(|message| fault(KEY, message));
        }
        for (name, parameter) in &operation.query {
            if parameter.required && !is_socket && !seen.contains(name) {
                fault(name, "is required");
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }

    /// The path of a request.
    pub fn find(&self, path: &str) -> Option<&Path> {
        let segments = path.split('/').count();
        self.known.iter().find(|known| known.segments == segments && known.matches(path))
    }
}

impl Path {
    fn new(template: &str, methods: BTreeMap<String, Operation>) -> Self {
        Self { template: template.to_owned(), segments: template.split('/').count(), methods }
    }

    fn matches(&self, path: &str) -> bool {
        self.template
            .split('/')
            .zip(path.split('/'))
            .all(|(known, given)| known == given || known.starts_with('{') && !given.is_empty())
    }

    /// The name of an operation in the document.
    pub fn operation(&self, method: &Method) -> Option<&str> {
        self.methods.get(method.as_str()).map(|operation| operation.id.as_str())
    }

    /// The methods it answers, for the header `Allow`.
    pub fn allow(&self) -> HeaderValue {
        let mut methods: Vec<_> = self.methods.keys().map(String::as_str).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        HeaderValue::from_str(&methods.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
    }

    /// Where what a request to this path has created is fetched, for the header `Location`; `None` where it has no address
    /// of its own.
    pub fn location(&self, method: &Method, path: &str, made: &Made) -> Option<HeaderValue> {
        let template = self.methods.get(method.as_str())?.creates.as_deref()?;
        let (above, last) = template.rsplit_once('/')?;
        let above = if above == self.template { path } else { above };
        let own = if last == "{name}" { made.name.as_deref() } else { made.id.as_deref() }?;
        let is_plain = own.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        is_plain.then(|| HeaderValue::from_str(&format!("{above}/{own}")).ok()).flatten()
    }

    /// Whether programs ask here how the server is: they must hear it whatever else is asked.
    pub fn is_for_machines(&self) -> bool {
        self.template.starts_with("/health") || self.template == "/metrics"
    }

    /// Whether answers here hold what must not be guessed. Packed, their length would tell of it to who can have something
    /// of theirs written beside it.
    pub fn tells_secrets(&self) -> bool {
        self.template.starts_with("/api/v1/auth/")
    }

    /// Whether the people of the list that is asked for are wanted by name: that it is a list, and which words it takes, was
    /// checked.
    pub fn wants_users(&self, method: &Method, query: &str) -> bool {
        let is_taken = |name: &str| {
            self.methods.get(method.as_str()).is_some_and(|operation| operation.query.contains_key(name))
        };
        let mut names = query.split('&').map(|pair| decode(pair.split_once('=').unwrap_or((pair, "")).0));
        is_taken(PARAMETER) && names.any(|name| name == PARAMETER.as_bytes())
    }

    /// What a role must permit for this method; `None` when it is public, or not answered at all.
    pub fn permission(&self, method: &Method) -> Option<&str> {
        self.methods.get(method.as_str())?.permission.as_deref()
    }
}

/// Text that PostgreSQL can store.
fn storable(text: String) -> std::result::Result<String, &'static str> {
    if text.contains('\0') { Err("must not hold the character U+0000") } else { Ok(text) }
}

/// `%41` as `A`; what is no such escape stays.
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

/// The template of the path at which what an operation creates is fetched, if it creates something and there is one.
pub fn created_at(document: &Value, template: &str, operation: &Value) -> Option<String> {
    operation["responses"].get("201")?;
    if let Some((_, elsewhere)) = ELSEWHERE.iter().find(|(path, _)| *path == template) {
        return Some((*elsewhere).to_owned());
    }
    let paths = document["paths"].as_object()?;
    let below = |path: &str| {
        let name = path.strip_prefix(template)?.strip_prefix('/')?;
        (name.starts_with('{') && !name.contains('/')).then_some(())
    };
    let found = paths.iter().find(|(path, methods)| below(path).is_some() && methods.get("get").is_some());
    found.map(|(path, _)| path.clone())
}

fn words(choices: &[String]) -> String {
    choices.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};
    use serde_json::json;

    use super::{Paths, decode};
    use crate::server::documentation;

    #[test]
    fn a_literal_goes_before_a_parameter() {
        let document = json!({"paths": {
            "/users/{id}": {"get": {}, "put": {}}, "/users/me": {"get": {}}, "/users/{id}/status": {"put": {}},
        }});
        let paths = Paths::new(&document, &["/docs"]);
        let found = |path: &str| paths.find(path).map(|path| path.template.as_str());
        assert_eq!(found("/users/me"), Some("/users/me"));
        assert_eq!(found("/users/7"), Some("/users/{id}"));
        assert_eq!(found("/users/7/status"), Some("/users/{id}/status"));
        assert_eq!(found("/docs"), Some("/docs"));
        assert_eq!(found("/users/"), None);
        assert_eq!(found("/users"), None);
        assert_eq!(paths.find("/users/7").unwrap().allow(), "GET, PUT, HEAD, OPTIONS");
    }

    #[test]
    fn escapes_are_read_and_rubbish_is_left() {
        assert_eq!(decode("a%41%00%zz%4"), b"aA\0%zz%4");
    }

    proptest! {
        #[test]
        fn what_was_escaped_is_read_back(bytes in collection::vec(any::<u8>(), 0..60)) {
            let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
            prop_assert_eq!(decode(&escaped), bytes);
        }

        #[test]
        fn any_path_is_known_by_its_own_template_or_not_at_all(
            path in "(/(api|v1|chats|users|me|auth|[a-z0-9%.{}-]{0,8}|\\PC{0,4})){0,7}|\\PC{0,40}",
        ) {
            static PATHS: std::sync::LazyLock<Paths> =
                std::sync::LazyLock::new(|| Paths::new(documentation(), &["/docs"]));
            let _ = decode(&path);
            if let Some(found) = PATHS.find(&path) {
                let (template, given): (Vec<_>, Vec<_>) =
                    (found.template.split('/').collect(), path.split('/').collect());
                prop_assert_eq!(template.len(), given.len());
                for (known, given) in template.into_iter().zip(given) {
                    let is_parameter = known.starts_with('{') && !given.is_empty();
                    prop_assert!(known == given || is_parameter, "{known} {given}");
                }
            }
        }
    }
}

//! The document as the framework writes it, before it is corrected.

use std::marker::PhantomData;

use poem::endpoint::BoxEndpoint;
use poem_openapi::{
    OpenApi, OpenApiService,
    registry::{MetaApi, Registry},
    types::Type,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value};

use super::TITLE;

/// The document of `T`, with the paths that several endpoints share put together.
pub fn describe<T: OpenApi + Send + Sync + 'static>() -> Value {
    let service = OpenApiService::new(Described(PhantomData::<T>), TITLE, env!("CARGO_PKG_VERSION"));
    let Merged(document) = serde_json::from_str(&service.spec()).unwrap_or(Merged(Value::Null));
    document
}

/// The schemas that describing `T` takes, by name.
pub fn schemas<T: Type>() -> Map<String, Value> {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let described = registry.schemas.iter();
    described.filter_map(|(name, schema)| Some((name.clone(), serde_json::to_value(schema).ok()?))).collect()
}

/// Stands for endpoints that are described but not called: the document needs no running product.
struct Described<T>(PhantomData<T>);

impl<T: OpenApi + Send + Sync> OpenApi for Described<T> {
    fn meta() -> Vec<MetaApi> {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn add_routes(
        self,
        _table: &mut std::collections::HashMap<
            String,
            std::collections::HashMap<poem::http::Method, BoxEndpoint<'static>>,
        >,
    ) {
    }
}

/// JSON in which an object that stands twice under one key is one object with the fields of both.
struct Merged(Value);

impl<'de> Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Paths;

        impl<'de> Visitor<'de> for Paths {
            type Value = Merged;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an OpenAPI document")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Merged, A::Error> {
                let mut merged = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = if key == "paths" {
                        map.next_value::<Merged>()?.0
                    } else {
                        map.next_value::<Value>()?
                    };
                    match (merged.get_mut(&key).and_then(Value::as_object_mut), value) {
                        (Some(known), Value::Object(more)) => known.extend(more),
                        (_, value) => {
                            merged.insert(key, value);
                        }
                    }
                }
                Ok(Merged(Value::Object(merged)))
            }
        }

        deserializer.deserialize_map(Paths)
    }
}

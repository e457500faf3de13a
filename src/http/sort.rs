//! The orders a list may be asked for in.

/// Declares the values of the parameter `sort` of a list: a field, or `-` and a field for the other way round. Statements
/// know them by the same words, so that no SQL is put together.
macro_rules! sorts {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $order:ident = $word:tt,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, poem_openapi::Enum)]
        #[expect(missing_docs, reason = "each says by its word what it is")]
        pub enum $name {
            $($(#[$attribute])* #[oai(rename = $word)] $order,)*
        }

        impl $name {
            /// As the parameter and the statement have it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$order => $word,)* }
            }
        }
    };
}

pub(crate) use sorts;

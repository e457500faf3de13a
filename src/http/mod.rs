//! What every HTTP door shares: problem answers, JSON in and out, forms, who asks, searching, sorting and paging, origins,
//! idempotency.

mod answer;
mod body;
mod caller;
mod form;
mod idempotency;
pub mod json;
mod origin;
mod page;
mod problem;
mod search;
mod sort;
mod strict;

pub use answer::{Answer, Created, Done};
pub use body::{BodyLimit, BodyWatch, guard_body};
pub use caller::{Caller, RequestInfo, access_token, cookie};
pub use form::Form;
pub use idempotency::{Idempotency, IdempotencyKey};
pub use json::{Json, MaybeJson};
pub use origin::check_origin;
pub use page::{Limit, Listed, Offset};
pub use problem::{Choices, Problem, ProblemField, RequestId, from_framework, problem_response};
pub use search::Search;
pub(crate) use sort::sorts;

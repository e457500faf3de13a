//! What every HTTP endpoint shares: problem answers, JSON in and out, forms, who asks, searching, sorting and paging, ranges,
//! origins, idempotency.

mod address;
mod answer;
mod any_body;
mod body;
mod caller;
mod clock;
mod faults;
pub mod fields;
mod form;
pub mod idempotency;
pub mod json;
mod list;
mod multipart;
mod origin;
mod paced;
mod page;
mod problem;
mod range;
mod search;
mod sort;
mod strict;

pub use address::{ClientAddress, client_address};
pub use answer::{Answer, AnswerOrLater, Created, CreatedOrLater, Done};
pub use any_body::AnyBody;
pub use body::{BodyLimit, BodyWatch, guard_body};
pub use caller::{Caller, RequestInfo, bearer};
pub use clock::{Clock, ClockedStream, clocked};
pub use faults::Bodies;
pub use form::{Form, Purpose};
pub use idempotency::{Idempotency, IdempotencyKey, key_fault};
pub use json::{Json, Made, MaybeJson};
pub use list::{Format, Item, List, Wanted};
pub use origin::{check_origin, is_allowed_origin};
pub use page::{Batch, LeaseSeconds, Limit, Listed, Offset, Seq, WaitSeconds};
pub use problem::{Choices, Problem, ProblemField, RequestId, from_framework, problem_response};
pub use range::{Conditions, Part};
pub use search::Search;
pub(crate) use sort::sorts;

//! Topics over HTTP.

use std::time::Duration;

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};

use super::{
    model::{Commit, NewRecords, Produced, Records, Retention, Topic, TopicSort},
    service::{self, Ask},
};
use crate::{
    app::App,
    http::{
        Batch, Caller, Created, Done, Format, IdempotencyKey, Json, LeaseSeconds, Limit, List, Offset,
        Search, Seq, WaitSeconds, Wanted,
    },
    tags::Tags,
    time::Timestamp,
};

/// Topics.
pub struct TopicsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/topics", tag = "Tags::Topics")]
impl TopicsApi {
    /// Add records to a topic
    ///
    /// One or thousands, in one transaction: all of them, or none. They take the next offsets of the topic, in their order. The topic is
    /// made when it is not there; its name has 1 to 128 of `A-Z a-z 0-9 _ . -`. A record has a `value` (any JSON) or `value_base64`
    /// (bytes), and perhaps a `key`.
    ///
    /// Errors: idempotency_key_reused
    #[oai(
        path = "/:topic/records",
        method = "post",
        operation_id = "produce_records",
        tag = "Tags::Administration"
    )]
    async fn produce_records(
        &self,
        caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewRecords>,
    ) -> poem::Result<Created<Produced>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::produce(&self.app, caller, &topic.0, body.0, key).await?))
    }

    /// Read records
    ///
    /// Without `group`: the records after the offset `after`, in the order of their offsets, as often as one likes. That order is the order
    /// of commits: no record appears later with a smaller offset than one that was read. After a backup was restored, an offset may have
    /// another record than before. Send the `created_at` of the record at `after` as `after_created_at`: if that record is not there any
    /// more, the answer is 409 `log_changed`, and you read from the beginning (`after=0`). So nothing is missed, and what you have read may
    /// come again.
    ///
    /// With `group`: the next records for this group, which shares them among its consumers. They are leased to this reader for
    /// `lease_seconds`. `POST /topics/{topic}/commit` says that they are done; otherwise they come again, to whoever asks then. So each
    /// record comes at least once. A new group begins after `after`, or at the first record when it is left out; later `after` has no effect.
    ///
    /// With `wait_seconds` an answer without records waits for some. An answer holds about 4 MiB, and at least one record if there is any.
    ///
    /// Errors: not_found, log_changed
    #[oai(
        path = "/:topic/records",
        method = "get",
        operation_id = "read_records",
        tag = "Tags::Administration"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn read_records(
        &self,
        _caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
        /// The group that reads; nobody's in particular when left out.
        group: Query<Option<String>>,
        /// After this offset, 0 when left out.
        after: Query<Option<Seq>>,
        /// The `created_at` of the record at `after`, as an answer had it: proves that it is still the same log. Without `group`.
        after_created_at: Query<Option<Timestamp>>,
        /// How many records, 1 to 10,000; 100 when left out.
        #[oai(default)]
        limit: Query<Batch>,
        /// How long to wait for records, 0 to 30 seconds; 0 when left out.
        #[oai(default)]
        wait_seconds: Query<WaitSeconds>,
        /// For how long they are this reader's, with `group`: 1 to 43,200 seconds; 30 when left out.
        #[oai(default)]
        lease_seconds: Query<LeaseSeconds>,
    ) -> poem::Result<Json<Records>> {
        let ask = Ask {
            group: group.0,
            after: after.0.map_or(0, |after| after.0),
            added_at: after_created_at.0,
            most: limit.0.0,
            lease: Duration::from_secs(lease_seconds.0.0.unsigned_abs()),
        };
        let wait = Duration::from_secs(wait_seconds.0.0.unsigned_abs());
        Ok(Json(Records { items: service::read(&self.app, &topic.0, &ask, wait).await? }))
    }

    /// Commit records
    ///
    /// The group has done with these records: they do not come again. What was committed before, or was never leased, changes nothing.
    ///
    /// Errors: not_found
    #[oai(
        path = "/:topic/commit",
        method = "post",
        operation_id = "commit_records",
        tag = "Tags::Administration"
    )]
    async fn commit_records(
        &self,
        _caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
        body: Json<Commit>,
    ) -> poem::Result<Done> {
        service::commit(&self.app, &topic.0, &body.0).await?;
        Ok(Done)
    }

    /// List topics
    ///
    /// Each with the offsets of its oldest and its latest record, by name.
    #[oai(path = "/", method = "get", operation_id = "list_topics", tag = "Tags::Administration")]
    async fn list_topics(
        &self,
        caller: Caller,
        /// Every word must occur in the name, ignoring case.
        search: Query<Option<String>>,
        /// The order, by name when left out.
        #[oai(default)]
        sort: Query<TopicSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Topic>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let search = Search::parse(search.0.as_deref())?;
        Ok(service::list(&self.app, &search, sort.0, wanted).await?)
    }

    /// Show a topic
    ///
    /// Its oldest and its latest offset, and how long it keeps records.
    ///
    /// Errors: not_found
    #[oai(path = "/:topic", method = "get", operation_id = "get_topic", tag = "Tags::Administration")]
    async fn get_topic(
        &self,
        _caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
    ) -> poem::Result<Json<Topic>> {
        Ok(Json(service::get(&self.app, &topic.0).await?))
    }

    /// Say how long a topic keeps its records
    ///
    /// A field that is left out is null: for ever. What is not kept is removed within an hour. The topic is made when it is not there.
    #[oai(path = "/:topic", method = "put", operation_id = "put_topic", tag = "Tags::Administration")]
    async fn put_topic(
        &self,
        caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
        body: Json<Retention>,
    ) -> poem::Result<Json<Topic>> {
        Ok(Json(service::put(&self.app, caller, &topic.0, &body.0).await?))
    }

    /// Delete a topic
    ///
    /// With all its records and groups, for good. The oldest records go first, in pieces: millions of them take a minute, and when that is
    /// broken off the rest is still there.
    ///
    /// Errors: not_found
    #[oai(path = "/:topic", method = "delete", operation_id = "delete_topic", tag = "Tags::Administration")]
    async fn delete_topic(
        &self,
        caller: Caller,
        /// The name of the topic.
        topic: Path<String>,
    ) -> poem::Result<Done> {
        service::delete(&self.app, caller, &topic.0).await?;
        Ok(Done)
    }
}

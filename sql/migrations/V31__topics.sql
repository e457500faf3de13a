-- A durable log for programs: records in order, read again from any place, and shared by the consumers of a group.

create table topics (
    name text not null constraint topics_pkey primary key
        constraint topics_name_check check (name ~ '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$'),
    first_offset bigint not null default 1,
    last_offset bigint not null default 0,
    retention_days integer constraint topics_retention_days_check check (retention_days between 1 and 36500),
    retention_records bigint constraint topics_retention_records_check check (retention_records >= 1),
    created_at timestamptz not null default now(),
    constraint topics_offsets_check check (first_offset >= 1 and last_offset >= first_offset - 1)
) with (fillfactor = 50); -- each record makes another version of the row: room for it on the same page
comment on table topics is 'A log of records. An INSERT into topic_records makes it where it is not there; a DELETE removes its records, and its groups.';
comment on column topics.first_offset is 'The oldest record that is kept. Counted, never set.';
comment on column topics.last_offset is 'The latest record; 0 before the first. Counted under the lock of the row, so that the order of offsets is that of commits.';
comment on column topics.retention_days is 'Records that are older are removed, once an hour; null for never.';
comment on column topics.retention_records is 'So many are kept; null for all.';

create table topic_records (
    topic text not null,
    record_offset bigint not null,
    key text constraint topic_records_key_check check (char_length(key) <= 1024),
    value jsonb,
    value_bytes bytea,
    created_at timestamptz not null default now(),
    constraint topic_records_pkey primary key (topic, record_offset),
    constraint topic_records_value_check check (num_nonnulls(value, value_bytes) = 1)
);
comment on table topic_records is 'A record of a topic. Leave record_offset out of an INSERT: it is the next. No row is changed; a retention removes the oldest.';
comment on column topic_records.topic is 'No foreign key: the row of the topic is locked by the trigger that counts.';
comment on column topic_records.record_offset is '1, 2, 3 … in the order of commits, without a gap.';
comment on column topic_records.key is 'What the record is about, in the words of those who produce; null for nothing.';
comment on column topic_records.value is 'What it says, as JSON; null where it is bytes.';
comment on column topic_records.value_bytes is 'What it says, as bytes; null where it is JSON.';

create table topic_groups (
    topic text not null constraint topic_groups_topic_fkey references topics (name) on delete cascade,
    name text not null constraint topic_groups_name_check check (char_length(name) between 1 and 255 and not public.is_blank(name) and public.is_line(name)),
    next_offset bigint not null default 1,
    created_at timestamptz not null default now(),
    constraint topic_groups_pkey primary key (topic, name)
) with (fillfactor = 50);
comment on table topic_groups is 'Consumers that share the records of a topic: each record goes to one of them, and comes again until it is committed.';
comment on column topic_groups.next_offset is 'The first record that was handed to nobody yet. What was handed out before is committed, or stands in topic_leases.';

create table topic_leases (
    id uuid not null default uuid_v7() constraint topic_leases_pkey primary key,
    topic text not null,
    group_name text not null,
    open int8multirange not null,
    attempts integer not null default 1,
    leased_until timestamptz not null,
    constraint topic_leases_group_fkey foreign key (topic, group_name) references topic_groups (topic, name) on delete cascade
);
create index topic_leases_due_idx on topic_leases (topic, group_name, leased_until, id);
comment on table topic_leases is 'Records that were handed to a consumer and are not committed yet; after leased_until they go to the next one that asks.';
comment on column topic_leases.open is 'Their offsets.';
comment on column topic_leases.attempts is 'How often they were handed out.';

comment on column topic_groups.created_at is 'When somebody first read as this group.';
comment on column topic_groups.name is 'What its consumers call it.';
comment on column topic_groups.topic is 'Of which topic.';
comment on column topic_leases.group_name is 'To which group they were handed.';
comment on column topic_leases.id is 'Later ones are greater.';
comment on column topic_leases.leased_until is 'When they come again, if they are not committed before.';
comment on column topic_leases.topic is 'Of which topic.';
comment on column topic_records.created_at is 'When it was produced.';
comment on column topics.created_at is 'When it was made.';
comment on column topics.name is 'What programs call it.';

-- Other programs that are told what happens in a chat.

create table webhooks (
    id uuid not null default uuid_v7() constraint webhooks_pkey primary key,
    chat_id uuid not null constraint webhooks_chat_id_fkey references chats (id) on delete cascade,
    place integer not null constraint webhooks_place_check check (place between 1 and 10),
    url text not null constraint webhooks_url_check check (
        char_length(url) <= 2048 and url ~ '^https?://[^/?#@[:space:]]+([/?#][^[:space:]]*)?$'
    ),
    events text[] not null default '{}' constraint webhooks_events_check check (
        events <@ array[
            'new_message', 'message_edited', 'message_recalled', 'messages_cleared',
            'reaction_added', 'reaction_removed', 'pin_added', 'pin_removed',
            'member_joined', 'member_left', 'member_changed', 'chat_updated'
        ]
    ),
    secret bytea not null,
    active boolean not null default true,
    delivered_seq bigint not null,
    job_id uuid,
    failures integer not null default 0 constraint webhooks_failures_check check (failures >= 0),
    failed_at timestamptz,
    last_error text constraint webhooks_last_error_check check (char_length(last_error) <= 500),
    maker_place integer constraint webhooks_maker_place_check check (maker_place between 1 and 100),
    created_by uuid constraint webhooks_created_by_fkey references users (id) on delete set null,
    created_at timestamptz not null default now(),
    constraint webhooks_place_key unique (chat_id, place),
    constraint webhooks_maker_place_key unique (created_by, maker_place)
) with (fillfactor = 80); -- room for the next version of a row that a delivery writes, on the same page
comment on table webhooks is 'Each is one more reader of the log of its chat: what comes after delivered_seq is sent to url, in order. DELETE ends it.';
comment on column webhooks.place is 'A chat has ten: a trigger takes the first that is free.';
comment on column webhooks.maker_place is 'Whoever is created_by has a hundred: the same.';
comment on column webhooks.url is 'May hold a secret of whoever reads it; never told but to the creator and admins of the chat.';
comment on column webhooks.events is 'What is sent, by the type of the entry; empty is all.';
comment on column webhooks.secret is 'Signs what is sent; sealed with the key secrets.key.';
comment on column webhooks.active is 'Off once it has failed twenty times in a row, and when created_by is no creator or admin of the chat any more, or is suspended. Set back, it has a clean record and sends what happened meanwhile.';
comment on column webhooks.delivered_seq is 'The latest entry that was taken, or that is not wanted; a new one begins where the log ends.';
comment on column webhooks.job_id is 'The job that sends what is new, or waits to try again; null when there is nothing to send. Never two at once.';
comment on column webhooks.created_by is 'Who answers for it: who made it, or switched it on again.';
comment on column webhooks.failures is 'How many attempts in a row have failed; failed_at and last_error are the latest of them, or when and why it was switched off for created_by.';

-- Jobs that sent something are many, and are not kept for a week.
create index jobs_delivered_idx on jobs (finished_at) where task = 'deliver_webhook' and finished_at is not null;

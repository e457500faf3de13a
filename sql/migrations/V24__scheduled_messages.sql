-- What people want to have said later.

create table scheduled_messages (
    id uuid not null default uuid_v7() constraint scheduled_messages_pkey primary key,
    user_id uuid not null constraint scheduled_messages_user_id_fkey references users (id) on delete cascade,
    chat_id uuid not null,
    client_id text not null constraint scheduled_messages_client_id_check check (char_length(client_id) between 1 and 64),
    content text constraint scheduled_messages_content_check check (char_length(content) between 1 and 4096),
    reply_to uuid,
    attachments uuid[] not null default '{}'
        constraint scheduled_messages_attachments_check check (cardinality(attachments) <= 10),
    send_at timestamptz not null,
    leased_until timestamptz,
    failed_at timestamptz,
    reason text,
    created_at timestamptz not null default now(),
    constraint scheduled_messages_client_id_key unique (user_id, chat_id, client_id),
    constraint scheduled_messages_something_check check (content is not null or cardinality(attachments) > 0),
    constraint scheduled_messages_failed_check check ((failed_at is null) = (reason is null))
);
create index scheduled_messages_due_idx on scheduled_messages (send_at, id) where failed_at is null;
create index scheduled_messages_failed_at_idx on scheduled_messages (failed_at) where failed_at is not null;
comment on table scheduled_messages is 'What will be a message of chat_id at send_at. The row goes when it has been sent; a DELETE before that takes it back.';
comment on column scheduled_messages.id is 'The message has this id, too.';
comment on column scheduled_messages.chat_id is 'No foreign key: that the chat is gone is told to the sender when the time has come.';
comment on column scheduled_messages.client_id is 'The message has it, too: sent twice, it is one message.';
comment on column scheduled_messages.leased_until is 'An instance is sending it until then; once that has passed, another one does.';
comment on column scheduled_messages.reason is 'Why it was not sent, by the word of an error; the row stays for a week after failed_at.';

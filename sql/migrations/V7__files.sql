-- What people upload, and the messages it comes with.

create table files (
    id uuid not null default uuid_v7() constraint files_pkey primary key,
    owner_id uuid constraint files_owner_id_fkey references users (id) on delete set null,
    name text not null constraint files_name_check check (char_length(name) between 1 and 255),
    content_type text not null,
    size bigint not null constraint files_size_check check (size > 0),
    width integer,
    height integer,
    thumbnail_type text,
    thumbnail_size integer,
    state text not null default 'arriving'
        constraint files_state_check check (state in ('arriving', 'loose', 'attached', 'orphaned')),
    chat_id uuid,
    message_id uuid,
    place integer,
    created_at timestamptz not null default now(),
    constraint files_attached_check check (
        case when state = 'attached' then chat_id is not null and message_id is not null and place is not null
        else chat_id is null and message_id is null and place is null end
    ),
    constraint files_thumbnail_check check ((thumbnail_type is null) = (thumbnail_size is null))
);
create index files_message_id_idx on files (chat_id, message_id) where message_id is not null;
create index files_owner_id_idx on files (owner_id);
create index files_unattached_idx on files (id) where state <> 'attached';
comment on table files is 'One row an upload; its bytes lie in the storage under uploads/. An INSERT of a message attaches it.';
comment on column files.state is 'arriving: its bytes are on their way; loose: no message has it; attached: the message message_id has it; '
    'orphaned: nobody may fetch it, and its bytes and this row will be swept.';

-- Which files come with a message stands in its body, so that one INSERT says it all.
alter table messages add constraint messages_attachments_check check (
    kind <> 'media'
    or recalled_at is not null
    or case when jsonb_typeof(body -> 'attachments') = 'array'
        then jsonb_array_length(body -> 'attachments') between 1 and 10 else false end
);

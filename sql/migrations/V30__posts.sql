-- What people write for everybody: posts, and comments on posts and events; and calendars that can be subscribed to.

create table posts (
    id uuid not null default uuid_v7() constraint posts_pkey primary key,
    owner_id uuid not null,
    title text not null constraint posts_title_check
        check (char_length(title) between 1 and 255 and not public.is_blank(title) and public.is_line(title)),
    content text not null constraint posts_content_check
        check (char_length(content) between 1 and 65536 and not public.is_blank(content)),
    comment_count integer not null default 0 constraint posts_comment_count_check check (comment_count >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index posts_created_at_idx on posts (created_at, id);
create index posts_folded_title_idx on posts (folded(title), id);
create index posts_owner_id_idx on posts (owner_id, created_at, id);
create index posts_folded_search_idx on posts using gin (folded(title || ' ' || content) gin_trgm_ops);
comment on table posts is 'What somebody has written for everybody who is signed in. A DELETE takes its comments along.';
comment on column posts.owner_id is 'Who wrote it. No foreign key: it stays when they are erased, with an id that names nobody.';
comment on column posts.comment_count is 'Counted by a trigger, never set.';
comment on column posts.updated_at is 'When title or content last changed.';

create table comments (
    id uuid not null default uuid_v7() constraint comments_pkey primary key,
    event_id uuid,
    post_id uuid,
    on_id uuid not null generated always as (coalesce(event_id, post_id)) stored,
    owner_id uuid not null,
    content text not null constraint comments_content_check
        check (char_length(content) between 1 and 4096 and not public.is_blank(content)),
    created_at timestamptz not null default now(),
    constraint comments_place_check check (num_nonnulls(event_id, post_id) = 1)
);
create index comments_on_id_idx on comments (on_id, created_at, id);
create index comments_owner_id_idx on comments (owner_id, created_at, id);
comment on table comments is 'What somebody has written about an event or a post, one of the two. It ends with that.';
comment on column comments.event_id is 'The event it is on. A trigger asks for it: a deleted event with many comments is gone before they are removed.';
comment on column comments.post_id is 'The post it is on; the same.';
comment on column comments.on_id is 'Whichever of the two it is.';
comment on column comments.owner_id is 'Who wrote it. No foreign key, as in posts.';

create table ended_comments (
    on_id uuid not null constraint ended_comments_pkey primary key,
    after_at timestamptz not null default '-infinity',
    after_id uuid not null default '00000000-0000-0000-0000-000000000000',
    ended_at timestamptz not null default now()
);
create index ended_comments_ended_at_idx on ended_comments (ended_at, on_id);
comment on table ended_comments is 'One row a deleted event or post whose comments are not removed yet. Nobody can read them any more; the task remove_ended_comments removes them in pieces, and then the row.';
comment on column ended_comments.after_at is 'Up to which comment they are removed: its created_at …';
comment on column ended_comments.after_id is '… and its id.';

alter table events add column comment_count integer not null default 0
    constraint events_comment_count_check check (comment_count >= 0);
comment on column events.comment_count is 'Counted by a trigger, never set.';

create table calendar_feeds (
    user_id uuid not null constraint calendar_feeds_pkey primary key
        constraint calendar_feeds_user_id_fkey references users (id) on delete cascade,
    token_hash bytea not null,
    created_at timestamptz not null default now(),
    constraint calendar_feeds_token_hash_key unique (token_hash)
);
comment on table calendar_feeds is 'The secret address at which calendars read what events user_id owns or holds tickets for. DELETE ends it.';
comment on column calendar_feeds.token_hash is 'SHA-256 of the token in the address; the token itself was told once.';

create table calendar_tombstones (
    user_id uuid not null,
    event_id uuid not null,
    name text not null,
    event_time timestamptz not null,
    timezone text not null,
    duration_minutes integer not null,
    sequence integer not null,
    deleted_at timestamptz not null default now(),
    constraint calendar_tombstones_pkey primary key (user_id, event_id)
);
create index calendar_tombstones_deleted_at_idx on calendar_tombstones (deleted_at);
comment on table calendar_tombstones is 'A deleted event, for the calendar of somebody who owned it or held a ticket: it is shown there as cancelled for 30 days.';
comment on column calendar_tombstones.user_id is 'Whose calendar. No foreign key: whoever deletes an event waits for nobody.';
comment on column calendar_tombstones.event_id is 'The event that was deleted.';
comment on column calendar_tombstones.duration_minutes is 'How long it would have been, hours included.';
comment on column calendar_tombstones.sequence is 'Greater than any that the calendar of this person has shown for the event.';

comment on column calendar_feeds.created_at is 'When the address was made.';
comment on column calendar_feeds.user_id is 'Whose calendar it is.';
comment on column calendar_tombstones.deleted_at is 'Since when it is shown as cancelled.';
comment on column calendar_tombstones.event_time is 'When it would have begun.';
comment on column calendar_tombstones.name is 'What the event was called.';
comment on column calendar_tombstones.timezone is 'In which zone it would have begun.';
comment on column comments.content is 'What was written.';
comment on column comments.created_at is 'When it was written.';
comment on column comments.id is 'Later ones are greater.';
comment on column ended_comments.ended_at is 'When the event or post was deleted.';
comment on column ended_comments.on_id is 'Which event or post that was.';
comment on column posts.content is 'What was written.';
comment on column posts.created_at is 'When it was written.';
comment on column posts.id is 'Later ones are greater.';
comment on column posts.title is 'What stands above it, on one line.';

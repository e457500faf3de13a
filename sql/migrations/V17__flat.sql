-- Where to look for words, anew: runs of 32 places, looked up by hashes that belong to a stretch of a chat, so that a search
-- costs what it finds and not what the chat holds. search_blocks and search_heads are emptied: an older version that runs
-- beside still asks them, and a later migration drops them.

create table search_runs (
    chat_id uuid not null constraint search_runs_chat_id_fkey references chats (id) on delete cascade,
    run bigint not null,
    grams integer[],
    speakers uuid[],
    since timestamptz,
    until timestamptz,
    day integer,
    constraint search_runs_pkey primary key (chat_id, run)
);
-- Hashes can not be compressed, and trying costs as much as all the rest.
alter table search_runs alter column grams set storage external;
-- Merged some hundred kilobytes at a time: each gram by itself takes ten times as long. Whoever writes also merges, since
-- every look-up reads what is not merged yet.
create index search_runs_grams_idx on search_runs using gin (grams) with (fastupdate = on, gin_pending_list_limit = 4096);
create index search_runs_stale_idx on search_runs (chat_id, run) where grams is null;
create index search_runs_day_idx on search_runs (day, until) where run < 128;
create index search_runs_stretch_idx on search_runs (chat_id, (run / 8192), until) where run >= 128;
create index search_runs_many_idx on search_runs (chat_id, run) where speakers is null or cardinality(speakers) > 1;
create index search_runs_one_idx on search_runs (chat_id, (speakers[1]), run) where cardinality(speakers) = 1;
comment on table search_runs is 'Run n of a chat holds the places n * 32 + 1 to (n + 1) * 32 of its log. Derived from messages: '
    'may be emptied together with search_ends, and is written anew.';
comment on column search_runs.grams is 'Hashes of every one, two and three characters in a row that occur in the run, and of '
    'whom it mentions, under search_salt; null when a message of it was changed since, until it is read again.';
comment on column search_runs.speakers is 'Who has said something in it, one or two of them; may name more than still stand, never fewer. '
    'Null when that is not known yet.';
comment on column search_runs.until is 'When the latest message of it was made; since: the earliest. Null when it holds none.';
comment on column search_runs.day is 'The day of until, by number; the runs 0 to 127 of all chats are looked up by it.';

create table search_ends (
    chat_id uuid not null constraint search_ends_pkey primary key
        constraint search_ends_chat_id_fkey references chats (id) on delete cascade,
    seq bigint not null
);
create index search_ends_long_idx on search_ends (chat_id) where seq > 4096;
comment on table search_ends is 'How far search_runs goes in each chat; what lies beyond is searched by reading it.';

-- What the hashes of a run begin with: the first 12 bits of 32. The beginning of a chat shares them with all that was said
-- anywhere that day; what follows has its own for each 8,192 runs.
create function search_salt(chat_id uuid, run bigint, day integer) returns integer
language sql immutable parallel safe as $$
    select ('x' || left(md5(case when run < 128 then day::text else chat_id::text || '/' || (run / 8192)::text end), 3))::bit(12)::integer
        << 20
$$;

-- What is looked up for somebody who is mentioned: the other 20 bits.
create function search_gram(user_id uuid) returns integer
language sql immutable parallel safe as $$
    select ('x' || left(md5(user_id::text), 5))::bit(20)::integer
$$;

delete from search_heads;
delete from search_blocks;

-- Public chats in the order of what was said last, of which only the page is read.

-- Fast: the same for every row that is there, and then by the rows themselves.
alter table chats add column ranked_at timestamptz not null default now();
update chats set ranked_at = active_at;
comment on column chats.ranked_at is 'Follows active_at in steps: never later, and at most ten minutes earlier. An index may have it, where active_at would give each message one more write. Set by a trigger.';
create index chats_public_ranked_at_idx on chats (ranked_at, id) where visibility = 'public' and kind = 'group';

-- The people of a large room are listed as they came, page by page, without sorting all of them.
create index members_joined_idx on members (chat_id, joined_at, user_id);

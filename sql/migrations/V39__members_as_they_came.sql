-- The members of a chat as they came, without sorting all of them for a page. Every role is one of three words: the condition
-- keeps the index from being taken to find a member, which members_pkey does in one step and this would in as many as there are.
create index members_joined_at_idx on members (chat_id, joined_at, user_id) where role <> '';

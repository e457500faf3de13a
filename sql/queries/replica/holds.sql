-- replica/holds
-- Whether this is still a replica, and the log of this chat has come as far as this entry: the very same entry, for a number
-- alone does not say which history it belongs to.
select pg_is_in_recovery(), $2::bigint = 0 or exists (
    select from messages where chat_id = $1 and seq = $2 and ($3::uuid is null or id = $3)
)

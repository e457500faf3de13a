-- chat_list/count_search_public
-- Up to $8, which are as many as anybody counts. Planned as if all of them were wanted, so that the index is asked ($1 is the longest
-- pattern), and stopped when there are enough.
with found as materialized (
    select 1 as one
    from chats
    where visibility = 'public' and kind = 'group'
        and id <> all (array(select chat_id from bans where user_id = $7))
        and folded(title || ' ' || description) like folded($1)
        and folded(title || ' ' || description) like all (array(select folded(word) from unnest($2::text[]) as word))
        and ($3::text is null or kind = $3) and ($4::text is null or visibility = $4)
        and ($5::timestamptz is null or created_at >= $5)
        and ($6::timestamptz is null or created_at <= $6)
)
select count(*) from (select one from found limit $8) as counted

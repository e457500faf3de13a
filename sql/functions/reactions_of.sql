-- What people reacted with to a message, as clients see it: each emoji in the order in which it came first, with the
-- first hundred of its people in theirs, and how many they are. Null when nobody did. For `case when reacted then (select reactions from reactions_of(…)) end`: the
-- planner puts the body in place of the call, so a page of messages is one query, and most messages cost nothing.
create or replace function reactions_of(uuid, uuid) returns table (reactions jsonb)
language sql stable parallel safe as $$
    select
        jsonb_agg(
            jsonb_build_object('emoji', emoji, 'count', people, 'user_ids', user_ids) order by since, emoji
        )
    from (
        select
            emoji, count(*) as people, min(since) as since,
            to_jsonb((array_agg(user_id order by created_at, user_id))[:100]) as user_ids
        from public.reactions
        where chat_id = $1 and message_id = $2
        group by emoji
    ) as each
$$;

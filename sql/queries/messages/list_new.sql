-- messages/list_new
-- The log of many chats at once, each after its own place: one query a wake-up, however many chats have news.
-- With each entry comes the id of what stands at that place: another than was told means that it is another log.
select
    entry.chat_id, entry.seq, entry.id, entry.kind, entry.sender_id, entry.content, entry.reply_to, entry.mentions,
    entry.client_id, entry.created_at, entry.updated_at, entry.edited_at, entry.recalled_at,
    case when entry.reacted then (select reactions from reactions_of(entry.chat_id, entry.id)) end as reactions,
    case when entry.kind = 'media' then (select attachments from attachments_of(entry.chat_id, entry.id)) end as attachments,
    entry.target_id, entry.body,
    target.chat_id, target.seq, target.id, target.kind, target.sender_id, target.content, target.reply_to, target.mentions,
    target.client_id, target.created_at, target.updated_at, target.edited_at, target.recalled_at,
    case when target.reacted then (select reactions from reactions_of(target.chat_id, target.id)) end as reactions,
    case when target.kind = 'media' then (select attachments from attachments_of(target.chat_id, target.id)) end as attachments,
    person.username, person.name, person.avatar_key,
    wanted.after_id,
    -- Who posts over the API has read up to there, and that is told beside the message.
    coalesce((
        select reader.last_read_seq >= entry.seq
        from members as reader
        where reader.chat_id = entry.chat_id and reader.user_id = entry.sender_id and entry.kind in ('text', 'media')
        limit 1
    ), false) as is_read
from (
    -- Not by a join: while the log is small, that would be planned to read all of it, and the plan is kept.
    select
        place.chat_id, place.after,
        (select known.id from messages as known where known.chat_id = place.chat_id and known.seq = place.after) as after_id
    from unnest($1::uuid[], $2::bigint[]) as place (chat_id, after)
    -- Once a place, and not once an entry.
    offset 0
) as wanted
cross join lateral (
    select *
    from messages
    where messages.chat_id = wanted.chat_id and messages.seq > wanted.after
    order by messages.seq
    limit $3
) as entry
left join lateral (
    select *
    from messages
    where messages.chat_id = entry.chat_id and messages.id = entry.target_id
        and entry.kind in ('message_edited', 'message_recalled')
    limit 1
) as target on true
left join lateral (
    select username, name, avatar_key
    from users
    -- A body written by hand that names nobody must not stop the whole log.
    where users.id = case
        when entry.kind in ('member_joined', 'member_changed')
            and entry.body ->> 'user_id' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
        then (entry.body ->> 'user_id')::uuid
    end
    limit 1
) as person on true
order by entry.chat_id, entry.seq

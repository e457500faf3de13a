-- messages/list_after
-- The log of one chat, oldest first. An edit shows its message as it is now. With each comes the id of what
-- stands at $2, so that whoever goes on from there knows that it is the same log.
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
    (select messages.id from messages where messages.chat_id = $1 and messages.seq = $2) as after_id
from (
    select * from messages
    -- What a deleted chat has left is nobody's to read.
    where chat_id = $1 and seq > $2 and exists (select from chats where chats.id = $1)
    order by seq
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
order by entry.seq

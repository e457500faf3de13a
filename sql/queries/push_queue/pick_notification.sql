-- push_queue/pick_notification
-- The newest of these notifications ($2, the newest first) that somebody ($1) is still to be told of: not read, not removed, wanted;
-- of a chat only while they are in it and have not muted it, and of a message only while it stands and they have not read so far.
-- Its words are what they are at this moment.
select
    picked.kind, picked.message, picked.data, picked.created_at, picked.id as notification_id, sender.id as sender_id,
    sender.name as sender_name, chat.id as chat_id, chat.title, chat.kind as chat_kind, said.id as message_id, said.content,
    count(*) over () as count
from unnest($2::uuid[]) with ordinality as wanted (id, place)
cross join lateral (
    select
        *,
        case when kind in ('mention', 'reply', 'chat_added') then (data ->> 'chat_id')::uuid end as of_chat,
        case when kind in ('mention', 'reply') then (data ->> 'message_id')::uuid end as of_message
    from notifications
    where notifications.id = wanted.id and recipient_id = $1 and read_at is null
    limit 1
) as picked
left join lateral (
    select users.id, users.name from users where users.id = picked.sender_id and users.erased_at is null limit 1
) as sender on true
left join lateral (
    select chats.id, chats.title, chats.kind, members.last_read_seq
    from members
    join chats on chats.id = members.chat_id
    where members.chat_id = picked.of_chat and members.user_id = $1
    limit 1
) as chat on true
left join lateral (
    select messages.id, messages.content
    from messages
    where messages.chat_id = chat.id and messages.id = picked.of_message and messages.recalled_at is null
        and messages.kind in ('text', 'media', 'system') and messages.seq > chat.last_read_seq
    limit 1
) as said on true
where wants_push($1, picked.kind)
    and (picked.of_chat is null or (chat.id is not null and not is_muted($1, chat.id)))
    and (picked.of_message is null or said.id is not null)
order by wanted.place
limit 1

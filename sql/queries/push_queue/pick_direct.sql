-- push_queue/pick_direct
-- The newest message of the other one in a direct chat ($2) that somebody ($1) has not read, if they want to be told: as it is at
-- this moment, with how many those are, up to a hundred.
select
    said.id as message_id, said.content, said.created_at, sender.id as sender_id, sender.name as sender_name,
    (
        select count(*)
        from (
            select from messages
            where messages.chat_id = $2 and messages.seq > mine.last_read_seq and messages.kind in ('text', 'media')
                and messages.sender_id <> $1 and messages.recalled_at is null
            limit 100
        ) as unread
    ) as count
from members as mine
join chats on chats.id = mine.chat_id and chats.kind = 'direct'
cross join lateral (
    select messages.id, messages.content, messages.sender_id, messages.created_at
    from messages
    where messages.chat_id = $2 and messages.seq > mine.last_read_seq and messages.kind in ('text', 'media')
        and messages.sender_id <> $1 and messages.recalled_at is null
    order by messages.seq desc
    limit 1
) as said
left join lateral (
    select users.id, users.name from users where users.id = said.sender_id and users.erased_at is null limit 1
) as sender on true
where mine.chat_id = $2 and mine.user_id = $1
    and wants_push($1, 'direct') and not is_muted($1, $2)
    and not exists (select from blocks where blocks.user_id = $1 and blocks.blocked_id = said.sender_id)

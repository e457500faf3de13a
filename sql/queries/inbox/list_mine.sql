-- Newest activity first; $2 are the words to look for, as patterns, and every one must occur. Each with its last message and what is unread.
with mine as (
    select chats.*, members.last_read_seq, count(*) over () as total
    from members
    join chats on chats.id = members.chat_id
    where members.user_id = $1
        and (
            cardinality($2::text[]) = 0
            or lower(coalesce(chats.title, '') || ' ' || chats.description)
                like all (array(select lower(word) from unnest($2) as word))
        )
    order by chats.active_at desc, chats.id desc
    limit $3 offset $4
)
select
    mine.id, mine.kind, mine.visibility, mine.title, mine.description, mine.image_key, mine.owner_id,
    mine.member_count, mine.last_seq, mine.retention_days, mine.created_at, mine.updated_at, mine.last_read_seq,
    mine.total,
    unread.unread_count, unread.mention_count,
    last.chat_id, last.seq, last.id, last.kind, last.sender_id, last.content, last.reply_to, last.mentions,
    last.client_id, last.created_at, last.updated_at, last.edited_at, last.recalled_at,
    case when last.reacted then (select reactions from reactions_of(last.chat_id, last.id)) end as reactions
from mine
left join lateral (
    select count(*) as unread_count, count(*) filter (where $1 = any (messages.mentions)) as mention_count
    from messages
    where messages.chat_id = mine.id and messages.seq > mine.last_read_seq
        and messages.kind in ('text', 'media') and messages.sender_id <> $1 and messages.recalled_at is null
) as unread on true
left join lateral (
    select messages.*
    from messages
    where messages.chat_id = mine.id and messages.kind in ('text', 'media', 'system')
    order by messages.seq desc
    limit 1
) as last on true
order by mine.active_at desc, mine.id desc

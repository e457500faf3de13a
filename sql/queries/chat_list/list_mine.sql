-- chat_list/list_mine
-- $2 are the words to look for, as patterns, and every one must occur; a direct chat is found by the other one's name. $3 is
-- the order, a field or with - the other way round. $4 to $7 filter. Each with its last message and what is unread, which
-- is looked for in those of the page alone, like the other one of a direct chat where no order or word asks for the name.
with mine as (
    select
        chats.id, members.last_read_seq, count(*) over () as total,
        row_number() over (
            order by
                case $3::text when 'title' then folded(coalesce(chats.title, peer.words)) end,
                case $3 when '-title' then folded(coalesce(chats.title, peer.words)) end desc,
                case $3 when 'member_count' then chats.member_count end,
                case $3 when '-member_count' then chats.member_count end desc,
                case $3 when 'created_at' then chats.created_at when 'active_at' then chats.active_at end,
                case $3 when '-created_at' then chats.created_at end desc,
                chats.active_at desc, chats.id desc
        ) as place
    from members
    join chats on chats.id = members.chat_id
    left join lateral (
        select words
        from peer_of(chats.pair, $1)
        where chats.kind = 'direct' and ($3 in ('title', '-title') or cardinality($2::text[]) > 0)
    ) as peer on true
    where members.user_id = $1
        and (
            cardinality($2::text[]) = 0
            or folded(coalesce(chats.title, peer.words, '') || ' ' || chats.description)
                like all (array(select folded(word) from unnest($2) as word))
        )
        and ($4::text is null or chats.kind = $4) and ($5::text is null or chats.visibility = $5)
        and ($6::timestamptz is null or chats.created_at >= $6)
        and ($7::timestamptz is null or chats.created_at <= $7)
    order by place
    limit $8 offset $9
)
select
    chats.id, chats.kind, chats.visibility, chats.title, chats.description, chats.image_key, chats.owner_id,
    chats.member_count, chats.last_seq, chats.retention_days, chats.created_at, chats.updated_at, mine.last_read_seq,
    peer.profile as peer, mine.total,
    unread.unread_count, unread.mention_count, mutes.until as mute_until, mutes.created_at as muted_since,
    last.chat_id, last.seq, last.id, last.kind, last.sender_id, last.content, last.reply_to, last.mentions,
    last.client_id, last.created_at, last.updated_at, last.edited_at, last.recalled_at,
    case when last.reacted then (select reactions from reactions_of(last.chat_id, last.id)) end as reactions,
    case when last.kind = 'media' then (select attachments from attachments_of(last.chat_id, last.id)) end as attachments
from mine
join chats on chats.id = mine.id
left join lateral (select profile from peer_of(chats.pair, $1) where chats.kind = 'direct') as peer on true
left join chat_mutes as mutes
    on mutes.user_id = $1 and mutes.chat_id = mine.id and (mutes.until is null or mutes.until > now())
left join lateral unread_in(chats.id, $1, mine.last_read_seq, chats.last_seq) as unread on true
left join lateral (
    select messages.*
    from messages
    where messages.chat_id = mine.id and messages.kind in ('text', 'media', 'system')
    order by messages.seq desc
    limit 1
) as last on true
order by mine.place

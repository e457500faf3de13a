-- chat_list/count_mine
select count(*)
from members
join chats on chats.id = members.chat_id
left join lateral (select words from peer_of(chats.pair, $1) where chats.kind = 'direct') as peer on true
where members.user_id = $1
    and (
        cardinality($2::text[]) = 0
        or folded(coalesce(chats.title, peer.words, '') || ' ' || chats.description)
            like all (array(select folded(word) from unnest($2) as word))
    )
    and ($3::text is null or chats.kind = $3) and ($4::text is null or chats.visibility = $4)
    and ($5::timestamptz is null or chats.created_at >= $5)
    and ($6::timestamptz is null or chats.created_at <= $6)

select count(*)
from members
join chats on chats.id = members.chat_id
left join lateral (select words from peer_of(chats.pair, $1) where chats.kind = 'direct') as peer on true
where members.user_id = $1
    and (
        cardinality($2::text[]) = 0
        or lower(coalesce(chats.title, peer.words, '') || ' ' || chats.description)
            like all (array(select lower(word) from unnest($2) as word))
    )

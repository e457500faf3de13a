-- chats/find
-- With whom $2 is in it, where it is a direct chat.
select
    chats.id, chats.kind, chats.visibility, chats.title, chats.description, chats.image_key, chats.owner_id,
    chats.member_count, chats.last_seq, chats.retention_days, chats.created_at, chats.updated_at, peer.profile as peer
from chats
left join lateral (select profile from peer_of(chats.pair, $2) where chats.kind = 'direct') as peer on true
where chats.id = $1

-- verify/heads
-- What the row of each of the next chats says beside what the tables hold, in one snapshot: whoever writes changes both.
select
    chats.id, chats.title, chats.first_seq, chats.last_seq, chats.message_count, chats.member_count::bigint as member_count,
    (select seq from messages where messages.chat_id = chats.id order by seq limit 1) as lowest,
    (select seq from messages where messages.chat_id = chats.id order by seq desc limit 1) as highest,
    people.members, people.reads_beyond, chats.kind = 'group' and people.creators = 0 as lacks_creator,
    (select seq from search_ends where search_ends.chat_id = chats.id) as searched,
    (select max(delivered_seq) from webhooks where webhooks.chat_id = chats.id) as delivered
from (select * from chats where id > $1 order by id limit $2) as chats
cross join lateral (
    select
        count(*) as members, count(*) filter (where last_read_seq > chats.last_seq) as reads_beyond,
        count(*) filter (where role = 'creator') as creators
    from members
    where members.chat_id = chats.id
) as people
order by chats.id

-- A big server, for `scripts/bench scale`, by psql with :size (messages of the biggest chat), :chats (how many the reader is
-- in), :crowd (members of the biggest room) and :public (public chats, each of them followed by one of the followers), where there
-- is somebody called reader, and are followers.
\set ON_ERROR_STOP on
begin;
-- As a restore would: nothing is numbered or told one by one.
set local session_replication_role = replica;
create schema if not exists bench;

-- What is said at a place: six to twelve of 20,000 words, of which the first are said often, as in any language; "tomorrow" in
-- every twentieth, "window" in every thirtieth, Chinese in every fiftieth, "quixotic" in three.
create function bench.said(place bigint, size bigint) returns text language sql as $$
    select string_agg(substr(s, 1 + 2 * (w % 64), 2) || substr(s, 1 + 2 * (w / 64 % 64), 2) || substr(s, 1 + 2 * (w * 7 % 61), w % 5), ' ')
        || case when place % 20 = 3 then ' tomorrow' else '' end
        || case when place % 30 = 3 then ' window' else '' end
        || case when place % 50 = 7 then ' 明天天气很好' else '' end
        || case when place in (7, size / 2, size - 5) then ' quixotic' else '' end
    from generate_series(1, 6 + place % 7) as n
    cross join lateral (
        select floor(20000 * power((hashint8(place * 16 + n) & 2147483647) / 2147483648.0::float8, 3))::integer as w,
            'erbanterondesistalithundorinemouecasgetipolakefomunabodisurevacomyhelotopedigosefilimepuwathbrstckplngquee'
            || 'bibedudafifegagokikujojuwiwozazeshch' as s
    ) as word
$$;

create temp table reader as select id from users where username = 'reader';
insert into users (email, username, name, password_hash)
select format('p%s@example.com', n), format('p%s', lpad(n::text, 6, '0')), format('Person %s', n), 'x'
from generate_series(1, greatest(:crowd, 100)) as n;
create temp table people as select id, row_number() over (order by username) as n from users where username like 'p%';
create unique index on people (n);
analyze people;

-- The big chat, one in which a tenth of it is unread, one in which as much is all the reader's own, a big room, a chat for
-- posts, and the many.
create table bench.rooms (name text primary key, id uuid not null default uuid_v7(), messages bigint not null);
insert into bench.rooms (name, messages)
values ('big', :size), ('unread', greatest(:size / 10, 2000)), ('own', greatest(:size / 10, 2000)), ('room', 100), ('cleared', greatest(:size / 10, 2000));
insert into bench.rooms (name, messages) select format('small %s', n), 20 from generate_series(1, :chats - 5) as n;

insert into chats (id, title, visibility, owner_id, last_seq, message_count, member_count, active_at, ranked_at)
select rooms.id, rooms.name, 'private', reader.id, messages, messages,
    case rooms.name when 'room' then :crowd + 1 else 2 end, now() - interval '1 hour', now() - interval '1 hour'
from bench.rooms, reader;
insert into chats (title, visibility, owner_id, description, member_count, active_at, ranked_at)
select format('Public %s', n), 'public', reader.id, 'A place to discover', 1, now() - make_interval(secs => n), now() - make_interval(secs => n)
from generate_series(1, :public) as n, reader;
insert into members (chat_id, user_id)
select public.id, followers.id
from (select id, row_number() over (order by username) - 1 as n, count(*) over () as many from users where username like 'follower%') as followers
join (select id, row_number() over (order by id) as n from chats where visibility = 'public') as public
    on public.n % followers.many = followers.n;
insert into members (chat_id, user_id, role, last_read_seq)
select rooms.id, reader.id, 'creator', case when rooms.name in ('unread', 'own') then 0 else messages end
from bench.rooms, reader;
insert into members (chat_id, user_id)
select rooms.id, people.id from bench.rooms join people on people.n = 1
union all
select rooms.id, people.id from bench.rooms join people on people.n between 2 and :crowd where rooms.name = 'room';

insert into messages (chat_id, seq, id, sender_id, content, created_at, updated_at)
select rooms.id, seq, ('00000000-0000-7000-8000-' || lpad(to_hex(seq), 12, '0'))::uuid,
    case when rooms.name = 'own' then reader.id else people.id end,
    bench.said(case when rooms.name = 'big' then seq else 20 * seq + 1 end, rooms.messages),
    stamp.at, stamp.at
from bench.rooms
cross join reader
cross join lateral generate_series(1, rooms.messages) as seq
-- What is unread is old enough to be removed by a retention.
cross join lateral (
    select now() - interval '2 hours' - make_interval(
        days => case rooms.name when 'unread' then 3 else 0 end, secs => (rooms.messages - seq) / 10.0
    ) as at
) as stamp
join people on people.n = case when rooms.name = 'room' then 1 + seq % :crowd else 1 end;
commit;
vacuum (analyze);

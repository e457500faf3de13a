-- The chats that plain inserts go into.
insert into bench.chats (id, title)
select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'plain ' || n
from generate_series(1, $1::integer) as n

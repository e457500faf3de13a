-- cache/count
-- Counts each key on until it expires, then from zero; answers what each is now, and the seconds until it expires. In the
-- order of the keys, so that two who count the same ones wait for one another and don't deadlock.
insert into cache as counter (key, value, expires_at)
select asked.key, to_jsonb(1), now() + make_interval(secs => $2)
from unnest($1::text[]) as asked (key)
order by asked.key
on conflict (key) do update
set value = case when counter.expires_at > now() then to_jsonb(counter.value::bigint + 1) else excluded.value end,
    expires_at = case when counter.expires_at > now() then counter.expires_at else excluded.expires_at end
returning value::bigint as count, extract(epoch from expires_at - now())::float8 as seconds

-- throttles/count
-- Counts each key on until it expires, then from zero: the first count says when. Answers what each is now, and the seconds until it
-- expires. In the order of the keys, so that two who count the same ones wait for one another and don't deadlock.
insert into throttles as counter (key, count, expires_at)
select asked.key, 1, now() + make_interval(secs => $2)
from unnest($1::text[]) as asked (key)
order by asked.key
on conflict (key) do update
set count = case when counter.expires_at > now() then counter.count + 1 else excluded.count end,
    expires_at = case when counter.expires_at > now() then counter.expires_at else excluded.expires_at end
returning count, extract(epoch from expires_at - now())::float8 as seconds

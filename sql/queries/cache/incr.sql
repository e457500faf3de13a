-- cache/incr
-- Counts on until it expires, then from zero: the first count says when. Two at once are counted one after the other.
insert into cache as counter (key, value, expires_at)
values ($1, to_jsonb($2::bigint), now() + make_interval(secs => $3))
on conflict (key) do update
set value = case when counter.expires_at > now() then to_jsonb(counter.value::bigint + $2) else excluded.value end,
    expires_at = case when counter.expires_at > now() then counter.expires_at else excluded.expires_at end
returning value::bigint

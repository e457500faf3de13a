-- calendars/put
-- One address a person: a new one ends the old one.
insert into calendar_feeds (user_id, token_hash)
values ($1, $2)
on conflict (user_id) do update set token_hash = excluded.token_hash, created_at = now()

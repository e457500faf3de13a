-- login_keys/take
-- Of two who bring the same at once, one is first.
insert into login_key_uses (hash) values ($1) on conflict do nothing

-- push_keys/insert
-- Of instances that make one at once, one is first.
insert into push_keys (public_key, private_key) values ($1, $2) on conflict do nothing

-- invites/insert
insert into invites (id, chat_id, token_hash, max_uses, expires_at, created_by)
values ($1, $2, $3, $4, now() + make_interval(secs => $5), $6)
returning id, max_uses, uses, expires_at, created_by, created_at

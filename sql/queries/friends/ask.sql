-- friends/ask
-- Asks, or accepts what the other one asked. Nothing comes back when they are friends, or the same was asked before; the
-- row is locked all the same.
insert into friends (low_id, high_id, asked_by)
values (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $1)
on conflict (low_id, high_id) do update set accepted_at = now()
where friends.accepted_at is null and friends.asked_by <> $1
returning asked_by, created_at, accepted_at

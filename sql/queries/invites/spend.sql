-- invites/spend
-- Counted under the lock of the row: of many at once only as many come in as there are uses.
update invites
set uses = uses + 1
where id = $1 and (max_uses is null or uses < max_uses) and (expires_at is null or expires_at > now())

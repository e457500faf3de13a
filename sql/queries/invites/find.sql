-- invites/find
-- Where a token leads; also one that is spent, for those whom it has let in.
select id, chat_id from invites where token_hash = $1 and (expires_at is null or expires_at > now())

-- invites/count
select count(*) from invites where chat_id = $1 and (expires_at is null or expires_at > now())

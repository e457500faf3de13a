delete from invites where expires_at < now() - interval '1 hour'

-- cache/get
select value from cache where key = $1 and expires_at > now()

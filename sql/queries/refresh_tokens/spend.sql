update refresh_tokens set spent_at = coalesce(spent_at, now()) where hash = $1

select id from sessions where revoked_at >= $1

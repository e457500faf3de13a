select id from sessions where revoked_at >= $1
union all
select id from api_tokens where revoked_at >= $1

-- api_tokens/count
select count(*) from api_tokens where user_id = $1 and revoked_at is null

-- sessions/list_revoked_since
select id from sessions where revoked_at >= now() - make_interval(secs => $1)
union all
select id from api_tokens where revoked_at >= now() - make_interval(secs => $1)

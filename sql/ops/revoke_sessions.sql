-- What: signs a person out everywhere, at once, and ends the programs that act for them: psql -v email=alice@example.com -f sql/ops/revoke_sessions.sql
-- Role: the owner of the tables, or trunkline_app.
-- Writes: revoked_at of the person's sessions and API tokens, in one transaction.
-- Locks: those rows, for a moment.
\if :{?email}
\else
\warn 'Whom? psql -v email=alice@example.com -f sql/ops/revoke_sessions.sql'
\quit
\endif
select case
    when exists (select from public.users where public.folded(email) = public.folded(:'email'))
        then 'the sessions and API tokens of ' || :'email' || ' that end:'
    else 'nobody has the e-mail ' || :'email'
end as person;
with person as (
    select id from public.users where public.folded(email) = public.folded(:'email')
),
signed_out as (
    update public.sessions
    set revoked_at = now(), revoked_because = 'by an operator'
    from person
    where sessions.user_id = person.id and sessions.revoked_at is null
    returning sessions.id, sessions.user_agent, sessions.address, sessions.created_at
),
ended as (
    update public.api_tokens
    set revoked_at = now(), revoked_because = 'by an operator'
    from person
    where api_tokens.user_id = person.id and api_tokens.revoked_at is null
    returning api_tokens.id, api_tokens.name, api_tokens.created_at
)
select 'session' as what, id, user_agent as name, address, created_at from signed_out
union all
select 'API token', id, name, null, created_at from ended
order by what desc, created_at;

-- What: signs a person out everywhere, at once: psql -v email=alice@example.com -f sql/ops/revoke_sessions.sql
-- Role: the owner of the tables, or trunkline_app.
-- Writes: sessions.revoked_at of the person's sessions.
-- Locks: those rows, for a moment.
\if :{?email}
\else
\warn 'Whom? psql -v email=alice@example.com -f sql/ops/revoke_sessions.sql'
\quit
\endif
select case
    when exists (select from public.users where public.folded(email) = public.folded(:'email')) then 'the sessions of ' || :'email' || ' that end:'
    else 'nobody has the e-mail ' || :'email'
end as person;
update public.sessions
set revoked_at = now(), revoked_because = 'by an operator'
from public.users
where users.id = sessions.user_id and public.folded(users.email) = public.folded(:'email') and sessions.revoked_at is null
returning sessions.id, sessions.user_agent, sessions.address, sessions.created_at;

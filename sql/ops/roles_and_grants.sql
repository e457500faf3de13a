-- What: makes two roles to sign in as: trunkline_app, as which servers may run, and trunkline_reader, which may only look.
-- trunkline_app can neither change what stands in audit nor alter a table; trunkline_reader sees no password, token or
-- sealed value, hashed ones included. To be run by the owner of the tables, and again after every upgrade; nobody can sign
-- in as either until `alter role … login password '…'`. `trunkline migrate` goes on as the owner.
-- Writes: roles and what they may do.
-- Locks: every table, for a moment.
do $$
declare
    name text;
begin
    foreach name in array array['trunkline_app', 'trunkline_reader'] loop
        begin
            execute format('create role %I', name);
        exception when duplicate_object or unique_violation then
            null; -- made before, or for another database of this server
        end;
    end loop;
end
$$;

grant usage on schema public to trunkline_app, trunkline_reader;
grant select, insert, update, delete on all tables in schema public to trunkline_app;
grant usage on all sequences in schema public to trunkline_app;
revoke update, delete on audit from trunkline_app;
revoke insert, update, delete on refinery_schema_history from trunkline_app;
grant select on all tables in schema public to trunkline_reader;

-- What a later migration makes; what of it is secret, or append-only, is taken back by running this again.
alter default privileges in schema public grant select, insert, update, delete on tables to trunkline_app;
alter default privileges in schema public grant usage on sequences to trunkline_app;
alter default privileges in schema public grant select on tables to trunkline_reader;

do $$
declare
    name text;
begin
    foreach name in array array[
        'api_tokens', 'cache', 'idempotency_keys', 'invites', 'jobs', 'login_keys', 'password_resets', 'refresh_tokens',
        'users', 'webhooks'
    ] loop
        if to_regclass(name) is not null then
            execute format('revoke select on %I from trunkline_reader', name);
        end if;
    end loop;
end
$$;
grant select (id, email, username, name, bio, avatar_key, status, last_online_at, created_at, updated_at)
    on users to trunkline_reader;
do $$
begin
    if to_regclass('webhooks') is not null then
        grant select (id, chat_id, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at)
            on webhooks to trunkline_reader;
    end if;
end
$$;

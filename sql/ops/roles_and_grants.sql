-- What: makes three roles to sign in as: trunkline_app, as which servers may run, trunkline_reader, which may only look, and
-- trunkline_analyst, which sees who said something where and when, and no words, addresses or names of files.
-- trunkline_app can neither change what stands in audit nor alter a table; trunkline_reader sees no password, token or
-- sealed value, hashed ones included. Whatever is not named here is closed to them, tables that are not Trunkline's too,
-- and what an earlier version of this file gave them beside it is taken back. Nobody can sign in as one of them until
-- `alter role … login password '…'`. `trunkline migrate` goes on as the owner. ops/reader_row_security.sql lets the reader
-- see public chats alone.
-- Role: the owner of the tables, after every upgrade. One that may not make roles (CREATEROLE) is told what to have made.
-- Writes: roles and what they may do, in one transaction: nobody sees half of it.
-- Locks: nothing that anybody waits for.
begin;

do $$
declare
    name text;
begin
    foreach name in array array['trunkline_app', 'trunkline_reader'] loop
        if not exists (select from pg_roles where rolname = name) then
            begin
                execute format('create role %I', name);
            exception
                when duplicate_object or unique_violation then
                    null; -- made a moment ago, for another database of this server
                when insufficient_privilege then
                    raise insufficient_privilege using
                        message = format('%s may not make roles', current_user),
                        hint = 'have somebody who may run: create role trunkline_app; create role trunkline_reader';
            end;
        end if;
    end loop;
    -- Nothing needs this one but who wants it.
    if not exists (select from pg_roles where rolname = 'trunkline_analyst') then
        begin
            create role trunkline_analyst;
        exception
            when duplicate_object or unique_violation then
                null;
            when insufficient_privilege then
                raise notice 'there is no trunkline_analyst: somebody who may make roles may `create role trunkline_analyst`';
        end;
    end if;
end
$$;

-- What others do at the moment the reader may see too, where the one who runs this may give it: the scripts of this folder
-- that ask for it say what they can't see.
do $$
begin
    grant pg_read_all_stats to trunkline_reader;
exception when insufficient_privilege then
    raise notice 'trunkline_reader does not see what other sessions do: a superuser may `grant pg_read_all_stats to trunkline_reader`';
end
$$;

-- First everything is taken back from both, wherever it came from …
do $$
declare
    place regclass;
begin
    for place in
        select oid
        from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
            and pg_has_role(relowner, 'usage')
        order by oid
    loop
        execute format('revoke all on %s from trunkline_app, trunkline_reader', place);
        if to_regrole('trunkline_analyst') is not null then
            execute format('revoke all on %s from trunkline_analyst', place);
        end if;
    end loop;
end
$$;
alter default privileges in schema public revoke all on tables from trunkline_app, trunkline_reader;
alter default privileges in schema public revoke all on sequences from trunkline_app;

-- … and then given by name.
grant usage on schema public to trunkline_app, trunkline_reader;
do $$
declare
    name text;
begin
    foreach name in array array[
        'api_tokens', 'bans', 'blocks', 'cache', 'chat_mutes', 'chats', 'ended_chats', 'event_waiting', 'events', 'files', 'friends', 'hooks', 'idempotency_keys', 'instances', 'invites', 'jobs',
        'login_key_uses', 'login_keys', 'members', 'messages', 'notification_heads', 'notification_preferences', 'notifications',
        'password_resets', 'permissions', 'pictures', 'pins', 'presences', 'push_keys', 'push_queue', 'push_subscriptions', 'reactions',
        'refresh_tokens', 'roles', 'scheduled_messages', 'search_blocks', 'search_ends', 'search_heads', 'search_runs', 'sessions', 'ticks',
        'tickets', 'user_roles', 'users', 'webhooks',
        'calendar_feeds', 'calendar_tombstones', 'comments', 'ended_comments', 'posts',
        'topic_groups', 'topic_leases', 'topic_records', 'topics',
        'finished_jobs', 'paused_tasks', 'schedules', 'throttles'
    ] loop
        if to_regclass('public.' || name) is not null then
            execute format('grant select, insert, update, delete on public.%I to trunkline_app', name);
        end if;
    end loop;
    foreach name in array array['installed_functions', 'refinery_schema_history'] loop
        if to_regclass('public.' || name) is not null then
            execute format('grant select on public.%I to trunkline_app', name);
        end if;
    end loop;
    if to_regclass('public.audit') is not null then
        grant select, insert on public.audit to trunkline_app;
    end if;

    foreach name in array array[
        'calendar_tombstones', 'comments', 'ended_comments', 'event_waiting', 'events', 'posts', 'tickets',
        'topic_groups', 'topic_leases', 'topics', 'paused_tasks',
        'audit', 'bans', 'blocks', 'chat_mutes', 'chats', 'ended_chats', 'files', 'friends', 'installed_functions', 'instances', 'members', 'messages',
        'notification_heads', 'notification_preferences', 'notifications', 'permissions', 'pins', 'presences', 'push_queue', 'reactions', 'refinery_schema_history', 'roles', 'scheduled_messages', 'search_blocks',
        'search_ends', 'search_heads', 'search_runs', 'sessions', 'ticks', 'user_roles'
    ] loop
        if to_regclass('public.' || name) is not null then
            execute format('grant select on public.%I to trunkline_reader', name);
        end if;
    end loop;
    -- The views that stay as they are. Those without words are the analyst's, too.
    foreach name in array array[
        'api_v1_audit', 'api_v1_chats', 'api_v1_entries', 'api_v1_files', 'api_v1_members', 'api_v1_message_facts', 'api_v1_messages',
        'api_v1_pins', 'api_v1_reactions', 'api_v1_sessions', 'api_v1_users'
    ] loop
        -- They are read as their owner: not where ops/reader_row_security.sql has the reader see less than all chats.
        if to_regclass('public.' || name) is not null and (
            name in ('api_v1_audit', 'api_v1_sessions', 'api_v1_users')
            or not exists (select from pg_policy where polname = 'trunkline_reader_sees')
        ) then
            execute format('grant select on public.%I to trunkline_reader', name);
        end if;
    end loop;
    if to_regrole('trunkline_analyst') is not null then
        grant usage on schema public to trunkline_analyst;
        foreach name in array array[
            'api_v1_chats', 'api_v1_files', 'api_v1_members', 'api_v1_message_facts', 'api_v1_pins', 'api_v1_reactions', 'api_v1_sessions',
            'api_v1_users'
        ] loop
            if to_regclass('public.' || name) is not null then
                execute format('grant select on public.%I to trunkline_analyst', name);
            end if;
        end loop;
    end if;
    -- Where the owner has closed functions to everybody, a server may still call ours.
    for name in
        select pg_proc.oid::regprocedure::text
        from pg_proc
        where pronamespace = 'public'::regnamespace and proowner = (select relowner from pg_class where oid = 'public.messages'::regclass)
            and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
    loop
        execute format('grant execute on function %s to trunkline_app', name);
    end loop;
    -- It deletes with the rights of the owner.
    if to_regprocedure('public.trim_audit(integer, integer)') is not null then
        revoke execute on function public.trim_audit(integer, integer) from public, trunkline_reader;
        if to_regrole('trunkline_analyst') is not null then
            revoke execute on function public.trim_audit(integer, integer) from trunkline_analyst;
        end if;
    end if;
    grant select (id, email, username, name, bio, avatar_key, status, last_online_at, created_at, updated_at, erased_at)
        on public.users to trunkline_reader;
    if to_regclass('public.webhooks') is not null then
        grant select (id, chat_id, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at)
            on public.webhooks to trunkline_reader;
    end if;
    if to_regclass('public.push_subscriptions') is not null then
        grant select (id, user_id, session_id, user_agent, failures, created_at, used_at) on public.push_subscriptions to trunkline_reader;
    end if;
    if to_regclass('public.hooks') is not null then
        grant select (id, chat_id, bot_id, used_at, created_by, created_at) on public.hooks to trunkline_reader;
    end if;
    if to_regclass('public.calendar_feeds') is not null then
        grant select (user_id, created_at) on public.calendar_feeds to trunkline_reader;
    end if;
end
$$;

commit;

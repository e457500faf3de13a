-- What: lets trunkline_reader see rows of public chats alone: messages, entries, members, reactions, pins, files and bans of
-- private and direct chats are not there for it, nor are those chats, and the views api_v1_*, which are read as their owner,
-- are closed to it. (trunkline_analyst, which sees no words at all, goes on seeing all chats.) psql -v off=1 -f … lets it
-- see everything again.
-- Role: the owner of the tables.
-- Writes: policies on these tables, in one transaction. Servers are let through by a policy of their own; the owner is not
-- asked. A dump is then taken by the owner: another role is refused, as it might not see all.
-- Locks: these tables, for a moment: it gives up after five seconds behind somebody else.
\if :{?off}
\else
\set off 0
\endif
begin;
set local lock_timeout = '5s';
set local client_min_messages = warning;
select set_config('trunkline.off', :'off', true) as off;
do $$
declare
    name text;
    seen text;
begin
    if to_regrole('trunkline_reader') is null or to_regrole('trunkline_app') is null then
        raise undefined_object using
            message = 'there is no trunkline_reader', hint = 'run sql/ops/roles_and_grants.sql first';
    end if;
    foreach name in array array['chats', 'members', 'messages', 'reactions', 'pins', 'files', 'bans', 'scheduled_messages', 'search_runs'] loop
        execute format('drop policy if exists trunkline_serves on public.%I', name);
        execute format('drop policy if exists trunkline_reader_sees on public.%I', name);
        execute format('alter table public.%I disable row level security', name);
        if current_setting('trunkline.off') = '0' then
            seen := case name
                when 'chats' then 'visibility = ''public'' and kind = ''group'''
                -- What is not said yet is nobody's to read.
                when 'scheduled_messages' then 'false'
                else 'exists (select from public.chats where chats.id = chat_id)'
            end;
            execute format('create policy trunkline_serves on public.%I to trunkline_app using (true) with check (true)', name);
            execute format('create policy trunkline_reader_sees on public.%I for select to trunkline_reader using (%s)', name, seen);
            execute format('alter table public.%I enable row level security', name);
        end if;
    end loop;
    for name in
        select oid::regclass::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'v' and relname ~ '^api_v1_' and relname not in ('api_v1_users', 'api_v1_sessions', 'api_v1_audit')
    loop
        if current_setting('trunkline.off') = '0' then
            execute format('revoke select on %s from trunkline_reader', name);
        else
            execute format('grant select on %s to trunkline_reader', name);
        end if;
    end loop;
end
$$;
commit;

-- What: partitions messages by hash of chat_id: psql -v partitions=16 -f sql/ops/partition_messages.sql. For logs so large that
-- vacuum or an index of all of them takes too long: each partition is vacuumed, reindexed and cached by itself. Every
-- statement of the server that reads or posts names its chats, and so touches the partitions of those alone (a test looks).
-- Nothing changes for anybody who reads or writes messages. Run ops/roles_and_grants.sql afterwards. There is no way back
-- but the same by hand.
-- Role: the owner of the tables.
-- Writes: copies messages into the new table, in one transaction; twice the space meanwhile.
-- Locks: all of messages, until it is done: stop the servers first. About a minute for ten million entries.
\if :{?partitions}
\else
\warn 'How many? psql -v partitions=16 -f sql/ops/partition_messages.sql'
\quit
\endif
begin;
set local search_path = public;
set local statement_timeout = 0;
select set_config('trunkline.partitions', :'partitions'::int::text, true) as partitions;
lock table messages in access exclusive mode;
do $$
declare
    made record;
    later text[] := '{}';
    statement text;
    wanted integer := current_setting('trunkline.partitions')::integer;
begin
    if (select relkind from pg_class where oid = 'messages'::regclass) = 'p' then
        raise exception 'messages is partitioned already';
    end if;
    if wanted not between 2 and 1024 then
        raise exception 'from 2 to 1024 partitions, not %', wanted;
    end if;
    -- What hangs on the table is written down as it is, and made again on the new one. First what reads it.
    for made in
        select distinct viewed.oid::regclass::text as name, pg_get_viewdef(viewed.oid) as text, obj_description(viewed.oid, 'pg_class') as about
        from pg_depend
        join pg_rewrite on pg_rewrite.oid = pg_depend.objid
        join pg_class as viewed on viewed.oid = pg_rewrite.ev_class and viewed.relkind = 'v'
        where pg_depend.classid = 'pg_rewrite'::regclass and pg_depend.refobjid = 'messages'::regclass
    loop
        later := later || format('create view %s as %s', made.name, made.text) || format('comment on view %s is %L', made.name, made.about);
        execute format('drop view %s', made.name);
    end loop;
    for made in
        select tgname, pg_get_triggerdef(oid) as text from pg_trigger where tgrelid = 'messages'::regclass and not tgisinternal
    loop
        later := later || made.text;
    end loop;
    if exists (select from pg_policy where polrelid = 'messages'::regclass) then
        raise exception 'messages has policies: run ops/reader_row_security.sql with -v off=1 first, and again afterwards';
    end if;
    create table messages_partitioned (like messages including defaults including storage including comments)
        partition by hash (chat_id);
    for number in 0 .. wanted - 1 loop
        execute format(
            'create table messages_%s partition of messages_partitioned for values with (modulus %s, remainder %s)',
            lpad(number::text, length((wanted - 1)::text), '0'), wanted, number
        );
    end loop;
    insert into messages_partitioned select * from messages;
    for made in
        select conname, pg_get_constraintdef(oid) as text
        from pg_constraint
        where conrelid = 'messages'::regclass
        order by contype desc, conname
    loop
        execute format('alter table messages drop constraint %I', made.conname);
        execute format('alter table messages_partitioned add constraint %I %s', made.conname, made.text);
    end loop;
    for made in
        select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text
        from pg_index
        where indrelid = 'messages'::regclass
    loop
        execute format('drop index %s', made.name);
        execute replace(made.text, ' ON public.messages ', ' ON public.messages_partitioned ');
    end loop;
    execute format('comment on table messages_partitioned is %L', obj_description('messages'::regclass, 'pg_class'));
    drop table messages;
    alter table messages_partitioned rename to messages;
    foreach statement in array later loop
        execute statement;
    end loop;
end
$$;
commit;
analyze public.messages;

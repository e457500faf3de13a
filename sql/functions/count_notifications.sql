-- Keeps the counts of notification_heads when notifications are read or removed, once a statement. Whoever holds several heads
-- takes them in the order of the people. What was read or removed notifies the instances: each as person:notification, or, where it
-- was much, as person:person.
create or replace function count_notifications() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    people uuid[];
    fewer_held bigint[];
    fewer_unread bigint[];
begin
    if tg_op = 'UPDATE' then
        select array_agg(changed.recipient_id), array_agg(0), array_agg(changed.count)
        into people, fewer_held, fewer_unread
        from (
            select after.recipient_id, sum(case when after.read_at is null then -1 else 1 end)::bigint as count
            from after
            join before on before.id = after.id
            where before.seq is not null and (before.read_at is null) <> (after.read_at is null)
            group by after.recipient_id
        ) as changed;
        perform public.notify_instances('u', array(
            select distinct
                read.recipient_id || ':' || case when read.count <= 50 then read.id else read.recipient_id end
            from (
                select after.recipient_id, after.id, count(*) over (partition by after.recipient_id) as count
                from after
                join before on before.id = after.id
                where before.seq is not null and before.read_at is null and after.read_at is not null
            ) as read
        ));
    else
        select array_agg(gone.recipient_id), array_agg(gone.count), array_agg(gone.unread)
        into people, fewer_held, fewer_unread
        from (
            select b.recipient_id, count(*) as count, count(*) filter (where b.read_at is null) as unread
            from before as b
            where b.seq is not null
            group by b.recipient_id
        ) as gone;
        perform public.notify_instances('x', array(
            select distinct
                gone.recipient_id || ':' || case when gone.count <= 50 then gone.id else gone.recipient_id end
            from (
                select b.recipient_id, b.id, count(*) over (partition by b.recipient_id) as count
                from before as b
                where b.seq is not null
            ) as gone
        ));
    end if;
    if people is null then
        return null;
    end if;
    perform from public.notification_heads as h where h.user_id = any (people) order by h.user_id for no key update;
    update public.notification_heads as h
    set held = h.held - changed.fewer_held, unread = h.unread - changed.fewer_unread
    from unnest(people, fewer_held, fewer_unread) as changed (user_id, fewer_held, fewer_unread)
    where h.user_id = changed.user_id;
    return null;
end
$$;

create or replace trigger notifications_count_read
after update on notifications
referencing old table as before new table as after
for each statement
execute function count_notifications();

create or replace trigger notifications_count_gone
after delete on notifications
referencing old table as before
for each statement
execute function count_notifications();

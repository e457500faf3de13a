-- Gives the notifications of a transaction their numbers, when it commits: the first that is looked at brings all the others
-- along. The heads are locked in the order of the people, and from here to the end of the commit alone: numbers and commits are
-- in one order, nobody's open transaction keeps anybody waiting, and whatever else a transaction has locked was locked before.
--
-- Rows without a number are this transaction's own: nobody else's are ever seen so.
create or replace function number_notifications() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    ids uuid[];
    number bigint;
begin
    -- By its id alone: the index of those without a number holds all that this transaction has written.
    select n.seq into number from public.notifications as n where n.id = new.id;
    if not found or number is not null then
        return null;
    end if;
    ids := array(select n.id from public.notifications as n where n.seq is null);
    insert into public.notification_heads (user_id)
    select distinct n.recipient_id from public.notifications as n where n.id = any (ids) order by n.recipient_id
    on conflict do nothing;
    perform from public.notification_heads as h
    where h.user_id in (select n.recipient_id from public.notifications as n where n.id = any (ids))
    order by h.user_id
    for no key update;
    -- A statement of its own: what the others counted was committed before this lock.
    update public.notifications as n
    set seq = h.last_seq + mine.place
    from (
        -- As they were written, as far as PostgreSQL has put them one behind the other: ids of one millisecond have no order.
        select known.id, row_number() over (partition by known.recipient_id order by known.ctid) as place
        from public.notifications as known
        where known.id = any (ids)
    ) as mine, public.notification_heads as h
    where n.id = mine.id and h.user_id = n.recipient_id;
    update public.notification_heads as h
    set last_seq = counted.top, held = h.held + counted.count, unread = h.unread + counted.unread
    from (
        select n.recipient_id, max(n.seq) as top, count(*) as count, count(*) filter (where n.read_at is null) as unread
        from public.notifications as n
        where n.id = any (ids)
        group by n.recipient_id
    ) as counted
    where h.user_id = counted.recipient_id;
    perform public.notify_instances('n', array(
        select n.recipient_id || ':' || max(n.seq)
        from public.notifications as n
        where n.id = any (ids)
        group by n.recipient_id
    ));
    return null;
end
$$;

-- A number that an INSERT brings along is not taken, unless a dump is restored.
create or replace function begin_notification() returns trigger
language plpgsql as $$
begin
    new.seq := null;
    return new;
end
$$;

create or replace trigger notifications_begin
before insert on notifications
for each row when (new.seq is not null and not public.restoring())
execute function begin_notification();

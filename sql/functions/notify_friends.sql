-- Who is asked to be a friend is notified, and who has asked is notified that it was accepted.
create or replace function notify_friends() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    asked uuid := case when new.asked_by = new.low_id then new.high_id else new.low_id end;
begin
    if tg_op = 'INSERT' then
        perform public.notify_people(
            array[asked], 'friend_request', 'wants to be your friend', new.asked_by, jsonb_build_object('user_id', new.asked_by)
        );
    else
        perform public.notify_people(
            array[new.asked_by], 'friend_accepted', 'accepted your friend request', asked, jsonb_build_object('user_id', asked)
        );
    end if;
    return null;
end
$$;

create or replace trigger friends_notify_asked
after insert on friends
for each row when (new.accepted_at is null and not public.restoring())
execute function notify_friends();

create or replace trigger friends_notify_accepted
after update of accepted_at on friends
for each row when (old.accepted_at is null and new.accepted_at is not null)
execute function notify_friends();

-- A request that is withdrawn, declined, or ended by a block is nothing to answer any more: its notification goes, unless it was read. Once
-- a statement, so that the heads of those who are concerned are locked in their order.
create or replace function forget_friend_requests() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if not exists (select from before where accepted_at is null) then
        return null;
    end if;
    delete from public.notifications as n
    where n.id = any (array(
        select known.id
        from before as b
        cross join lateral (
            select k.id
            from public.notifications as k
            where k.recipient_id = case when b.asked_by = b.low_id then b.high_id else b.low_id end
                and k.kind = 'friend_request' and k.read_at is null and k.seq is not null and k.sender_id = b.asked_by
        ) as known
        where b.accepted_at is null
    ));
    return null;
end
$$;

create or replace trigger friends_forget_requests
after delete on friends
referencing old table as before
for each statement
execute function forget_friend_requests();

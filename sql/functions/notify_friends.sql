-- Who is asked to be a friend hears of it, and who has asked hears that it was accepted.
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

-- Nobody befriends whom they have blocked, or who has blocked them, or is erased. Both people are locked first, in the order of their
-- ids, as begin_block does: of an asking and a blocking at once, the second sees the first.
create or replace function guard_friend() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    asked uuid := case when new.asked_by = new.low_id then new.high_id else new.low_id end;
    block text;
begin
    perform 1 from public.users where id in (new.low_id, new.high_id) order by id for no key update;
    if exists (select from public.users where id in (new.low_id, new.high_id) and erased_at is not null) then
        raise foreign_key_violation using
            message = 'somebody who is erased has no friends', constraint = 'friends_high_id_fkey', table = 'friends';
    end if;
    block := public.block_between(new.asked_by, asked);
    if block is not null then
        raise exception 'one of the two has blocked the other'
            using errcode = 'check_violation', constraint = 'friends_' || block || '_check', table = 'friends';
    end if;
    return new;
end
$$;

create or replace trigger friends_guard
before insert on friends
for each row when (not public.restoring())
execute function guard_friend();

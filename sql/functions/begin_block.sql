-- Who blocks somebody is no friend of theirs any more, and neither asks the other. Both people are locked first, in the
-- order of their ids, as guard_friend does.
--
-- Then their direct chat is locked: what is being posted there comes before the block, and what comes after sees it. So
-- nothing comes through once a block is committed.
create or replace function begin_block() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    perform 1 from public.users where id in (new.user_id, new.blocked_id) order by id for no key update;
    if exists (select from public.users where id in (new.user_id, new.blocked_id) and erased_at is not null) then
        raise foreign_key_violation using
            message = 'somebody who is erased is not blocked', constraint = 'blocks_blocked_id_fkey', table = 'blocks';
    end if;
    delete from public.friends
    where low_id = least(new.user_id, new.blocked_id) and high_id = greatest(new.user_id, new.blocked_id);
    perform 1
    from public.chats
    where kind = 'direct'
        and id in (
            select mine.chat_id
            from public.members as mine
            join public.members as theirs on theirs.chat_id = mine.chat_id and theirs.user_id = new.blocked_id
            where mine.user_id = new.user_id
        )
    order by id
    for no key update;
    return new;
end
$$;

create or replace trigger blocks_begin
before insert on blocks
for each row when (not public.restoring())
execute function begin_block();

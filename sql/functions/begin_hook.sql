-- A new hook takes the first place that is free in its chat, and among those of whoever answers for it. There are ten and a
-- hundred: one more breaks hooks_place_check or hooks_maker_place_check. Under the locks of both, so that of many at once no two
-- take the same, and who is being suspended meanwhile makes none. The server has locked the person before the chat, as
-- everybody should; SQL that has not gives up, before PostgreSQL finds a deadlock with who suspends them and picks either.
create or replace function begin_hook() returns trigger
language plpgsql
set enable_seqscan = off
set lock_timeout = '500ms'
as $$
declare
    is_active boolean;
begin
    perform from public.chats where id = new.chat_id for no key update;
    select status = 'active' and not is_bot into is_active from public.users where id = new.created_by for no key update;
    if not is_active then
        raise check_violation using
            message = 'who is suspended can not answer for a hook',
            constraint = 'hooks_created_by_check', table = 'hooks';
    end if;
    select min(free) into new.place
    from generate_series(1, 11) as free
    where not exists (select from public.hooks where hooks.chat_id = new.chat_id and hooks.place = free);
    select min(free) into new.maker_place
    from generate_series(1, 101) as free
    where not exists (select from public.hooks where hooks.created_by = new.created_by and hooks.maker_place = free);
    return new;
end
$$;

create or replace trigger hooks_begin
before insert on hooks
for each row when (not public.restoring())
execute function begin_hook();

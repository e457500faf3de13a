-- A new hook takes the first place that is free in its chat, and among those of whoever answers for it. There are ten and a
-- hundred: one more breaks hooks_place_check or hooks_maker_place_check. Under the locks of both, so that of many at once no two
-- take the same, and who may not answer for it (answerable_refusal.sql) makes none.
create or replace function begin_hook() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    because text := public.answerable_refusal(new.created_by, new.chat_id);
begin
    if because is not null then
        raise check_violation using
            message = 'nobody answers for the hook: ' || because,
            constraint = 'hooks_created_by_check', table = 'hooks';
    end if;
    -- Nobody is spoken for.
    if not exists (select from public.users where id = new.bot_id and is_bot) then
        raise check_violation using
            message = 'the bot of a hook is a user with is_bot', constraint = 'hooks_bot_id_check', table = 'hooks';
    end if;
    if tg_op = 'INSERT' or new.chat_id <> old.chat_id then
        select min(free) into new.place
        from generate_series(1, 11) as free
        where not exists (select from public.hooks where hooks.chat_id = new.chat_id and hooks.place = free);
    end if;
    if tg_op = 'INSERT' or new.created_by <> old.created_by then
        select min(free) into new.maker_place
        from generate_series(1, 101) as free
        where not exists (select from public.hooks where hooks.created_by = new.created_by and hooks.maker_place = free);
    end if;
    return new;
end
$$;

create or replace trigger hooks_begin
before insert or update of created_by, chat_id, bot_id on hooks
for each row when (not public.restoring())
execute function begin_hook();

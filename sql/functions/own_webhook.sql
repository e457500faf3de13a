-- A webhook takes the first place that is free among those of whoever answers for it (created_by). There are a hundred: one
-- more breaks webhooks_maker_place_check. Under the lock of the person, so that of many at once no two take the same, and
-- who is being suspended meanwhile answers for none that sends. The server has locked
-- the person before the chat, as everybody should; SQL that has not gives up, before PostgreSQL finds a deadlock with who suspends
-- them and picks either.
create or replace function own_webhook() returns trigger
language plpgsql
set enable_seqscan = off
set lock_timeout = '500ms'
as $$
declare
    is_suspended boolean;
begin
    if tg_op = 'UPDATE' and new.created_by is not distinct from old.created_by then
        return new;
    end if;
    new.maker_place := null;
    if new.created_by is not null then
        select status = 'suspended' into is_suspended from public.users where id = new.created_by for no key update;
        if is_suspended then
            new.active := false;
            new.failed_at := now();
            new.last_error := 'who answers for it was suspended';
        end if;
        select min(free) into new.maker_place
        from generate_series(1, 101) as free
        where not exists (
            select from public.webhooks where webhooks.created_by = new.created_by and webhooks.maker_place = free
        );
    end if;
    return new;
end
$$;

-- After webhooks_begin, by its name: who waits for a person holds the chat already, as everybody does who writes to one.
create or replace trigger webhooks_own
before insert or update of created_by on webhooks
for each row when (not public.restoring())
execute function own_webhook();

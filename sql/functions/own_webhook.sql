-- A webhook takes the first place that is free among those of whoever answers for it (created_by). There are a hundred: one
-- more breaks webhooks_maker_place_check. Under the lock of the person, so that of many at once no two take the same. Who may
-- not answer for it (answerable_refusal.sql) has none that sends: it is off, and says why.
create or replace function own_webhook() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    because text;
begin
    if tg_op = 'UPDATE' and new.created_by is not distinct from old.created_by and new.chat_id = old.chat_id then
        return new;
    end if;
    if new.created_by is null then
        new.maker_place := null;
    else
        because := public.answerable_refusal(new.created_by, new.chat_id);
        if because is not null then
            new.active := false;
            new.job_id := null;
            new.failed_at := now();
            new.last_error := because;
        end if;
        if tg_op = 'INSERT' or new.created_by is distinct from old.created_by then
            select min(free) into new.maker_place
            from generate_series(1, 101) as free
            where not exists (
                select from public.webhooks where webhooks.created_by = new.created_by and webhooks.maker_place = free
            );
        end if;
    end if;
    return new;
end
$$;

-- After webhooks_begin, by its name: who waits for a person holds the chat already, as everybody does who writes to one.
create or replace trigger webhooks_own
before insert or update of created_by, chat_id on webhooks
for each row when (not public.restoring())
execute function own_webhook();

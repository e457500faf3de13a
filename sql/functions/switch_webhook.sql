-- A webhook that is switched, either way, has no job any more; one that is switched on has a clean record, and notifies. Where
-- whoever answers for it may no longer, it stays off, whoever switches it on, and says why. Somebody else may answer for it:
-- set created_by in the same UPDATE.
create or replace function switch_webhook() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    because text;
begin
    new.job_id := null;
    if not new.active then
        return new;
    end if;
    if new.created_by is null then
        because := 'who answers for it was deleted';
    else
        because := public.answerable_refusal(new.created_by, new.chat_id);
    end if;
    if because is null then
        new.failures := 0;
        new.failed_at := null;
        new.last_error := null;
    else
        new.active := false;
        new.failed_at := now();
        new.last_error := because;
    end if;
    return new;
end
$$;

create or replace trigger webhooks_switch
before update of active on webhooks
for each row when (old.active is distinct from new.active)
execute function switch_webhook();

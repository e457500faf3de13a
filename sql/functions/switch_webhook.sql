-- A webhook that is switched, either way, has no job any more; one that is switched on has a clean record, and rings.
create or replace function switch_webhook() returns trigger
language plpgsql as $$
begin
    new.job_id := null;
    if new.active then
        new.failures := 0;
        new.failed_at := null;
        new.last_error := null;
    end if;
    return new;
end
$$;

create or replace trigger webhooks_switch
before update of active on webhooks
for each row when (old.active is distinct from new.active)
execute function switch_webhook();

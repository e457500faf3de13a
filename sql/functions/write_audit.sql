-- Notes that something was done, by whom (trunkline.actor) and from where (trunkline.address); by which way, when that was
-- said (trunkline.via). No secret may stand in `about`. Rows that a dump brings back were noted when they were made.
-- Not in plain SQL: such a function would be planned again for every row that is noted.
create or replace function write_audit(done text, done_to text, about jsonb default '{}') returns void
language plpgsql as $$
begin
    if public.restoring() then
        return;
    end if;
    insert into public.audit (actor_id, action, target, data, address)
    values (
        nullif(current_setting('trunkline.actor', true), '')::uuid,
        done,
        done_to,
        about || jsonb_strip_nulls(
            jsonb_build_object('via', nullif(current_setting('trunkline.via', true), ''))
        ),
        nullif(current_setting('trunkline.address', true), '')
    );
end
$$;

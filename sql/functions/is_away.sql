-- Whether somebody has no socket open anywhere. An instance sends a heartbeat every 5 seconds; what one says whose heartbeat has
-- stopped for a while does not count.
create or replace function is_away(person uuid) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return not exists (
        select from public.presences as p
        join public.instances as i on i.id = p.instance_id
        where p.user_id = person and i.seen_at > now() - interval '15 seconds'
    );
end
$$;

-- Whether somebody has no socket open anywhere. What an instance says that has given no sign of life for a while (every 5 seconds
-- is usual) counts no more.
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

-- Removes what was noted in audit more than so many days ago, up to `most` rows, the oldest first; answers how many went. What
-- was noted in the last thirty days stays, whoever asks.
--
-- It runs as the owner of the table: the role that servers sign in as may not delete there. `trunkline migrate` lets that role
-- call it, and nobody else.
create or replace function trim_audit(older_than_days integer, most integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    removed bigint;
    trimming_before text := current_setting('trunkline.trimming', true);
begin
    if older_than_days < 30 then
        raise check_violation using
            message = 'audit keeps the last thirty days at least',
            constraint = 'audit_retention_check', table = 'audit';
    end if;
    perform set_config('trunkline.trimming', 'on', true);
    with gone as (
        delete from public.audit
        where id in (
            select id
            from public.audit
            where at < now() - make_interval(days => older_than_days)
            order by at, id
            limit most
        )
        returning id
    )
    select count(*) from gone into removed;
    perform set_config('trunkline.trimming', coalesce(trimming_before, ''), true);
    return removed;
end
$$;

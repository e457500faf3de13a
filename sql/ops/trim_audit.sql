-- What: removes what was noted in audit longer ago than so many days, for good: psql -v days=400 -f sql/ops/trim_audit.sql. The
-- last thirty days stay, whoever asks. `audit.retention_days` does the same every day by itself.
-- Role: the owner of the tables, or trunkline_app.
-- Writes: deletes from audit, 5,000 rows a transaction, so it must not be run inside of one.
-- Locks: the rows it deletes; whoever writes to audit goes on.
\if :{?days}
\else
\warn 'How long is audit kept? psql -v days=400 -f sql/ops/trim_audit.sql'
\quit
\endif
select set_config('trunkline.days', :'days'::int::text, false) as keeps_days;
do $$
declare
    removed bigint;
    total bigint := 0;
begin
    loop
        removed := public.trim_audit(current_setting('trunkline.days')::int, 5000);
        total := total + removed;
        exit when removed = 0;
        commit;
    end loop;
    raise notice '% rows of audit were removed', total;
end
$$;

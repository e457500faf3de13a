-- doctor/oldest_transaction
-- Who holds the oldest snapshot that this role may know of: what was changed since cannot be cleaned up, and every post
-- to a busy chat walks past it. A standby's session (hot_standby_feedback) is in no database. Since when somebody else's
-- transaction is open this role may not know; how many have begun since, it may.
select held.by, held.age::bigint, held.seconds::bigint
from (
    select
        case
            when datname is null then format('standby %s of %s (hot_standby_feedback)', coalesce(nullif(application_name, ''), 'without a name'), usename)
            else format('session %s of %s (%s, %s)', pid, usename, coalesce(nullif(application_name, ''), 'no name'), coalesce(state, 'hidden'))
        end as by,
        greatest(age(backend_xmin), age(backend_xid)) as age, extract(epoch from now() - xact_start) as seconds
    from pg_stat_activity
    where pid <> pg_backend_pid() and (datname = current_database() or datname is null)
        and coalesce(backend_xmin, backend_xid) is not null
    union all
    select format('prepared transaction %s', gid), age(transaction), extract(epoch from now() - prepared)
    from pg_prepared_xacts
    where database = current_database()
    union all
    select format('replication slot %s', slot_name), greatest(age(xmin), age(catalog_xmin)), null
    from pg_replication_slots
    where xmin is not null or catalog_xmin is not null
) as held
order by held.age desc, held.seconds desc nulls last
limit 1

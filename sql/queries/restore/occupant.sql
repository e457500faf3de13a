-- restore/occupant
-- Something that lies in the schema public and belongs to no extension; no row where it is empty.
select format('%s %s', what, name) as occupant
from (
    select 'table' as what, oid::regclass::text as name, 'pg_class'::regclass as catalog, oid
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'function', oid::regprocedure::text, 'pg_proc'::regclass, oid from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select 'type', oid::regtype::text, 'pg_type'::regclass, oid
    from pg_type
    where typnamespace = 'public'::regnamespace and typtype in ('d', 'e')
) as found
where not exists (
    select from pg_depend
    where pg_depend.classid = found.catalog and pg_depend.objid = found.oid and pg_depend.deptype = 'e'
)
order by what, name
limit 1

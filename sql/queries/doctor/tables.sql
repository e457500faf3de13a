-- doctor/tables
-- Tables in the schema of the product that are its own.
select relname::text
from pg_class
where relnamespace = (select relnamespace from pg_class where oid = to_regclass('messages')) and relkind in ('r', 'p')
    and relowner = (select relowner from pg_class where oid = to_regclass('messages'))
    and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
order by relname

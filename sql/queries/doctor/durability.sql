-- doctor/durability
-- The settings of this session, or of the server, that let a commit be lost which was acknowledged.
select name::text, setting::text
from pg_settings
where name in ('synchronous_commit', 'fsync', 'full_page_writes') and setting = 'off'
order by name

select count(*)
from roles
where lower(name || ' ' || description) like all (array(select lower(word) from unnest($1::text[]) as word))

select count(*)
from roles
where fold(name || ' ' || description) like all (array(select fold(word) from unnest($1::text[]) as word))

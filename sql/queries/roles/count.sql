-- roles/count
select count(*)
from roles
where folded(name || ' ' || description) like all (array(select folded(word) from unnest($1::text[]) as word))

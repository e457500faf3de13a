-- topics/count
select count(*)
from topics
where cardinality($1::text[]) = 0 or folded(name) like all (array(select folded(word) from unnest($1) as word))

-- topics/list
select name, first_offset, last_offset, retention_days, retention_records, created_at
from topics
where cardinality($1::text[]) = 0 or folded(name) like all (array(select folded(word) from unnest($1) as word))
order by
    case when $2::text = 'name' then name end,
    case when $2 = '-name' then name end desc,
    case when $2 = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    name
limit $3 offset $4

-- roles/list
-- Roles in whose name or description every word occurs.
select name, description, permissions, created_at
from roles
where folded(name || ' ' || description) like all (array(select folded(word) from unnest($1::text[]) as word))
order by
    case when $2::text = 'name' then name end,
    case when $2 = '-name' then name end desc,
    case when $2 = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    name
limit $3 offset $4

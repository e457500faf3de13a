-- schedules/count
select count(*)
from schedules
where ($1::text is null or task = $1)
    and ($2::boolean is null or enabled = $2)
    and ($3::boolean is null or built_in = $3)

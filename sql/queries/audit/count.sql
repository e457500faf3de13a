-- audit/count
select count(*)
from audit
where ($1::uuid is null or actor_id = $1)
    and ($2::text is null or action = $2)
    and ($3::text is null or target = $3)
    and ($4::timestamptz is null or at >= $4)
    and ($5::timestamptz is null or at <= $5)

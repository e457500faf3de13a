-- jobs/count
select count(*)
from jobs
where ($1::text is null or status = $1)
    and ($2::text is null or task = $2)
    and ($3::timestamptz is null or created_at >= $3)
    and ($4::timestamptz is null or created_at <= $4)
    and ($5::timestamptz is null or finished_at >= $5)
    and ($6::timestamptz is null or finished_at <= $6)

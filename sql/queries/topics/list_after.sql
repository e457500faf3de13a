-- topics/list_after
-- Records behind $2, up to $3 of them, and not many more bytes than $4.
with page as (
    select
        record_offset, key, value, value_bytes, created_at, row_number() over (order by record_offset) as n,
        sum(coalesce(pg_column_size(value), 0) + coalesce(pg_column_size(value_bytes), 0)) over (order by record_offset) as bytes
    from (
        select record_offset, key, value, value_bytes, created_at
        from topic_records
        where topic = $1 and record_offset > $2
        order by record_offset
        limit $3
    ) as beginning
)
select record_offset, key, value, value_bytes, created_at from page where n = 1 or bytes <= $4 order by record_offset

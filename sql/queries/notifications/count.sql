-- notifications/count
-- How many there are, as list.sql has it: of a kind up to 1,001. Beside it how many are unread, where 1,000 is that or more.
select
    least(coalesce((select unread from notification_heads where user_id = $1), 0), 1000) as unread_count,
    case
        when $2::text is not null then (
            select count(*)
            from (
                (select 1 from notifications where not $3 and recipient_id = $1 and kind = $2 order by seq limit 1001)
                union all
                (
                    select 1
                    from notifications
                    where $3 and recipient_id = $1 and kind = $2 and read_at is null
                    order by seq
                    limit 1001
                )
            ) as matching
        )
        when $3 then coalesce((select unread from notification_heads where user_id = $1), 0)
        else coalesce((select held from notification_heads where user_id = $1), 0)
    end as total

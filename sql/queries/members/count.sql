-- members/count
select coalesce((select member_count from chats where id = $1), 0)::bigint

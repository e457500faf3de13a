-- comments/list_ended
select on_id from ended_comments order by ended_at, on_id limit $1

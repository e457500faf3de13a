-- notifications/find_announcement
select id, status, result, error, created_at, finished_at from jobs where id = $1 and task = 'announce'

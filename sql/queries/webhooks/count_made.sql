-- webhooks/count_made
select count(*) from webhooks where created_by = $1

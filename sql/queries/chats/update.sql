-- chats/update
-- A null leaves a field as it is; of retention_days, which may become null, $5 says whether it changes.
update chats
set title = coalesce($2, title),
    description = coalesce($3, description),
    visibility = coalesce($4, visibility),
    retention_days = case when $5 then $6 else retention_days end
where id = $1

-- schedules/insert
-- When it runs next is reckoned afterwards.
insert into schedules (id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at

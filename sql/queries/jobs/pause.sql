-- jobs/pause
insert into paused_tasks (task) values ($1) on conflict do nothing

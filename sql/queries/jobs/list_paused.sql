-- jobs/list_paused
select task from paused_tasks

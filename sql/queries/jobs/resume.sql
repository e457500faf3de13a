-- jobs/resume
delete from paused_tasks where task = $1

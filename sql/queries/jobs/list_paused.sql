select task from paused_tasks

-- set_lock_timeout
select set_config('lock_timeout', $1, true)

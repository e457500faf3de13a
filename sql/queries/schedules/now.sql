-- schedules/now
-- By the clock that decides what is due.
select clock_timestamp()

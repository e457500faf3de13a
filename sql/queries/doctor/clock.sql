-- doctor/clock
select clock_timestamp()

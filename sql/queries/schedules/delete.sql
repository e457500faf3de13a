-- schedules/delete
delete from schedules where id = $1 and not built_in

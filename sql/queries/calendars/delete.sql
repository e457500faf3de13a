-- calendars/delete
delete from calendar_feeds where user_id = $1

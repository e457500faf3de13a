-- export/notification_preferences
select kind, live, push from notification_preferences where user_id = $1 order by kind

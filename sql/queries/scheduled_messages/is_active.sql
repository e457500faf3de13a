-- scheduled_messages/is_active
select exists (select from users where id = $1 and status = 'active')

-- events/delete
-- With its tickets, its waiting list and its chat.
delete from events where id = $1

-- events/delete
-- With its tickets, its line and its chat.
delete from events where id = $1

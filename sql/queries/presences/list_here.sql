-- presences/list_here
-- Who the tables say is connected to an instance.
select user_id from presences where instance_id = $1

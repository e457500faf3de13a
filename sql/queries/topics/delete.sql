-- topics/delete
delete from topics where name = $1

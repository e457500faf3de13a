-- cache/delete
delete from cache where key = $1

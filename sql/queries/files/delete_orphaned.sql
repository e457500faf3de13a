-- files/delete_orphaned
delete from files where id = any ($1) and state = 'orphaned'

-- files/give_up
update files
set state = 'orphaned'
where id = $1 and state in ('arriving', 'loose')

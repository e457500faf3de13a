-- files/settle
-- Its bytes are there. One that was given up meanwhile stays so.
update files
set state = 'loose'
where id = $1 and state = 'arriving'

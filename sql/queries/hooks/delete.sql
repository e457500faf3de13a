-- hooks/delete
delete from hooks where chat_id = $1 and id = $2

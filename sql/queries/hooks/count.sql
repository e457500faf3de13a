-- hooks/count
select count(*) from hooks where chat_id = $1

-- messages/unpin
delete from pins where chat_id = $1 and message_id = $2

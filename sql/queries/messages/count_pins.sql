-- messages/count_pins
select count(*) from pins where chat_id = $1

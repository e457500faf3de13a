-- messages/ids_at
-- Which entries stand at these places of a log.
select seq, id from messages where chat_id = $1 and seq = any ($2)

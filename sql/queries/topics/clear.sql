-- topics/clear
-- See sql/functions/trim_topic.sql.
select trim_topic($1, $2, true)

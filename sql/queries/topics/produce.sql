-- topics/produce
-- See sql/functions/produce_records.sql.
select produce_records($1, $2, $3, $4)

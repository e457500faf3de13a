-- audit/trim
-- See sql/functions/trim_audit.sql.
select trim_audit($1, $2)

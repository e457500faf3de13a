-- users/leave_erased
-- See sql/functions/leave_erased.sql.
select leave_erased($1, $2)

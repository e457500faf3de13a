-- users/erase
-- See sql/functions/erase_user.sql.
select erase_user($1, $2)

-- sessions/knows_address
-- Whether somebody has signed in from an address, as far as is remembered.
select exists (select from sessions where user_id = $1 and address = $2)

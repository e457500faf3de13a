-- blocks/delete
-- Answers whether there is such a person, blocked or not.
with gone as (
    delete from blocks where user_id = $1 and blocked_id = $2
)
select exists (select from users where id = $2)

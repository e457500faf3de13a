-- Of two who use one at once, one does; with it go all others of the account.
with used as (
    delete from password_resets where hash = $1 and expires_at > now() returning user_id
),
others as (
    delete from password_resets where user_id in (select user_id from used) and hash <> $1
)
select user_id from used

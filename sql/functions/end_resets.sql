-- A link to set a password is for whoever reads the mail of an account whose password is forgotten: it ends when the password
-- is set, in whatever way, and when the mail goes elsewhere.
create or replace function end_resets() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    delete from public.password_resets where user_id = new.id;
    return null;
end
$$;

create or replace trigger users_end_resets
after update of password_hash, email on users
for each row when (old.password_hash <> new.password_hash or old.email <> new.email)
execute function end_resets();

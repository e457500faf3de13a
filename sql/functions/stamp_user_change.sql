-- updated_at says when a profile last changed; being seen online is no change of the profile.
create or replace function stamp_user_change() returns trigger
language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end
$$;

create or replace trigger users_stamp_change
before update of email, username, name, bio, contacts, avatar_key, password_hash, status on users
for each row
execute function stamp_user_change();

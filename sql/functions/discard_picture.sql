-- A picture that nothing points to any more is removed from the storage by a job, which stands in the transaction that took
-- it away, whoever's that was. The argument is the column that pointed to it.
create or replace function discard_picture() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    insert into public.jobs (task, args, max_attempts)
    values ('remove_picture', jsonb_build_object('key', to_jsonb(old) ->> tg_argv[0]), 20);
    return null;
end
$$;

create or replace trigger users_discard_replaced
after update of avatar_key on users
for each row when (old.avatar_key is not null and new.avatar_key is distinct from old.avatar_key)
execute function discard_picture('avatar_key');

create or replace trigger users_discard_deleted
after delete on users
for each row when (old.avatar_key is not null)
execute function discard_picture('avatar_key');

create or replace trigger chats_discard_replaced
after update of image_key on chats
for each row when (old.image_key is not null and new.image_key is distinct from old.image_key)
execute function discard_picture('image_key');

create or replace trigger chats_discard_deleted
after delete on chats
for each row when (old.image_key is not null)
execute function discard_picture('image_key');

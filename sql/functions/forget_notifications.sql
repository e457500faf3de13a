-- What somebody was told goes with them.
create or replace function forget_notifications() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    delete from public.notifications where recipient_id = old.id;
    delete from public.notification_heads where user_id = old.id;
    return null;
end
$$;

create or replace trigger users_forget_notifications
after delete on users
for each row
execute function forget_notifications();

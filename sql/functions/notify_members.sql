-- Who comes into a chat or goes out of it is notified by name, so that their gateways are told on every instance, whether or
-- not anyone there follows the chat. A pair is user:chat.
create or replace function notify_members() returns trigger
language plpgsql as $$
begin
    perform public.notify_instances(case tg_op when 'INSERT' then 'a' else 'r' end, array(select user_id || ':' || chat_id from changed));
    return null;
end
$$;

create or replace trigger members_notify_came
after insert on members
referencing new table as changed
for each statement
execute function notify_members();

create or replace trigger members_notify_went
after delete on members
referencing old table as changed
for each statement
execute function notify_members();

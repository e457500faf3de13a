-- Who has which role and what it permits is in the memory of every instance: a change notifies, and they ask again. A changed
-- role concerns everyone; who was given one, or lost it, is named.
create or replace function notify_roles() returns trigger
language plpgsql as $$
begin
    if tg_table_name = 'roles' or tg_op in ('UPDATE', 'TRUNCATE') then
        perform pg_notify('trunkline', 'g *');
        return null;
    end if;
    perform public.notify_instances('g', array(select user_id::text from changed));
    return null;
end
$$;

create or replace trigger roles_notify_change
after insert or update or delete on roles
for each row
execute function notify_roles();

create or replace trigger user_roles_notify_given
after insert on user_roles
referencing new table as changed
for each statement
execute function notify_roles();

create or replace trigger user_roles_notify_taken
after delete on user_roles
referencing old table as changed
for each statement
execute function notify_roles();

create or replace trigger user_roles_notify_change
after update or truncate on user_roles
for each statement
execute function notify_roles();

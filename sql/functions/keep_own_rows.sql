-- A migrated database has rows of its own, and a dump of another has them, too. Of the roles those of the dump count; what was
-- migrated and installed is as it is here.
create or replace function keep_own_rows() returns trigger
language plpgsql as $$
begin
    if tg_table_name = 'roles' then
        delete from public.roles where name = new.name;
    elsif tg_table_name = 'permissions' then
        delete from public.permissions where code = new.code;
    elsif tg_table_name = 'installed_functions' then
        return case when not exists (select from public.installed_functions where name = new.name) then new end;
    elsif exists (select from public.refinery_schema_history where version = new.version) then
        return null;
    end if;
    return new;
end
$$;

create or replace trigger roles_keep_own
before insert on roles
for each row when (public.restoring())
execute function keep_own_rows();

create or replace trigger permissions_keep_own
before insert on permissions
for each row when (public.restoring())
execute function keep_own_rows();

create or replace trigger installed_functions_keep_own
before insert on installed_functions
for each row when (public.restoring())
execute function keep_own_rows();

create or replace trigger refinery_schema_history_keep_own
before insert on refinery_schema_history
for each row when (public.restoring())
execute function keep_own_rows();

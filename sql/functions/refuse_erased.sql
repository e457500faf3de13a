-- Nobody makes somebody a member who is erased, while the row that is left of them waits for its end.
create or replace function refuse_erased() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if not public.restoring() and exists (
        select
        from changed
        -- Each by its key: hardly anybody is erased, and a plan that begins with those would look for them once for each row.
        cross join lateral (
            select from public.users where users.id = changed.user_id and users.erased_at is not null limit 1
        ) as gone
    ) then
        raise foreign_key_violation using
            message = 'somebody who is erased cannot become a member',
            constraint = 'members_user_id_fkey', table = 'members';
    end if;
    return null;
end
$$;

create or replace trigger members_refuse_erased
after insert on members
referencing new table as changed
for each statement
execute function refuse_erased();

-- What was noted stays as it was noted, for the owner of the table too. Whoever must remove old rows disables the trigger
-- for that moment, and shows it by that.
create or replace function refuse_audit_change() returns trigger
language plpgsql as $$
begin
    raise exception 'audit is written once and never changed' using errcode = 'insufficient_privilege';
end
$$;

create or replace trigger audit_refuse_change
before update or delete or truncate on audit
for each statement
execute function refuse_audit_change();

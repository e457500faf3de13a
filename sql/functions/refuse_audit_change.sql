-- What was noted stays as it was noted, for the owner of the table too. What is old is removed by trim_audit alone, and nothing
-- of the last thirty days by anybody. Whoever must do otherwise disables the triggers for that moment, and shows it by that.
create or replace function refuse_audit_change() returns trigger
language plpgsql as $$
begin
    if tg_level = 'STATEMENT' and tg_op = 'DELETE' and current_setting('trunkline.trimming', true) = 'on' then
        return null;
    end if;
    raise exception 'audit is written once and never changed' using errcode = 'insufficient_privilege';
end
$$;

create or replace trigger audit_refuse_change
before update or delete or truncate on audit
for each statement
execute function refuse_audit_change();

create or replace trigger audit_refuse_recent
before delete on audit
for each row when (old.at > now() - make_interval(days => 30))
execute function refuse_audit_change();

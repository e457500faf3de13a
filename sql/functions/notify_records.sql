-- New records notify: who waits for those of the topic looks. Once a statement, and PostgreSQL sends the same payload once a transaction.
create or replace function notify_records() returns trigger
language plpgsql as $$
declare
    place text;
begin
    for place in select distinct topic from changed order by topic loop
        perform pg_notify('trunkline', 't ' || place);
    end loop;
    return null;
end
$$;

create or replace trigger topic_records_notify
after insert on topic_records
referencing new table as changed
for each statement when (not public.restoring())
execute function notify_records();

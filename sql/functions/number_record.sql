-- Gives each record the next offset of its topic, under the lock of the topic: so the order of offsets is that of commits, and a
-- transaction that is rolled back leaves no gap. What comes with its offsets (produce_records) has taken them before.
create or replace function number_record() returns trigger
language plpgsql as $$
begin
    if coalesce(current_setting('trunkline.numbered', true), '') = 'on' then
        if new.record_offset is null then
            raise not_null_violation using message = 'a record that comes numbered has an offset', table = 'topic_records', column = 'record_offset';
        end if;
        return new;
    end if;
    if new.record_offset is not null then
        raise check_violation using
            message = 'the offset of a record is counted, never set',
            hint = 'Leave record_offset out.',
            constraint = 'topic_records_offset_check', table = 'topic_records';
    end if;
    update public.topics set last_offset = last_offset + 1 where name = new.topic returning last_offset into new.record_offset;
    if not found then
        insert into public.topics (name, last_offset) values (new.topic, 1)
        on conflict (name) do update set last_offset = topics.last_offset + 1
        returning last_offset into new.record_offset;
    end if;
    return new;
end
$$;

create or replace trigger topic_records_number
before insert on topic_records
for each row when (not public.restoring())
execute function number_record();

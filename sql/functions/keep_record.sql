-- What a consumer has read stays as it was read. A retention removes records (trim_topic), and a DELETE of the topic all of them.
create or replace function keep_record() returns trigger
language plpgsql as $$
begin
    if coalesce(current_setting('trunkline.clearing', true), '') <> 'on' then
        raise restrict_violation using
            message = 'a record is neither changed nor removed',
            hint = 'Set a retention of the topic, or delete the topic.';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end
$$;

create or replace trigger topic_records_keep
before update or delete on topic_records
for each row
execute function keep_record();

-- The records of a deleted topic go with it.
create or replace function end_topic() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    clearing_before text := coalesce(current_setting('trunkline.clearing', true), '');
begin
    perform set_config('trunkline.clearing', 'on', true);
    delete from public.topic_records where topic = old.name;
    perform set_config('trunkline.clearing', clearing_before, true);
    return null;
end
$$;

create or replace trigger topics_end
after delete on topics
for each row
execute function end_topic();

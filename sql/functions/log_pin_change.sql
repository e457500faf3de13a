-- Pins that come and go are told in the log, whoever wrote the rows: once a statement, one entry for each. A recall tells of
-- the pin it takes along, since its message does not; a cleared room and a deleted chat have one word for everything.
create or replace function log_pin_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
begin
    insert into public.messages (chat_id, kind, sender_id, target_id)
    select
        changed.chat_id,
        case tg_op when 'INSERT' then 'pin_added' else 'pin_removed' end,
        case tg_op when 'INSERT' then changed.pinned_by else actor end,
        changed.message_id
    from changed
    where current_setting('trunkline.clearing', true) is distinct from 'on'
        and exists (select from public.chats where chats.id = changed.chat_id)
    order by changed.chat_id, changed.pinned_at;
    return null;
end
$$;

create or replace trigger pins_log_added
after insert on pins
referencing new table as changed
for each statement when (not public.restoring())
execute function log_pin_change();

create or replace trigger pins_log_removed
after delete on pins
referencing old table as changed
for each statement
execute function log_pin_change();

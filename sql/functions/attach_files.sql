-- A message of kind 'media' has the files that its body names, {"attachments": [ids]}: loose ones of its own sender, which
-- no other message has. Whoever inserts it, all of them are attached, or there is no message.
create or replace function attach_files() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    wanted uuid[] := array(
        select id::uuid from jsonb_array_elements_text(new.body -> 'attachments') with ordinality as each (id, n) order by n
    );
    attached integer;
begin
    update public.files
    set state = 'attached', chat_id = new.chat_id, message_id = new.id, place = array_position(wanted, id)
    where id = any (wanted) and state = 'loose' and owner_id = new.sender_id;
    get diagnostics attached = row_count;
    if attached <> cardinality(wanted) then
        raise foreign_key_violation using
            message = 'a message can have only loose files of its own sender, each once',
            constraint = 'messages_attachments_fkey', table = 'messages';
    end if;
    return null;
end
$$;

create or replace trigger messages_attach_files
after insert on messages
for each row when (new.kind = 'media' and new.recalled_at is null and not public.restoring())
execute function attach_files();

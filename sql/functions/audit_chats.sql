-- Notes that a chat was deleted.
create or replace function audit_chats() returns trigger
language plpgsql as $$
begin
    perform public.write_audit('chat_deleted', old.id::text, jsonb_build_object('kind', old.kind, 'title', old.title));
    return null;
end
$$;

create or replace trigger chats_audit_deleted
after delete on chats
for each row
execute function audit_chats();

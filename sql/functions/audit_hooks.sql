-- Notes that a hook was made or removed, by whatever way; never its address. One that goes with its chat is no news.
create or replace function audit_hooks() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if tg_op = 'INSERT' then
        perform public.write_audit(
            'hook_made', new.chat_id::text, jsonb_build_object('hook_id', new.id, 'bot_id', new.bot_id)
        );
    elsif exists (select from public.chats where id = old.chat_id) then
        perform public.write_audit(
            'hook_removed', old.chat_id::text, jsonb_build_object('hook_id', old.id, 'bot_id', old.bot_id)
        );
    end if;
    return null;
end
$$;

create or replace trigger hooks_audit
after insert or delete on hooks
for each row
execute function audit_hooks();

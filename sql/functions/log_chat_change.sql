-- A change of what a chat is called, who may see it, how it looks, whose it is or how long it keeps messages is told in its log, with the chat as it then was.
create or replace function log_chat_change() returns trigger
language plpgsql as $$
begin
    insert into public.messages (chat_id, kind, sender_id, body)
    values (
        new.id,
        'chat_updated',
        nullif(current_setting('trunkline.actor', true), '')::uuid,
        jsonb_build_object(
            'kind', new.kind, 'visibility', new.visibility, 'title', new.title, 'description', new.description,
            'image_key', new.image_key, 'owner_id', new.owner_id, 'member_count', new.member_count,
            'retention_days', new.retention_days, 'created_at', new.created_at, 'updated_at', new.updated_at
        )
    );
    return null;
end
$$;

create or replace trigger chats_log_change
after update of title, description, visibility, image_key, owner_id, retention_days on chats
for each row
when (
    (old.title, old.description, old.visibility, old.image_key, old.owner_id, old.retention_days)
    is distinct from (new.title, new.description, new.visibility, new.image_key, new.owner_id, new.retention_days)
)
execute function log_chat_change();

-- An UPDATE of a message, whoever makes it, is an entry in the log: content is an edit, recalled_at a recall.
-- What is recalled is gone: its words leave the table with it, and what people left at it. A whole room that is cleared has one entry of its own, which
-- clear_messages writes.
create or replace function stamp_message_change() returns trigger
language plpgsql as $$
begin
    if new.recalled_at is not null then
        new.content := null;
        new.mentions := '{}';
        new.body := null;
    elsif new.content is distinct from old.content then
        new.edited_at := now();
        new.mentions := case when position('@' in new.content) > 0 then mentions_in(new.chat_id, new.content) else '{}' end;
    end if;
    new.updated_at := now();
    return new;
end
$$;

create or replace function log_message_change() returns trigger
language plpgsql as $$
declare
    actor uuid := coalesce(nullif(current_setting('trunkline.actor', true), '')::uuid, new.sender_id);
begin
    insert into messages (chat_id, kind, sender_id, target_id, body)
    values (
        new.chat_id,
        case when old.recalled_at is null and new.recalled_at is not null then 'message_recalled' else 'message_edited' end,
        actor,
        new.id,
        -- A retention may remove the message before this entry: then it is told by what never changes.
        jsonb_build_object('seq', new.seq, 'kind', new.kind, 'sender_id', new.sender_id, 'created_at', new.created_at)
    );
    -- What the search knew of the block is no longer so.
    update search_blocks set grams = null
    where chat_id = new.chat_id and block = (new.seq - 1) / 128;
    if new.recalled_at is not null then
        delete from reactions where chat_id = new.chat_id and message_id = new.id;
        delete from pins where chat_id = new.chat_id and message_id = new.id;
    end if;
    return null;
end
$$;

create or replace trigger messages_stamp_change
before update of content, recalled_at on messages
for each row
when (
    old.kind in ('text', 'media', 'system')
    and (old.content is distinct from new.content or (old.recalled_at is null and new.recalled_at is not null))
    and current_setting('trunkline.clearing', true) is distinct from 'on'
)
execute function stamp_message_change();

create or replace trigger messages_log_change
after update of content, recalled_at on messages
for each row
when (
    old.kind in ('text', 'media', 'system')
    and old.recalled_at is null
    and (old.content is distinct from new.content or new.recalled_at is not null)
    and current_setting('trunkline.clearing', true) is distinct from 'on'
)
execute function log_message_change();

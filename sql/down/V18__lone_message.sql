-- Back to version 17: each CHECK of messages and chats stands by itself again, which is checked for every row. Stop the servers
-- first, and run the older program's `trunkline migrate` next: it puts its own functions in the place of these.
begin;
drop function if exists post_message;
alter table messages
    drop constraint messages_check,
    add constraint messages_seq_check check (seq > 0),
    add constraint messages_kind_check check (
        kind in (
            'text', 'media', 'system', 'message_edited', 'message_recalled', 'messages_cleared', 'reaction_added',
            'reaction_removed', 'pin_added', 'pin_removed', 'member_joined', 'member_left', 'member_changed', 'chat_updated'
        )
    ),
    add constraint messages_sender_check check (
        case when kind = 'system' then sender_id is null when kind in ('text', 'media') then sender_id is not null else true end
    ),
    add constraint messages_client_id_check check (char_length(client_id) between 1 and 64),
    add constraint messages_recalled_check check (recalled_at is null or content is null),
    add constraint messages_content_check check (
        kind not in ('text', 'media', 'system')
        or recalled_at is not null
        or (content is null and kind = 'media')
        or (content is not null and char_length(content) between 1 and 4096 and content ~ '\S')
    ),
    add constraint messages_attachments_check check (
        kind <> 'media' or recalled_at is not null
        or case
            when jsonb_typeof(body -> 'attachments') = 'array' then jsonb_array_length(body -> 'attachments') between 1 and 10
            else false
        end
    );
alter table chats
    drop constraint chats_check,
    add constraint chats_kind_check check (kind in ('group', 'direct')),
    add constraint chats_visibility_check check (visibility in ('public', 'private')),
    add constraint chats_title_check check (
        kind = 'direct'
        or (title is not null and char_length(title) between 1 and 255 and not public.is_blank(title) and public.is_line(title))
    ),
    add constraint chats_description_check check (char_length(description) <= 4096),
    add constraint chats_pair_check check (
        case when kind = 'direct' then (cardinality(pair) = 2 and pair[1] < pair[2]) is true else pair is null end
    ),
    add constraint chats_retention_days_check check (retention_days between 1 and 36500);
drop function if exists is_entry, is_chat;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 18;
commit;

-- The CHECKs of messages and chats in a function each. PostgreSQL reads the text of every CHECK of a table anew for each
-- statement that writes to it, and with a message that was more work than writing it; a function is kept by the session.
-- Which rule was broken is told by the name it always had.
--
-- The new constraints are NOT VALID because the rows that are there were held to the same rules by those that go: nothing is
-- to be read again while the table is locked.

create function is_entry(
    seq bigint, kind text, sender_id uuid, content text, client_id text, body jsonb, recalled_at timestamptz
) returns boolean
language plpgsql immutable parallel safe as $$
declare
    -- What is null breaks no rule, as in a CHECK.
    broken text := case
        when seq <= 0 then 'messages_seq_check'
        when kind not in (
            'text', 'media', 'system', 'message_edited', 'message_recalled', 'messages_cleared', 'reaction_added',
            'reaction_removed', 'pin_added', 'pin_removed', 'member_joined', 'member_left', 'member_changed', 'chat_updated'
        ) then 'messages_kind_check'
        when case
            when kind = 'system' then sender_id is not null
            when kind in ('text', 'media') then sender_id is null
        end then 'messages_sender_check'
        when char_length(client_id) not between 1 and 64 then 'messages_client_id_check'
        when recalled_at is not null and content is not null then 'messages_recalled_check'
        when kind in ('text', 'media', 'system') and recalled_at is null and not (
            (content is null and kind = 'media')
            or (content is not null and char_length(content) between 1 and 4096 and content ~ E'\\S')
        ) then 'messages_content_check'
        when kind = 'media' and recalled_at is null and case
            when jsonb_typeof(body -> 'attachments') = 'array'
            then jsonb_array_length(body -> 'attachments') not between 1 and 10
            else true
        end then 'messages_attachments_check'
    end;
begin
    if broken is not null then
        raise check_violation using
            message = format('new row for relation "messages" violates check constraint "%s"', broken),
            constraint = broken, table = 'messages', schema = 'public';
    end if;
    return true;
end
$$;

create function is_chat(
    kind text, visibility text, title text, description text, pair uuid[], retention_days integer
) returns boolean
language plpgsql immutable parallel safe as $$
declare
    broken text := case
        when kind not in ('group', 'direct') then 'chats_kind_check'
        when visibility not in ('public', 'private') then 'chats_visibility_check'
        when kind <> 'direct' and (
            title is null or char_length(title) not between 1 and 255 or public.is_blank(title) or not public.is_line(title)
        ) then 'chats_title_check'
        when char_length(description) > 4096 then 'chats_description_check'
        when case
            when kind = 'direct' then (cardinality(pair) = 2 and pair[1] < pair[2]) is not true
            else pair is not null
        end then 'chats_pair_check'
        when retention_days not between 1 and 36500 then 'chats_retention_days_check'
    end;
begin
    if broken is not null then
        raise check_violation using
            message = format('new row for relation "chats" violates check constraint "%s"', broken),
            constraint = broken, table = 'chats', schema = 'public';
    end if;
    return true;
end
$$;

alter table messages
    drop constraint messages_seq_check,
    drop constraint messages_kind_check,
    drop constraint messages_sender_check,
    drop constraint messages_client_id_check,
    drop constraint messages_recalled_check,
    drop constraint messages_content_check,
    drop constraint messages_attachments_check,
    add constraint messages_check
        check (public.is_entry(seq, kind, sender_id, content, client_id, body, recalled_at)) not valid;
alter table chats
    drop constraint chats_kind_check,
    drop constraint chats_visibility_check,
    drop constraint chats_title_check,
    drop constraint chats_description_check,
    drop constraint chats_pair_check,
    drop constraint chats_retention_days_check,
    add constraint chats_check
        check (public.is_chat(kind, visibility, title, description, pair, retention_days)) not valid;
comment on function is_entry is 'The rules for a row of messages: which one is broken is told as the constraint of the error.';
comment on function is_chat is 'The rules for a row of chats: which one is broken is told as the constraint of the error.';

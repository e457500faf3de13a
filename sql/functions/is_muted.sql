-- Whether somebody has muted a chat, and still does.
create or replace function is_muted(person uuid, chat uuid) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return exists (
        select from public.chat_mutes as m
        where m.user_id = person and m.chat_id = chat and (m.until is null or m.until > now())
    );
end
$$;

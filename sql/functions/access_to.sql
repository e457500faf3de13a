-- What somebody is to a chat, which decides whether they may enter and what they may do inside; no row where there is no such
-- chat. Their role is null where they are no member, block says who of the two of a direct chat has blocked the other.
create or replace function access_to(wanted_chat uuid, person uuid)
returns table (
    kind text, visibility text, first_seq bigint, last_seq bigint, message_count bigint, role text, block text, is_banned boolean
)
language sql stable rows 1
as $$
    select
        chats.kind, chats.visibility, chats.first_seq, chats.last_seq, chats.message_count, members.role,
        case when chats.kind = 'direct' then public.block_in(chats.id, person) end,
        members.role is null
            and exists (select from public.bans where bans.chat_id = chats.id and bans.user_id = person)
    from public.chats
    left join public.members on members.chat_id = chats.id and members.user_id = person
    where chats.id = wanted_chat
$$;

-- The owner of a chat is its creator: who makes another member the creator transfers the chat. There is one creator
-- (members_creator_key), so the old one becomes an admin first.
create or replace function follow_creator() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    update public.chats set owner_id = new.user_id where id = new.chat_id and owner_id is distinct from new.user_id;
    return null;
end
$$;

-- Fires after members_log_role, by its name: the log tells of the role before it tells of the owner.
create or replace trigger members_owner_follows
after update of role on members
for each row when (new.role = 'creator' and old.role <> 'creator')
execute function follow_creator();

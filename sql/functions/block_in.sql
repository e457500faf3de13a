-- What stands between somebody and the other one of their direct chat, as block_between says it.
create or replace function block_in(chat uuid, person uuid) returns text
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return (
        select public.block_between(person, members.user_id)
        from public.members
        where members.chat_id = chat and members.user_id <> person
        limit 1
    );
end
$$;

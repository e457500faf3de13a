-- Whether somebody (watcher) may know when a person is online: oneself, friends, and who is in a chat with them; not whom they have
-- blocked. For few at a time; presences/list_visible.sql asks the same of many pairs in one plan, which a function with
-- subqueries cannot be part of.
create or replace function knows(person uuid, watcher uuid) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return person = watcher or (
        not exists (select from public.blocks where user_id = person and blocked_id = watcher)
        and (
            exists (
                select from public.friends
                where low_id = least(person, watcher) and high_id = greatest(person, watcher) and accepted_at is not null
            )
            or exists (
                select
                from public.members as theirs
                join public.members as mine on mine.chat_id = theirs.chat_id and mine.user_id = watcher
                where theirs.user_id = person
            )
        )
    );
end
$$;

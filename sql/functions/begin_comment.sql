-- A comment is on an event or a post that is there, by somebody who is there and whom its owner has not blocked. Both people are
-- locked first, in the order of their ids, as begin_block does: of a comment and a block at once, the second sees the first. Then
-- what the comment is on is kept from being deleted until the comment is committed.
create or replace function begin_comment() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    owner uuid;
begin
    if new.post_id is not null then
        select owner_id into owner from public.posts where id = new.post_id;
    else
        select owner_id into owner from public.events where id = new.event_id;
    end if;
    perform 1 from public.users where id in (new.owner_id, owner) order by id for no key update;
    if not exists (select from public.users where id = new.owner_id and erased_at is null and not is_bot) then
        raise foreign_key_violation using
            message = 'there is nobody with the id of the owner', constraint = 'comments_owner_id_fkey', table = 'comments';
    end if;
    if new.post_id is not null then
        perform from public.posts where id = new.post_id for key share;
    else
        perform from public.events where id = new.event_id for key share;
    end if;
    if not found then
        raise foreign_key_violation using
            message = 'what the comment is on is not there', constraint = 'comments_on_id_fkey', table = 'comments';
    end if;
    if exists (select from public.blocks where user_id = owner and blocked_id = new.owner_id) then
        raise check_violation using
            message = 'the owner of what the comment is on has blocked who writes it',
            constraint = 'comments_blocked_check', table = 'comments';
    end if;
    return new;
end
$$;

create or replace trigger comments_begin
before insert on comments
for each row when (not public.restoring())
execute function begin_comment();

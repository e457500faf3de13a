-- A post is written by somebody who is there: who is erased writes none, and no bot does. It begins without comments.
create or replace function begin_post() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.users where id = new.owner_id and erased_at is null and not is_bot for key share;
    if not found then
        raise foreign_key_violation using
            message = 'there is nobody with the id of the owner', constraint = 'posts_owner_id_fkey', table = 'posts';
    end if;
    new.comment_count := 0;
    return new;
end
$$;

create or replace trigger posts_begin
before insert on posts
for each row when (not public.restoring())
execute function begin_post();

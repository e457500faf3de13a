-- updated_at says when a row last changed in what people see of it: being seen online is no change of a profile, and a
-- new message none of its chat. Neither is that something is encrypted with another key (trunkline secret rotate).
create or replace function stamp_updated_at() returns trigger
language plpgsql as $$
begin
    if current_setting('trunkline.resealing', true) = 'on' then
        return new;
    end if;
    new.updated_at := now();
    return new;
end
$$;

create or replace trigger users_stamp_change
before update of email, username, name, bio, contacts, avatar_key, password_hash, status on users
for each row
execute function stamp_updated_at();

create or replace trigger chats_stamp_change
before update of title, description, visibility, image_key, owner_id, retention_days on chats
for each row
when (
    (old.title, old.description, old.visibility, old.image_key, old.owner_id, old.retention_days)
    is distinct from (new.title, new.description, new.visibility, new.image_key, new.owner_id, new.retention_days)
)
execute function stamp_updated_at();

create or replace trigger posts_stamp_change
before update of title, content on posts
for each row when ((old.title, old.content) is distinct from (new.title, new.content))
execute function stamp_updated_at();

create or replace trigger schedules_stamp_change
before update of name, task, args, overlap on schedules
for each row
when ((old.name, old.task, old.args, old.overlap) is distinct from (new.name, new.task, new.args, new.overlap))
execute function stamp_updated_at();

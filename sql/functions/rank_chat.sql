-- Keeps chats.ranked_at beside active_at: never later, and at most ten minutes earlier. Most messages leave it alone.
create or replace function rank_chat() returns trigger
language plpgsql as $$
begin
    new.ranked_at := new.active_at;
    return new;
end
$$;

create or replace trigger chats_rank
before update of active_at on chats
for each row when (new.active_at < old.ranked_at or new.active_at > old.ranked_at + make_interval(mins => 10))
execute function rank_chat();

create or replace trigger chats_rank_new
before insert on chats
for each row when (new.active_at < new.ranked_at or new.active_at > new.ranked_at + make_interval(mins => 10))
execute function rank_chat();

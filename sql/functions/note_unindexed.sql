-- A log that grows has entries that the index of words lacks (chats.unindexed), whoever writes. A post pays for a condition; the
-- first one after the index has caught up sets the mark, and until it is cleared the others find it set: no index of chats
-- changes then.
create or replace function note_unindexed() returns trigger
language plpgsql as $$
begin
    new.unindexed := true;
    return new;
end
$$;

create or replace trigger chats_note_unindexed
before update of last_seq on chats
for each row when (new.last_seq > old.last_seq and not new.unindexed)
execute function note_unindexed();

-- Whoever empties the index by hand has it written anew.
create or replace function note_index_emptied() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if tg_op = 'TRUNCATE' then
        update public.chats set unindexed = true where not unindexed;
        return null;
    end if;
    update public.chats set unindexed = true where id = any (array(select chat_id from gone)) and not unindexed;
    return null;
end
$$;

create or replace trigger search_ends_note_emptied
after delete on search_ends
referencing old table as gone
for each statement
execute function note_index_emptied();

create or replace trigger search_ends_note_truncated
after truncate on search_ends
for each statement
execute function note_index_emptied();

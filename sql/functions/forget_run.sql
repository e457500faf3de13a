-- When something was said, by whom and of which kind stands in the index of words, too: whoever changes that by hand has the run
-- read again.
create or replace function forget_run() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    update public.search_runs
    set grams = null, speakers = null
    where chat_id = new.chat_id and run = (new.seq - 1) / 32 and (grams is not null or speakers is not null);
    return null;
end
$$;

create or replace trigger messages_forget_run
after update of created_at, sender_id, kind on messages
for each row when ((old.created_at, old.sender_id, old.kind) is distinct from (new.created_at, new.sender_id, new.kind))
execute function forget_run();

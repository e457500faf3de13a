-- What stands between two people, as the first of them has it: 'blocking' when they have blocked the other, 'blocked' when
-- they are, null when nothing does. Who has blocked somebody is told that, whatever the other has done.
create or replace function block_between(person uuid, other uuid) returns text
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return case
        when exists (select from public.blocks where user_id = person and blocked_id = other) then 'blocking'
        when exists (select from public.blocks where user_id = other and blocked_id = person) then 'blocked'
    end;
end
$$;

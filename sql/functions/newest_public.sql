-- The public chats that somebody finds, the newest activity first: find_public without words. Instances of
-- the version before ask for it while they are replaced.
create or replace function newest_public(
    person uuid, created_from timestamptz, created_to timestamptz, wanted bigint, skipped bigint
) returns table (id uuid)
language sql stable rows 100 as $$
    select f.id from public.find_public(person, created_from, created_to, '{}', wanted, skipped) as f
$$;

-- Notifies people of something.
create or replace function notify_people(recipients uuid[], kind text, message text, sender uuid, data jsonb) returns void
language plpgsql
as $$
begin
end
$$;

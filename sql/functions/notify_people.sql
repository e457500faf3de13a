-- Tells each of these people of something, in the transaction of what causes it; the sender hears nothing of it.
create or replace function notify_people(recipients uuid[], kind text, message text, sender uuid, data jsonb) returns void
language plpgsql as $$
begin
end
$$;

-- Whose scheduled message was not sent is notified, with the reason.
create or replace function notify_scheduled_failed() returns trigger
language plpgsql as $$
begin
    perform public.notify_people(
        array[new.user_id], 'scheduled_failed', 'A scheduled message was not sent', null,
        jsonb_build_object(
            'id', new.id, 'chat_id', new.chat_id, 'client_id', new.client_id,
            'send_at', to_char(new.send_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reason', new.reason
        )
    );
    return null;
end
$$;

create or replace trigger scheduled_messages_notify_failed
after update of failed_at on scheduled_messages
for each row when (old.failed_at is null and new.failed_at is not null)
execute function notify_scheduled_failed();

-- Notes that a webhook was made, switched off or on, or removed. Of its address only where it leads: the rest may be a
-- secret. `because` is why the server itself switched it off. One that goes with its chat is no news.
create or replace function audit_webhooks() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    because text;
begin
    if tg_op = 'UPDATE' and not new.active and new.failed_at is distinct from old.failed_at then
        because := new.last_error;
    end if;
    if tg_op = 'DELETE' and not exists (select from public.chats where id = old.chat_id) then
        return null;
    end if;
    perform public.write_audit(
        case tg_op
            when 'INSERT' then 'webhook_made'
            when 'DELETE' then 'webhook_removed'
            else case when new.active then 'webhook_switched_on' else 'webhook_switched_off' end
        end,
        coalesce(new.chat_id, old.chat_id)::text,
        jsonb_build_object(
            'webhook_id', coalesce(new.id, old.id),
            'to', substring(coalesce(new.url, old.url) from '^https?://[^/?#]+'),
            'events', to_jsonb(coalesce(new.events, old.events))
        ) || jsonb_strip_nulls(jsonb_build_object('because', because))
    );
    return null;
end
$$;

create or replace trigger webhooks_audit_made
after insert or delete on webhooks
for each row
execute function audit_webhooks();

create or replace trigger webhooks_audit_switched
after update of active, created_by on webhooks
for each row when (old.active is distinct from new.active)
execute function audit_webhooks();

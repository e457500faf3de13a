-- Gives each webhook of these chats that has something to send, and no job that does it, a job. Whoever asks at the same time skips
-- what another is giving one. A webhook whose job is just ending still has it here, and is skipped too: that job asks once more
-- when it has released it.
create or replace function wake_webhooks(chat_ids uuid[]) returns void
language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
    behind record;
begin
    for behind in
        select w.id
        from public.webhooks as w
        join public.chats as c on c.id = w.chat_id
        where w.chat_id = any (chat_ids) and w.active and w.job_id is null and c.last_seq > w.delivered_seq
        order by w.id
        for no key update of w skip locked
    loop
        with job as (
            insert into public.jobs (task, args, max_attempts)
            values ('deliver_webhook', jsonb_build_object('webhook_id', behind.id), 100)
            returning id
        )
        update public.webhooks as w set job_id = job.id from job where w.id = behind.id;
    end loop;
end
$$;

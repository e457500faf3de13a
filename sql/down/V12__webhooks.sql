-- Back to version 11: nobody is told of anything any more, and where they were is forgotten for good.
begin;
drop index if exists jobs_delivered_idx;
drop trigger if exists members_stop_webhooks_left on members;
drop trigger if exists members_stop_webhooks_demoted on members;
drop trigger if exists users_stop_webhooks_suspended on users;
drop trigger if exists users_stop_webhooks_deleted on users;
drop table if exists webhooks;
drop function if exists answerable_refusal, begin_webhook, own_webhook, stop_webhooks, switch_webhook, notify_webhooks, audit_webhooks, wake_webhooks;
delete from refinery_schema_history where version = 12;
commit;

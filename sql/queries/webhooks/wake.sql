-- webhooks/wake
select wake_webhooks($1)

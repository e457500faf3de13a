select wake_webhooks($1)

-- notification_queue_usage
select pg_notification_queue_usage()

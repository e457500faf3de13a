-- notify
select pg_notify('trunkline', $1)

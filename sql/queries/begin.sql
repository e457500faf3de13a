-- begin
-- Who acts in this transaction, from where, and by which way if not by the API (for the entries that triggers write), and
-- how long it waits for a lock.
select
    set_config('trunkline.actor', $1, true),
    set_config('trunkline.address', $2, true),
    set_config('trunkline.via', $3, true),
    set_config('lock_timeout', '5s', true)

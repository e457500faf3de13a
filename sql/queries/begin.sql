-- Who acts in this transaction (for the entries that triggers write), and how long it waits for a lock.
select set_config('trunkline.actor', $1, true), set_config('lock_timeout', '5s', true)

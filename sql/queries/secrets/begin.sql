-- secrets/begin
-- What is written in this transaction says the same as before, encrypted with another key: no row has changed for anybody.
select set_config('trunkline.resealing', 'on', true), set_config('lock_timeout', '5s', true)

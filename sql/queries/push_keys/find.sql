-- push_keys/find
select private_key from push_keys

select private_key from push_keys

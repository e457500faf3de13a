-- login_keys/insert
insert into login_keys (id, public_key, private_key) values ($1, $2, $3)

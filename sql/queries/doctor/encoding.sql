-- doctor/encoding
-- How text is stored.
select current_setting('server_encoding')

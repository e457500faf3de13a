-- Whether text is stored in UTF-8, and whether the database knows the lower case of letters beyond English.
select current_setting('server_encoding'), lower('ÄЖ') = 'äж'

-- restore/make_in
-- What is made next in this transaction is made in this schema.
select set_config('search_path', quote_ident($1), true)

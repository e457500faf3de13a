-- A text as the contents are compared.
select folded($1)

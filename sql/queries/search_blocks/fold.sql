-- A text as the contents are compared.
select fold($1)

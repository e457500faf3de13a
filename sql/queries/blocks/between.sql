-- blocks/between
select block_between($1, $2)

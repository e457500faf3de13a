-- set_statement_timeout
select set_config('statement_timeout', $1, true)

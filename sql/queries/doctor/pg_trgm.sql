-- doctor/pg_trgm
select extversion from pg_extension where extname = 'pg_trgm'

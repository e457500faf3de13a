-- doctor/rights
-- Tables of which this role may not do what a server does.
select wanted.name || ' (' || string_agg(right_to.act, ', ' order by right_to.act) || ')'
from unnest($1::text[]) as wanted (name)
cross join (values ('select'), ('insert'), ('update'), ('delete')) as right_to (act)
where to_regclass(quote_ident(wanted.name)) is not null
    and not (wanted.name = 'audit' and right_to.act in ('update', 'delete'))
    and not (wanted.name in ('refinery_schema_history', 'installed_functions') and right_to.act <> 'select')
    and not has_table_privilege(quote_ident(wanted.name), right_to.act)
group by wanted.name
order by wanted.name

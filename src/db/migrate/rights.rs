//! Who may use what a migrate makes: the servers, where they sign in as trunkline_app, and nobody else what runs with the
//! rights of its owner. What others may see says sql/ops/roles_and_grants.sql.

use tokio_postgres::{Error as DbError, Transaction};

use super::release::Release;

/// Tables and functions that were there before.
pub(super) struct Before {
    tables: Vec<String>,
    functions: Vec<u32>,
}

impl Before {
    pub(super) async fn read(db: &Transaction<'_>) -> Result<Self, DbError> {
        let functions = "select oid from pg_proc where pronamespace = 'public'::regnamespace";
        let rows = db.query(functions, &[]).await?;
        let functions = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        Ok(Self { tables: tables(db).await?, functions })
    }
}

async fn tables(db: &Transaction<'_>) -> Result<Vec<String>, DbError> {
    let sql = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')";
    db.query(sql, &[]).await?.iter().map(|row| row.try_get(0)).collect()
}

/// Closes what runs with the rights of its owner, also where a function was made anew or restored without its rights; and
/// lets the servers work at once with the tables that are new and call every function of ours, where the owner has closed
/// functions to everybody.
pub(super) async fn settle(db: &Transaction<'_>, release: &Release, before: &Before) -> Result<(), DbError> {
    let ours: Vec<&str> =
        release.pieces.iter().filter_map(|piece| piece.name.strip_prefix("function ")).collect();
    let open = "select oid::regprocedure::text from pg_proc
        where pronamespace = 'public'::regnamespace and proname = any ($1) and prosecdef
            and pg_has_role(proowner, 'usage') and has_function_privilege('public', oid, 'execute')";
    for row in db.query(open, &[&ours]).await? {
        let function: String = row.try_get(0)?;
        db.batch_execute(&format!("revoke execute on function {function} from public")).await?;
    }
    let serves = "select exists (
        select from pg_roles
        where rolname = 'trunkline_app'
            and has_table_privilege(rolname, 'public.refinery_schema_history', 'select')
    )";
    if !db.query_one(serves, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(());
    }
    for table in tables(db).await?.iter().filter(|table| !before.tables.contains(table)) {
        let may = if table == "installed_functions" { "select" } else { "select, insert, update, delete" };
        db.batch_execute(&format!("grant {may} on public.\"{table}\" to trunkline_app")).await?;
    }
    let closed = "select oid::regprocedure::text from pg_proc
        where pronamespace = 'public'::regnamespace and (proname = any ($1) or oid <> all ($2))
            and pg_has_role(proowner, 'usage') and not has_function_privilege('trunkline_app', oid, 'execute')";
    for row in db.query(closed, &[&ours, &before.functions]).await? {
        let function: String = row.try_get(0)?;
        db.batch_execute(&format!("grant execute on function {function} to trunkline_app")).await?;
    }
    Ok(())
}

-- Create or complete the role, its login, the database and the grants; in the administrator's database. The last line of
-- the output is `done` unless something stands in the way; nothing is changed then.
\getenv role OWNER
\getenv login ROLE_USERNAME
\getenv mark MARK
\getenv repair REPAIR
SET client_min_messages = warning;

\ir lock.sql

-- What there is. PostgreSQL cuts longer names silently.
SELECT greatest(octet_length(:'role'), octet_length(:'login'), octet_length(:'database')) <= 63 AS fits \gset
\if :fits
\else
    \echo a name is longer than the 63 bytes that PostgreSQL keeps
    \quit
\endif
SELECT current_setting('server_version_num')::integer >= 160000 AS has_set_option \gset
\if :has_set_option
    \set membership SET
\else
    \set membership MEMBER
\endif
SELECT
    me.rolsuper OR me.rolcreaterole AS may_create_roles,
    me.rolsuper OR me.rolcreatedb AS may_create_databases,
    coalesce(strpos(E'\n' || said.role || E'\n', E'\n' || :'mark' || E'\n') > 0, false) AS role_is_own,
    database.oid IS NOT NULL AS database_exists,
    coalesce(database.datdba = role.oid, false) AS role_is_owner,
    coalesce(database.datdba = me.oid, false) AS admin_is_owner,
    coalesce(pg_get_userbyid(database.datdba), '') AS owner,
    coalesce(strpos(E'\n' || said.database || E'\n', E'\n' || :'mark' || E'\n') > 0, false) AS database_is_own,
    coalesce(substring(E'\n' || said.database FROM E'\nixn-pulumi/[^\n]*'), '') AS database_mark,
    concat_ws(E'\n', said.database, :'mark') AS database_comment
FROM pg_roles AS me
LEFT JOIN pg_roles AS role ON role.rolname = :'role'
LEFT JOIN pg_database AS database ON database.datname = :'database'
CROSS JOIN LATERAL (
    SELECT shobj_description(role.oid, 'pg_authid') AS role, shobj_description(database.oid, 'pg_database') AS database
) AS said
WHERE me.rolname = current_user
\gset
-- A login of another name acts as the role: what it creates belongs to the role, so that the next login can change it.
SELECT :'login' = :'role' OR EXISTS (
    SELECT FROM pg_roles AS login JOIN pg_roles AS role ON role.rolname = :'role'
    WHERE login.rolname = :'login' AND 'role=' || :'role' = ANY (login.rolconfig)
        AND pg_has_role(login.oid, role.oid, :'membership') AND pg_has_role(login.oid, role.oid, 'USAGE')
) AS login_acts_as_role
\gset

-- A run that ended before the database had its comment left it to a role that has one.
SELECT :'database_is_own'::boolean OR (:'role_is_own'::boolean AND :'role_is_owner'::boolean AND :'database_mark' = '')
    AS database_is_own
\gset

-- What stands in the way, all of it, and what has to change of roles that exist.
SELECT coalesce(string_agg(nullif(problem, ''), E'\n'), '') AS role_problems, coalesce(string_agg(change, ' '), '') AS changes
FROM (
    SELECT DISTINCT concat_ws(E'\n',
        CASE
        WHEN name IN (current_user, session_user, 'postgres', 'public', 'none') OR starts_with(name, 'pg_')
            THEN format('"%s" cannot be the role of a workload', name)
        WHEN oid IS NULL AND NOT :'may_create_roles'::boolean
            THEN format('the administrator "%s" may not create roles: it needs CREATEROLE', current_user)
        WHEN oid IS NULL OR is_own THEN NULL
        WHEN mark IS NOT NULL
            THEN format('the role "%s" belongs to another: %s', name, trim(E'\n' FROM mark))
        WHEN :'repair' <> 'true'
            THEN format('the role "%s" exists, and was not made by this package: choose another name, or set `repair`', name)
        WHEN rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
            THEN format('the role "%s" is no mere login: it is not taken over', name) END,
        CASE WHEN :'has_set_option'::boolean AND NOT pg_has_role(current_user, oid, 'MEMBER WITH ADMIN OPTION')
            AND NOT (is_own AND attributes = '' AND :'login_acts_as_role'::boolean
                AND (name <> :'role' OR pg_has_role(current_user, oid, :'membership')))
            THEN format('the administrator "%1$s" may not change the role "%2$s": a superuser has to GRANT %2$I TO %1$I WITH ADMIN OPTION',
                current_user, name) END) AS problem,
        CASE WHEN attributes <> '' THEN format('ALTER ROLE %I %s; SELECT %L;',
            name, attributes, format('gave the role "%s" %s', name, attributes)) END AS change
    FROM unnest(ARRAY[:'role', :'login']) AS name
    LEFT JOIN pg_roles ON rolname = name
    CROSS JOIN LATERAL shobj_description(oid, 'pg_authid') AS said
    CROSS JOIN LATERAL (SELECT
        coalesce(strpos(E'\n' || said || E'\n', E'\n' || :'mark' || E'\n') > 0, false) AS is_own,
        substring(E'\n' || said FROM E'\nixn-pulumi/[^\n]*') AS mark,
        -- Only what differs: PostgreSQL lets superusers alone even mention some attributes.
        concat_ws(' ',
            CASE WHEN NOT rolinherit THEN 'INHERIT' END,
            CASE WHEN NOT rolcanlogin AND rolname = :'login' THEN 'LOGIN' END,
            CASE WHEN rolsuper THEN 'NOSUPERUSER' END,
            CASE WHEN rolcreaterole THEN 'NOCREATEROLE' END,
            CASE WHEN rolcreatedb THEN 'NOCREATEDB' END,
            CASE WHEN rolreplication THEN 'NOREPLICATION' END,
            CASE WHEN rolbypassrls THEN 'NOBYPASSRLS' END
        ) AS attributes
    ) AS state
) AS each
\gset
SELECT concat_ws(E'\n',
    nullif(:'role_problems', ''),
    CASE WHEN :'database' IN (current_database(), 'postgres', 'template0', 'template1')
        THEN format('"%s" cannot be the database of a workload', :'database') END,
    CASE WHEN NOT :'database_exists'::boolean AND NOT :'may_create_databases'::boolean
        THEN format('the administrator "%s" may not create databases: it needs CREATEDB', current_user) END,
    CASE WHEN :'database_exists'::boolean AND NOT :'database_is_own'::boolean THEN
        CASE WHEN :'database_mark' <> ''
            THEN format('the database "%s" belongs to another: %s', :'database', trim(E'\n' FROM :'database_mark'))
        WHEN :'repair' <> 'true'
            THEN format('the database "%s" exists, and was not made by this package: choose another name, or set `repair`', :'database')
        END END,
    CASE WHEN :'database_exists'::boolean AND NOT :'role_is_owner'::boolean AND NOT :'admin_is_owner'::boolean
        AND (:'database_mark' = '' OR :'database_is_own'::boolean)
        THEN format('the database "%s" and what is in it are owned by the role "%s", not by "%s": name that one, or rename it',
            :'database', :'owner', :'role') END
) AS problems \gset
SELECT :'problems' <> '' AS refused \gset
\if :refused
    \echo :problems
    \quit
\endif

-- The role, and its login. Nobody logs in as the role itself if they differ, unless somebody does already.
BEGIN;
SELECT
    format('COMMENT ON ROLE %I IS %L', rolname, concat_ws(E'\n', said, :'mark')),
    format('SELECT %L', format('took over the role "%s"', rolname))
FROM pg_roles CROSS JOIN LATERAL shobj_description(oid, 'pg_authid') AS said
WHERE rolname IN (:'role', :'login')
    AND coalesce(strpos(E'\n' || said || E'\n', E'\n' || :'mark' || E'\n') = 0, true)
\gexec
SELECT
    format('CREATE ROLE %I %s INHERIT', name, CASE WHEN name = :'login' THEN 'LOGIN' ELSE 'NOLOGIN' END),
    format('COMMENT ON ROLE %I IS %L', name, :'mark'),
    format('SELECT %L', format('created the role "%s"', name))
FROM (SELECT DISTINCT name FROM unnest(ARRAY[:'role', :'login']) AS name) AS wanted
WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec
COMMIT;
:changes
-- The other login, too, which has its turn later: it follows a role that was renamed.
\if :has_set_option
    \set options 'WITH INHERIT TRUE, SET TRUE'
\else
    \set options ''
\endif
SELECT
    format('GRANT %I TO %I %s', :'role', rolname, :'options'),
    format('ALTER ROLE %I SET role TO %L', rolname, :'role'),
    format('SELECT %L', format('the role "%s" acts as "%s"', rolname, :'role'))
FROM pg_roles CROSS JOIN LATERAL shobj_description(oid, 'pg_authid') AS said
WHERE rolname <> :'role' AND (rolname = :'login' OR pg_has_role(oid, :'role', 'MEMBER'))
    AND strpos(E'\n' || said || E'\n', E'\n' || :'mark' || E'\n') > 0
    AND NOT (coalesce('role=' || :'role' = ANY (rolconfig), false)
        AND pg_has_role(oid, :'role', :'membership') AND pg_has_role(oid, :'role', 'USAGE'))
\gexec
-- To create a database for a role, and to act as its owner, an administrator must be a member of it. From PostgreSQL 16
-- on, only the ADMIN option lets it change a role: who creates one has it there, and has to bring it along from before.
SELECT format('GRANT %I TO CURRENT_USER WITH ADMIN OPTION', rolname)
FROM pg_roles
WHERE rolname IN (:'role', :'login') AND :'may_create_roles'::boolean AND NOT :'has_set_option'::boolean
    AND NOT pg_has_role(current_user, oid, 'MEMBER WITH ADMIN OPTION')
\gexec
SELECT pg_has_role(current_user, :'role', :'membership') AS is_member \gset
\if :is_member
\else
    GRANT :"role" TO CURRENT_USER;
\endif

-- The database.
\if :database_exists
    \if :database_is_own
    \else
        \echo took over the database :"database"
    \endif
    \if :role_is_owner
    \else
        ALTER DATABASE :"database" OWNER TO :"role";
        \echo gave the database :"database" to the role
    \endif
\else
    CREATE DATABASE :"database" OWNER :"role";
    \echo created the database :"database"
\endif
-- As its owner, whatever the administrator inherits.
SELECT has_database_privilege('public', :'database', 'CONNECT') OR has_database_privilege('public', :'database', 'TEMPORARY')
    AS is_open
\gset
\if :is_open
    BEGIN;
    SET LOCAL ROLE :"role";
    REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
    COMMIT;
    \echo closed the database :"database" to all other roles
\endif
SELECT has_database_privilege(:'role', :'database', 'CONNECT') AS may_connect \gset
\if :may_connect
\else
    BEGIN;
    SET LOCAL ROLE :"role";
    GRANT ALL ON DATABASE :"database" TO :"role";
    COMMIT;
\endif
-- Last: until here, another run would begin again.
SELECT coalesce(strpos(E'\n' || shobj_description(oid, 'pg_database') || E'\n', E'\n' || :'mark' || E'\n') > 0, false)
    AS is_marked
FROM pg_database WHERE datname = :'database'
\gset
\if :is_marked
\else
    BEGIN;
    SET LOCAL ROLE :"role";
    COMMENT ON DATABASE :"database" IS :'database_comment';
    COMMIT;
\endif
\echo done
